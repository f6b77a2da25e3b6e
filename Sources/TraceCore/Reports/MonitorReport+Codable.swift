extension MonitorReport: Codable {
    private enum Key: String, CodingKey { case rounds, hops, changes, failure, end }

    /// Reads a report.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        run = try RunDescription(verb: .monitor, from: decoder)
        rounds = try container.decodeCount(forKey: .rounds)
        hops = try container.decode([Hop].self, forKey: .hops)
        if let (before, after) = hops.firstDisorder(\.ttl) {
            throw container.refuse(.hops, "hop \(after) follows hop \(before)")
        }
        changes = try container.decode([Change].self, forKey: .changes)
        failure = try container.decodeIfPresent(ProbeError.self, forKey: .failure)
        end = try container.decodeIfPresent(RunEnd.self, forKey: .end)
    }

    /// Writes the report.
    public func encode(to encoder: any Encoder) throws {
        try run.encodeHead(to: encoder, unless: .monitor)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(rounds, forKey: .rounds)
        try container.encode(hops, forKey: .hops)
        try container.encode(changes, forKey: .changes)
        try container.encodeIfPresent(failure, forKey: .failure)
        try container.encodeIfPresent(end, forKey: .end)
    }
}

extension MonitorReport.Hop: Codable {
    private enum Key: String, CodingKey {
        case ttl, sent, failed, answered, lost, late, duplicates, lossPercent, rtt
        case last = "lastMs"
        case geometricMean = "geometricMeanMs"
        case differences, addresses
    }

    /// Reads a hop, refusing counts that no run leads to.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        ttl = try container.decodeTTL(forKey: .ttl)
        sent = try container.decodeCount(forKey: .sent)
        failed = container.contains(.failed) ? try container.decodeCount(forKey: .failed) : 0
        answered = try container.decodeCount(forKey: .answered)
        lost = try container.decodeCount(forKey: .lost)
        late = try container.decodeCount(forKey: .late)
        duplicates = try container.decodeCount(forKey: .duplicates)
        lossPercent = try container.decodeIfPresent(Double.self, forKey: .lossPercent)
        rtt = try container.decodeIfPresent(RTTSummary.self, forKey: .rtt)
        last = try container.decodeMillisecondsIfPresent(forKey: .last)
        geometricMean = try container.decodeMillisecondsIfPresent(forKey: .geometricMean)
        differences = try container.decodeIfPresent(MonitorReport.Differences.self, forKey: .differences)
        addresses = try container.decode([MonitorReport.Address].self, forKey: .addresses)
        try container.check(sent: sent, answered: answered, lost: lost, late: late, key: (.sent, .late))
        if let lossPercent, !(0...100).contains(lossPercent) {
            throw container.refuse(.lossPercent, "\(lossPercent) is not a share in percent")
        }
    }

    /// Writes the hop.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(ttl, forKey: .ttl)
        try container.encode(sent, forKey: .sent)
        if failed > 0 { try container.encode(failed, forKey: .failed) }
        try container.encode(answered, forKey: .answered)
        try container.encode(lost, forKey: .lost)
        try container.encode(late, forKey: .late)
        try container.encode(duplicates, forKey: .duplicates)
        try container.encodeIfPresent(lossPercent, forKey: .lossPercent)
        try container.encodeIfPresent(rtt, forKey: .rtt)
        try container.encodeIfPresent(milliseconds: last, forKey: .last)
        try container.encodeIfPresent(milliseconds: geometricMean, forKey: .geometricMean)
        try container.encodeIfPresent(differences, forKey: .differences)
        try container.encode(addresses, forKey: .addresses)
    }
}

extension MonitorReport.Address: Codable {
    private enum Key: String, CodingKey {
        case address, name, answered
        case last = "lastMs"
        case rtt, lastRound, mpls, kind
    }

    /// Reads an address.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        address = try container.decode(IPAddress.self, forKey: .address)
        name = try container.decodeIfPresent(UntrustedText.self, forKey: .name)
        answered = try container.decodeCount(forKey: .answered)
        last = try container.decodeMilliseconds(forKey: .last)
        rtt = try container.decode(RTTSummary.self, forKey: .rtt)
        lastRound = try container.decodeCount(forKey: .lastRound)
        labels = try container.decodeIfPresent([MPLSLabel].self, forKey: .mpls) ?? []
        kind = try container.decode(ReplyKind.self, forKey: .kind)
    }

    /// Writes the address.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(address, forKey: .address)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encode(answered, forKey: .answered)
        try container.encode(milliseconds: last, forKey: .last)
        try container.encode(rtt, forKey: .rtt)
        try container.encode(lastRound, forKey: .lastRound)
        if !labels.isEmpty { try container.encode(labels, forKey: .mpls) }
        try container.encode(kind, forKey: .kind)
    }
}

extension MonitorReport.Change: Codable {
    private enum Key: String, CodingKey {
        case at = "atMs"
        case round, ttl, before, after
    }

    /// Reads a change.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        at = try container.decodeMilliseconds(forKey: .at)
        round = try container.decodeCount(forKey: .round)
        ttl = try container.decodeTTL(forKey: .ttl)
        before = try container.decode(IPAddress.self, forKey: .before)
        after = try container.decode(IPAddress.self, forKey: .after)
    }

    /// Writes the change.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(milliseconds: at, forKey: .at)
        try container.encode(round, forKey: .round)
        try container.encode(ttl, forKey: .ttl)
        try container.encode(before, forKey: .before)
        try container.encode(after, forKey: .after)
    }
}
