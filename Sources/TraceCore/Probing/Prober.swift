/// A way to probe a network: opens channels that send probes and report what came back.
///
/// A prober is a value that holds settings. What costs something (sockets, threads, buffers) belongs to the
/// channel, which lives for one run.
///
/// Nothing of it has a default: a prober that wraps another one forwards all of it, and the compiler says what is missing.
public protocol Prober: Sendable {
    /// Opens a channel for one run.
    ///
    /// - Throws: What keeps it from measuring at all, with the remedy.
    func open(_ settings: ChannelSettings) async throws(ProbeError) -> any ProbeChannel

    /// Finds the addresses of the names that a run is given, and the names of the addresses that it meets.
    var resolver: any NameResolver { get }
}

/// An open way to the network, for one run.
///
/// The run pulls: it sends what its plan says, then waits for answers until the plan wants to act again. So the
/// channel is also the run's only source of time, and a simulated channel can let an hour pass in no time.
/// A channel is used by one task at a time. As with ``Prober``, nothing of it has a default.
public protocol ProbeChannel: Sendable {
    /// What the channel is and how it works, for the report.
    var facts: ChannelFacts { get }

    /// The facts with those that depend on the target, for the report of one of many runs over the channel.
    func facts(for target: IPAddress) -> ChannelFacts

    /// The time since the channel was opened; it never goes back.
    var now: Duration { get }

    /// The address that probes to a target are sent from, where that is known.
    func source(for target: IPAddress) -> IPAddress?

    /// Sends probes in their order.
    ///
    /// - Returns: The probes that could not be sent, while the channel goes on.
    /// - Throws: What makes the channel unusable.
    func send(_ probes: [Probe]) async throws(ProbeError) -> [Probe.Failure]

    /// Waits until something has arrived, a time has come, or the task was cancelled.
    ///
    /// - Parameter deadline: When to come back at the latest, counted from the opening of the channel.
    /// - Returns: What has arrived, in the order of arrival; nothing at the deadline.
    func receive(until deadline: Duration) async throws(ProbeError) -> [Arrival]

    /// The probes that turned out not to have been sent after `send` had returned, each of them once.
    ///
    /// `receive` comes back when there are any, and the run then asks for them.
    func takeFailures() -> [Probe.Failure]

    /// How many packets have come that were not handed on.
    var counts: ChannelFacts.Counts { get }

    /// Waits until a time, or until the task is cancelled, and receives nothing: for what a run waits for beside answers.
    ///
    /// - Parameter deadline: When to come back, counted from the opening of the channel.
    func sleep(until deadline: Duration) async

    /// Gives everything back at once; called exactly once, also when the run was cancelled.
    func close()
}

/// What a run tells a prober when it opens a channel.
public struct ChannelSettings: Sendable, Hashable {
    /// The one target of the run, or nil where there are many.
    public var target: IPAddress?
    /// The most probes that will ever be out at the same time.
    public var capacity: Int
    /// How long the run waits for an answer, or nil for as long as answers are of interest.
    public var timeout: Duration?
    /// How long after a probe was sent its answer is of interest, even if it is late.
    ///
    /// After the timeout, a probe may be forgotten earlier where the channel could not send others otherwise.
    public var memory: Duration
    /// The payload of every probe in bytes, or nil for what the prober was set to.
    public var payloadSize: UInt16?
    /// Whether all probes of a flow have to look alike to routers that balance by flow, whatever that costs.
    public var keepsFlows = false
    /// Whether the run asks with packets of many sizes, none of which may be cut: it wants to know which get through.
    public var variesSize: Bool
    /// For how long answers may lie in the channel before the run is woken for them.
    var gather = Duration.zero

    /// The settings of a channel; unless told otherwise, late answers are of interest for ten seconds, and no answer for less
    /// than it is waited for.
    public init(
        target: IPAddress? = nil, capacity: Int = 1024, timeout: Duration? = nil, memory: Duration? = nil,
        payloadSize: UInt16? = nil, variesSize: Bool = false
    ) {
        self.target = target
        self.capacity = capacity
        self.timeout = timeout
        self.memory = memory ?? max(.seconds(10), timeout ?? .zero)
        self.payloadSize = payloadSize
        self.variesSize = variesSize
    }
}

extension ChannelFacts {
    /// How many packets have come to a channel that were not handed on to its run.
    public struct Counts: Sendable, Hashable {
        /// Packets that answered no probe: forged, foreign, or too old to be known. None of them is accepted.
        public var strays: Int
        /// Answers that were dropped because the run had not read those before them, and more would fill the memory.
        public var dropped: Int

        /// Counts.
        public init(strays: Int = 0, dropped: Int = 0) {
            self.strays = strays
            self.dropped = dropped
        }
    }
}

/// What a channel is and how it works: the part of a report's head that only the channel knows.
public struct ChannelFacts: Sendable, Hashable {
    /// How it asks.
    public var method: ProbeMethod
    /// In which way it does so, such as `unprivileged`, `raw` or `simulated`.
    public var mode: String
    /// The wall-clock time at which it was opened.
    public var openedAt: UTCTime
    /// The size of a probe's packet in bytes, IP header and all, where that is known.
    public var packetSize: Int?
    /// How many flows it can tell apart at the most, or nil for as many as there are numbers for.
    public var flowLimit: Int?
    /// Whether only one probe of a flow can be out at a time.
    public var hasSerialFlows = false
    /// How many probes it can tell apart while their answers are of interest, or nil for any number.
    public var identityLimit: Int?
    /// How much of that is headers, where probes can have any size; nil where they cannot.
    public var headerSize: Int?
    /// The traffic class (DSCP and ECN) that probes are sent with, where that is known.
    public var trafficClass: UInt8?
    /// The maximum segment size that TCP probes offer, where that is known.
    public var segmentSize: UInt16?
    /// For how long answers lie in it before the run is woken for them.
    var gather = Duration.zero

    /// The mode of channels that use ordinary sockets, whose headers the system writes.
    static let unprivileged = "unprivileged"

    /// The facts of a channel; what is not given is not known.
    public init(
        method: ProbeMethod, mode: String, openedAt: UTCTime, packetSize: Int? = nil, headerSize: Int? = nil,
        trafficClass: UInt8? = nil, segmentSize: UInt16? = nil
    ) {
        self.method = method
        self.mode = mode
        self.openedAt = openedAt
        self.packetSize = packetSize
        self.headerSize = headerSize
        self.trafficClass = trafficClass
        self.segmentSize = segmentSize
    }
}
