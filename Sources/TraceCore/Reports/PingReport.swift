/// How a host answered pings.
public struct PingReport: Sendable, Hashable {
    /// Who was pinged, and how.
    public var run: RunDescription
    /// The probes that were sent.
    public var sent: Int
    /// The probes that were answered in time.
    public var received: Int
    /// The probes that were given up.
    public var lost: Int
    /// The probes that could not be sent.
    public var failed: Int
    /// The answers to probes that had been answered before.
    public var duplicates: Int
    /// The answers to probes that had been given up.
    public var late: Int
    /// The answers in time that were not from the target but from a router, such as an unreachable.
    public var unreachable: Int
    /// The round trips to the target, or nil if it did not answer in time.
    public var rtt: RTTSummary?
    /// The answers in time, in the order of arrival; the last ones of a run that had very many.
    public var replies: [PingReply]
    /// How the run ended, or nil while it lasts.
    public var end: RunEnd?

    /// The host that was pinged.
    public var target: ProbeTarget? { run.target }

    /// The share of lost probes among those whose fate is decided, in percent, or nil if there are none.
    public var lossPercent: Double? { LossCount(answered: received, lost: lost + unreachable).percent }
}

/// One answer to a ping.
public struct PingReply: Sendable, Hashable {
    /// Which probe is answered, from 0.
    public var sequence: Int
    /// The answer.
    public var response: ProbeReply
    /// How many answers the probe had before this one; more than 0 is a duplicate.
    public var isDuplicate: Bool
    /// Whether the probe had been given up before.
    public var isLate: Bool

    /// An answer to a probe.
    public init(sequence: Int, response: ProbeReply, isDuplicate: Bool = false, isLate: Bool = false) {
        self.sequence = sequence
        self.response = response
        self.isDuplicate = isDuplicate
        self.isLate = isLate
    }

    /// Who answered.
    public var from: IPAddress { response.from }
    /// The time from the probe to the answer.
    public var rtt: Duration { response.rtt }
    /// What the answer says.
    public var kind: ReplyKind { response.kind }
}
