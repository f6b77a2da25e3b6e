/// A whole received packet, IP header and all, with the ICMP message in it.
package struct ICMPPacket: Sendable, Hashable {
    /// The packet's IP header.
    package let ip: IPPacket
    /// The message it carries.
    package let message: ICMPMessage

    /// The packet in a range of bytes, of either family.
    package init(_ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) throws(WireError) {
        let ip = try IPPacket(bytes, in: range)
        let wanted = IPProtocol.icmp(for: ip.family)
        guard ip.proto == wanted else {
            throw WireError(
                .unexpectedProtocol, in: .icmp, at: ip.payload.lowerBound, expected: Int(wanted.rawValue),
                found: Int(ip.proto.rawValue))
        }
        guard ip.fragment.isFirst else {
            throw WireError(.laterFragment, in: .icmp, at: ip.payload.lowerBound, found: ip.fragment.offset)
        }
        self.ip = ip
        message = try ICMPMessage(bytes, in: ip.payload, family: ip.family)
    }

    /// Whether the message's checksum is right; ICMPv6's covers a pseudo header too.
    package func hasValidChecksum(in bytes: Span<UInt8>) -> Bool {
        var checksum = InternetChecksum()
        if ip.family == .v6 {
            checksum.addPseudoHeader(
                source: ip.source, destination: ip.destination, proto: .icmpv6, length: ip.payload.count)
        }
        checksum.add(bytes, in: ip.payload)
        return checksum.isValid
    }
}
