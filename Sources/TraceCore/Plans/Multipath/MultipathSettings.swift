/// How all paths to a target are looked for.
public struct MultipathSettings: Sendable, Hashable {
    /// How sure it is to be that nothing was missed, of the whole graph, where routers balance evenly: at least 0.5, and
    /// below 1.
    public var confidence: Double
    /// The first TTL that is probed.
    public var firstTTL: UInt8
    /// The last TTL that is probed at the most.
    public var maxTTL: UInt8
    /// The most flows that are asked about; if the confidence takes more, the graph says what it came to.
    public var maxFlows: Int
    /// The most probes that are out at the same time.
    public var window: Int
    /// The time between two probes: routers that many paths share are asked often.
    public var sendInterval: Duration
    /// How long answers are waited for.
    public var patience: TraceSettings.Patience
    /// How often a probe that nobody answers is sent at a hop where others are answered, at the least: up to six times as
    /// often where probes get lost. At hops that keep silent for all, one time less.
    public var attempts: Int
    /// How many hops in a row, behind the last that answered, may keep silent.
    public var gapLimit: Int
    /// The size of a probe's payload in bytes, or nil for the prober's own.
    public var size: UInt16?

    /// The settings of a search.
    public init(
        confidence: Double = 0.95, firstTTL: UInt8 = 1, maxTTL: UInt8 = 30, maxFlows: Int = 4096, window: Int = 256,
        sendInterval: Duration = .microseconds(250), patience: TraceSettings.Patience = TraceSettings.Patience(),
        attempts: Int = 3,
        gapLimit: Int = 5, size: UInt16? = nil
    ) {
        self.confidence = confidence
        self.firstTTL = firstTTL
        self.maxTTL = maxTTL
        self.maxFlows = maxFlows
        self.window = window
        self.sendInterval = sendInterval
        self.patience = patience
        self.attempts = attempts
        self.gapLimit = gapLimit
        self.size = size
    }

    /// Checks what the types do not.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    public func validate() throws(ProbeError) {
        try Setting.check(sendInterval, patience.max, patience.floor, patience.beyondFloor)
        try Setting.check(
            (0.5...0.999_999).contains(confidence), "the confidence must be at least 0.5, and below 1: 0.999999 at most"
        )
        try Setting.check(firstTTL >= 1, "the first TTL must be at least 1")
        try Setting.check(firstTTL <= maxTTL, "the first TTL must not be above the last")
        try Setting.check((8...16384).contains(maxFlows), "from 8 to 16,384 flows can be asked about")
        try Setting.check((1...65536).contains(window), "from 1 to 65,536 probes can be out at a time")
        try Setting.check(sendInterval >= .zero, "the time between two probes must not be negative")
        try Setting.check((1...10).contains(attempts), "a probe can be sent from 1 to 10 times")
        try Setting.check(gapLimit >= 0, "the gap limit must not be negative")
        try Setting.check(patience.max > .zero, "the longest wait must be more than zero")
    }
}
