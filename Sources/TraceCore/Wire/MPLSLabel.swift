/// One entry of the MPLS label stack that a packet came to a router with (RFC 4950, RFC 3032).
public struct MPLSLabel: Sendable, Hashable, Codable {
    /// The label, 20 bits.
    public let label: UInt32
    /// The traffic class, three bits once called experimental.
    public let exp: UInt8
    /// Whether this is the last entry of the stack.
    public let bottom: Bool
    /// The time to live within the MPLS network.
    public let ttl: UInt8

    /// An entry made of its fields, cut to their 20 and 3 bits.
    public init(label: UInt32, exp: UInt8 = 0, bottom: Bool = true, ttl: UInt8 = 1) {
        self.label = label & 0xF_FFFF
        self.exp = exp & 7
        self.bottom = bottom
        self.ttl = ttl
    }

    /// The entry of a 32-bit word, as in a packet.
    package init(word: UInt32) {
        label = word >> 12
        exp = UInt8(truncatingIfNeeded: word >> 9) & 7
        bottom = word & 0x100 != 0
        ttl = UInt8(truncatingIfNeeded: word)
    }

    /// The 32-bit word that stands for the entry in a packet.
    package var word: UInt32 {
        label << 12 | UInt32(exp & 7) << 9 | (bottom ? 0x100 : 0) | UInt32(ttl)
    }
}
