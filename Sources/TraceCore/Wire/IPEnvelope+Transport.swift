extension IPEnvelope {
    /// A UDP datagram with its checksum.
    ///
    /// With a wanted checksum, the first two bytes of the payload are overwritten so that the checksum
    /// comes out as wanted, which lets a probe carry its identity there while ports and lengths stay the
    /// same. It takes a payload of at least two bytes, and cannot make zero, which would mean none.
    package func udp(
        sourcePort: UInt16, destinationPort: UInt16, payload: [UInt8] = [],
        wantedChecksum: UInt16? = nil
    ) -> [UInt8] {
        let length = UDPHeader.length + payload.count
        var packet = begin(.udp, length: length)
        let start = packet.count
        UDPHeader(
            sourcePort: sourcePort, destinationPort: destinationPort,
            datagramLength: UInt16(clamping: length)
        ).append(to: &packet)
        packet.append(contentsOf: payload)
        var checksum = pseudoHeader(.udp, length: length)
        if let wantedChecksum, wantedChecksum != 0, payload.count >= 2 {
            tune(&packet, at: start + UDPHeader.length, from: start, checksum, to: wantedChecksum)
        }
        checksum.add(packet.span, in: start..<packet.count)
        packet.set(checksum.udpValue, at: start + 6)
        return packet
    }

    /// A TCP segment with its checksum.
    package func tcp(_ header: TCPHeader, options: [UInt8] = [], payload: [UInt8] = []) -> [UInt8] {
        var segment: [UInt8] = []
        var header = header
        header.checksum = 0
        header.append(to: &segment, options: options)
        segment.append(contentsOf: payload)
        var checksum = pseudoHeader(.tcp, length: segment.count)
        checksum.add(segment.span)
        segment.set(checksum.value, at: 16)
        return packet(.tcp, payload: segment)
    }

    /// An echo request of the envelope's family with its checksum.
    ///
    /// With a wanted checksum, the first two bytes of the payload are overwritten so that the checksum
    /// comes out as wanted: routers that balance by it then see one flow, whatever the sequence number.
    /// All ones comes out as zero, which is the same number to the checksum's arithmetic.
    package func echoRequest(
        identifier: UInt16, sequence: UInt16, payload: [UInt8] = [], wantedChecksum: UInt16? = nil
    ) -> [UInt8] {
        echo(
            type: family == .v4 ? 8 : 128, identifier: identifier, sequence: sequence, payload: payload,
            wantedChecksum: wantedChecksum)
    }

    /// The answer to an echo request, with its checksum.
    package func echoReply(identifier: UInt16, sequence: UInt16, payload: [UInt8] = []) -> [UInt8] {
        echo(
            type: family == .v4 ? 0 : 129, identifier: identifier, sequence: sequence, payload: payload,
            wantedChecksum: nil)
    }

    private func echo(
        type: UInt8, identifier: UInt16, sequence: UInt16, payload: [UInt8], wantedChecksum: UInt16?
    ) -> [UInt8] {
        let rest = UInt32(identifier) << 16 | UInt32(sequence)
        let length = ICMPHeader.length + payload.count
        var packet = begin(.icmp(for: family), length: length)
        let start = packet.count
        ICMPHeader(family: family, type: type, rest: rest).append(to: &packet)
        packet.append(contentsOf: payload)
        if let wantedChecksum, payload.count >= 2 {
            tune(
                &packet, at: start + ICMPHeader.length, from: start, icmpPseudoHeader(length: length),
                to: wantedChecksum)
        }
        fillICMPChecksum(of: &packet, from: start)
        return packet
    }

    /// Overwrites the word at an even distance from the start so that the checksum comes out as wanted.
    private func tune(
        _ packet: inout [UInt8], at index: Int, from start: Int, _ pseudoHeader: InternetChecksum,
        to wanted: UInt16
    ) {
        packet.set(UInt16(0), at: index)
        var checksum = pseudoHeader
        checksum.add(packet.span, in: start..<packet.count)
        // One's complement: the word that is missing from the sum of the rest to the wanted sum.
        packet.set(InternetChecksum.fold(UInt64(~wanted) + UInt64(~checksum.folded)), at: index)
    }

    /// The pseudo header's sum where the family's ICMP has one: ICMP for IPv4 does not.
    private func icmpPseudoHeader(length: Int) -> InternetChecksum {
        family == .v4 ? InternetChecksum() : pseudoHeader(.icmpv6, length: length)
    }

    /// Fills in the checksum of the ICMP message that goes from a byte to the packet's end.
    func fillICMPChecksum(of packet: inout [UInt8], from start: Int) {
        var checksum = icmpPseudoHeader(length: packet.count - start)
        checksum.add(packet.span, in: start..<packet.count)
        packet.set(checksum.value, at: start + 2)
    }
}
