/// How the MTU of a path is found.
///
/// The path is traced first, with small packets. Then sizes are tried until, for each hop that answers, one is known that
/// arrives there and one byte more does not.
public struct PathMTUSettings: Sendable, Hashable {
    /// How the path is traced, and how long answers are waited for; its size is not used. Without a window of its own it
    /// has sixteen probes out: a target that limits its answers must have some left for the large packets.
    public var trace: TraceSettings
    /// The largest packet that is tried, IP header and all; what does not leave this machine costs nothing.
    public var largest: UInt16
    /// How often a size is tried at the least before it counts as one that does not arrive. Where packets get lost it is
    /// more often, up to twelve times: so often that a size which does arrive is mistaken once in ten thousand times.
    public var tries: Int
    /// The shortest wait for the answer to a large packet: a slow link takes its time for it.
    public var floor: Duration
    /// The time between two packets that are tried.
    public var sendInterval: Duration

    /// The size of the packets that the path is traced with, which every link takes (RFC 791).
    public static let small = PathMTUAnswer.smallPacket

    /// The settings of a search.
    ///
    /// - Parameters:
    ///   - trace: How the path is traced.
    ///   - largest: The largest packet that is tried.
    ///   - tries: How often a size is tried at the least.
    ///   - floor: The shortest wait for the answer to a large packet.
    ///   - sendInterval: The time between two packets that are tried, or nil for a millisecond, or that of the trace if it
    ///     is longer.
    public init(
        trace: TraceSettings = TraceSettings(), largest: UInt16 = 65535, tries: Int = 3,
        floor: Duration = .milliseconds(250), sendInterval: Duration? = nil
    ) {
        self.trace = trace
        if trace.window == nil { self.trace.window = TraceSettings.sparing.window }
        self.largest = largest
        self.tries = tries
        self.floor = floor
        self.sendInterval = sendInterval ?? max(.milliseconds(1), trace.sendInterval)
    }

    /// The most probes that are out at the same time: those that the trace asks behind the target, and the large ones.
    var window: Int { (trace.window ?? 16) + 64 }

    /// Checks what the types do not.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    public func validate() throws(ProbeError) {
        try trace.validate()
        try Setting.check(floor, sendInterval)
        try Setting.check((2...12).contains(tries), "a size must be tried from 2 to 12 times")
        try Setting.check(floor > .zero, "the shortest wait must be more than zero")
        try Setting.check(sendInterval >= .zero, "the time between two packets must not be negative")
        try Setting.check(
            Int(largest) > Self.small, "the largest packet must have more than \(Self.small) bytes")
    }
}
