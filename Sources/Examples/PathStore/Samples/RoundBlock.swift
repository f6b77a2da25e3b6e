/// The rounds of a target in one minute, in as few bytes as may be.
///
/// For each flow: the times; then for each hop who answered, by run-lengths, and the round trips as differences to the
/// last one of the same router, each in about as many bits as is usual for the hop.
enum RoundBlock {
    private static let version: UInt64 = 1

    /// What is behind so many rounds in one minute is left out; so much can be read without asking for much memory.
    private static let mostRounds = 16_000

    static func encode(_ rounds: [RoundRecord]) -> [UInt8] {
        let rounds = rounds.prefix(mostRounds)
        var bits = BitWriter()
        bits.put(version, bits: 8)
        let flows = RoundColumns.flows(of: rounds)
        bits.put(small: UInt64(flows.count))
        for columns in flows { encode(columns, into: &bits) }
        return bits.finish()
    }

    private static func encode(_ columns: RoundColumns, into bits: inout BitWriter) {
        bits.put(UInt64(columns.flow), bits: 8)
        let first = UInt64(bitPattern: columns.times[0])
        bits.put(first, bits: 32)
        bits.put(first >> 32, bits: 32)
        // Rounds come at an even pace: the difference of differences is small.
        var steps: [UInt64] = []
        var (last, step): (Int64, Int64) = (columns.times[0], 0)
        for time in columns.times.dropFirst() {
            steps.append((time - last - step).zigzag)
            (last, step) = (time, time - last)
        }
        bits.put(small: UInt64(steps.count))
        encode(steps, into: &bits)
        bits.put(small: UInt64(columns.ttls.count))
        for (hop, ttl) in columns.ttls.enumerated() {
            bits.put(UInt64(ttl), bits: 8)
            let cells = hop * columns.times.count..<(hop + 1) * columns.times.count
            encode(who: columns.who[cells], columns.microseconds[cells], into: &bits)
        }
    }

    private static func encode(
        who: ArraySlice<Int64>, _ microseconds: ArraySlice<UInt32>, into bits: inout BitWriter
    ) {
        // Those who answered, in the order in which they first did; before them "not asked" and "nobody".
        var known: [Int64] = [RoundColumns.notAsked, 0]
        var index = who.startIndex
        while index < who.endIndex {
            let one = who[index]
            let end = who[index...].firstIndex { $0 != one } ?? who.endIndex
            let place = known.firstIndex(of: one) ?? known.count
            bits.put(small: UInt64(place))
            if place == known.count {
                bits.put(small: UInt64(one))
                known.append(one)
            }
            bits.put(small: UInt64(end - index - 1))
            index = end
        }
        var last = LastRoundTrips()
        var differences: [UInt64] = []
        for (who, microseconds) in zip(who, microseconds) where who > 0 {
            differences.append((Int64(microseconds) - last[who]).zigzag)
            last[who] = Int64(microseconds)
        }
        encode(differences, into: &bits)
    }

    /// Writes numbers below 2³² that are alike: first in how many bits.
    private static func encode(_ numbers: [UInt64], into bits: inout BitWriter) {
        guard !numbers.isEmpty else { return }
        func cost(_ width: Int) -> UInt64 {
            numbers.reduce(0) { sum, number in
                let upper = number >> UInt64(width)
                return sum + (upper < UInt64(BitWriter.longestUnary) ? upper + UInt64(width) : 56)
            }
        }
        let middle = numbers.sorted()[numbers.count / 2]
        let usual = 63 - (middle | 1).leadingZeroBitCount
        let width = (max(0, usual - 1)...min(31, usual + 1)).min { cost($0) < cost($1) } ?? usual
        bits.put(UInt64(width), bits: 5)
        for number in numbers { bits.put(number, around: width) }
    }

    /// Calls the body with the rounds of each flow in the order of time.
    static func decode(_ bytes: [UInt8], _ body: (RoundColumns) throws(BrokenBytes) -> Void) throws(BrokenBytes) {
        var bits = BitReader(bytes)
        guard try bits.bits(8) == version else { throw BrokenBytes() }
        for _ in 0..<(try bits.small()) {
            var columns = RoundColumns(flow: UInt8(truncatingIfNeeded: try bits.bits(8)))
            let low = try bits.bits(32)
            columns.times.append(Int64(bitPattern: try bits.bits(32) << 32 | low))
            try decode(times: &columns.times, from: &bits)
            for _ in 0..<(try bits.small()) {
                columns.ttls.append(UInt8(truncatingIfNeeded: try bits.bits(8)))
                guard columns.ttls.count <= 255 else { throw BrokenBytes() }
                try decode(hop: &columns, from: &bits)
            }
            try body(columns)
        }
    }

    private static func decode(times: inout [Int64], from bits: inout BitReader) throws(BrokenBytes) {
        let count = try bits.small()
        guard count < mostRounds else { throw BrokenBytes() }
        guard count > 0 else { return }
        let width = Int(try bits.bits(5))
        var (last, step) = (times[0], Int64(0))
        for _ in 0..<count {
            step &+= Int64(zigzag: try bits.number(around: width))
            last &+= step
            times.append(last)
        }
    }

    private static func decode(hop columns: inout RoundColumns, from bits: inout BitReader) throws(BrokenBytes) {
        let start = columns.who.count
        let end = start + columns.times.count
        var known: [Int64] = [RoundColumns.notAsked, 0]
        var hasAnswers = false
        while columns.who.count < end {
            let place = Int(try bits.small())
            if place == known.count { known.append(Int64(try bits.small())) }
            guard place < known.count else { throw BrokenBytes() }
            let length = try bits.small() + 1
            guard length <= end - columns.who.count else { throw BrokenBytes() }
            hasAnswers = hasAnswers || known[place] > 0
            columns.who.append(contentsOf: repeatElement(known[place], count: Int(length)))
        }
        columns.microseconds.append(contentsOf: repeatElement(0, count: columns.times.count))
        guard hasAnswers else { return }
        let width = Int(try bits.bits(5))
        var last = LastRoundTrips()
        for index in start..<end where columns.who[index] > 0 {
            let who = columns.who[index]
            let value = last[who] + Int64(zigzag: try bits.number(around: width))
            guard value >= 0, value <= Int64(RoundRecord.longest) else { throw BrokenBytes() }
            columns.microseconds[index] = UInt32(value)
            last[who] = value
        }
    }
}

/// The last round trip of each router at a hop, which the next one is likely to be near.
private struct LastRoundTrips {
    private var known: [(who: Int64, microseconds: Int64)] = []
    private var latest: Int64 = 0

    /// The last of a router, or else the last of any.
    subscript(who: Int64) -> Int64 {
        get {
            // Mostly there is one.
            if let first = known.first, first.who == who { return first.microseconds }
            return known.first { $0.who == who }?.microseconds ?? latest
        }
        set {
            latest = newValue
            if let index = known.firstIndex(where: { $0.who == who }) {
                known[index].microseconds = newValue
            } else {
                known.append((who, newValue))
            }
        }
    }
}
