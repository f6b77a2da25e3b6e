extension ChangeFold {
    /// What counts as a change of a path.
    public struct Settings: Sendable, Hashable, Codable {
        /// The round trip above which a path is reported as too slow, from the first hop on that is; nil for no limit.
        public var limit: Duration? {
            get { limitMs.flatMap { Duration(milliseconds: $0) } }
            set { limitMs = newValue?.inMilliseconds }
        }
        /// How likely each change that is reported may at most be by chance alone.
        ///
        /// The smaller, the later: at one in 100,000 a router that replaced another is reported after four of its answers
        /// where there were twenty of the old one's.
        public var chance: Double
        /// What the round trips have to grow by at least before anybody minds, however steady they were.
        public var leastShift: Duration {
            get { Duration(milliseconds: leastShiftMs) ?? .zero }
            set { leastShiftMs = newValue.inMilliseconds }
        }
        /// The share of the usual round trip that they have to grow by at least.
        public var leastShare: Double

        var limitMs: Double?
        var leastShiftMs: Double

        /// Settings; what is not given is as usual.
        public init(
            limit: Duration? = nil, chance: Double = 1e-5, leastShift: Duration = .milliseconds(1),
            leastShare: Double = 0.25
        ) {
            limitMs = limit?.inMilliseconds
            self.chance = min(max(chance, 1e-9), 0.01)
            leastShiftMs = max(0, leastShift.inMilliseconds)
            self.leastShare = max(0, leastShare)
        }

        /// What a cumulative sum of binary logarithms has to reach.
        var evidence: Double { -Logarithm.log2(min(max(chance, 1e-9), 0.01)) }
    }
}
