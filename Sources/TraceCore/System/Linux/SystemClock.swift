#if os(Linux) && !TRACECORE_NO_LIVE
    internal import CTraceCoreSystem

    /// The system's clocks, in nanoseconds.
    enum SystemClock {
        /// The clock that never jumps.
        static var monotonic: Int64 { tracecore_monotonic() }

        /// Both clocks, read as nearly at the same time as can be.
        static var sample: ClockSample {
            var best = ClockSample(monotonic: 0, wall: 0, uncertainty: .max)
            // A reading during which the thread was put aside says little; three in a row are rare.
            for _ in 0..<3 {
                let before = tracecore_monotonic()
                let wall = tracecore_wall_clock()
                let after = tracecore_monotonic()
                if after &- before < best.uncertainty {
                    best = ClockSample(
                        monotonic: before &+ (after &- before) / 2, wall: wall, uncertainty: after &- before)
                }
                if best.uncertainty < 2_000 { break }
            }
            return best
        }
    }
#endif
