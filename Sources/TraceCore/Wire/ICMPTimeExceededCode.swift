/// Which time ran out; the codes are the same for both families.
public struct ICMPTimeExceededCode: RawRepresentable, Sendable, Hashable {
    /// The number in the message's second byte.
    public let rawValue: UInt8

    /// The code of a number, whether or not it has a name here.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The TTL or hop limit, on the way: what a trace waits for.
    public static let inTransit = ICMPTimeExceededCode(rawValue: 0)
    /// Not all fragments came in time.
    public static let reassembly = ICMPTimeExceededCode(rawValue: 1)
}
