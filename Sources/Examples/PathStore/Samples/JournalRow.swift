/// The rounds of one commit, one behind the other, so that those of one target are found without reading the others.
enum JournalRow {
    /// The target in three bytes, the length in two.
    private static let headSize = 5

    static func append(_ round: RoundRecord, of target: Int64, to bytes: inout [UInt8]) {
        var bits = BitWriter()
        let at = UInt64(bitPattern: round.at)
        bits.put(at, bits: 32)
        bits.put(at >> 32, bits: 32)
        bits.put(UInt64(round.flow), bits: 8)
        bits.put(UInt64(round.answers.count), bits: 8)
        var ttl: UInt8 = 0
        for answer in round.answers {
            bits.put(small: UInt64(answer.ttl &- ttl &- 1))
            ttl = answer.ttl
            for number in [UInt64(answer.who), UInt64(answer.microseconds)] {
                let width = 64 - number.leadingZeroBitCount
                bits.put(UInt64(width), bits: 6)
                bits.put(number, bits: min(width, 32))
                bits.put(number >> 32, bits: max(width - 32, 0))
            }
        }
        let body = bits.finish()
        for shift in [0, 8, 16] { bytes.append(UInt8(truncatingIfNeeded: target >> shift)) }
        for shift in [0, 8] { bytes.append(UInt8(truncatingIfNeeded: body.count >> shift)) }
        bytes += body
    }

    /// Calls the body with the target of each round, and where its bytes are, with their head.
    static func forEach(in bytes: [UInt8], _ body: (Int64, Range<Int>) throws(StoreError) -> Void)
        throws(StoreError)
    {
        var start = 0
        while start + headSize <= bytes.count {
            let target = Int64(bytes[start]) | Int64(bytes[start + 1]) << 8 | Int64(bytes[start + 2]) << 16
            let end = start + headSize + Int(bytes[start + 3]) + Int(bytes[start + 4]) << 8
            guard end <= bytes.count else { return }
            try body(target, start..<end)
            start = end
        }
    }

    /// When a round was, without reading all of it; with its head.
    static func time(of round: ArraySlice<UInt8>) -> Int64 {
        round.dropFirst(headSize).prefix(8).enumerated().reduce(0) { $0 | Int64($1.element) << Int64(8 * $1.offset) }
    }

    /// The rounds of bytes with their heads.
    static func rounds(in bytes: [UInt8]) throws(BrokenBytes) -> [RoundRecord] {
        var rounds: [RoundRecord] = []
        var start = 0
        while start < bytes.count {
            guard start + headSize <= bytes.count else { throw BrokenBytes() }
            let end = start + headSize + Int(bytes[start + 3]) + Int(bytes[start + 4]) << 8
            guard end <= bytes.count else { throw BrokenBytes() }
            rounds.append(try round(Array(bytes[start + headSize..<end])))
            start = end
        }
        return rounds
    }

    private static func round(_ bytes: [UInt8]) throws(BrokenBytes) -> RoundRecord {
        var bits = BitReader(bytes)
        let low = try bits.bits(32)
        let at = Int64(bitPattern: try bits.bits(32) << 32 | low)
        var round = RoundRecord(at: at, flow: UInt8(truncatingIfNeeded: try bits.bits(8)), answers: [])
        var ttl: UInt64 = 0
        for _ in 0..<(try bits.bits(8)) {
            ttl += try bits.small() + 1
            var numbers: [UInt64] = []
            for _ in 0..<2 {
                let width = Int(try bits.bits(6))
                let low = try bits.bits(min(width, 32))
                numbers.append(try bits.bits(max(width - 32, 0)) << 32 | low)
            }
            guard ttl <= 255, numbers[0] < 1 << 41, numbers[1] <= UInt64(RoundRecord.longest) else {
                throw BrokenBytes()
            }
            round.answers.append(
                RoundRecord.Answer(ttl: UInt8(ttl), who: Int64(numbers[0]), microseconds: UInt32(numbers[1])))
        }
        return round
    }
}
