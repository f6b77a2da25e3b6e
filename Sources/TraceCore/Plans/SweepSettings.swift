/// How many targets are asked whether they are there.
public struct SweepSettings: Sendable, Hashable {
    /// What is asked of each target.
    public var mode: Mode
    /// The time between two probes, whatever their targets; zero for as fast as the window allows.
    public var interval: Duration
    /// How long the answer to a first probe is waited for.
    public var timeout: Duration
    /// How much longer each further try waits than the one before.
    public var backoff: Double
    /// The most probes that are out at the same time.
    public var window: Int
    /// How many hops a probe may live.
    public var ttl: UInt8
    /// The size of a probe's payload in bytes, or nil for the prober's own.
    public var size: UInt16?

    /// What is asked of each target.
    public enum Mode: Sendable, Hashable {
        /// One answer: a target that is silent is asked again so many times.
        case untilReply(retries: Int)
        /// So many probes, one for each period, whether answers come or not.
        case count(Int, period: Duration)
        /// A probe for each period, until the run is cancelled.
        case repeating(period: Duration)
    }

    /// How often a silent target can be asked again.
    static let mostRetries = 20

    /// The settings of a sweep.
    public init(
        mode: Mode = .untilReply(retries: 3), interval: Duration = .milliseconds(10),
        timeout: Duration = .milliseconds(500), backoff: Double = 1.5, window: Int = 16384,
        ttl: UInt8 = 64, size: UInt16? = nil
    ) {
        self.mode = mode
        self.interval = interval
        self.timeout = timeout
        self.backoff = backoff
        self.window = window
        self.ttl = ttl
        self.size = size
    }

    /// The settings of a sweep at a rate.
    ///
    /// - Parameter rate: The probes in a second, whatever their targets, or nil for as fast as the window allows.
    public init(rate: Int?) {
        // No rate at all would be no sweep: it is refused as a time below zero.
        self.init(interval: rate.map { $0 > 0 ? .seconds(1) / $0 : .seconds(-1) } ?? .zero)
    }

    /// The most probes that a target gets, or nil if there is no limit.
    var tries: Int? {
        switch mode {
        case .untilReply(let retries): retries + 1
        case .count(let count, _): count
        case .repeating: nil
        }
    }

    /// How long the answer to each try is waited for, where a target is asked until it answers; or to every probe.
    var waits: [Duration] {
        guard case .untilReply(let retries) = mode else { return [timeout] }
        var waits = [timeout]
        for _ in 0..<max(0, min(retries, Self.mostRetries)) {
            // Twenty tries, each waiting five times as long, would be more than a `Duration` holds.
            waits.append(min(Setting.longest, min(waits[waits.count - 1], Setting.longest / 5) * backoff))
        }
        return waits
    }

    /// How many probes so many targets can get in all.
    func mostProbes(to targets: Int) -> Int {
        guard let tries else { return .max }
        let (count, isTooMany) = targets.multipliedReportingOverflow(by: tries)
        return isTooMany ? .max : count
    }

    /// How long after a probe its target gets the next one whatever comes back, or nil if it gets none so.
    func period(after sequence: Int) -> Duration? {
        switch mode {
        case .untilReply: nil
        case .count(let count, let period): sequence + 1 < count ? period : nil
        case .repeating(let period): period
        }
    }

    /// Checks what the types do not.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    public func validate() throws(ProbeError) {
        try Setting.check(interval, timeout)
        try Setting.check(interval >= .zero, "the time between two probes is not negative")
        try Setting.check(timeout > .zero, "the timeout of a sweep is more than zero")
        try Setting.check((1...5).contains(backoff), "the back-off factor of a sweep is from 1 to 5")
        try Setting.check((1...65536).contains(window), "from 1 to 65,536 probes can be out at a time")
        try Setting.check(ttl >= 1, "a probe lives for at least one hop")
        switch mode {
        case .untilReply(let retries):
            try Setting.check(
                (0...Self.mostRetries).contains(retries),
                "a silent target is asked again from 0 to \(Self.mostRetries) times")
        case .count(let count, let period):
            try Setting.check(count >= 1, "each target gets at least one probe")
            try Setting.check(period)
            try Setting.check(period >= .zero, "the period of a sweep is not negative")
        case .repeating(let period):
            try Setting.check(period)
            try Setting.check(period > .zero, "the period of a sweep without an end is more than zero")
        }
    }
}
