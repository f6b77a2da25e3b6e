extension IPEnvelope {
    /// How a router marks where the quote in its error ends and the extensions begin.
    package enum ExtensionForm: Sendable, Hashable, CaseIterable {
        /// With the length attribute set, as RFC 4884 says.
        case compliant
        /// At 128 bytes, without saying so, as routers older than RFC 4884 do.
        case legacy
    }

    /// The ICMP error that a router sends about a packet, with its checksum.
    ///
    /// - Parameters:
    ///   - header: the type, code and rest; the length attribute and the checksum are filled in.
    ///   - packet: the packet the error is about.
    ///   - quoteLimit: how many bytes of it are quoted at most; 28 is the least that RFC 792 asks for,
    ///     and 548 in IPv4 and 1232 in IPv6 keep the error within what every link carries.
    ///   - extensions: the extension structure, if any. The quote is then padded with zeros to 128 bytes
    ///     or more, as RFC 4884 wants it.
    ///   - form: how the extensions are marked.
    package func icmpError(
        _ header: ICMPHeader, quoting packet: [UInt8], quoteLimit: Int? = nil,
        extensions: ICMPExtensions? = nil, form: ExtensionForm = .compliant
    ) -> [UInt8] {
        let limit = max(0, quoteLimit ?? (family == .v4 ? 548 : 1232))
        var header = header
        header.checksum = 0
        var quoteLength = min(limit, packet.count)
        var paddedLength = quoteLength
        if extensions != nil {
            switch form {
            case .compliant:
                // RFC 4884, section 4: counted in 32-bit words for IPv4, 64-bit words for IPv6, in 8 bits.
                let word = family == .v4 ? 4 : 8
                quoteLength = min(quoteLength, 255 * word)
                paddedLength = max(ICMPError.legacyQuoteLength, (quoteLength + word - 1) / word * word)
                let words = UInt32(truncatingIfNeeded: paddedLength / word)
                header.rest =
                    family == .v4
                    ? header.rest & 0xFF00_FFFF | words << 16 : header.rest & 0x00FF_FFFF | words << 24
            case .legacy:
                quoteLength = min(quoteLength, ICMPError.legacyQuoteLength)
                paddedLength = ICMPError.legacyQuoteLength
            }
        }
        var message: [UInt8] = []
        message.reserveCapacity(ICMPHeader.length + paddedLength + 64)
        header.append(to: &message)
        message.append(contentsOf: packet.prefix(quoteLength))
        for _ in quoteLength..<paddedLength { message.append(0) }
        extensions?.append(to: &message)

        var error = begin(.icmp(for: family), length: message.count)
        let start = error.count
        error.append(contentsOf: message)
        fillICMPChecksum(of: &error, from: start)
        return error
    }
}
