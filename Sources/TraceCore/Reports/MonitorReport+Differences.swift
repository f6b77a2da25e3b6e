extension MonitorReport {
    /// How much neighbouring round trips of a series differ: jitter without smoothing.
    ///
    /// In JSON they are numbers of milliseconds under `lastMs`, `meanMs` and `maxMs`.
    public struct Differences: Sendable, Hashable {
        /// The difference between the last round trip and the one before.
        public var last: Duration
        /// The mean difference between neighbours.
        public var mean: Duration
        /// The largest difference between neighbours.
        public var max: Duration

        /// The differences within a series, or nil where it has fewer than two round trips.
        package init?(_ statistics: RunningStatistics) {
            guard let last = statistics.lastDifference, let mean = statistics.meanDifference,
                let max = statistics.maxDifference
            else { return nil }
            self.last = last
            self.mean = mean
            self.max = max
        }
    }
}

extension MonitorReport.Differences: Codable {
    private enum Key: String, CodingKey {
        case last = "lastMs"
        case mean = "meanMs"
        case max = "maxMs"
    }

    /// Reads the differences.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        last = try container.decodeMilliseconds(forKey: .last)
        mean = try container.decodeMilliseconds(forKey: .mean)
        max = try container.decodeMilliseconds(forKey: .max)
    }

    /// Writes each as a number of milliseconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(milliseconds: last, forKey: .last)
        try container.encode(milliseconds: mean, forKey: .mean)
        try container.encode(milliseconds: max, forKey: .max)
    }
}
