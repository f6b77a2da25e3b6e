/// How a path is watched.
public struct MonitorSettings: Sendable, Hashable {
    /// The time between the starts of two rounds.
    public var interval: Duration
    /// How many rounds are made, or nil for as many as the run lasts.
    public var rounds: Int?
    /// The first TTL that is probed.
    public var firstTTL: UInt8
    /// The last TTL that is probed at the most.
    public var maxTTL: UInt8
    /// How long an answer to a probe is waited for.
    public var timeout: Duration
    /// How many hops behind the last one that answered are probed while the target is not found.
    public var gapLimit: Int
    /// The time between two probes of a round, or nil for what spreads it over half of the interval, and for 100 ms at the most.
    public var sendInterval: Duration?
    /// Which flow the probes belong to, or the first of them.
    public var flow: UInt16
    /// How many flows the rounds take in turn, so that the paths that routers balance over are watched side by side.
    public var flows: Int
    /// The size of a probe's payload in bytes, or nil for the prober's own.
    public var size: UInt16?
    /// Changes the settings while the run goes on, or nil where nobody does.
    public var dial: Dial?

    /// The settings of a monitor.
    public init(
        interval: Duration = .seconds(1), rounds: Int? = nil, firstTTL: UInt8 = 1, maxTTL: UInt8 = 30,
        timeout: Duration = .seconds(2), gapLimit: Int = 5, sendInterval: Duration? = nil,
        flow: UInt16 = 0, flows: Int = 1, size: UInt16? = nil
    ) {
        self.interval = interval
        self.rounds = rounds
        self.firstTTL = firstTTL
        self.maxTTL = maxTTL
        self.timeout = timeout
        self.gapLimit = gapLimit
        self.sendInterval = sendInterval
        self.flow = flow
        self.flows = flows
        self.size = size
    }

    /// How many rounds begin before a probe is given up.
    var roundsInTimeout: Int { Int(min(1024, (timeout / interval).rounded(.up))) }

    /// The most probes that are out at the same time: those of all rounds within a timeout.
    var window: Int { min(65536, (roundsInTimeout + 1) * Int(maxTTL)) }

    /// Checks what the types do not.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    public func validate() throws(ProbeError) {
        try Setting.check(interval, timeout, sendInterval)
        try Setting.check(interval > .zero, "the interval of a monitor is more than zero")
        try Setting.check(rounds.map { $0 >= 1 } ?? true, "a monitor makes at least one round")
        try Setting.check(firstTTL >= 1, "the first TTL of a monitor is at least 1")
        try Setting.check(firstTTL <= maxTTL, "the first TTL of a monitor is not above its last")
        try Setting.check(timeout > .zero, "the timeout of a monitor is more than zero")
        try Setting.check((1...4096).contains(flows), "a monitor takes from 1 to 4,096 flows in turn")
        try Setting.check(gapLimit >= 1, "at least one hop behind the last is probed")
        try Setting.check(
            sendInterval.map { $0 >= .zero } ?? true, "the time between two probes is not negative")
    }
}
