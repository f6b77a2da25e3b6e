/// How a host answered pings.
public struct PingReport: Sendable, Hashable {
    /// The target of the pings, and how they were sent.
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
    /// The answers in time that came from a router instead of the target, such as an unreachable.
    public var unreachable: Int
    /// The round trips to the target, or nil if it did not answer in time.
    public var rtt: RTTSummary?
    /// The answers in the order of arrival; only the newest if there were very many.
    public var replies: [PingReport.Reply]
    /// How the run ended, or nil while it lasts.
    public var end: RunEnd?

    /// The host that was pinged.
    public var target: ProbeTarget? { run.target }

    /// The share of probes that the host did not answer among the decided ones, in percent, or nil if none is decided.
    ///
    /// Those that a router answered, ``unreachable``, count as lost. Those that could not be sent do not count.
    public var lossPercent: Double? { LossCount(answered: received, lost: lost + unreachable).percent }
}

extension PingReport {
    /// One answer to a ping.
    public struct Reply: Sendable, Hashable {
        /// The number of the probe that is answered, from 0.
        public var sequence: Int
        /// The answer.
        public var answer: ProbeReply
        /// Whether the probe had been answered before.
        public var isDuplicate: Bool
        /// Whether the probe had been given up before.
        public var isLate: Bool

        /// An answer to a probe.
        public init(sequence: Int, answer: ProbeReply, isDuplicate: Bool = false, isLate: Bool = false) {
            self.sequence = sequence
            self.answer = answer
            self.isDuplicate = isDuplicate
            self.isLate = isLate
        }

        /// Who answered.
        public var from: IPAddress { answer.from }
        /// The time from the probe to the answer.
        public var rtt: Duration { answer.rtt }
        /// What the answer says.
        public var kind: ReplyKind { answer.kind }
    }
}
