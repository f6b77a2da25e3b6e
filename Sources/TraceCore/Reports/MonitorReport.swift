/// The current state of a watched path: the loss and the round trips of each hop, and the changes.
public struct MonitorReport: Sendable, Hashable {
    /// The target of the path, and how it is watched.
    public var run: RunDescription
    /// The number of rounds that have begun.
    public var rounds: Int
    /// The hops in the order of their TTLs, up to the target.
    public var hops: [Hop]
    /// The changes of the path, oldest first; only the newest if there were very many.
    public var changes: [Change]
    /// Why the last probe that failed could not be sent, or nil if all were sent.
    public var failure: ProbeError?
    /// How the run ended, or nil while it lasts.
    public var end: RunEnd?

    /// The host that the path leads to.
    public var target: ProbeTarget? { run.target }

    /// Whether the target itself has answered.
    public var isReached: Bool { hops.last?.addresses.contains { $0.kind.isFromTarget } ?? false }

    /// What has been seen at one TTL.
    public struct Hop: Sendable, Hashable {
        /// The TTL of the probes.
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
        /// The share of lost probes among the decided ones, in percent, or nil if none is decided.
        public var lossPercent: Double?
        /// The round trips of all answers at this hop, or nil if there were none.
        public var rtt: RTTSummary?
        /// The round trip of the last answer, or nil if there was none.
        public var last: Duration?
        /// The geometric mean of the round trips, which one slow answer among many hardly moves.
        public var geometricMean: Duration?
        /// The differences between neighbouring round trips, or nil for fewer than two.
        public var differences: MonitorReport.Differences?
        /// The addresses that answer here, the most frequent first; several share a hop where routers balance.
        public var addresses: [Address]
    }

    /// An address that answers at a hop.
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
        /// The MPLS labels in the last answer.
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
        /// The address that answered last before the change.
        public var before: IPAddress
        /// The address that answers now.
        public var after: IPAddress
    }
}
