/// How a path is traced.
///
/// By default a trace asks all hops at once, each with all its queries, and so has the whole path after one
/// round trip to the target. The price is that probes for hops behind the target reach it too.
/// `TraceSettings.sparing` asks as the classic tools do.
public struct TraceSettings: Sendable, Hashable {
    /// The first TTL that is probed.
    public var firstTTL: UInt8
    /// The last TTL that is probed at the most.
    public var maxTTL: UInt8
    /// The probes for each hop.
    public var queries: Int
    /// The most probes that are out at the same time, or nil for what suits: all of a path where one target is traced
    /// alone, and five hops where many are. There nobody waits for one of them, and whoever asks on until an answer has
    /// come back asks each target several times too often.
    public var window: Int?
    /// The time between two probes. At 25 µs an uplink of 27 Mbit/s or more keeps no queue of them, which would show
    /// in the round trips; through 10 Mbit/s the tenth hop seems a millisecond too far, as it does where sixteen probes
    /// are sent at once.
    public var sendInterval: Duration
    /// How long answers are waited for.
    public var patience: TraceSettings.Patience
    /// How many hops in a row, behind the last that answered, may keep silent before the trace ends; 0 for any number.
    public var gapLimit: Int
    /// Which flows the probes belong to.
    public var flow: TraceSettings.Flow
    /// The size of a probe's payload in bytes, or nil for the prober's own.
    public var size: UInt16?

    /// The settings of a trace.
    public init(
        firstTTL: UInt8 = 1, maxTTL: UInt8 = 30, queries: Int = 3, window: Int? = nil,
        sendInterval: Duration = .microseconds(25), patience: TraceSettings.Patience = TraceSettings.Patience(),
        gapLimit: Int = 5,
        flow: TraceSettings.Flow = .constant(0), size: UInt16? = nil
    ) {
        self.firstTTL = firstTTL
        self.maxTTL = maxTTL
        self.queries = queries
        self.window = window
        self.sendInterval = sendInterval
        self.patience = patience
        self.gapLimit = gapLimit
        self.flow = flow
        self.size = size
    }

    /// Sixteen probes at a time, as the classic tools do: slower, and sparing for the target.
    public static let sparing = TraceSettings(window: 16)

    /// Checks what the types do not.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    public func validate() throws(ProbeError) {
        try Setting.check(
            sendInterval, patience.max, patience.floor, patience.beyondFloor)
        try Setting.check(firstTTL >= 1, "the first TTL of a trace must be at least 1")
        try Setting.check(firstTTL <= maxTTL, "the first TTL of a trace must not be above its last")
        try Setting.check((1...100).contains(queries), "a hop must get from 1 to 100 queries")
        try Setting.check((1...65536).contains(window ?? 1), "from 1 to 65,536 probes can be out at a time")
        try Setting.check(sendInterval >= .zero, "the time between two probes must not be negative")
        try Setting.check(gapLimit >= 0, "the gap limit must not be negative")
        try Setting.check(patience.max > .zero, "the longest wait must be more than zero")
        try Setting.check(
            patience.here >= 0 && patience.near >= 0 && patience.beyond >= 0,
            "the factors of the patience must not be negative")
    }
}

extension TraceSettings {
    /// Which flows the probes of a trace belong to, for routers that balance by flow.
    public enum Flow: Sendable, Hashable {
        /// One flow: all probes take one path, as far as routers balance by flow.
        case constant(UInt16)
        /// A flow for each query: the first queries of all hops take one path, the second ones maybe another.
        case perQuery
        /// A flow for each probe, as the oldest traceroutes do.
        case perProbe
    }
}
