/// Where the loss of a path really is, as far as one end can tell.
public struct LossReport: Sendable, Hashable {
    /// Whom the path leads to, and how it was asked.
    public var run: RunDescription
    /// The hops in the order of their TTLs, up to the end of the path.
    public var hops: [Hop]
    /// What is lost between here and the end of the path and back, or nil if nobody answered.
    public var path: Path?

    /// What is missing at one TTL, and why.
    public struct Hop: Sendable, Hashable, Codable {
        /// The number of hops that the probes could live.
        public var ttl: Int
        /// How much is missing.
        public var share: LossReport.Share
        /// Why.
        public var verdict: Verdict
        /// How the missing answers are strewn, where there are any.
        public var pattern: Pattern?
    }

    /// What is missing at the end of the path.
    public struct Path: Sendable, Hashable, Codable {
        /// The end: the target, or where it never answered the last hop that did.
        public var ttl: Int
        /// Whether the end is the target.
        public var isTarget: Bool
        /// How much is missing.
        public var share: LossReport.Share
        /// Why.
        public var verdict: Verdict
        /// The last hop that certainly loses less than the end, or nil if none does: the loss is behind it.
        public var after: Int?
        /// The first hop from which on every one certainly loses more than that hop, or nil if that cannot be said.
        public var upTo: Int?
        /// What changed when the loss did, or nil if nothing alone did; it is a coincidence and proves no direction.
        public var cameWith: Companion?
        /// The probes that were answered after they had been given up, which are not lost; nil if none was.
        public var answeredLate: Int?
    }

    /// What changed at the time when loss came or went, while nothing else that can be seen did.
    public enum Companion: String, Sendable, Hashable, Codable, CaseIterable {
        /// Others answered at the hops on the way there, and the answers from the end kept their TTL.
        case wayThere
        /// The answers from the end had another TTL, and the same routers answered on the way there.
        case replyTTL
    }

    /// What is made of missing answers.
    public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
        /// Nothing is missing.
        case none
        /// The router never answers; later hops do, so it loses nothing that it forwards.
        case silent
        /// Only this hop's own answers are missing: probes to later hops passed it. It is no loss of the path.
        case rateLimited
        /// Packets are lost; one end alone cannot tell on which way, or the probes were too few to tell anything.
        case cannotTell
    }

    /// How missing answers are strewn over the rounds.
    public enum Pattern: String, Sendable, Hashable, Codable, CaseIterable {
        /// One after another: none ever came.
        case all
        /// More evenly than by chance, as a limit on answers in a time does.
        case regular
        /// In heaps, as queues that overflow or links that fail do.
        case bursts
        /// As by chance, or too few to tell.
        case random
    }
}

extension LossReport: Codable {
    private enum Key: String, CodingKey { case hops, path }

    /// Reads a report.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        run = try RunDescription(verb: "monitor", from: decoder)
        hops = try container.decode([Hop].self, forKey: .hops)
        path = try container.decodeIfPresent(Path.self, forKey: .path)
    }

    /// Writes the report.
    public func encode(to encoder: any Encoder) throws {
        try run.encodeHead(to: encoder, unless: "monitor")
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(hops, forKey: .hops)
        try container.encodeIfPresent(path, forKey: .path)
    }
}
