extension TraceReport: Codable {
    private enum Key: String, CodingKey {
        case schemaVersion, target, source, method, mode, startedAt, parameters, hops, failure, end
    }

    /// Reads a trace.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        run = try RunDescription(verb: .trace, from: decoder)
        hops = try container.decode([Hop].self, forKey: .hops)
        if let (before, after) = hops.firstDisorder(\.ttl) {
            throw container.refuse(.hops, "hop \(after) follows hop \(before)")
        }
        failure = try container.decodeIfPresent(ProbeError.self, forKey: .failure)
        end = try container.decodeIfPresent(RunEnd.self, forKey: .end)
    }

    /// Writes the trace.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try run.encodeHead(to: encoder, unless: .trace)
        try container.encode(hops, forKey: .hops)
        try container.encodeIfPresent(failure, forKey: .failure)
        try container.encodeIfPresent(end, forKey: .end)
    }
}

extension TraceReport.Hop: Codable {
    private enum Key: String, CodingKey { case ttl, sent, lost, failed, duplicates, replies, late }

    /// Reads a hop, refusing counts that no run leads to.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            ttl: try container.decodeTTL(forKey: .ttl),
            sent: try container.decodeCount(forKey: .sent),
            lost: try container.decodeCount(forKey: .lost),
            failed: try container.decodeCountIfPresent(forKey: .failed),
            replies: try container.decode([TraceReport.HopReply].self, forKey: .replies),
            late: try container.decodeIfPresent([TraceReport.HopReply].self, forKey: .late) ?? [],
            duplicates: try container.decodeCountIfPresent(forKey: .duplicates))
        try container.check(sent: sent, answered: replies.count, lost: lost, late: late.count, key: (.sent, .late))
    }

    /// Writes the hop; what did not happen is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(ttl, forKey: .ttl)
        try container.encode(sent, forKey: .sent)
        try container.encode(lost, forKey: .lost)
        if failed > 0 { try container.encode(failed, forKey: .failed) }
        if duplicates > 0 { try container.encode(duplicates, forKey: .duplicates) }
        try container.encode(replies, forKey: .replies)
        if !late.isEmpty { try container.encode(late, forKey: .late) }
    }
}

extension TraceReport.HopReply: Codable {
    /// Reads an answer.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: EventKey.self)
        sequence = try container.decodeCountIfPresent(forKey: .sequence)
        flow = try container.decodeIfPresent(UInt16.self, forKey: .flow) ?? 0
        name = try container.decodeIfPresent(UntrustedText.self, forKey: .name)
        answer = try ProbeReply(from: container)
    }

    /// Writes the answer; what is not known is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: EventKey.self)
        try container.encode(sequence, forKey: .sequence)
        if flow != 0 { try container.encode(flow, forKey: .flow) }
        try answer.encode(into: &container, name: name)
    }
}
