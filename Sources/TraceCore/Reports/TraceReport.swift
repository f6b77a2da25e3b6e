/// The path to a target, as a trace found it.
public struct TraceReport: Sendable, Hashable {
    /// The target of the trace, and how it was made.
    public var run: RunDescription
    /// The hops in the order of their TTLs, up to the end of the path.
    public var hops: [Hop]
    /// Why the last probe that failed could not be sent, or nil if all were sent.
    public var failure: ProbeError?
    /// How the trace ended, or nil while it runs.
    public var end: RunEnd?

    /// A trace from its parts.
    public init(run: RunDescription, hops: [Hop], failure: ProbeError? = nil, end: RunEnd?) {
        self.run = run
        self.hops = hops
        self.failure = failure
        self.end = end
    }

    /// The host that was traced.
    public var target: ProbeTarget? { run.target }

    /// Whether the target answered.
    public var isReached: Bool { end?.reason == .reached }

    /// What happened at one TTL.
    public struct Hop: Sendable, Hashable {
        /// The TTL of the probes.
        public var ttl: Int
        /// The probes that were sent.
        public var sent: Int
        /// The probes that were given up.
        public var lost: Int
        /// The probes that could not be sent.
        public var failed: Int
        /// The answers in time, in the order of arrival.
        public var replies: [HopReply]
        /// The answers that came after their probe had been given up.
        public var late: [HopReply]
        /// The number of additional answers to probes that had been answered.
        public var duplicates: Int

        /// A hop; by default, one without any probe.
        public init(
            ttl: Int, sent: Int = 0, lost: Int = 0, failed: Int = 0, replies: [HopReply] = [],
            late: [HopReply] = [], duplicates: Int = 0
        ) {
            self.ttl = ttl
            self.sent = sent
            self.lost = lost
            self.failed = failed
            self.replies = replies
            self.late = late
            self.duplicates = duplicates
        }

        /// The probes that are not decided yet.
        public var out: Int { sent - lost - replies.count }

        /// The addresses that answered, in the order of their first answers.
        public var addresses: [IPAddress] {
            var addresses: [IPAddress] = []
            for reply in replies where !addresses.contains(reply.from) { addresses.append(reply.from) }
            for reply in late where !addresses.contains(reply.from) { addresses.append(reply.from) }
            return addresses
        }

        /// The round trips of the answers in time, or nil if there are none.
        public var rtt: RTTSummary? {
            var statistics = RunningStatistics()
            for reply in replies { statistics.add(reply.rtt) }
            return RTTSummary(statistics)
        }
    }

    /// One answer at a hop.
    public struct HopReply: Sendable, Hashable {
        /// The number of the query that is answered, from 0.
        public var sequence: Int
        /// The flow of the query.
        public var flow: UInt16
        /// The name of the address, where it is known.
        public var name: UntrustedText?
        /// The answer.
        public var answer: ProbeReply

        /// An answer to a query.
        public init(sequence: Int, flow: UInt16 = 0, name: UntrustedText? = nil, answer: ProbeReply) {
            self.sequence = sequence
            self.flow = flow
            self.name = name
            self.answer = answer
        }

        /// The address that answered.
        public var from: IPAddress { answer.from }
        /// The time from the query to the answer.
        public var rtt: Duration { answer.rtt }
        /// What the answer says.
        public var kind: ReplyKind { answer.kind }
    }
}
