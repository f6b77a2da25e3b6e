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
        /// The most that is lost on the path up to here, in percent, where the hop leaves out more than that; or nil.
        public var mostLostBefore: Double?
    }

    /// The answers missing from the end of the path.
    public struct Path: Sendable, Hashable, Codable {
        /// The TTL of the end: the target or, if it never answered, the last hop that did.
        public var ttl: Int
        /// Whether the end is the target.
        public var isTarget: Bool
        /// How much is missing.
        public var share: LossReport.Share
        /// How the missing answers are spread over the rounds; nil if none is missing.
        public var pattern: Pattern?
        /// Where packets are lost, nearest first; none where too few are missing to say.
        public var sections: [Section]
        /// The most that is lost outside of the sections, in percent of all probes; nil where there are none.
        public var elsewherePercent: Double?
        /// What changed together with the loss, or nil if not exactly one thing did; a coincidence, which proves no
        /// direction.
        public var cameWith: Companion?
        /// The probes that were answered late, and so are not lost; nil if there are none.
        public var answeredLate: Int?
    }

    /// A part of the path on which packets are lost, on the way there or on the way back; or all hops from its end on leave
    /// out as many answers. One end cannot tell which.
    public struct Section: Sendable, Hashable {
        /// The hop behind which it is; 0 is where the probes are sent.
        public var after: Int
        /// The hop before which it is.
        public var upTo: Int
        /// The share of lost packets, of those that get there, in percent: its bounds.
        public var percent: ClosedRange<Double>
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
        /// The router never answers; later hops do, so it forwards.
        case silent
        /// More is missing than the path loses up to here, for probes to later hops passed it: this hop's own answers.
        case rateLimited
        /// Packets are lost, on the way there or back, or the hop does not answer all, or there were too few probes: from
        /// one end these look the same.
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

extension LossReport.Section: Codable {
    private enum Key: String, CodingKey { case after, upTo, lowPercent, highPercent }

    /// Reads a section.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let bounds = try (
            container.decode(Double.self, forKey: .lowPercent), container.decode(Double.self, forKey: .highPercent)
        )
        guard 0 <= bounds.0, bounds.0 <= bounds.1, bounds.1 <= 100 else {
            throw DecodingError.dataCorruptedError(
                forKey: .lowPercent, in: container,
                debugDescription: "the bounds of a share are in order, from 0 to 100")
        }
        after = try container.decodeCount(forKey: .after)
        upTo = try container.decodeCount(forKey: .upTo)
        percent = bounds.0...bounds.1
    }

    /// Writes the section.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(after, forKey: .after)
        try container.encode(upTo, forKey: .upTo)
        try container.encode(percent.lowerBound, forKey: .lowPercent)
        try container.encode(percent.upperBound, forKey: .highPercent)
    }
}
