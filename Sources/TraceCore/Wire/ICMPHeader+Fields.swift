extension ICMPHeader {
    /// The type of an IPv4 message, or nil for IPv6.
    package var v4Type: ICMPv4Type? { family == .v4 ? ICMPv4Type(rawValue: type) : nil }
    /// The type of an IPv6 message, or nil for IPv4.
    package var v6Type: ICMPv6Type? { family == .v6 ? ICMPv6Type(rawValue: type) : nil }

    /// Whether the message asks to be sent back.
    package var isEchoRequest: Bool { type == (family == .v4 ? 8 : 128) }
    /// Whether the message is the answer to an echo request.
    package var isEchoReply: Bool { type == (family == .v4 ? 0 : 129) }

    /// An echo's identifier.
    package var identifier: UInt16 {
        get { UInt16(truncatingIfNeeded: rest >> 16) }
        set { rest = UInt32(newValue) << 16 | rest & 0xFFFF }
    }

    /// An echo's sequence number.
    package var sequence: UInt16 {
        get { UInt16(truncatingIfNeeded: rest) }
        set { rest = rest & 0xFFFF_0000 | UInt32(newValue) }
    }

    /// The size that fits the next link, or nil in another message and from routers that do not say.
    package var nextHopMTU: Int? {
        let mtu: UInt32
        switch (family, type, code) {
        case (.v4, 3, 4): mtu = rest & 0xFFFF  // RFC 1191, section 4
        case (.v6, 2, _): mtu = rest  // RFC 4443, section 3.2
        default: return nil
        }
        return mtu == 0 ? nil : Int(mtu)
    }

    /// The byte of the quoted packet that a parameter problem is about, or nil in another message.
    package var pointer: Int? {
        switch (family, type) {
        case (.v4, 12): Int(rest >> 24)
        case (.v6, 4): Int(rest)
        default: nil
        }
    }

    /// The router that a redirect names, or nil in another message.
    package var gateway: IPAddress? {
        family == .v4 && type == 5 ? IPAddress(v4: rest) : nil
    }

    /// Whether messages of this type may end in extensions (RFC 4884, section 4).
    package var mayHaveExtensions: Bool {
        switch (family, type) {
        case (.v4, 3), (.v4, 11), (.v4, 12), (.v6, 1), (.v6, 3): true
        default: false
        }
    }

    /// How many bytes of the message are quote, by RFC 4884's length attribute; 0 where it is not set.
    ///
    /// IPv4 counts 32-bit words in the second byte of the rest, IPv6 64-bit words in the first.
    package var quoteLength: Int {
        guard mayHaveExtensions else { return 0 }
        return family == .v4 ? Int(rest >> 16 & 0xFF) &* 4 : Int(rest >> 24) &* 8
    }
}
