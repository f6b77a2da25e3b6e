/// The parallel paths that a monitor sees, each with its own loss and round trips.
public struct PathSetReport: Sendable, Hashable {
    /// The target of the monitor, and how it is watched.
    public var run: RunDescription
    /// The number of rounds that have begun.
    public var rounds: Int
    /// The paths, the one with the most flows first.
    public var paths: [Path]
    /// The hops where packets of one flow meet different routers.
    public var dealt: [DealtHop]
    /// The probability that there are no other paths, if routers balance evenly.
    public var confidence: Double
    /// How the run ended, or nil while it goes on.
    public var end: RunEnd?

    /// A report from its parts.
    public init(
        run: RunDescription, rounds: Int, paths: [Path], dealt: [DealtHop] = [], confidence: Double,
        end: RunEnd? = nil
    ) {
        self.run = run
        self.rounds = rounds
        self.paths = paths
        self.dealt = dealt
        self.confidence = confidence
        self.end = end
    }

    /// A hop behind a router that distributes each packet without regard to its flow.
    public struct DealtHop: Sendable, Hashable, Codable {
        /// The distance of the hop.
        public var ttl: Int
        /// The routers that packets are dealt out to.
        public var routers: [IPAddress]

        /// A hop with its routers.
        public init(ttl: Int, routers: [IPAddress]) {
            self.ttl = ttl
            self.routers = routers
        }
    }

    /// One of the paths.
    public struct Path: Sendable, Hashable {
        /// The address at each hop; nil for a silent hop, and for one where packets are dealt out.
        public var hops: [IPAddress?]
        /// The TTLs of hops where packets are dealt out; see `PathSetReport.dealt`.
        public var dealt: [Int]
        /// The flows that use the path.
        public var flows: [UInt16]
        /// The decided probes to its end.
        public var sent: Int
        /// The probes among them that were lost.
        public var lost: Int
        /// The round trips to its end.
        public var rtt: RTTSummary?

        /// A path.
        public init(
            hops: [IPAddress?], dealt: [Int] = [], flows: [UInt16], sent: Int, lost: Int, rtt: RTTSummary? = nil
        ) {
            self.hops = hops
            self.dealt = dealt
            self.flows = flows
            self.sent = sent
            self.lost = lost
            self.rtt = rtt
        }

        /// The share of probes that were lost, or nil if none is decided.
        public var loss: Double? { sent > 0 ? Double(lost) / Double(sent) : nil }
    }
}

extension PathSetReport: Codable {
    private enum Key: String, CodingKey {
        case schemaVersion, target, source, method, mode, startedAt, parameters, rounds, paths, dealt, confidence, end
    }

    /// Reads a report.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            run: try RunDescription(verb: .monitor, from: decoder),
            rounds: try container.decodeCount(forKey: .rounds),
            paths: try container.decode([Path].self, forKey: .paths),
            dealt: try container.decodeIfPresent([DealtHop].self, forKey: .dealt) ?? [],
            confidence: try container.decode(Double.self, forKey: .confidence),
            end: try container.decodeIfPresent(RunEnd.self, forKey: .end))
    }

    /// Writes the report.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try run.encodeHead(to: encoder, unless: .monitor)
        try container.encode(rounds, forKey: .rounds)
        try container.encode(paths, forKey: .paths)
        if !dealt.isEmpty { try container.encode(dealt, forKey: .dealt) }
        try container.encode(confidence, forKey: .confidence)
        try container.encodeIfPresent(end, forKey: .end)
    }
}

extension PathSetReport.Path: Codable {
    private enum Key: String, CodingKey { case hops, dealt, flows, sent, lost, rtt }

    /// Reads a path, refusing counts that no run leads to.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            hops: try container.decode([IPAddress?].self, forKey: .hops),
            dealt: try container.decodeIfPresent([Int].self, forKey: .dealt) ?? [],
            flows: try container.decode([UInt16].self, forKey: .flows),
            sent: try container.decodeCount(forKey: .sent), lost: try container.decodeCount(forKey: .lost),
            rtt: try container.decodeIfPresent(RTTSummary.self, forKey: .rtt))
        guard lost <= sent else { throw container.refuse(.lost, "\(lost) probes were lost of \(sent)") }
    }

    /// Writes the path.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(hops, forKey: .hops)
        if !dealt.isEmpty { try container.encode(dealt, forKey: .dealt) }
        try container.encode(flows, forKey: .flows)
        try container.encode(sent, forKey: .sent)
        try container.encode(lost, forKey: .lost)
        try container.encodeIfPresent(rtt, forKey: .rtt)
    }
}
