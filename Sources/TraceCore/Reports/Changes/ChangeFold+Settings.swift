extension ChangeReport.Fold {
    /// What counts as a change of a path.
    public struct Settings: Sendable, Hashable, Codable {
        /// The round trip above which a path is reported as too slow, with the first hop where it is; nil for no limit.
        public var limit: Duration? {
            get { limitMs.flatMap { Duration(milliseconds: $0) } }
            set { limitMs = newValue?.inMilliseconds }
        }
        /// The largest probability of a false report that is accepted, for each change.
        ///
        /// A smaller value makes reports later. At 1e-5 a router that replaced another is reported after four answers,
        /// if there were twenty from the old one.
        public var chance: Double
        /// The smallest increase of the round trips that is reported, however steady they were.
        public var leastShift: Duration {
            get { Duration(milliseconds: leastShiftMs) ?? .zero }
            set { leastShiftMs = newValue.inMilliseconds }
        }
        /// The smallest increase that is reported, as a share of the usual round trip.
        public var leastShare: Double

        var limitMs: Double?
        var leastShiftMs: Double

        /// Settings; what is not given has its usual value.
        public init(
            limit: Duration? = nil, chance: Double = 1e-5, leastShift: Duration = .milliseconds(1),
            leastShare: Double = 0.25
        ) {
            limitMs = limit?.inMilliseconds
            self.chance = min(max(chance, 1e-9), 0.01)
            leastShiftMs = max(0, leastShift.inMilliseconds)
            self.leastShare = max(0, leastShare)
        }

        /// The value that a cumulative sum of binary logarithms must reach.
        var evidence: Double { -Logarithm.log2(min(max(chance, 1e-9), 0.01)) }
    }
}
