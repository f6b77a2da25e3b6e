/// Where packets of a path are lost, as far as one end can know.
public struct LossReport: Sendable, Hashable {
    /// The target of the path, and how it was measured.
    public var run: RunDescription
    /// The hops in the order of their TTLs, up to the end of the path.
    public var hops: [Hop]
    /// The loss between here and the end of the path and back, or nil if no hop answered.
    public var path: Path?

    /// The answers missing at one TTL, and why.
    public struct Hop: Sendable, Hashable, Codable {
        /// The TTL of the probes.
        public var ttl: Int
        /// How much is missing.
        public var share: LossReport.Share
        /// Why.
        public var verdict: Verdict
        /// How the missing answers are spread over the rounds; nil if none is missing.
        public var pattern: Pattern?
    }

    /// The answers missing from the end of the path.
    public struct Path: Sendable, Hashable, Codable {
        /// The TTL of the end: the target or, if it never answered, the last hop that did.
        public var ttl: Int
        /// Whether the end is the target.
        public var isTarget: Bool
        /// How much is missing.
        public var share: LossReport.Share
        /// Why.
        public var verdict: Verdict
        /// The last hop that certainly loses less than the end: the loss is behind it. Nil if there is none.
        public var after: Int?
        /// The first hop from which every hop certainly loses more than `after`, or nil if that cannot be said.
        public var upTo: Int?
        /// What changed together with the loss, or nil if not exactly one thing did; a coincidence, which proves no
        /// direction.
        public var cameWith: Companion?
        /// The probes that were answered late, and so are not lost; nil if there are none.
        public var answeredLate: Int?
    }

    /// What changed when loss began or ended, while nothing else visible did.
    public enum Companion: String, Sendable, Hashable, Codable, CaseIterable {
        /// Other routers answered on the way there, while answers from the end kept their TTL.
        case wayThere
        /// Answers from the end had another TTL, while the same routers answered on the way there.
        case replyTTL
    }

    /// The reason for missing answers.
    public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
        /// Nothing is missing.
        case none
        /// The router never answers; later hops do, so it loses nothing that it forwards.
        case silent
        /// Only this hop's own answers are missing: probes to later hops passed it. The path loses nothing here.
        case rateLimited
        /// Packets are lost. One end cannot know in which direction, or there were too few probes.
        case cannotTell
    }

    /// How missing answers are spread over the rounds.
    public enum Pattern: String, Sendable, Hashable, Codable, CaseIterable {
        /// No answer ever came.
        case all
        /// More evenly than by chance, as with a rate limit.
        case regular
        /// In bursts, as when queues overflow or links fail.
        case bursts
        /// As by chance, or too few to decide.
        case random
    }
}

extension LossReport: Codable {
    private enum Key: String, CodingKey { case hops, path }

    /// Reads a report.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        run = try RunDescription(verb: .monitor, from: decoder)
        hops = try container.decode([Hop].self, forKey: .hops)
        path = try container.decodeIfPresent(Path.self, forKey: .path)
    }

    /// Writes the report.
    public func encode(to encoder: any Encoder) throws {
        try run.encodeHead(to: encoder, unless: .monitor)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(hops, forKey: .hops)
        try container.encodeIfPresent(path, forKey: .path)
    }
}
