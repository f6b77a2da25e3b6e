/// What kind of ICMP message for IPv4 a message is.
package struct ICMPv4Type: RawRepresentable, Sendable, Hashable {
    /// The number in the message's first byte.
    package let rawValue: UInt8

    /// The type of a number, whether or not it has a name here.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The answer to an echo request.
    package static let echoReply = ICMPv4Type(rawValue: 0)
    /// The packet cannot be delivered; the code says why.
    package static let destinationUnreachable = ICMPv4Type(rawValue: 3)
    /// Slow down; no longer sent (RFC 6633).
    package static let sourceQuench = ICMPv4Type(rawValue: 4)
    /// There is a better first hop.
    package static let redirect = ICMPv4Type(rawValue: 5)
    /// A request to send the same back.
    package static let echoRequest = ICMPv4Type(rawValue: 8)
    /// A router announces itself.
    package static let routerAdvertisement = ICMPv4Type(rawValue: 9)
    /// A host asks for routers.
    package static let routerSolicitation = ICMPv4Type(rawValue: 10)
    /// The packet's TTL ran out.
    package static let timeExceeded = ICMPv4Type(rawValue: 11)
    /// A header field is wrong; the pointer says which byte.
    package static let parameterProblem = ICMPv4Type(rawValue: 12)
    /// A request for the time of day.
    package static let timestampRequest = ICMPv4Type(rawValue: 13)
    /// The time of day.
    package static let timestampReply = ICMPv4Type(rawValue: 14)
    /// A request about an interface, not needing two-way reachability (RFC 8335).
    package static let extendedEchoRequest = ICMPv4Type(rawValue: 42)
    /// The answer about an interface (RFC 8335).
    package static let extendedEchoReply = ICMPv4Type(rawValue: 43)
}

extension ICMPv4Type: CustomStringConvertible {
    /// The name in the registry, in lower case.
    package var description: String {
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

/// What kind of ICMPv6 message a message is.
package struct ICMPv6Type: RawRepresentable, Sendable, Hashable {
    /// The number in the message's first byte; below 128 for errors.
    package let rawValue: UInt8

    /// The type of a number, whether or not it has a name here.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The packet cannot be delivered; the code says why.
    package static let destinationUnreachable = ICMPv6Type(rawValue: 1)
    /// The packet is larger than the next link takes.
    package static let packetTooBig = ICMPv6Type(rawValue: 2)
    /// The packet's hop limit ran out.
    package static let timeExceeded = ICMPv6Type(rawValue: 3)
    /// A header field is wrong; the pointer says which byte.
    package static let parameterProblem = ICMPv6Type(rawValue: 4)
    /// A request to send the same back.
    package static let echoRequest = ICMPv6Type(rawValue: 128)
    /// The answer to an echo request.
    package static let echoReply = ICMPv6Type(rawValue: 129)
    /// A host asks for routers.
    package static let routerSolicitation = ICMPv6Type(rawValue: 133)
    /// A router announces itself.
    package static let routerAdvertisement = ICMPv6Type(rawValue: 134)
    /// A host asks for a neighbour's link address.
    package static let neighborSolicitation = ICMPv6Type(rawValue: 135)
    /// A neighbour's link address.
    package static let neighborAdvertisement = ICMPv6Type(rawValue: 136)
    /// There is a better first hop.
    package static let redirect = ICMPv6Type(rawValue: 137)
    /// A request about an interface, not needing two-way reachability (RFC 8335).
    package static let extendedEchoRequest = ICMPv6Type(rawValue: 160)
    /// The answer about an interface (RFC 8335).
    package static let extendedEchoReply = ICMPv6Type(rawValue: 161)
}

extension ICMPv6Type: CustomStringConvertible {
    /// The name in the registry, in lower case.
    package var description: String {
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
