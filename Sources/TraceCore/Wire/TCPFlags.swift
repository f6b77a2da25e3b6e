/// The control bits of a TCP header.
public struct TCPFlags: OptionSet, Sendable, Hashable {
    /// The bits as in the header's fourteenth byte.
    public let rawValue: UInt8

    /// The flags of a byte.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The sender is done.
    public static let fin = TCPFlags(rawValue: 0x01)
    /// Open a connection.
    public static let syn = TCPFlags(rawValue: 0x02)
    /// Refuse or break a connection.
    public static let rst = TCPFlags(rawValue: 0x04)
    /// Hand the data on at once.
    public static let psh = TCPFlags(rawValue: 0x08)
    /// The acknowledgment number counts.
    public static let ack = TCPFlags(rawValue: 0x10)
    /// The urgent pointer counts.
    public static let urg = TCPFlags(rawValue: 0x20)
    /// Congestion was seen (RFC 3168).
    public static let ece = TCPFlags(rawValue: 0x40)
    /// The sender reduced its window (RFC 3168).
    public static let cwr = TCPFlags(rawValue: 0x80)
}
