// What a packet finds where it was sent.
extension SimulatedNetwork {
    /// Hands a packet to its destination; false if that does not answer.
    mutating func deliver(
        _ transit: inout Transit, _ random: inout PacketRandom, to index: Int32, _ packet: [UInt8],
        _ answer: inout [UInt8]
    ) -> Bool {
        let node = epoch.nodes[Int(index)]
        // Hosts here put no fragments together, and a packet with a wrong checksum is not for anybody.
        guard !node.isDead, !transit.ip.fragment.isFragment, Self.isIntact(transit.ip, packet) else {
            return false
        }
        switch transit.ip.proto {
        case .icmp where transit.family == .v4, .icmpv6 where transit.family == .v6:
            guard node.answersEcho else { return false }
            return echo(&transit, &random, node, index, packet, &answer)
        case .udp: return datagram(&transit, &random, node, index, packet, &answer)
        case .tcp: return segment(&transit, &random, node, index, packet, &answer)
        default: return unknownProtocol(&transit, &random, by: index, packet, &answer)
        }
    }

    private static func isIntact(_ ip: IPPacket, _ packet: [UInt8]) -> Bool {
        var sum = InternetChecksum.sum(of: packet.span, in: ip.payload)
        switch ip.proto {
        case .udp:
            guard ip.payload.count >= UDPHeader.length else { return false }
            // RFC 768: none was computed. RFC 8200, 8.1: IPv6 does not allow that.
            if packet.uint16(at: ip.payload.lowerBound + 6) == 0 { return ip.family == .v4 }
        case .tcp: guard ip.payload.count >= TCPHeader.minimumLength else { return false }
        case .icmp: return ip.payload.count >= ICMPHeader.length && InternetChecksum.fold(sum) == 0xFFFF
        case .icmpv6: guard ip.payload.count >= ICMPHeader.length else { return false }
        default: return true
        }
        sum &+= InternetChecksum.sum(of: ip.source) &+ InternetChecksum.sum(of: ip.destination)
        sum &+= UInt64(ip.proto.rawValue) &+ UInt64(ip.payload.count)
        return InternetChecksum.fold(sum) == 0xFFFF
    }

    private mutating func echo(
        _ transit: inout Transit, _ random: inout PacketRandom, _ node: SimulatedNode, _ index: Int32,
        _ packet: [UInt8], _ answer: inout [UInt8]
    ) -> Bool {
        let ip = transit.ip
        let isV4 = ip.family == .v4
        guard packet[ip.payload.lowerBound] == (isV4 ? 8 : 128),
            let ttl = beginAnswer(by: node, index, &transit, &random)
        else { return false }
        let start = isV4 ? IPv4Header.minimumLength : IPv6Header.length
        AnswerWriter.extend(&answer, by: start)
        answer.append(contentsOf: packet[ip.payload])
        var bytes = answer.mutableSpan
        bytes[start] = isV4 ? 0 : 129
        bytes.set(UInt16(0), at: start &+ 2)
        // A host answers with the class that it was asked with, as Linux does.
        AnswerWriter.finish(
            &answer, from: ip.destination, to: ip.source, proto: ip.proto, ttl: ttl,
            trafficClass: transit.trafficClass, identification: UInt16(truncatingIfNeeded: packets),
            checksum: 2)
        return true
    }

    private mutating func datagram(
        _ transit: inout Transit, _ random: inout PacketRandom, _ node: SimulatedNode, _ index: Int32,
        _ packet: [UInt8], _ answer: inout [UInt8]
    ) -> Bool {
        let ip = transit.ip
        let port = transit.destinationPort
        if listens(port, in: node.udpFiltered) { return false }
        if listens(port, in: node.udpEcho) {
            guard let ttl = beginAnswer(by: node, index, &transit, &random) else { return false }
            let start = ip.family == .v4 ? IPv4Header.minimumLength : IPv6Header.length
            AnswerWriter.extend(&answer, by: start)
            answer.append(contentsOf: packet[ip.payload])
            var bytes = answer.mutableSpan
            bytes.set(bytes.span.uint32(at: start) << 16 | bytes.span.uint32(at: start) >> 16, at: start)
            bytes.set(UInt16(0), at: start &+ 6)
            AnswerWriter.finish(
                &answer, from: ip.destination, to: ip.source, proto: .udp, ttl: ttl, trafficClass: 0,
                identification: UInt16(truncatingIfNeeded: packets), checksum: 6)
            return true
        }
        if listens(port, in: node.udpOpen) { return false }
        return unreachable(
            &transit, &random, UnreachableCode(v4: 3, v6: 4), by: index, packet, &answer)
    }

    private func listens(_ port: UInt16, in slice: SimulatedNode.Slice) -> Bool {
        for index in slice.range where epoch.ports[index].contains(port) { return true }
        return false
    }

    /// Answers a segment as RFC 9293, 3.10.7 has it for a listening port and for none.
    private mutating func segment(
        _ transit: inout Transit, _ random: inout PacketRandom, _ node: SimulatedNode, _ index: Int32,
        _ packet: [UInt8], _ answer: inout [UInt8]
    ) -> Bool {
        let ip = transit.ip
        guard let header = try? TCPHeader(packet.span, in: ip.payload) else { return false }
        let port = transit.destinationPort
        if listens(port, in: node.tcpFiltered) || header.flags.contains(.rst) { return false }
        guard let ttl = beginAnswer(by: node, index, &transit, &random) else { return false }
        var reply = TCPHeader(sourcePort: header.destinationPort, destinationPort: header.sourcePort)
        if header.flags.contains(.ack) {
            reply.flags = .rst
            reply.sequence = header.acknowledgment
        } else if listens(port, in: node.tcpOpen) {
            guard header.flags.contains(.syn) else { return false }
            reply.flags = [.syn, .ack]
            reply.sequence = UInt32(truncatingIfNeeded: random.next())
            reply.acknowledgment = header.sequence &+ 1
            reply.window = 65535
            reply.maximumSegmentSize = ip.family == .v4 ? 1460 : 1440
        } else {
            reply.flags = [.rst, .ack]
            var length = UInt32(ip.payload.count &- header.headerLength)
            if header.flags.contains(.syn) { length &+= 1 }
            if header.flags.contains(.fin) { length &+= 1 }
            reply.acknowledgment = header.sequence &+ length
        }
        AnswerWriter.extend(&answer, by: ip.family == .v4 ? IPv4Header.minimumLength : IPv6Header.length)
        reply.append(to: &answer)
        AnswerWriter.finish(
            &answer, from: ip.destination, to: ip.source, proto: .tcp, ttl: ttl, trafficClass: 0,
            identification: UInt16(truncatingIfNeeded: packets), checksum: 16)
        return true
    }
}
