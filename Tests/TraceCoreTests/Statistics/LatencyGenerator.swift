import TraceCore

/// Latencies that are the same on every run: SplitMix64, spread evenly over the octaves they lie in.
struct LatencyGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// `count` latencies, in nanoseconds, from `2^octaves.lowerBound` on and below `2^octaves.upperBound`.
    mutating func latencies(_ count: Int, octaves: Range<Int>) -> [Int64] {
        (0..<count).map { _ in
            let octave = Int.random(in: octaves, using: &self)
            return Int64.random(in: 1 << octave..<2 << octave, using: &self)
        }
    }
}
