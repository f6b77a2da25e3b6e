/// Changes to a built packet in place, as routers and NATs make them, with every checksum kept right.
///
/// Checksums are updated from what changed (RFC 1624) and not summed anew, so that a wrong one stays
/// wrong, as on a real path. Bytes that are no packet are left as they are.
package enum PacketRewrite {
    /// Takes one from the TTL or hop limit, and says what is left; nil for bytes that are no packet.
    ///
    /// A TTL of zero stays zero.
    @discardableResult
    package static func decrementTTL(_ packet: inout [UInt8]) -> UInt8? {
        guard let first = packet.first else { return nil }
        switch first >> 4 {
        case 4 where packet.count >= IPv4Header.minimumLength:
            guard packet[8] > 0 else { return 0 }
            let old = packet.uint16(at: 8)
            packet[8] &-= 1
            packet.set(
                InternetChecksum.updated(packet.uint16(at: 10), replacing: old, with: packet.uint16(at: 8)),
                at: 10)
            return packet[8]
        case 6 where packet.count >= IPv6Header.length:
            guard packet[7] > 0 else { return 0 }
            packet[7] &-= 1
            return packet[7]
        default: return nil
        }
    }

    /// Sets DSCP and ECN, and says whether the bytes were a packet.
    @discardableResult
    package static func setTrafficClass(_ packet: inout [UInt8], to trafficClass: UInt8) -> Bool {
        guard let first = packet.first else { return false }
        switch first >> 4 {
        case 4 where packet.count >= IPv4Header.minimumLength:
            let old = packet.uint16(at: 0)
            packet[1] = trafficClass
            packet.set(
                InternetChecksum.updated(packet.uint16(at: 10), replacing: old, with: packet.uint16(at: 0)),
                at: 10)
        case 6 where packet.count >= IPv6Header.length:
            packet[0] = 0x60 | trafficClass >> 4
            packet[1] = trafficClass << 4 | packet[1] & 0x0F
        default: return false
        }
        return true
    }

    /// Rewrites the sender's address, as a NAT does on the way out; returns whether it could.
    ///
    /// A port is written to UDP and TCP as the source port and to an echo as its identifier. In a packet
    /// that is quoted within another, from a byte on, what is cut off is passed over.
    @discardableResult
    package static func setSource(
        _ packet: inout [UInt8], to address: IPAddress, port: UInt16? = nil, at start: Int = 0
    ) -> Bool {
        rewrite(&packet, .source, to: address, port: port, at: start)
    }

    /// Rewrites the receiver's address, as a NAT does on the way in; returns whether it could.
    ///
    /// A port is written to UDP and TCP as the destination port and to an echo as its identifier. In a
    /// packet that is quoted within another, from a byte on, what is cut off is passed over.
    @discardableResult
    package static func setDestination(
        _ packet: inout [UInt8], to address: IPAddress, port: UInt16? = nil, at start: Int = 0
    ) -> Bool {
        rewrite(&packet, .destination, to: address, port: port, at: start)
    }

    /// Sums the checksum of an ICMP packet anew, as is due after a change to the packet it quotes, and
    /// says whether there was one.
    @discardableResult
    package static func refreshICMPChecksum(_ packet: inout [UInt8]) -> Bool {
        guard let ip = try? IPPacket(packet.span), ip.proto == .icmp(for: ip.family), ip.fragment.isFirst,
            ip.payload.count >= 4
        else { return false }
        var checksum = InternetChecksum()
        if ip.family == .v6 {
            checksum.addPseudoHeader(
                source: ip.source, destination: ip.destination, proto: ip.proto, length: ip.payload.count)
        }
        packet.set(UInt16(0), at: ip.payload.lowerBound + 2)
        checksum.add(packet.span, in: ip.payload)
        packet.set(checksum.value, at: ip.payload.lowerBound + 2)
        return true
    }

    private enum End { case source, destination }

    private static func rewrite(
        _ packet: inout [UInt8], _ end: End, to new: IPAddress, port: UInt16?, at start: Int
    ) -> Bool {
        guard (0...packet.count).contains(start),
            let ip = try? IPPacket(quotedIn: packet.span, in: start..<packet.count), ip.family == new.family
        else { return false }
        let old = end == .source ? ip.source : ip.destination
        let addressOffset: Int
        switch ip.family {
        case .v4:
            addressOffset = end == .source ? 12 : 16
            let checksum = packet.uint16(at: start + 10)
            packet.set(InternetChecksum.updated(checksum, replacing: old, with: new), at: start + 10)
        case .v6: addressOffset = end == .source ? 8 : 24
        }
        packet.set(new, at: start + addressOffset)
        if ip.fragment.isFirst {
            rewriteTransport(&packet, ip, end, from: old, to: new, port: port)
        }
        return true
    }

    /// Writes the port and updates the transport checksum, each where it is within the packet.
    private static func rewriteTransport(
        _ packet: inout [UInt8], _ ip: IPPacket, _ end: End, from old: IPAddress, to new: IPAddress,
        port: UInt16?
    ) {
        let body = ip.payload
        let checksumOffset: Int
        var portOffset: Int? = end == .source ? 0 : 2
        switch ip.proto {
        case .udp: checksumOffset = 6
        case .tcp: checksumOffset = 16
        case .icmp, .icmpv6:
            guard body.count > 0 else { return }
            checksumOffset = 2
            switch packet[body.lowerBound] {
            case 0, 8, 128, 129: portOffset = 4
            default: portOffset = nil
            }
        default: return
        }
        var oldPort: UInt16 = 0
        var newPort: UInt16 = 0
        if let port, let portOffset, body.count >= portOffset + 2 {
            oldPort = packet.uint16(at: body.lowerBound + portOffset)
            newPort = port
            packet.set(port, at: body.lowerBound + portOffset)
        }
        guard body.count >= checksumOffset + 2 else { return }
        var checksum = packet.uint16(at: body.lowerBound + checksumOffset)
        // RFC 768: zero means that the sender computed none, and so it must stay.
        if ip.proto == .udp, checksum == 0 { return }
        if ip.proto != .icmp { checksum = InternetChecksum.updated(checksum, replacing: old, with: new) }
        if oldPort != newPort {
            checksum = InternetChecksum.updated(checksum, replacing: oldPort, with: newPort)
        }
        if checksum == 0, ip.proto == .udp || isZero(packet, ip) { checksum = 0xFFFF }
        packet.set(checksum, at: body.lowerBound + checksumOffset)
    }

    /// Whether a message of ICMP for IPv4 is all zeros, as an echo reply can be: the one case in which
    /// RFC 1624 comes to zero and the sum itself to all ones. Others have a pseudo header, never zero.
    private static func isZero(_ packet: [UInt8], _ ip: IPPacket) -> Bool {
        guard ip.proto == .icmp, !ip.isTruncated else { return false }
        let body = ip.payload
        let checksum = (body.lowerBound + 2)..<(body.lowerBound + 4)
        return body.allSatisfy { packet[$0] == 0 || checksum.contains($0) }
    }
}
