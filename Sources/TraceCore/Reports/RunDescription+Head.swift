extension RunDescription {
    /// Whether the probes went through ordinary sockets, which see less of an answer: the name that live probers give
    /// that mode.
    var isUnprivileged: Bool { mode == ChannelFacts.unprivileged }
}

/// The head that every report begins with, in the report's own object.
extension RunDescription {
    private enum Key: String, CodingKey {
        case schemaVersion, verb, target, source, method, mode, startedAt, parameters
    }

    init(verb: Verb, from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let version = try container.decode(Int.self, forKey: .schemaVersion)
        if let reason = SchemaVersion.refusal(of: version, in: "report", oldest: 2) {
            throw container.refuse(.schemaVersion, reason)
        }
        self.init(
            verb: try container.decodeIfPresent(Verb.self, forKey: .verb) ?? verb,
            target: try container.decodeIfPresent(ProbeTarget.self, forKey: .target),
            source: try container.decodeIfPresent(IPAddress.self, forKey: .source),
            method: try container.decodeIfPresent(ProbeMethod.self, forKey: .method),
            mode: try container.decodeIfPresent(String.self, forKey: .mode),
            startedAt: try container.decodeIfPresent(UTCTime.self, forKey: .startedAt),
            parameters: try container.decodeIfPresent(RunDescription.Parameters.self, forKey: .parameters)
                ?? RunDescription.Parameters())
    }

    /// - Parameter usual: The verb that such a report has unless it says another.
    func encodeHead(to encoder: any Encoder, unless usual: Verb) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(SchemaVersion.current, forKey: .schemaVersion)
        if verb != usual { try container.encode(verb, forKey: .verb) }
        try container.encodeIfPresent(target, forKey: .target)
        try container.encodeIfPresent(source, forKey: .source)
        try container.encodeIfPresent(method, forKey: .method)
        try container.encodeIfPresent(mode, forKey: .mode)
        try container.encodeIfPresent(startedAt, forKey: .startedAt)
        try container.encode(parameters, forKey: .parameters)
    }
}

/// The version in the state of a fold. A state of a newer library is refused, for it may mean something else.
struct StateVersion: Sendable, Hashable, Codable {
    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let version = try container.decode(Int.self)
        if let reason = SchemaVersion.refusal(of: version, in: "state") {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: reason)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(SchemaVersion.current)
    }
}
