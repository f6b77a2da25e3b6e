/// How a host is pinged.
public struct PingSettings: Sendable, Hashable {
    /// How many probes are sent, or nil for as many as the run lasts.
    public var count: Int?
    /// Whether the count is one of answers: probes are sent until so many have come.
    public var countsAnswers: Bool
    /// The time between two probes.
    public var interval: Duration
    /// How long an answer to a probe is waited for.
    public var timeout: Duration
    /// How many hops a probe may live.
    public var ttl: UInt8
    /// The size of a probe's payload in bytes, or nil for the prober's own.
    public var size: UInt16?
    /// How many probes are sent at once at the start.
    public var preload: Int
    /// Whether an answer lets the next probe go at once, so that one is out at any time.
    public var adaptive: Bool
    /// The time between two probes at the least, however soon an answer comes.
    public var shortestInterval: Duration
    /// The most probes that are out at the same time.
    public var window: Int

    /// The settings of a ping; the defaults send one probe a second until the run is cancelled.
    public init(
        count: Int? = nil, countsAnswers: Bool = false, interval: Duration = .seconds(1),
        timeout: Duration = .seconds(2), ttl: UInt8 = 64, size: UInt16? = nil,
        preload: Int = 1, adaptive: Bool = false, shortestInterval: Duration = .zero, window: Int = 1024
    ) {
        self.count = count
        self.countsAnswers = countsAnswers
        self.interval = interval
        self.timeout = timeout
        self.ttl = ttl
        self.size = size
        self.preload = preload
        self.adaptive = adaptive
        self.shortestInterval = shortestInterval
        self.window = window
    }

    /// Checks what the types do not.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    public func validate() throws(ProbeError) {
        try Setting.check(interval, timeout, shortestInterval)
        try Setting.check(count.map { $0 >= 1 } ?? true, "the count of a ping must be at least 1")
        try Setting.check(interval >= .zero, "the interval of a ping must not be negative")
        try Setting.check(timeout > .zero, "the timeout of a ping must be more than zero")
        try Setting.check(ttl >= 1, "a probe must live for at least one hop")
        try Setting.check(preload >= 1, "at least one probe must be sent at the start")
        try Setting.check((1...65536).contains(window), "from 1 to 65,536 probes can be out at a time")
    }
}

/// Checks of settings, with a sentence for whoever set them.
enum Setting {
    /// The longest time that a setting can have, a bit more than 100 years: sums of such times fit everywhere.
    static let longest = Duration.seconds(3_200_000_000)

    /// Throws if a time is longer than what can be counted with.
    static func check(_ times: Duration?...) throws(ProbeError) {
        try check(times.allSatisfy { $0 ?? .zero <= longest }, "no time may be longer than 100 years")
    }

    /// Throws if a condition does not hold.
    static func check(_ condition: Bool, _ rule: String) throws(ProbeError) {
        if !condition { throw ProbeError(.badSetting, "A setting cannot be used: \(rule)") }
    }
}
