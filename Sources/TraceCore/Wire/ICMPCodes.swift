/// Why an IPv4 packet cannot be delivered (RFC 792, RFC 1122, RFC 1812).
package struct ICMPv4UnreachableCode: RawRepresentable, Sendable, Hashable {
    /// The number in the message's second byte.
    package let rawValue: UInt8

    /// The code of a number, whether or not it has a name here.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No route to the network.
    package static let network = ICMPv4UnreachableCode(rawValue: 0)
    /// The host does not answer on its link.
    package static let host = ICMPv4UnreachableCode(rawValue: 1)
    /// The host does not know the protocol.
    package static let proto = ICMPv4UnreachableCode(rawValue: 2)
    /// Nothing listens on the port: for a UDP trace, the destination itself.
    package static let port = ICMPv4UnreachableCode(rawValue: 3)
    /// The packet is larger than the next link takes and must not be fragmented.
    package static let fragmentationNeeded = ICMPv4UnreachableCode(rawValue: 4)
    /// The source route cannot be followed.
    package static let sourceRouteFailed = ICMPv4UnreachableCode(rawValue: 5)
    /// The network is not known.
    package static let networkUnknown = ICMPv4UnreachableCode(rawValue: 6)
    /// The host is not known.
    package static let hostUnknown = ICMPv4UnreachableCode(rawValue: 7)
    /// The source host is isolated.
    package static let sourceIsolated = ICMPv4UnreachableCode(rawValue: 8)
    /// The network is administratively prohibited.
    package static let networkProhibited = ICMPv4UnreachableCode(rawValue: 9)
    /// The host is administratively prohibited.
    package static let hostProhibited = ICMPv4UnreachableCode(rawValue: 10)
    /// The network cannot be reached with this type of service.
    package static let networkForTypeOfService = ICMPv4UnreachableCode(rawValue: 11)
    /// The host cannot be reached with this type of service.
    package static let hostForTypeOfService = ICMPv4UnreachableCode(rawValue: 12)
    /// A filter forbids it.
    package static let communicationProhibited = ICMPv4UnreachableCode(rawValue: 13)
    /// The precedence is not permitted.
    package static let hostPrecedenceViolation = ICMPv4UnreachableCode(rawValue: 14)
    /// The precedence is below what the network needs.
    package static let precedenceCutoff = ICMPv4UnreachableCode(rawValue: 15)
}

extension ICMPv4UnreachableCode: CustomStringConvertible {
    /// What it says, in a few words.
    package var description: String {
        switch self {
        case .network: "network unreachable"
        case .host: "host unreachable"
        case .proto: "protocol unreachable"
        case .port: "port unreachable"
        case .fragmentationNeeded: "fragmentation needed"
        case .sourceRouteFailed: "source route failed"
        case .networkUnknown: "network unknown"
        case .hostUnknown: "host unknown"
        case .sourceIsolated: "source host isolated"
        case .networkProhibited: "network prohibited"
        case .hostProhibited: "host prohibited"
        case .networkForTypeOfService: "network unreachable for type of service"
        case .hostForTypeOfService: "host unreachable for type of service"
        case .communicationProhibited: "communication prohibited"
        case .hostPrecedenceViolation: "host precedence violation"
        case .precedenceCutoff: "precedence cutoff"
        default: "code \(rawValue)"
        }
    }
}

/// Why an IPv6 packet cannot be delivered (RFC 4443, section 3.1).
package struct ICMPv6UnreachableCode: RawRepresentable, Sendable, Hashable {
    /// The number in the message's second byte.
    package let rawValue: UInt8

    /// The code of a number, whether or not it has a name here.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No route to the destination.
    package static let noRoute = ICMPv6UnreachableCode(rawValue: 0)
    /// A filter forbids it.
    package static let prohibited = ICMPv6UnreachableCode(rawValue: 1)
    /// The destination is beyond the scope of the source address.
    package static let beyondScope = ICMPv6UnreachableCode(rawValue: 2)
    /// The host does not answer on its link.
    package static let address = ICMPv6UnreachableCode(rawValue: 3)
    /// Nothing listens on the port: for a UDP trace, the destination itself.
    package static let port = ICMPv6UnreachableCode(rawValue: 4)
    /// The source address failed ingress or egress policy.
    package static let sourcePolicy = ICMPv6UnreachableCode(rawValue: 5)
    /// The route says to reject.
    package static let rejectRoute = ICMPv6UnreachableCode(rawValue: 6)
    /// The source routing header is in error (RFC 6554).
    package static let sourceRouting = ICMPv6UnreachableCode(rawValue: 7)
    /// The headers are too long (RFC 8883).
    package static let headersTooLong = ICMPv6UnreachableCode(rawValue: 8)
}

extension ICMPv6UnreachableCode: CustomStringConvertible {
    /// What it says, in a few words.
    package var description: String {
        switch self {
        case .noRoute: "no route"
        case .prohibited: "communication prohibited"
        case .beyondScope: "beyond scope of source address"
        case .address: "address unreachable"
        case .port: "port unreachable"
        case .sourcePolicy: "source address failed policy"
        case .rejectRoute: "reject route"
        case .sourceRouting: "error in source routing header"
        case .headersTooLong: "headers too long"
        default: "code \(rawValue)"
        }
    }
}

/// Which time ran out; the codes are the same for both families.
package struct ICMPTimeExceededCode: RawRepresentable, Sendable, Hashable {
    /// The number in the message's second byte.
    package let rawValue: UInt8

    /// The code of a number, whether or not it has a name here.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The TTL or hop limit, on the way: what a trace waits for.
    package static let inTransit = ICMPTimeExceededCode(rawValue: 0)
    /// Not all fragments came in time.
    package static let reassembly = ICMPTimeExceededCode(rawValue: 1)
}
