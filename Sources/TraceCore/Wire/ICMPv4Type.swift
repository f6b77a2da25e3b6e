/// What kind of ICMP message for IPv4 a message is.
public struct ICMPv4Type: RawRepresentable, Sendable, Hashable {
    /// The number in the message's first byte.
    public let rawValue: UInt8

    /// The type of a number, whether or not it has a name here.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The answer to an echo request.
    public static let echoReply = ICMPv4Type(rawValue: 0)
    /// The packet cannot be delivered; the code says why.
    public static let destinationUnreachable = ICMPv4Type(rawValue: 3)
    /// Slow down; no longer sent (RFC 6633).
    public static let sourceQuench = ICMPv4Type(rawValue: 4)
    /// There is a better first hop.
    public static let redirect = ICMPv4Type(rawValue: 5)
    /// A request to send the same back.
    public static let echoRequest = ICMPv4Type(rawValue: 8)
    /// A router announces itself.
    public static let routerAdvertisement = ICMPv4Type(rawValue: 9)
    /// A host asks for routers.
    public static let routerSolicitation = ICMPv4Type(rawValue: 10)
    /// The packet's TTL ran out.
    public static let timeExceeded = ICMPv4Type(rawValue: 11)
    /// A header field is wrong; the pointer says which byte.
    public static let parameterProblem = ICMPv4Type(rawValue: 12)
    /// A request for the time of day.
    public static let timestampRequest = ICMPv4Type(rawValue: 13)
    /// The time of day.
    public static let timestampReply = ICMPv4Type(rawValue: 14)
    /// A request about an interface, not needing two-way reachability (RFC 8335).
    public static let extendedEchoRequest = ICMPv4Type(rawValue: 42)
    /// The answer about an interface (RFC 8335).
    public static let extendedEchoReply = ICMPv4Type(rawValue: 43)
}

extension ICMPv4Type: CustomStringConvertible {
    /// The name in the registry, in lower case.
    public var description: String {
        switch self {
        case .echoReply: "echo reply"
        case .destinationUnreachable: "destination unreachable"
        case .sourceQuench: "source quench"
        case .redirect: "redirect"
        case .echoRequest: "echo request"
        case .routerAdvertisement: "router advertisement"
        case .routerSolicitation: "router solicitation"
        case .timeExceeded: "time exceeded"
        case .parameterProblem: "parameter problem"
        case .timestampRequest: "timestamp request"
        case .timestampReply: "timestamp reply"
        case .extendedEchoRequest: "extended echo request"
        case .extendedEchoReply: "extended echo reply"
        default: "ICMP type \(rawValue)"
        }
    }
}
