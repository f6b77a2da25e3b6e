/// How the packets of probes are made.
public struct PacketOptions: Sendable, Hashable {
    /// Where a probe carries the number that tells it from others.
    public enum Identity: Sendable, Hashable {
        /// Where routers do not look when they balance: all probes of a flow take one path.
        case constantFlow
        /// In the destination port, one more for each probe, as the first traceroute did; for UDP only.
        case classicPorts
    }

    /// The bytes after the transport header, or nil for 56 with ICMP, 32 with UDP and none with TCP.
    ///
    /// UDP probes of a constant flow carry at least two, in which the checksum is balanced.
    public var payloadSize: UInt16?
    /// DSCP in the upper six bits, ECN in the lower two.
    public var trafficClass: UInt8
    /// Whether routers must not fragment the packets.
    public var dontFragment: Bool
    /// Where a probe carries its number.
    public var identity: Identity

    /// Options; what is not given is as usual.
    public init(
        payloadSize: UInt16? = nil, trafficClass: UInt8 = 0, dontFragment: Bool = false,
        identity: Identity = .constantFlow
    ) {
        self.payloadSize = payloadSize
        self.trafficClass = trafficClass
        self.dontFragment = dontFragment
        self.identity = identity
    }

    /// The bytes after the transport header of a probe.
    func payloadSize(of transport: ProbeTransport, _ wanted: UInt16?) -> Int {
        let wanted = wanted ?? payloadSize
        // What an IPv4 packet can hold at the most, its header and the transport's apart.
        switch transport.kind {
        case .icmp: return min(Int(wanted ?? 56), 65535 - 28)
        case .udp: return min(max(Int(wanted ?? 32), identity == .constantFlow ? 2 : 0), 65535 - 28)
        case .tcp: return min(Int(wanted ?? 0), 65535 - 44)
        }
    }
}
