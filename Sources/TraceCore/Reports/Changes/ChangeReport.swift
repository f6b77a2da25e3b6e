/// What has changed on a path while it was watched.
public struct ChangeReport: Sendable, Hashable {
    /// The target of the path and how it is watched; after several runs, that of the last.
    public var run: RunDescription
    /// The changes, oldest first; only the newest if there were very many.
    public var changes: [ChangeReport.Change]
    /// The times without an answer from the target, oldest first.
    public var outages: [Outage]
    /// The routers that currently share each hop, from the first hop on.
    public var routers: [[IPAddress]]
    /// The current distance of the target in hops; several values where paths of unequal length are used in turn.
    public var hopCounts: [Int]

    /// A time without an answer from the target.
    public struct Outage: Sendable, Hashable {
        /// When the first probe without an answer was sent.
        public var start: UTCTime
        /// The time until a probe was sent that was answered, or nil while the outage lasts.
        public var length: Duration?
    }
}

extension ChangeReport: Codable {
    private enum Key: String, CodingKey { case changes, outages, routers, hopCounts }

    /// Reads a report.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        run = try RunDescription(verb: .monitor, from: decoder)
        changes = try container.decode([ChangeReport.Change].self, forKey: .changes)
        outages = try container.decode([Outage].self, forKey: .outages)
        routers = try container.decode([[IPAddress]].self, forKey: .routers)
        hopCounts = try container.decode([Int].self, forKey: .hopCounts)
    }

    /// Writes the report.
    public func encode(to encoder: any Encoder) throws {
        try run.encodeHead(to: encoder, unless: .monitor)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(changes, forKey: .changes)
        try container.encode(outages, forKey: .outages)
        try container.encode(routers, forKey: .routers)
        try container.encode(hopCounts, forKey: .hopCounts)
    }
}

extension ChangeReport.Outage: Codable {
    private enum Key: String, CodingKey {
        case start
        case length = "lengthMs"
    }

    /// Reads an outage.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        start = try container.decode(UTCTime.self, forKey: .start)
        length = try container.decodeMillisecondsIfPresent(forKey: .length)
    }

    /// Writes the outage.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(start, forKey: .start)
        try container.encodeIfPresent(milliseconds: length, forKey: .length)
    }
}
