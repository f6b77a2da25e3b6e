extension LatencyHistogram {
    /// Where a latency is counted: an octave, and one of the 64 buckets in it.
    struct BucketIndex: Equatable {
        static let perOctave = 64

        /// 0 for latencies below 64 ns; octave `k` starts at `32 << k` ns.
        let octave: Int
        let position: Int

        init(octave: Int, position: Int) {
            self.octave = octave
            self.position = position
        }

        @inline(__always)
        init(nanoseconds: UInt64) {
            octave = 58 - (nanoseconds | 63).leadingZeroBitCount
            position = Int(truncatingIfNeeded: nanoseconds >> UInt64(Self.shift(octave))) & 63
        }

        /// The shortest latency of the bucket, in nanoseconds.
        var lower: UInt64 {
            octave == 0 ? UInt64(position) : UInt64(Self.perOctave + position) << UInt64(octave - 1)
        }

        /// The number of different latencies, in nanoseconds, that share the bucket.
        var width: UInt64 { 1 << UInt64(Self.shift(octave)) }

        /// The latency that stands for the bucket: at most half a width from each in it.
        var middle: UInt64 { lower + width / 2 }

        /// The first two octaves both have buckets of 1 ns.
        @inline(__always)
        private static func shift(_ octave: Int) -> Int { max(0, octave &- 1) }
    }
}
