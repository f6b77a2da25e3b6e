/// The largest packet that reaches a target, and where on the path the size is limited.
public struct PathMTUReport: Sendable, Hashable {
    /// The target of the run, and how it was made.
    public var run: RunDescription
    /// The largest packet that leaves this machine towards the target, or nil if no packet was too large for it.
    public var localMTU: Int?
    /// The hops of the path, each with the largest size that arrives there.
    public var hops: [Hop]
    /// Where the size shrinks, in the order of the path.
    public var limits: [Limit]
    /// Sizes in refusals that cannot be true, each once.
    public var doubts: [Doubt]
    /// How the run ended, or nil while it runs.
    public var end: RunEnd?

    /// A report from its parts.
    public init(
        run: RunDescription, localMTU: Int? = nil, hops: [Hop], limits: [Limit] = [], doubts: [Doubt] = [],
        end: RunEnd? = nil
    ) {
        self.run = run
        self.localMTU = localMTU
        self.hops = hops
        self.limits = limits
        self.doubts = doubts
        self.end = end
    }

    /// The host at the end of the path.
    public var target: ProbeTarget? { run.target }

    /// Whether the target answered; if not, the MTU is that of the path to the last hop that answered.
    public var isReached: Bool { end?.reason == .reached }

    /// The largest packet that arrives at the end of the path, or nil if no hop answered.
    public var mtu: Int? { hops.last { $0.mtu != nil }?.mtu }

    /// Whether the MTU is exact: one byte more does not arrive.
    public var isExact: Bool { hops.last { $0.mtu != nil }?.isExact ?? false }

    /// One hop, and the largest packet that arrives there.
    public struct Hop: Sendable, Hashable {
        /// The hop as a trace with small packets found it.
        public var hop: TraceReport.Hop
        /// The largest size that is known to arrive there, or nil if the hop did not answer.
        public var mtu: Int?
        /// Whether one byte more is known not to arrive.
        public var isExact: Bool

        /// A hop and its size.
        public init(hop: TraceReport.Hop, mtu: Int?, isExact: Bool) {
            self.hop = hop
            self.mtu = mtu
            self.isExact = isExact
        }

        /// The TTL of the probes.
        public var ttl: Int { hop.ttl }
    }

    /// A place where the size shrinks. Silent hops may lie between its two ends.
    public struct Limit: Sendable, Hashable, Codable {
        /// The last hop where larger packets are known to arrive; 0 is this machine.
        public var after: Int
        /// The first hop where larger packets are known not to arrive.
        public var before: Int
        /// The largest packet that passes.
        public var mtu: Int
        /// The router that refused larger packets, or nil if they disappear without an answer: a black hole.
        public var refusedBy: IPAddress?
        /// The size that the router named, whatever it was.
        public var told: Int?

        /// A limit between two hops.
        public init(after: Int, before: Int, mtu: Int, refusedBy: IPAddress? = nil, told: Int? = nil) {
            self.after = after
            self.before = before
            self.mtu = mtu
            self.refusedBy = refusedBy
            self.told = told
        }
    }

    /// A size named by a router that cannot be true.
    public struct Doubt: Sendable, Hashable, Codable {
        /// The router.
        public var from: IPAddress
        /// The size that it named, or nil if it named none.
        public var told: Int?
        /// The size of the packet that it refused.
        public var size: Int

        /// A doubtful refusal.
        public init(from: IPAddress, told: Int?, size: Int) {
            self.from = from
            self.told = told
            self.size = size
        }
    }
}
