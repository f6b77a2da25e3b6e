/// Why bytes are not the packet they were taken for, and where they stop being it.
package struct WireError: Error, Sendable, Hashable {
    /// What is wrong.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The bytes end before the header does.
        case truncated
        /// The version nibble of an IP header is not one that can be read.
        case badVersion
        /// A header says that it is shorter than its own fixed part.
        case badHeaderLength
        /// A length field contradicts the header it stands in.
        case badLength
        /// An ICMP extension structure is not of version 2 (RFC 4884, section 7).
        case badExtensionVersion
        /// The checksum of an ICMP extension structure is there and wrong.
        case badChecksum
        /// A chain of IPv6 extension headers is longer than any honest one.
        case tooManyHeaders
        /// A packet carries another protocol than the one asked for.
        case unexpectedProtocol
        /// A packet is a later fragment, so no transport header is in it.
        case laterFragment
    }

    /// Which part of a packet was being read.
    package enum Layer: String, Sendable, Hashable, CaseIterable {
        /// An IP header of either version.
        case ip = "IP header"
        /// An IPv4 header.
        case ipv4 = "IPv4 header"
        /// An IPv6 header.
        case ipv6 = "IPv6 header"
        /// An IPv6 extension header.
        case ipv6Extension = "IPv6 extension header"
        /// An ICMP header of either family.
        case icmp = "ICMP header"
        /// A UDP header.
        case udp = "UDP header"
        /// A TCP header.
        case tcp = "TCP header"
        /// The extension structure at the end of an ICMP error.
        case icmpExtensions = "ICMP extension structure"
        /// One object in the extension structure.
        case icmpExtensionObject = "ICMP extension object"
    }

    /// What is wrong.
    package let code: Code
    /// Which part of the packet it is wrong in.
    package let layer: Layer
    /// The byte of the buffer it is wrong at; for truncation, the byte that is missing.
    package let offset: Int
    /// The length or value that would have been right, where there is one.
    package let expected: Int
    /// The length or value that was there.
    package let found: Int

    /// An error of a code at a byte of the buffer, with what was wanted there and what was found.
    package init(_ code: Code, in layer: Layer, at offset: Int, expected: Int = 0, found: Int = 0) {
        self.code = code
        self.layer = layer
        self.offset = offset
        self.expected = expected
        self.found = found
    }
}

extension WireError: CustomStringConvertible {
    /// What is wrong, where, and what was expected, in a sentence.
    package var description: String { "\(layer.rawValue), byte \(offset): \(reason)" }

    private var reason: String {
        switch code {
        case .truncated: "the data ends here; \(expected) bytes are needed, \(found) are there"
        case .badVersion:
            "version \(found) cannot be read; \(expected == 0 ? "4 or 6" : "\(expected)") was expected"
        case .badHeaderLength: "the header claims a length of \(found) bytes; the least is \(expected)"
        case .badLength: "a length of \(found) bytes is impossible; at least \(expected) were expected"
        case .badExtensionVersion: "version \(found) is not RFC 4884's version \(expected)"
        case .badChecksum: "the checksum is \(hex(found)); it should be \(hex(expected))"
        case .tooManyHeaders: "more than \(expected) headers in a chain"
        case .unexpectedProtocol:
            "the packet carries \(name(found)), not \(name(expected))"
        case .laterFragment: "a later fragment, \(found) bytes into its packet, has no transport header"
        }
    }

    private func hex(_ value: Int) -> String { "0x" + String(value, radix: 16) }

    private func name(_ value: Int) -> String { "\(IPProtocol(rawValue: UInt8(truncatingIfNeeded: value)))" }
}
