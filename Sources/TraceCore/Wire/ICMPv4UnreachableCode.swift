/// Why an IPv4 packet cannot be delivered (RFC 792, RFC 1122, RFC 1812).
public struct ICMPv4UnreachableCode: RawRepresentable, Sendable, Hashable {
    /// The number in the message's second byte.
    public let rawValue: UInt8

    /// The code of a number, whether or not it has a name here.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No route to the network.
    public static let network = ICMPv4UnreachableCode(rawValue: 0)
    /// The host does not answer on its link.
    public static let host = ICMPv4UnreachableCode(rawValue: 1)
    /// The host does not know the protocol.
    public static let proto = ICMPv4UnreachableCode(rawValue: 2)
    /// Nothing listens on the port: for a UDP trace, the destination itself.
    public static let port = ICMPv4UnreachableCode(rawValue: 3)
    /// The packet is larger than the next link takes and must not be fragmented.
    public static let fragmentationNeeded = ICMPv4UnreachableCode(rawValue: 4)
    /// The source route cannot be followed.
    public static let sourceRouteFailed = ICMPv4UnreachableCode(rawValue: 5)
    /// The network is not known.
    public static let networkUnknown = ICMPv4UnreachableCode(rawValue: 6)
    /// The host is not known.
    public static let hostUnknown = ICMPv4UnreachableCode(rawValue: 7)
    /// The source host is isolated.
    public static let sourceIsolated = ICMPv4UnreachableCode(rawValue: 8)
    /// The network is administratively prohibited.
    public static let networkProhibited = ICMPv4UnreachableCode(rawValue: 9)
    /// The host is administratively prohibited.
    public static let hostProhibited = ICMPv4UnreachableCode(rawValue: 10)
    /// The network cannot be reached with this type of service.
    public static let networkForTypeOfService = ICMPv4UnreachableCode(rawValue: 11)
    /// The host cannot be reached with this type of service.
    public static let hostForTypeOfService = ICMPv4UnreachableCode(rawValue: 12)
    /// A filter forbids it.
    public static let communicationProhibited = ICMPv4UnreachableCode(rawValue: 13)
    /// The precedence is not permitted.
    public static let hostPrecedenceViolation = ICMPv4UnreachableCode(rawValue: 14)
    /// The precedence is below what the network needs.
    public static let precedenceCutoff = ICMPv4UnreachableCode(rawValue: 15)
}

extension ICMPv4UnreachableCode: CustomStringConvertible {
    /// What it says, in a few words.
    public var description: String {
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
