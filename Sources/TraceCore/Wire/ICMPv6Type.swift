/// What kind of ICMPv6 message a message is.
public struct ICMPv6Type: RawRepresentable, Sendable, Hashable {
    /// The number in the message's first byte; below 128 for errors.
    public let rawValue: UInt8

    /// The type of a number, whether or not it has a name here.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The packet cannot be delivered; the code says why.
    public static let destinationUnreachable = ICMPv6Type(rawValue: 1)
    /// The packet is larger than the next link takes.
    public static let packetTooBig = ICMPv6Type(rawValue: 2)
    /// The packet's hop limit ran out.
    public static let timeExceeded = ICMPv6Type(rawValue: 3)
    /// A header field is wrong; the pointer says which byte.
    public static let parameterProblem = ICMPv6Type(rawValue: 4)
    /// A request to send the same back.
    public static let echoRequest = ICMPv6Type(rawValue: 128)
    /// The answer to an echo request.
    public static let echoReply = ICMPv6Type(rawValue: 129)
    /// A host asks for routers.
    public static let routerSolicitation = ICMPv6Type(rawValue: 133)
    /// A router announces itself.
    public static let routerAdvertisement = ICMPv6Type(rawValue: 134)
    /// A host asks for a neighbour's link address.
    public static let neighborSolicitation = ICMPv6Type(rawValue: 135)
    /// A neighbour's link address.
    public static let neighborAdvertisement = ICMPv6Type(rawValue: 136)
    /// There is a better first hop.
    public static let redirect = ICMPv6Type(rawValue: 137)
    /// A request about an interface, not needing two-way reachability (RFC 8335).
    public static let extendedEchoRequest = ICMPv6Type(rawValue: 160)
    /// The answer about an interface (RFC 8335).
    public static let extendedEchoReply = ICMPv6Type(rawValue: 161)
}

extension ICMPv6Type: CustomStringConvertible {
    /// The name in the registry, in lower case.
    public var description: String {
        switch self {
        case .destinationUnreachable: "destination unreachable"
        case .packetTooBig: "packet too big"
        case .timeExceeded: "time exceeded"
        case .parameterProblem: "parameter problem"
        case .echoRequest: "echo request"
        case .echoReply: "echo reply"
        case .routerSolicitation: "router solicitation"
        case .routerAdvertisement: "router advertisement"
        case .neighborSolicitation: "neighbor solicitation"
        case .neighborAdvertisement: "neighbor advertisement"
        case .redirect: "redirect"
        case .extendedEchoRequest: "extended echo request"
        case .extendedEchoReply: "extended echo reply"
        default: "ICMPv6 type \(rawValue)"
        }
    }
}
