/// What a router quoted of a probe: how the packet looked when it arrived there.
///
/// The fields that tell of rewriting are set only where the packet differs from what was sent.
public struct QuoteFacts: Sendable, Hashable, Codable {
    /// The hops that the probe had left there; 1 where nothing odd happened.
    public var ttl: UInt8?
    /// The traffic class (DSCP and ECN) that the probe had there.
    public var trafficClass: UInt8?
    /// How many bytes were quoted, IP header and all.
    public var length: Int?
    /// The source address that the probe had there, if it was not the one that it was sent with.
    public var rewrittenSource: IPAddress?
    /// The destination that the probe had there, if it was not the one that it was sent to.
    public var rewrittenTarget: IPAddress?
    /// The source port that the probe had there, if it was not the one that it was sent with.
    public var rewrittenSourcePort: UInt16?
    /// The destination port that the probe had there, if it was not the one that it was sent to.
    public var rewrittenTargetPort: UInt16?

    /// What was quoted; what is not given is not known or was not rewritten.
    public init(
        ttl: UInt8? = nil, trafficClass: UInt8? = nil, length: Int? = nil,
        rewrittenSource: IPAddress? = nil, rewrittenTarget: IPAddress? = nil,
        rewrittenSourcePort: UInt16? = nil, rewrittenTargetPort: UInt16? = nil
    ) {
        self.ttl = ttl
        self.trafficClass = trafficClass
        self.length = length
        self.rewrittenSource = rewrittenSource
        self.rewrittenTarget = rewrittenTarget
        self.rewrittenSourcePort = rewrittenSourcePort
        self.rewrittenTargetPort = rewrittenTargetPort
    }

    /// Whether a NAT on the way changed an address or a port of the probe.
    public var isRewritten: Bool {
        rewrittenSource != nil || rewrittenTarget != nil || rewrittenSourcePort != nil
            || rewrittenTargetPort != nil
    }
}
