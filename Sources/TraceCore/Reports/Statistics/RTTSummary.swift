/// The figures of a series of round trips that a report shows.
///
/// In JSON they are numbers of milliseconds under `minMs`, `avgMs`, `maxMs`, `stddevMs`, `p50Ms`, `p90Ms`,
/// `p95Ms`, `p99Ms` and `jitterMs`.
public struct RTTSummary: Sendable, Hashable {
    /// The shortest round trip.
    public var min: Duration
    /// The arithmetic mean of the round trips.
    public var average: Duration
    /// The longest round trip.
    public var max: Duration
    /// The sample standard deviation (n − 1), or nil when there was only one round trip.
    public var standardDeviation: Duration?
    /// The median: half of the round trips took no longer.
    public var p50: Duration
    /// What 90 % of the round trips did not exceed.
    public var p90: Duration
    /// What 95 % of the round trips did not exceed.
    public var p95: Duration
    /// What 99 % of the round trips did not exceed.
    public var p99: Duration
    /// The interarrival jitter of RFC 3550, 0 when there was only one round trip.
    public var jitter: Duration

    /// The summary of round trips in the order in which they were measured, or nil when there are none.
    public init?(of roundTrips: some Sequence<Duration>) {
        var statistics = RunningStatistics()
        for roundTrip in roundTrips { statistics.add(roundTrip) }
        self.init(statistics)
    }

    /// The summary of some statistics, or nil when they have no sample.
    package init?(_ statistics: RunningStatistics) {
        guard let min = statistics.min, let average = statistics.mean, let max = statistics.max,
            let p50 = statistics.quantile(0.5), let p90 = statistics.quantile(0.9),
            let p95 = statistics.quantile(0.95), let p99 = statistics.quantile(0.99)
        else { return nil }
        self.min = min
        self.average = average
        self.max = max
        self.standardDeviation = statistics.standardDeviation
        self.p50 = p50
        self.p90 = p90
        self.p95 = p95
        self.p99 = p99
        self.jitter = statistics.jitter
    }
}
