/// A ping as the dictionary that embedders of the Python ping and traceroute module know.
///
/// Only answers have an entry in `ping_time`; `packets` is the number of probes.
public struct PingDictionary: Sendable, Hashable, Codable {
    /// The address that probes came from, where that is known.
    public var source: IPAddress?
    /// The name or the address that was given.
    public var target: UntrustedText?
    /// The address that was probed.
    public var destination: IPAddress?
    /// The TTL of the probes, where it is known.
    public var ttl: Int?
    /// The probes that were sent.
    public var packets: Int
    /// The answers.
    public var answers: [Answer]

    private enum CodingKeys: String, CodingKey {
        case source, target
        case destination = "dest"
        case ttl, packets
        case answers = "ping_time"
    }

    /// One answer.
    public struct Answer: Sendable, Hashable, Codable {
        /// The number of the probe that is answered, from 1.
        public var attempt: Int
        /// The address that answered.
        public var address: IPAddress
        /// The round trip in milliseconds.
        public var timeMs: Double
        /// The type of the ICMP message, where the answer was one.
        public var type: UInt8?
        /// Its code.
        public var code: UInt8?

        private enum CodingKeys: String, CodingKey {
            case attempt, address
            case timeMs = "time"
            case type, code
        }

        init(_ reply: ProbeReply, sequence: Int) {
            // A recorded run may contain any number.
            attempt = max(0, sequence < .max ? sequence + 1 : .max)
            address = reply.from
            timeMs = max(.zero, reply.rtt).inMilliseconds
            type = reply.icmp?.type
            code = reply.icmp?.code
        }
    }

    /// The dictionary of a ping: its answers in time and its late ones, without duplicates.
    public init(_ report: PingReport) {
        self.init(
            report.run, packets: report.sent,
            answers: report.replies.filter { !$0.isDuplicate }.map { Answer($0.answer, sequence: $0.sequence) })
    }

    /// The dictionary of one TTL of a trace.
    init(_ hop: TraceReport.Hop, of run: RunDescription) {
        self.init(
            run, ttl: hop.ttl, packets: hop.sent,
            answers: (hop.replies + hop.late).map { Answer($0.answer, sequence: $0.sequence) })
    }

    private init(_ run: RunDescription, ttl: Int? = nil, packets: Int, answers: [Answer]) {
        source = run.source
        target = run.target.map { UntrustedText($0.name ?? "\($0.address)") }
        destination = run.target?.address
        self.ttl = ttl
        self.packets = packets
        self.answers = answers
    }
}

/// A trace as the dictionary that embedders of the Python ping and traceroute module know: a ping for each TTL.
public struct TracerouteDictionary: Sendable, Hashable, Codable {
    /// The name or the address that was given.
    public var target: UntrustedText?
    /// The last TTL that would have been probed, where it is known.
    public var ttl: Int?
    /// The number of probes for each hop, where it is known.
    public var packets: Int?
    /// The answers at each TTL.
    public var pings: [PingDictionary]

    private enum CodingKeys: String, CodingKey {
        case target, ttl, packets
        case pings = "ping_time"
    }

    /// The dictionary of a trace.
    public init(_ trace: TraceReport) {
        target = trace.target.map { UntrustedText($0.name ?? "\($0.address)") }
        ttl = trace.run.parameters.maxTTL
        packets = trace.run.parameters.queries
        pings = trace.hops.map { PingDictionary($0, of: trace.run) }
    }
}
