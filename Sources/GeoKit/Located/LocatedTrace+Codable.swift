import TraceCore

extension LocatedTrace: Codable {
    private enum Key: String, CodingKey { case schemaVersion, source, hops, trace }

    /// Reads a located trace. Hops that differ from those of the trace in it are an error.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let version = try container.decode(Int.self, forKey: .schemaVersion)
        if let reason = SchemaVersion.refusal(of: version, in: "located trace", oldest: 2) {
            throw DecodingError.dataCorruptedError(
                forKey: .schemaVersion, in: container, debugDescription: reason)
        }
        let trace = try container.decode(TraceReport.self, forKey: .trace)
        let hops = try container.decode([Hop].self, forKey: .hops)
        let isSame =
            hops.count == trace.hops.count
            && zip(hops, trace.hops).allSatisfy { $0.ttl == $1.ttl && $0.responders.map(\.address) == $1.addresses }
        guard isSame else {
            throw DecodingError.dataCorruptedError(
                forKey: .hops, in: container,
                debugDescription: "The hops differ from those of the trace in the same document")
        }
        self.init(trace: trace, source: try container.decodeIfPresent(Place.self, forKey: .source), hops: hops)
    }

    /// Writes the places, and after them the trace.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(SchemaVersion.current, forKey: .schemaVersion)
        try container.encodeIfPresent(source, forKey: .source)
        try container.encode(hops, forKey: .hops)
        try container.encode(trace, forKey: .trace)
    }
}

extension LocatedTrace.Hop: Codable {
    private enum Key: String, CodingKey { case ttl, responders }

    /// Reads a hop.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            ttl: try container.decode(Int.self, forKey: .ttl),
            responders: try container.decode([LocatedTrace.Responder].self, forKey: .responders))
    }

    /// Writes the hop.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(ttl, forKey: .ttl)
        try container.encode(responders, forKey: .responders)
    }
}

extension LocatedTrace.Responder: Codable {
    private enum Key: String, CodingKey {
        case address
        case rtt = "rttMs"
        case chosen, opinions, systems
    }

    /// Reads an address and its places.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            address: try container.decode(IPAddress.self, forKey: .address),
            rtt: try container.decodeMilliseconds(forKey: .rtt),
            opinions: try container.decode([LocatedTrace.Opinion].self, forKey: .opinions),
            systems: try container.decode([AutonomousSystem].self, forKey: .systems))
    }

    /// Writes the address and its places. The index of the chosen opinion is written for readers without a judge.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(address, forKey: .address)
        try container.encode(milliseconds: rtt, forKey: .rtt)
        try container.encodeIfPresent(opinions.firstIndex { !$0.verdict.isImpossible }, forKey: .chosen)
        try container.encode(opinions, forKey: .opinions)
        try container.encode(systems, forKey: .systems)
    }
}

extension LocatedTrace.Opinion: Codable {
    private enum Key: String, CodingKey { case place }

    /// Reads a claim and the verdict on it.
    public init(from decoder: any Decoder) throws {
        place = try decoder.container(keyedBy: Key.self).decode(Place.self, forKey: .place)
        verdict = try Plausibility.Verdict(from: decoder)
    }

    /// Writes the claim, with the verdict beside it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(place, forKey: .place)
        try verdict.encode(to: encoder)
    }
}
