/// The number that says what an IP header is followed by: a transport, or an IPv6 extension header.
public struct IPProtocol: RawRepresentable, Sendable, Hashable {
    /// The number assigned by IANA.
    public let rawValue: UInt8

    /// The protocol of a number, whether or not it has a name here.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// IPv6 hop-by-hop options, or HOPOPT.
    public static let hopByHop = IPProtocol(rawValue: 0)
    /// ICMP for IPv4.
    public static let icmp = IPProtocol(rawValue: 1)
    /// IPv4 inside IP.
    public static let ipv4 = IPProtocol(rawValue: 4)
    /// TCP.
    public static let tcp = IPProtocol(rawValue: 6)
    /// UDP.
    public static let udp = IPProtocol(rawValue: 17)
    /// DCCP.
    public static let dccp = IPProtocol(rawValue: 33)
    /// IPv6 inside IP.
    public static let ipv6 = IPProtocol(rawValue: 41)
    /// The IPv6 routing header.
    public static let routing = IPProtocol(rawValue: 43)
    /// The IPv6 fragment header.
    public static let fragment = IPProtocol(rawValue: 44)
    /// GRE.
    public static let gre = IPProtocol(rawValue: 47)
    /// The encapsulating security payload, whose content cannot be read.
    public static let esp = IPProtocol(rawValue: 50)
    /// The authentication header.
    public static let ah = IPProtocol(rawValue: 51)
    /// ICMP for IPv6.
    public static let icmpv6 = IPProtocol(rawValue: 58)
    /// Nothing follows the IPv6 header.
    public static let noNextHeader = IPProtocol(rawValue: 59)
    /// IPv6 destination options.
    public static let destinationOptions = IPProtocol(rawValue: 60)
    /// SCTP.
    public static let sctp = IPProtocol(rawValue: 132)
    /// The mobility header.
    public static let mobility = IPProtocol(rawValue: 135)
    /// UDP-Lite.
    public static let udpLite = IPProtocol(rawValue: 136)
    /// The host identity protocol.
    public static let hip = IPProtocol(rawValue: 139)
    /// Site multihoming by IPv6 intermediation.
    public static let shim6 = IPProtocol(rawValue: 140)

    /// The ICMP that belongs to an address family.
    @inlinable public static func icmp(for family: IPAddress.Family) -> IPProtocol {
        IPProtocol(rawValue: family == .v4 ? 1 : 58)
    }
}

extension IPProtocol: CustomStringConvertible {
    /// The usual name, or `protocol 99` where there is none.
    public var description: String {
        switch self {
        case .hopByHop: "hop-by-hop options"
        case .icmp: "ICMP"
        case .ipv4: "IPv4"
        case .tcp: "TCP"
        case .udp: "UDP"
        case .dccp: "DCCP"
        case .ipv6: "IPv6"
        case .routing: "routing header"
        case .fragment: "fragment header"
        case .gre: "GRE"
        case .esp: "ESP"
        case .ah: "AH"
        case .icmpv6: "ICMPv6"
        case .noNextHeader: "no next header"
        case .destinationOptions: "destination options"
        case .sctp: "SCTP"
        case .mobility: "mobility header"
        case .udpLite: "UDP-Lite"
        case .hip: "HIP"
        case .shim6: "Shim6"
        default: "protocol \(rawValue)"
        }
    }
}
