#if os(Linux) && !TRACECORE_NO_LIVE
    internal import CSystem

    /// The system's clocks, in nanoseconds.
    enum SystemClock {
        /// The clock that never jumps.
        static var monotonic: Int64 { csystem_monotonic() }

        /// Both clocks, read as nearly at the same time as can be.
        static var sample: ClockSample {
            var best = ClockSample(monotonic: 0, wall: 0, uncertainty: .max)
            // A reading during which the thread was put aside says little; three in a row are rare.
            for _ in 0..<3 {
                let before = csystem_monotonic()
                let wall = csystem_wall_clock()
                let after = csystem_monotonic()
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
