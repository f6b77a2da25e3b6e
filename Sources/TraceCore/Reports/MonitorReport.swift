/// A watched path as it is at a moment: each hop with its loss and round trips, and what has changed.
public struct MonitorReport: Sendable, Hashable {
    /// Whom the path leads to, and how it is watched.
    public var run: RunDescription
    /// The rounds that have begun.
    public var rounds: Int
    /// The hops in the order of their TTLs, up to the target.
    public var hops: [Hop]
    /// The changes of the path, oldest first; the last ones of a run that had very many.
    public var changes: [Change]
    /// Why the last probe that could not be sent was not, or nil if all were sent.
    public var failure: ProbeError?
    /// How the run ended, or nil while it lasts.
    public var end: RunEnd?

    /// The host that the path leads to.
    public var target: ProbeTarget? { run.target }

    /// Whether the target itself has answered.
    public var isReached: Bool { hops.last?.addresses.contains { $0.kind.isFromTarget } ?? false }

    /// What has been seen at one TTL.
    public struct Hop: Sendable, Hashable {
        /// The number of hops that the probes could live.
        public var ttl: Int
        /// The probes that were sent.
        public var sent: Int
        /// The probes that could not be sent.
        public var failed: Int
        /// The probes that were answered in time.
        public var answered: Int
        /// The probes that were given up.
        public var lost: Int
        /// The answers that came after their probe had been given up.
        public var late: Int
        /// The answers to probes that had been answered before.
        public var duplicates: Int
        /// The share of lost probes among those that are decided, in percent, or nil if there are none.
        public var lossPercent: Double?
        /// The round trips of all who answer here, or nil if nobody did.
        public var rtt: RTTSummary?
        /// The round trip of the last answer, or nil if there was none.
        public var last: Duration?
        /// The geometric mean of the round trips, which one slow answer among many hardly moves.
        public var geometricMean: Duration?
        /// How far neighbouring round trips lie apart, or nil for fewer than two.
        public var differences: MonitorReport.Differences?
        /// Who answers here, the most frequent first; several share a hop where routers balance.
        public var addresses: [Address]
    }

    /// One who answers at a hop.
    public struct Address: Sendable, Hashable {
        /// The address.
        public var address: IPAddress
        /// The name of the address, where it is known.
        public var name: UntrustedText?
        /// The answers in time.
        public var answered: Int
        /// The round trip of the last answer.
        public var last: Duration
        /// The round trips of the answers.
        public var rtt: RTTSummary
        /// The round of the last answer, from 0.
        public var lastRound: Int
        /// The MPLS labels that the last answer told of.
        public var labels: [MPLSLabel]
        /// What the last answer said.
        public var kind: ReplyKind
    }

    /// A hop where another router answers than before.
    public struct Change: Sendable, Hashable {
        /// When the first new answer came, counted from the start of the run.
        public var at: Duration
        /// The round in which it came, from 0.
        public var round: Int
        /// The hop.
        public var ttl: Int
        /// Who had answered there last.
        public var before: IPAddress
        /// Who answers there now.
        public var after: IPAddress
    }
}
