/// A trace as the dictionary that embedders of the Python ping and traceroute module know: a ping for each TTL.
public struct TracerouteDictionary: Sendable, Hashable, Codable {
    /// The name or the address that was given.
    public var target: UntrustedText?
    /// The last TTL that would have been asked, where that is known.
    public var ttl: Int?
    /// How often each hop was asked, where that is known.
    public var packets: Int?
    /// What came at each TTL.
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
