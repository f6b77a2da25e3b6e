/// Why an IPv6 packet cannot be delivered (RFC 4443, section 3.1).
public struct ICMPv6UnreachableCode: RawRepresentable, Sendable, Hashable {
    /// The number in the message's second byte.
    public let rawValue: UInt8

    /// The code of a number, whether or not it has a name here.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No route to the destination.
    public static let noRoute = ICMPv6UnreachableCode(rawValue: 0)
    /// A filter forbids it.
    public static let prohibited = ICMPv6UnreachableCode(rawValue: 1)
    /// The destination is beyond the scope of the source address.
    public static let beyondScope = ICMPv6UnreachableCode(rawValue: 2)
    /// The host does not answer on its link.
    public static let address = ICMPv6UnreachableCode(rawValue: 3)
    /// Nothing listens on the port: for a UDP trace, the destination itself.
    public static let port = ICMPv6UnreachableCode(rawValue: 4)
    /// The source address failed ingress or egress policy.
    public static let sourcePolicy = ICMPv6UnreachableCode(rawValue: 5)
    /// The route says to reject.
    public static let rejectRoute = ICMPv6UnreachableCode(rawValue: 6)
    /// The source routing header is in error (RFC 6554).
    public static let sourceRouting = ICMPv6UnreachableCode(rawValue: 7)
    /// The headers are too long (RFC 8883).
    public static let headersTooLong = ICMPv6UnreachableCode(rawValue: 8)
}

extension ICMPv6UnreachableCode: CustomStringConvertible {
    /// What it says, in a few words.
    public var description: String {
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
