import TraceCore

extension Plausibility.Verdict: Codable {
    private enum Key: String, CodingKey { case verdict, reason }

    /// Reads a verdict.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(String.self, forKey: .verdict) {
        case "plausible": self = .plausible
        case "doubtful": self = .doubtful(try container.decode(Reason.self, forKey: .reason))
        case "impossible": self = .impossible(try container.decode(Reason.self, forKey: .reason))
        case let word:
            throw DecodingError.dataCorruptedError(
                forKey: .verdict, in: container,
                debugDescription:
                    "\"\(UntrustedText(word))\" is not a verdict: it must be plausible, doubtful or impossible")
        }
    }

    /// Writes the verdict as a word, with the reason beside it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        let word =
            switch self {
            case .plausible: "plausible"
            case .doubtful: "doubtful"
            case .impossible: "impossible"
            }
        try container.encode(word, forKey: .verdict)
        try container.encodeIfPresent(reason, forKey: .reason)
    }
}

extension Plausibility.Verdict.Reason: Codable {
    private enum Key: String, CodingKey {
        case rule, kilometres
        case time = "timeMs"
        case hop
    }

    /// Reads a reason.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            try container.decode(Rule.self, forKey: .rule),
            kilometres: try container.decode(Double.self, forKey: .kilometres),
            time: try container.decodeMilliseconds(forKey: .time),
            hop: try container.decodeIfPresent(Int.self, forKey: .hop))
    }

    /// Writes the reason.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(rule, forKey: .rule)
        try container.encode(kilometres, forKey: .kilometres)
        try container.encode(milliseconds: time, forKey: .time)
        try container.encodeIfPresent(hop, forKey: .hop)
    }
}
