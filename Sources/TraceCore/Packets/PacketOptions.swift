/// How the packets of probes are made.
public struct PacketOptions: Sendable, Hashable {
    /// Where a probe carries the number that tells it from others.
    public enum Identity: Sendable, Hashable {
        /// The best that can be recognised: `paris` where whole packets are written and read, and else `classic`
        /// for UDP.
        case automatic
        /// In the destination port, one more for each probe, as the first traceroute did; for UDP only. Routers that
        /// balance by flow may send each probe another way.
        case classic
        /// In the checksum and the payload, where routers do not look when they balance: all probes of a flow take
        /// one path.
        case paris
        /// In the identification of the IPv4 header, or in the length of an IPv6 packet and its payload; for UDP only.
        /// All probes of a flow are the same but for that, so that a NAT shows itself by what it did to the checksum. It
        /// needs raw packets, and an answer by a program that listens on the port may be taken for another probe's.
        case dublin
    }

    /// The bytes after the transport header, or nil for 56 with ICMP, 32 with UDP and none with TCP.
    ///
    /// UDP probes of a constant flow carry at least two, in which the checksum is balanced.
    public var payloadSize: UInt16?
    /// What fills the payload, again and again, or nothing for 0, 1, 2 and so on. The first eight bytes carry the
    /// probe's identity if there are eight.
    public var pattern: [UInt8]
    /// DSCP in the upper six bits, ECN in the lower two.
    public var trafficClass: UInt8
    /// Whether routers must not fragment the packets.
    public var dontFragment: Bool
    /// IPv6's flow label, or nil for one of the flow's own.
    public var flowLabel: UInt32?
    /// Where a probe carries its number.
    public var identity: Identity

    /// Options; what is not given has its default.
    public init(
        payloadSize: UInt16? = nil, pattern: [UInt8] = [], trafficClass: UInt8 = 0, dontFragment: Bool = false,
        flowLabel: UInt32? = nil, identity: Identity = .automatic
    ) {
        self.payloadSize = payloadSize
        self.pattern = pattern
        self.trafficClass = trafficClass
        self.dontFragment = dontFragment
        self.flowLabel = flowLabel
        self.identity = identity
    }

    /// The bytes after the transport header of a probe.
    func payloadSize(of transport: ProbeTransport, _ wanted: UInt16?) -> Int {
        let wanted = wanted ?? payloadSize
        // What an IPv4 packet can hold at the most, its header and the transport's apart.
        switch transport.kind {
        case .icmp: return min(Int(wanted ?? 56), 65535 - 28)
        case .udp: return min(max(Int(wanted ?? 32), identity == .classic ? 0 : 2), 65535 - 28)
        case .tcp: return min(Int(wanted ?? 0), 65535 - 44)
        }
    }
}
