import TraceCoreFuzzChecks
import TraceCore

extension SeededGenerator {
    /// `count` latencies, in nanoseconds, from `2^octaves.lowerBound` on and below `2^octaves.upperBound`, spread evenly
    /// over the octaves they lie in.
    mutating func latencies(_ count: Int, octaves: Range<Int>) -> [Int64] {
        (0..<count).map { _ in
            let octave = Int.random(in: octaves, using: &self)
            return Int64.random(in: 1 << octave..<2 << octave, using: &self)
        }
    }
}
