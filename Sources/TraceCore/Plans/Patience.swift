extension TraceSettings {
    /// How long a trace waits for the answer to a probe: no longer than what it has seen makes sensible.
    ///
    /// The three values that users of traceroute know are `max`, `here` and `near`. Two more are needed once a whole
    /// path is probed at once: a floor, because a router on a short path that takes a few milliseconds longer
    /// for one answer has not lost it, and a rule for the hops behind the last one that answered, which
    /// otherwise always wait for the full `max`.
    public struct Patience: Sendable, Hashable {
        /// The longest wait for any probe.
        public var max: Duration
        /// The wait at a hop that answered before, in multiples of its first round trip.
        public var here: Int
        /// The wait at a hop when a later one has answered, in multiples of that one's first round trip.
        ///
        /// Four, where traceroute has ten: a router that takes three times as long as those behind it is still found, and
        /// a path with silent hops is known in less than half the time. What comes after that is reported as late.
        public var near: Int
        /// The wait behind the last hop that answered, in multiples of the largest round trip seen.
        public var beyond: Int
        /// The shortest wait that `here` and `near` come to.
        public var floor: Duration
        /// The shortest wait that `beyond` comes to: a link over a geostationary satellite takes 600 ms.
        public var beyondFloor: Duration

        /// Limits for the waits of a trace.
        public init(
            max: Duration = .seconds(5), here: Int = 3, near: Int = 4, beyond: Int = 10,
            floor: Duration = .milliseconds(50), beyondFloor: Duration = .milliseconds(750)
        ) {
            self.max = max
            self.here = here
            self.near = near
            self.beyond = beyond
            self.floor = floor
            self.beyondFloor = beyondFloor
        }

        /// Waits for every probe equally long.
        public static func fixed(_ timeout: Duration) -> TraceSettings.Patience {
            TraceSettings.Patience(max: timeout, here: 0, near: 0, beyond: 0)
        }

        // A factor of zero switches its rule off.

        /// The wait at a hop whose first round trip is known.
        func here(_ rtt: Duration) -> Duration { wait(rtt, times: here, atLeast: floor) }

        /// The wait at a hop of which only a later one's first round trip is known.
        func near(_ rtt: Duration) -> Duration { wait(rtt, times: near, atLeast: floor) }

        /// The wait behind the last hop that answered, given the largest round trip.
        func beyond(_ rtt: Duration) -> Duration { wait(rtt, times: beyond, atLeast: beyondFloor) }

        private func wait(_ rtt: Duration, times factor: Int, atLeast floor: Duration) -> Duration {
            factor > 0 ? Swift.min(max, Swift.max(floor, rtt * factor)) : max
        }
    }
}
