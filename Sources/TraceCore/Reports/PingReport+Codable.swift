extension PingReport: Codable {
    private enum Key: String, CodingKey {
        case schemaVersion, sent, received, lost, failed, duplicates, late, unreachable, lossPercent, rtt
        case replies, end
    }

    /// Reads a report, refusing counts that no run leads to.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        run = try RunDescription(verb: .ping, from: decoder)
        sent = try container.decodeCount(forKey: .sent)
        received = try container.decodeCount(forKey: .received)
        lost = try container.decodeCount(forKey: .lost)
        failed = try container.decodeCountIfPresent(forKey: .failed)
        duplicates = try container.decodeCount(forKey: .duplicates)
        late = try container.decodeCountIfPresent(forKey: .late)
        unreachable = try container.decodeCountIfPresent(forKey: .unreachable)
        rtt = try container.decodeIfPresent(RTTSummary.self, forKey: .rtt)
        replies = try container.decode([PingReport.Reply].self, forKey: .replies)
        end = try container.decodeIfPresent(RunEnd.self, forKey: .end)
        try container.check(
            sent: sent, answered: received + unreachable, lost: lost, late: late, key: (.sent, .late))
        let counted = received + unreachable + late + duplicates
        guard replies.count <= counted else {
            throw container.refuse(.replies, "\(replies.count) answers are listed, and \(counted) counted")
        }
        guard rtt == nil || received > 0 else {
            throw container.refuse(.rtt, "there are round trips, and the target has not answered")
        }
    }

    /// Writes the report; the loss follows from the counts and is written for readers.
    public func encode(to encoder: any Encoder) throws {
        try run.encodeHead(to: encoder, unless: .ping)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(sent, forKey: .sent)
        try container.encode(received, forKey: .received)
        try container.encode(lost, forKey: .lost)
        if failed > 0 { try container.encode(failed, forKey: .failed) }
        try container.encode(duplicates, forKey: .duplicates)
        if late > 0 { try container.encode(late, forKey: .late) }
        if unreachable > 0 { try container.encode(unreachable, forKey: .unreachable) }
        try container.encodeIfPresent(lossPercent, forKey: .lossPercent)
        try container.encodeIfPresent(rtt, forKey: .rtt)
        try container.encode(replies, forKey: .replies)
        try container.encodeIfPresent(end, forKey: .end)
    }
}

extension PingReport.Reply: Codable {
    /// Reads an answer.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: EventKey.self)
        sequence = try container.decodeCount(forKey: .sequence)
        isDuplicate = try container.decodeIfPresent(Bool.self, forKey: .duplicate) ?? false
        isLate = try container.decodeIfPresent(Bool.self, forKey: .late) ?? false
        answer = try ProbeReply(from: container)
    }

    /// Writes the answer; what is not known is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: EventKey.self)
        try container.encode(sequence, forKey: .sequence)
        try answer.encode(into: &container)
        if isDuplicate { try container.encode(true, forKey: .duplicate) }
        if isLate { try container.encode(true, forKey: .late) }
    }
}
