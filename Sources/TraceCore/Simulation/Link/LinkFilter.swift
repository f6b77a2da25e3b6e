/// Tells packets that are for somebody out there from what a system says to its neighbours unasked.
enum LinkFilter {
    /// Whether a packet goes from one host to another: multicast, broadcast and link-local ones do not.
    ///
    /// A system looks for routers and reports its groups on any interface with IPv6 (RFC 4861, RFC 3810); a network of
    /// routers neither forwards that nor complains about it.
    static func isForSomebody(_ packet: Span<UInt8>) -> Bool {
        guard packet.count >= IPv4Header.minimumLength else { return false }
        switch packet[0] >> 4 {
        case 4:
            // 0.0.0.0/8 is nobody yet; 224.0.0.0 and above are groups and broadcasts.
            return packet[12] != 0 && packet[16] < 224
        case 6:
            guard packet.count >= IPv6Header.length else { return false }
            let isFromNobody = packet.uint32(at: 8) | packet.uint32(at: 12) | packet.uint32(at: 16) == 0
            return !isFromNobody && packet[24] != 0xFF && !isLinkLocal(packet, at: 8)
                && !isLinkLocal(packet, at: 24)
        default: return false
        }
    }

    /// Whether an address is of fe80::/10.
    private static func isLinkLocal(_ packet: Span<UInt8>, at offset: Int) -> Bool {
        packet[offset] == 0xFE && packet[offset + 1] & 0xC0 == 0x80
    }
}
