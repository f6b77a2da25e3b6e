// What routers and hosts say when a packet does not get where it was sent.
extension SimulatedNetwork {
    /// The type, code and last four bytes of an ICMP error.
    private struct Complaint {
        let type: UInt8
        let code: UInt8
        var rest: UInt32 = 0
        /// Whether the message may end in extensions (RFC 4884, section 4).
        var mayExtend = true
    }

    mutating func timeExceeded(
        _ transit: inout Transit, _ random: inout PacketRandom, by node: Int32, _ packet: [UInt8],
        _ answer: inout [UInt8]
    ) -> Bool {
        let complaint = Complaint(type: transit.family == .v4 ? 11 : 3, code: 0)
        return complain(complaint, &transit, &random, by: node, packet, &answer)
    }

    mutating func unreachable(
        _ transit: inout Transit, _ random: inout PacketRandom, _ code: UnreachableCode, by node: Int32,
        _ packet: [UInt8], _ answer: inout [UInt8]
    ) -> Bool {
        let isV4 = transit.family == .v4
        let complaint = Complaint(type: isV4 ? 3 : 1, code: isV4 ? code.v4 : code.v6)
        return complain(complaint, &transit, &random, by: node, packet, &answer)
    }

    mutating func tooBig(
        _ transit: inout Transit, _ random: inout PacketRandom, mtu: Int32, by node: Int32, _ packet: [UInt8],
        _ answer: inout [UInt8]
    ) -> Bool {
        let mtu = epoch.nodes[Int(node)].mtuTold.map(UInt32.init) ?? UInt32(mtu)
        let complaint =
            transit.family == .v4
            ? Complaint(type: 3, code: 4, rest: mtu) : Complaint(type: 2, code: 0, rest: mtu, mayExtend: false)
        return complain(complaint, &transit, &random, by: node, packet, &answer)
    }

    /// A host does not know the protocol: for IPv6 a header field that it cannot make sense of (RFC 4443, 3.4).
    mutating func unknownProtocol(
        _ transit: inout Transit, _ random: inout PacketRandom, by node: Int32, _ packet: [UInt8],
        _ answer: inout [UInt8]
    ) -> Bool {
        let complaint =
            transit.family == .v4
            ? Complaint(type: 3, code: 2) : Complaint(type: 4, code: 1, rest: 6, mayExtend: false)
        return complain(complaint, &transit, &random, by: node, packet, &answer)
    }

    /// Writes an error about a packet as it looks where it is; false if none is sent.
    private mutating func complain(
        _ complaint: Complaint, _ transit: inout Transit, _ random: inout PacketRandom, by index: Int32,
        _ packet: [UInt8], _ answer: inout [UInt8]
    ) -> Bool {
        let node = epoch.nodes[Int(index)]
        let isV4 = transit.family == .v4
        guard !node.isSilent, !node.isDead, transit.mayBeComplainedAbout else { return false }
        var speaker = isV4 ? node.answersFrom.v4 : node.answersFrom.v6
        if isTarget(index), !node.answersElsewhere { speaker = transit.ip.destination }
        guard let speaker,
            buckets[Int(index)].take(interval: node.rateInterval, burst: node.burst, at: transit.time),
            let ttl = beginAnswer(by: node, index, &transit, &random)
        else { return false }

        // RFC 1812, 4.3.2.3: as much as fits 576 bytes. RFC 4443, 2.4(c): as much as fits 1280.
        let header = (isV4 ? IPv4Header.minimumLength : IPv6Header.length) &+ ICMPHeader.length
        var room = (isV4 ? 576 : 1280) &- header
        let extends = complaint.mayExtend && !node.extensions.isEmpty
        if extends {
            room = node.hasLegacyExtensions ? 128 : (room &- Int(node.extensions.count)) & ~7
        }
        let transport = min(node.quote, 65535)
        let length = min(packet.count, transit.ip.totalLength, transit.ip.headerLength &+ transport, room)
        AnswerWriter.extend(&answer, by: header)
        answer.append(contentsOf: packet[0..<length])
        restoreQuote(&answer, at: header, transit)

        var rest = complaint.rest
        if extends {
            let padded = max(128, (length &+ 7) & ~7)
            AnswerWriter.extend(&answer, by: padded &- length)
            answer.append(contentsOf: epoch.extensions[node.extensions.range])
            if !node.hasLegacyExtensions {
                rest |= isV4 ? UInt32(padded / 4) << 16 : UInt32(padded / 8) << 24
            }
        }
        let start = header &- ICMPHeader.length
        var bytes = answer.mutableSpan
        bytes[start] = complaint.type
        bytes[start &+ 1] = complaint.code
        bytes.set(rest, at: start &+ 4)
        // IPv4 errors go as internetwork control (RFC 1812, 4.3.2.5); IPv6 ones are not marked.
        AnswerWriter.finish(
            &answer, from: speaker, to: transit.ip.source, proto: .icmp(for: transit.family), ttl: ttl,
            trafficClass: isV4 ? 0xC0 : 0, identification: UInt16(truncatingIfNeeded: packets), checksum: 2)
        return true
    }

    /// Makes a quote look as the packet did where the error arose: its TTL, and what was rewritten.
    private func restoreQuote(_ answer: inout [UInt8], at start: Int, _ transit: Transit) {
        let isV4 = transit.family == .v4
        if transit.trafficClass != transit.ip.trafficClass {
            var bytes = answer.mutableSpan
            if isV4 {
                let old = bytes.span.uint16(at: start)
                bytes[start &+ 1] = transit.trafficClass
                bytes.update(checksum: start &+ 10, replacing: old, with: bytes.span.uint16(at: start))
            } else {
                bytes[start] = 0x60 | transit.trafficClass >> 4
                bytes[start &+ 1] = transit.trafficClass << 4 | bytes[start &+ 1] & 0x0F
            }
        }
        var bytes = answer.mutableSpan
        if isV4 {
            let old = bytes.span.uint16(at: start &+ 8)
            bytes[start &+ 8] = transit.ttl
            bytes.update(checksum: start &+ 10, replacing: old, with: bytes.span.uint16(at: start &+ 8))
        } else {
            bytes[start &+ 7] = transit.ttl
        }
        if transit.mss != nil || transit.showsSource || transit.showsDestination || transit.checksumShift != 0 {
            restoreTransport(&answer, at: start, transit)
        }
    }

    private func restoreTransport(_ answer: inout [UInt8], at start: Int, _ transit: Transit) {
        if let mss = transit.mss, transit.ip.proto == .tcp {
            MaximumSegmentSize.clamp(&answer, at: start + transit.ip.headerLength, to: mss)
        }
        if transit.showsSource {
            PacketRewrite.setSource(
                &answer, to: transit.source, port: transit.isPortBased ? transit.sourcePort : nil, at: start)
        }
        if transit.showsDestination {
            PacketRewrite.setDestination(
                &answer, to: transit.destination, port: transit.isPortBased ? transit.destinationPort : nil,
                at: start)
        }
        if transit.checksumShift != 0 {
            let offset = start + transit.ip.headerLength + (transit.ip.proto == .tcp ? 16 : transit.isPortBased ? 6 : 2)
            if answer.count >= offset + 2 {
                answer.set(answer.uint16(at: offset) &+ transit.checksumShift, at: offset)
            }
        }
    }
}

extension Transit {
    /// Whether an error about the packet may be sent: not about an error, nor a later fragment (RFC 1122, 3.2.2).
    fileprivate var mayBeComplainedAbout: Bool {
        guard ip.fragment.isFirst else { return false }
        let type = UInt8(truncatingIfNeeded: ports >> 24)
        switch ip.proto {
        case .icmp: return ![3, 4, 5, 11, 12].contains(type)
        case .icmpv6: return type >= 128
        default: return true
        }
    }
}

extension MutableSpan where Element == UInt8 {
    fileprivate mutating func update(checksum offset: Int, replacing old: UInt16, with new: UInt16) {
        set(InternetChecksum.updated(span.uint16(at: offset), replacing: old, with: new), at: offset)
    }
}
