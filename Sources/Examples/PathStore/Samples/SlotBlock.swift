internal import TraceCore

/// The slots of a target in a row of a tier, in as few bytes as may be, and without loss.
///
/// Hop by hop, and for each slot: how much was sent and lost; who answered, in one bit if it is who answered last; and
/// the buckets of the round trips that are not empty, as their distances and counts. How many there are needs no saying,
/// for they hold what was not lost.
enum SlotBlock {
    private static let version: UInt64 = 1

    static func encode(_ slots: [[HopTally]]) -> [UInt8] {
        var bits = BitWriter()
        bits.put(version, bits: 8)
        let hops = slots.reduce(0) { max($0, $1.count) }
        bits.put(small: UInt64(slots.count))
        bits.put(UInt64(hops), bits: 16)
        for ttl in 0..<hops {
            var (sent, who, bucket): (Int, Int64, Int64) = (0, 0, 0)
            for slot in slots {
                guard ttl < slot.count, slot[ttl].sent > 0 else {
                    bits.put(false)
                    continue
                }
                let tally = slot[ttl]
                bits.put(true)
                bits.put(small: Int64(tally.sent - sent).zigzag)
                bits.put(small: UInt64(tally.lost))
                sent = tally.sent
                guard tally.sent > tally.lost else { continue }
                encode(tally.responders, last: &who, into: &bits)
                encode(tally.roundTrips, first: &bucket, into: &bits)
            }
        }
        return bits.finish()
    }

    private static func encode(_ responders: [HopTally.Responder], last: inout Int64, into bits: inout BitWriter) {
        let isSame = responders.count == 1 && responders[0].who == last
        bits.put(isSame)
        guard !isSame else { return }
        bits.put(small: UInt64(responders.count - 1))
        for responder in responders {
            bits.put(small: UInt64(responder.who))
            bits.put(small: UInt64(responder.count - 1))
        }
        last = responders[0].who
    }

    private static func encode(_ histogram: LatencyHistogram, first: inout Int64, into bits: inout BitWriter) {
        var last: Int64?
        histogram.forEachBucketNumber { number, samples in
            let number = Int64(number)
            if let last {
                bits.put(small: UInt64(number - last - 1))
            } else {
                bits.put((number - first).zigzag, around: 4)
                first = number
            }
            bits.put(small: UInt64(samples - 1))
            last = number
        }
    }

    /// Calls the body with each slot's number, hop and what became of its probes.
    static func decode(
        _ bytes: [UInt8], _ body: (_ slot: Int, _ ttl: Int, borrowing Slot) -> Void
    ) throws(BrokenBytes) {
        var bits = BitReader(bytes)
        guard try bits.bits(8) == version else { throw BrokenBytes() }
        let count = Int(try bits.small())
        let hops = Int(try bits.bits(16))
        guard hops <= 256 else { throw BrokenBytes() }
        // One for all, for there are tens of thousands in a page.
        var slot = Slot()
        for ttl in 0..<hops {
            var (who, bucket): (Int64, Int64) = (0, 0)
            slot.sent = 0
            for number in 0..<count {
                guard try bits.flag() else { continue }
                slot.sent += Int(Int64(zigzag: try bits.small()))
                slot.lost = Int(try bits.small())
                guard slot.sent > 0, slot.sent <= Int(UInt32.max), slot.lost <= slot.sent else { throw BrokenBytes() }
                slot.responders.removeAll(keepingCapacity: true)
                slot.buckets.removeAll(keepingCapacity: true)
                if slot.sent > slot.lost {
                    try decode(&slot.responders, count: slot.sent - slot.lost, last: &who, from: &bits)
                    try decode(&slot.buckets, count: slot.sent - slot.lost, first: &bucket, from: &bits)
                }
                body(number, ttl, slot)
            }
        }
    }

    /// What a row says of a hop in a slot.
    struct Slot {
        var sent = 0
        var lost = 0
        var responders: [HopTally.Responder] = []
        var buckets: [(number: Int, samples: UInt32)] = []
    }

    private static func decode(
        _ responders: inout [HopTally.Responder], count: Int, last: inout Int64, from bits: inout BitReader
    ) throws(BrokenBytes) {
        guard try !bits.flag() else {
            responders.append(HopTally.Responder(who: last, count: count))
            return
        }
        var left = count
        for _ in 0...(try bits.small()) {
            let who = Int64(try bits.small())
            let times = Int(try bits.small()) + 1
            left -= times
            guard left >= 0 else { throw BrokenBytes() }
            responders.append(HopTally.Responder(who: who, count: times))
        }
        guard left == 0 else { throw BrokenBytes() }
        last = responders[0].who
    }

    private static func decode(
        _ buckets: inout [(number: Int, samples: UInt32)], count: Int, first: inout Int64, from bits: inout BitReader
    ) throws(BrokenBytes) {
        first += Int64(zigzag: try bits.number(around: 4))
        var number = first
        var left = count
        while true {
            guard number >= 0, number < Int64(LatencyHistogram.bucketCount) else { throw BrokenBytes() }
            let samples = Int(try bits.small()) + 1
            guard samples <= left else { throw BrokenBytes() }
            buckets.append((Int(number), UInt32(samples)))
            left -= samples
            if left == 0 { return }
            number += Int64(try bits.small()) + 1
        }
    }
}
