extension PathMTUReport: Codable {
    private enum Key: String, CodingKey { case schemaVersion, mtu, isExact, localMTU, hops, limits, doubts, end }

    /// Reads a report.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        run = try RunDescription(verb: .mtu, from: decoder)
        localMTU = try container.decodeIfPresent(Int.self, forKey: .localMTU)
        hops = try container.decode([Hop].self, forKey: .hops)
        if let (before, after) = hops.firstDisorder(\.ttl) {
            throw container.refuse(.hops, "hop \(after) follows hop \(before)")
        }
        limits = try container.decode([Limit].self, forKey: .limits)
        doubts = try container.decodeIfPresent([Doubt].self, forKey: .doubts) ?? []
        end = try container.decodeIfPresent(RunEnd.self, forKey: .end)
    }

    /// Writes the report, with the MTU first.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try run.encodeHead(to: encoder, unless: .mtu)
        try container.encodeIfPresent(mtu, forKey: .mtu)
        try container.encode(isExact, forKey: .isExact)
        try container.encodeIfPresent(localMTU, forKey: .localMTU)
        try container.encode(limits, forKey: .limits)
        if !doubts.isEmpty { try container.encode(doubts, forKey: .doubts) }
        try container.encode(hops, forKey: .hops)
        try container.encodeIfPresent(end, forKey: .end)
    }
}

extension PathMTUReport.Hop: Codable {
    private enum Key: String, CodingKey { case mtu, isExact }

    /// Reads a hop.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        hop = try TraceReport.Hop(from: decoder)
        mtu = try container.decodeIfPresent(Int.self, forKey: .mtu)
        isExact = try container.decodeIfPresent(Bool.self, forKey: .isExact) ?? false
    }

    /// Writes the hop of the trace, with the size in the same object.
    public func encode(to encoder: any Encoder) throws {
        try hop.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(mtu, forKey: .mtu)
        if isExact { try container.encode(isExact, forKey: .isExact) }
    }
}
