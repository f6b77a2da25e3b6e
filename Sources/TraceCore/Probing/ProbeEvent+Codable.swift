/// The version of every document and event that the library writes.
///
/// It rises when a reader of the old form would misread the new one; keys may be added without.
package enum SchemaVersion {
    /// The version that is written, and the newest that is read.
    ///
    /// Version 2 gave the TTL, the traffic class and the size of an answer the same keys in reports as in events:
    /// `replyTTL`, `replyTrafficClass` and `replySize`. Events did not change, and are read in both versions. A report of
    /// version 1 would lose these values, so it is refused.
    public static let current = 2

    /// Why a document of a version cannot be read, or nil if it can.
    ///
    /// - Parameters:
    ///   - version: The version that the document says.
    ///   - subject: What the error calls the document.
    ///   - oldest: The oldest version that is read.
    package static func refusal(of version: Int, in subject: String, oldest: Int = 1) -> String? {
        let problem = "The \(subject) is of version \(version); this library reads"
        if version > current { return "\(problem) up to \(current). A newer one is needed" }
        if version < oldest { return "\(problem) none before \(oldest). Make it again from the event log of its run" }
        return nil
    }
}

/// The keys of an event in JSON, and of an answer in a report.
///
/// An event is one flat object, so that line tools can pick a field without a path. In it `ttl` and `size` belong to the
/// probe. The same facts of an answer have keys that begin with `reply`, in reports too.
enum EventKey: String, CodingKey {
    case schemaVersion, event
    /// The number of the run, where a log is of many.
    case runID
    case at = "atMs"
    // The probe.
    case probe, target, ttl, sequence, flow, size
    // The answer.
    case from
    case rtt = "rttMs"
    case kind, icmpType, icmpCode, replyTTL, replyTrafficClass, replySize, mtu, mpls, interface, quote
    // In reports only; events have a kind of their own for these answers.
    case duplicate, late
    // The others.
    case run, error, address, name, end
}

extension ProbeEvent: Codable {
    /// The names of the facts in JSON.
    private enum Name: String, Codable {
        case started, sent, sendFailed, reply, late, duplicate, timedOut, named, ended
    }

    /// Reads an event.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: EventKey.self)
        let version = try container.decode(Int.self, forKey: .schemaVersion)
        if let reason = SchemaVersion.refusal(of: version, in: "event") {
            throw DecodingError.dataCorruptedError(
                forKey: .schemaVersion, in: container, debugDescription: reason)
        }
        at = try container.decodeMilliseconds(forKey: .at)
        switch try container.decode(Name.self, forKey: .event) {
        case .started: fact = .started(try container.decode(RunDescription.self, forKey: .run))
        case .sent: fact = .sent(try Probe(from: container))
        case .sendFailed:
            fact = .sendFailed(
                try Probe(from: container), try container.decode(ProbeError.self, forKey: .error))
        case .reply: fact = .reply(try Probe(from: container), try ProbeReply(from: container))
        case .late: fact = .late(try Probe(from: container), try ProbeReply(from: container))
        case .duplicate: fact = .duplicate(try Probe(from: container), try ProbeReply(from: container))
        case .timedOut: fact = .timedOut(try Probe(from: container))
        case .named:
            fact = .named(
                try container.decode(IPAddress.self, forKey: .address),
                try container.decodeIfPresent(UntrustedText.self, forKey: .name))
        case .ended: fact = .ended(try container.decode(RunEnd.self, forKey: .end))
        }
    }

    /// Writes the event as one flat object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: EventKey.self)
        try container.encode(SchemaVersion.current, forKey: .schemaVersion)
        switch fact {
        case .started(let run):
            try encodeHead(.started, into: &container)
            try container.encode(run, forKey: .run)
        case .sent(let probe):
            try encodeHead(.sent, into: &container)
            try probe.encode(into: &container)
        case .sendFailed(let probe, let error):
            try encodeHead(.sendFailed, into: &container)
            try probe.encode(into: &container)
            try container.encode(error, forKey: .error)
        case .reply(let probe, let reply):
            try encodeHead(.reply, into: &container)
            try probe.encode(into: &container)
            try reply.encode(into: &container)
        case .late(let probe, let reply):
            try encodeHead(.late, into: &container)
            try probe.encode(into: &container)
            try reply.encode(into: &container)
        case .duplicate(let probe, let reply):
            try encodeHead(.duplicate, into: &container)
            try probe.encode(into: &container)
            try reply.encode(into: &container)
        case .timedOut(let probe):
            try encodeHead(.timedOut, into: &container)
            try probe.encode(into: &container)
        case .named(let address, let name):
            try encodeHead(.named, into: &container)
            try container.encode(address, forKey: .address)
            try container.encodeIfPresent(name, forKey: .name)
        case .ended(let end):
            try encodeHead(.ended, into: &container)
            try container.encode(end, forKey: .end)
        }
    }

    private func encodeHead(
        _ name: Name, into container: inout KeyedEncodingContainer<EventKey>
    ) throws {
        try container.encode(name.rawValue, forKey: .event)
        try container.encode(milliseconds: at, forKey: .at)
    }
}

extension Probe: Codable {
    /// Reads a probe.
    public init(from decoder: any Decoder) throws {
        try self.init(from: decoder.container(keyedBy: EventKey.self))
    }

    /// Writes the probe.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: EventKey.self)
        try encode(into: &container)
    }

    init(from container: KeyedDecodingContainer<EventKey>) throws {
        self.init(
            id: try container.decode(Int.self, forKey: .probe),
            target: try container.decode(IPAddress.self, forKey: .target),
            ttl: try container.decode(UInt8.self, forKey: .ttl),
            sequence: try container.decode(Int.self, forKey: .sequence),
            flow: try container.decodeIfPresent(UInt16.self, forKey: .flow) ?? 0,
            size: try container.decodeIfPresent(UInt16.self, forKey: .size))
    }

    func encode(into container: inout KeyedEncodingContainer<EventKey>) throws {
        try container.encode(id, forKey: .probe)
        try container.encode(target, forKey: .target)
        try container.encode(ttl, forKey: .ttl)
        try container.encode(sequence, forKey: .sequence)
        if flow != 0 { try container.encode(flow, forKey: .flow) }
        if let size { try container.encode(size, forKey: .size) }
    }
}
