extension SweepReport: Codable {
    private enum Key: String, CodingKey { case alive, results, end }

    /// Reads a report.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        run = try RunDescription(verb: .sweep, from: decoder)
        results = try container.decode([SweepReport.Result].self, forKey: .results)
        end = try container.decodeIfPresent(RunEnd.self, forKey: .end)
    }

    /// Writes the report; the number of targets that answered follows from the results and is written for readers.
    public func encode(to encoder: any Encoder) throws {
        try run.encodeHead(to: encoder, unless: .sweep)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(alive, forKey: .alive)
        try container.encode(results, forKey: .results)
        try container.encodeIfPresent(end, forKey: .end)
    }
}

extension SweepReport.Result: Codable {
    private enum Key: String, CodingKey {
        case target, alive, sent
        case roundTrips = "rttsMs"
        case answer, error
    }

    /// Reads a result.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        target = try container.decode(IPAddress.self, forKey: .target)
        sent = try container.decodeCount(forKey: .sent)
        roundTrips = try container.decode([Double?].self, forKey: .roundTrips).map { milliseconds in
            guard let milliseconds else { return nil }
            guard let duration = Duration(milliseconds: milliseconds) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .roundTrips, in: container, debugDescription: "A round trip is out of range")
            }
            return duration
        }
        let answered = roundTrips.count { $0 != nil }
        guard answered <= sent else {
            throw container.refuse(.roundTrips, "\(sent) probes cannot have had \(answered) answers")
        }
        answer = try container.decodeIfPresent(ProbeReply.self, forKey: .answer)
        error = try container.decodeIfPresent(ProbeError.self, forKey: .error)
    }

    /// Writes the result.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(target, forKey: .target)
        try container.encode(isAlive, forKey: .alive)
        try container.encode(sent, forKey: .sent)
        try container.encode(roundTrips.map { $0?.inMilliseconds }, forKey: .roundTrips)
        try container.encodeIfPresent(answer, forKey: .answer)
        try container.encodeIfPresent(error, forKey: .error)
    }
}
