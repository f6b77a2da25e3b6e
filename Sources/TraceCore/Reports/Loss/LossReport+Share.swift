extension LossReport {
    /// A share of lost probes with its confidence interval: the Wilson interval at 99 %.
    ///
    /// It holds for few probes and for shares close to zero, where the usual "plus or minus" does not. Two shares count
    /// as different if their intervals do not overlap; by chance alone that happens to fewer than one pair in a
    /// thousand.
    public struct Share: Sendable, Hashable {
        /// The probes that got no answer, not even a late one.
        public let lost: Int
        /// The probes whose fate is known.
        public let decided: Int
        /// The bounds of the true share, in percent.
        public let percent: ClosedRange<Double>

        /// The 99.5 % quantile of the normal distribution.
        private static let deviations = 2.575_829_303_549

        /// The share of `lost` in `decided` probes.
        public init(lost: Int, of decided: Int) {
            self.decided = max(0, decided)
            self.lost = min(max(0, lost), self.decided)
            percent = Self.interval(lost: self.lost, of: self.decided, Self.deviations)
        }

        /// The bounds of the true share at 99.95 %: they hold of the best of several hops, too.
        var wide: ClosedRange<Double> { Self.interval(lost: lost, of: decided, 3.480_756_4) }

        private static func interval(lost: Int, of decided: Int, _ deviations: Double) -> ClosedRange<Double> {
            guard decided > 0 else { return 0...100 }
            let (count, square) = (Double(decided), deviations * deviations)
            let share = Double(lost) / count
            let middle = (share + square / (2 * count)) / (1 + square / count)
            let half =
                deviations / (1 + square / count)
                * Logarithm.squareRoot(share * (1 - share) / count + square / (4 * count * count))
            let low = lost == 0 ? 0 : max(0, middle - half)
            let high = lost == decided ? 1 : min(1, middle + half)
            return 100 * low...100 * max(low, high)
        }

        /// The share as it was counted, in percent.
        var middle: Double { decided > 0 ? 100 * Double(lost) / Double(decided) : 0 }

        /// Whether this share may well be smaller than the other: by two standard deviations.
        func isProbablyLess(than other: LossReport.Share) -> Bool {
            guard decided > 0, other.decided > 0 else { return false }
            func variance(_ share: LossReport.Share) -> Double {
                share.middle * (100 - share.middle) / Double(share.decided)
            }
            return other.middle - middle > 2 * Logarithm.squareRoot(variance(self) + variance(other))
        }

        /// Whether this share is smaller than the other by more than chance explains.
        public func isCertainlyLess(than other: LossReport.Share) -> Bool {
            percent.upperBound < other.percent.lowerBound
        }

        /// The same, on a path of so many hops: many hops make many pairs, of which some look different by chance.
        func isCertainlyLess(than other: LossReport.Share, among hops: Int) -> Bool {
            guard hops > 10 else { return isCertainlyLess(than: other) }
            let deviations = hops > 20 ? 3.1 : 2.85
            return Self.interval(lost: lost, of: decided, deviations).upperBound
                < Self.interval(lost: other.lost, of: other.decided, deviations).lowerBound
        }
    }
}

extension LossReport.Share: Codable {
    private enum Key: String, CodingKey { case lost, decided, lowPercent, highPercent }

    /// Reads a share; its bounds follow from the counts.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            lost: try container.decodeCount(forKey: .lost), of: try container.decodeCount(forKey: .decided))
    }

    /// Writes the counts and the bounds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(lost, forKey: .lost)
        try container.encode(decided, forKey: .decided)
        try container.encode(percent.lowerBound, forKey: .lowPercent)
        try container.encode(percent.upperBound, forKey: .highPercent)
    }
}
