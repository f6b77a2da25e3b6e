internal import TraceCore

/// What became of the probes to a hop in some time.
struct HopTally: Equatable {
    var sent = 0
    var lost = 0
    var roundTrips = LatencyHistogram()
    /// Who answered how often: the address's number, and in the lowest bit whether it was the target.
    var responders: [Responder] = []

    struct Responder: Equatable {
        var who: Int64
        var count: Int
    }

    @inline(__always)
    mutating func add(who: Int64, bucket: Int) {
        sent += 1
        guard who > 0 else {
            lost += 1
            return
        }
        roundTrips.add(1, inBucket: bucket)
        count(who, 1)
    }

    @inline(__always)
    mutating func count(_ who: Int64, _ times: Int) {
        for index in responders.indices where responders[index].who == who {
            responders[index].count += times
            return
        }
        responders.append(Responder(who: who, count: times))
    }

    mutating func merge(_ slot: borrowing SlotBlock.Slot) {
        sent += slot.sent
        lost += slot.lost
        roundTrips.add(slot.buckets)
        for responder in slot.responders { count(responder.who, responder.count) }
    }
}

/// Slots of equal length, each with what became of its probes by hop; the hop 0 is the end of the path.
struct SlotGrid: Equatable {
    /// Microseconds since 1970.
    let start: Int64
    let length: Int64
    var slots: [[HopTally]]

    init(start: Int64, length: Int64, count: Int) {
        (self.start, self.length) = (start, length)
        slots = Array(repeating: [], count: count)
    }

    /// The slot that a time is in.
    func index(of time: Int64) -> Int? {
        guard time >= start else { return nil }
        let index = Int((time - start) / length)
        return index < slots.count ? index : nil
    }

    @inline(__always)
    private mutating func makeRoom(_ slot: Int, _ ttl: Int) {
        while slots[slot].count <= ttl { slots[slot].append(HopTally()) }
    }

    /// Counts the rounds of a flow. Those outside of the grid, and of the span, are left out.
    mutating func add(_ columns: RoundColumns, in span: Range<Int64>) {
        let count = columns.times.count
        let places = columns.times.map { span.contains($0) ? index(of: $0) ?? -1 : -1 }
        // What the target answered at the first hop where it did; a round that asked nothing is none.
        var ends = Array(repeating: (who: Int64(-1), bucket: 0), count: count)
        for (hop, ttl) in columns.ttls.enumerated() {
            for index in 0..<count where places[index] >= 0 {
                let cell = hop * count + index
                let who = columns.who[cell]
                guard who >= 0 else { continue }
                let bucket =
                    who > 0 ? LatencyHistogram.bucket(ofNanoseconds: UInt64(columns.microseconds[cell]) * 1_000) : 0
                makeRoom(places[index], Int(ttl))
                slots[places[index]][Int(ttl)].add(who: who, bucket: bucket)
                if ends[index].who <= 0 { ends[index] = who & 1 == 1 ? (who, bucket) : (0, 0) }
            }
        }
        for (index, end) in ends.enumerated() where end.who >= 0 {
            makeRoom(places[index], 0)
            slots[places[index]][0].add(who: end.who, bucket: end.bucket)
        }
    }

    /// Adds what a row says of a hop in a slot.
    mutating func add(_ other: borrowing SlotBlock.Slot, slot: Int, ttl: Int) {
        makeRoom(slot, ttl)
        slots[slot][ttl].merge(other)
    }
}
