// What ordinary sockets hand up: errors with a part of what they quote, and payloads without headers.
extension ReplyMatcher {
    /// Fills in the answer that an error on a socket's queue is, and gives the probe that it answers.
    ///
    /// - Parameters:
    ///   - error: The error, as the system tells it.
    ///   - data: What it quotes after the UDP header, or from the ICMP header on, and then the extensions.
    ///   - time: When it came, in the registry's nanoseconds.
    ///   - registry: The probes that are out.
    ///   - response: Where the answer is written; what came beside the error is in it already.
    mutating func match(
        _ error: QueuedError, _ data: Span<UInt8>, at time: ArrivalTime, in registry: ProbeRegistry,
        _ response: inout ProbeReply
    ) -> Answer? {
        settle(answer(error, data, in: registry, &response), at: time, &response)
    }

    private func answer(
        _ error: QueuedError, _ data: Span<UInt8>, in registry: ProbeRegistry, _ response: inout ProbeReply
    ) -> ProbeRegistry.Record? {
        let quoted = 0..<min(data.count, error.extensionOffset ?? data.count)
        guard let record = record(error, data, quoted, registry) else { return nil }
        return describe(error, data, as: record, &response) ? record : nil
    }

    /// Fills in the answer that an error is, to a probe that is known; false if it is no answer.
    func describe(
        _ error: QueuedError, _ data: Span<UInt8>, as record: ProbeRegistry.Record, _ response: inout ProbeReply
    ) -> Bool {
        let header = ICMPHeader(family: error.offender.family, type: error.type, code: error.code)
        guard var kind = ReplyKind(header) else { return false }
        if kind == .portUnreachable, transport.kind != .udp, error.offender.withoutZone != record.target {
            kind = .unreachable
        }
        response.from = error.offender
        response.kind = kind
        response.icmp = ICMPCode(type: error.type, code: error.code)
        if kind == .packetTooBig, error.info > 0 { response.mtu = Int(error.info) }
        if let offset = error.extensionOffset, offset < data.count,
            let extensions = try? ICMPExtensions(data, in: offset..<data.count)
        {
            response.labels = extensions.mplsLabels
            response.interface =
                extensions.interfaces.first { $0.role == .incoming } ?? extensions.interfaces.first
        }
        var facts = QuoteFacts()
        if error.target.withoutZone != record.target { facts.rewrittenTarget = error.target.withoutZone }
        if transport.kind == .udp, error.targetPort != record.destinationPort {
            facts.rewrittenTargetPort = error.targetPort
        }
        if transport.kind == .tcp {
            let quoted = 0..<min(data.count, error.extensionOffset ?? data.count)
            if let segment = try? TCPHeader(data, in: quoted), segment.destinationPort == record.destinationPort {
                facts.segmentSize = segment.maximumSegmentSize
            }
        }
        if facts != QuoteFacts() { response.quote = facts }
        return true
    }

    /// The probe that an error is about: as it was sent, or else as a NAT has left it.
    private func record(
        _ error: QueuedError, _ data: Span<UInt8>, _ quoted: Range<Int>, _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        let target = error.target.withoutZone
        switch transport.kind {
        case .icmp:
            guard quoted.count >= ICMPHeader.length, data[0] == (error.offender.isV4 ? 8 : 128) else { return nil }
            let sequence = Int(data.uint16(at: 6))
            let payload = ICMPHeader.length..<quoted.upperBound
            if let record = registry.find(sequence, target: target) {
                return proof(of: record, in: payload, of: data) == .wrong ? nil : record
            }
            // Where a NAT changed the target, only the payload can tell.
            guard let record = registry.find(sequence, target: nil), proof(of: record, in: payload, of: data) == .right
            else { return nil }
            return record
        case .udp where isClassic:
            let offset = Int(error.targetPort) &- Int(transport.port ?? 0)
            if let record = registry.find(offset, modulo: modulus, target: target),
                error.targetPort == record.destinationPort,
                proof(of: record, in: quoted, of: data) != .wrong
            {
                return record
            }
        case .udp: break
        case .tcp: return nil
        }
        // A constant flow's number stands in the payload alone; so it is also where a NAT changed the rest.
        guard let token = token(in: quoted, of: data) else { return nil }
        return registry.find(token, target: target) ?? registry.find(token, target: nil)
    }

    /// Fills in the answer that a received echo reply is, given from its ICMP header on.
    mutating func matchEchoReply(
        _ data: Span<UInt8>, from address: IPAddress, at time: ArrivalTime, in registry: ProbeRegistry,
        _ response: inout ProbeReply
    ) -> Answer? {
        settle(echoReply(data, from: address, in: registry, &response), at: time, &response)
    }

    private func echoReply(
        _ data: Span<UInt8>, from address: IPAddress, in registry: ProbeRegistry, _ response: inout ProbeReply
    ) -> ProbeRegistry.Record? {
        guard data.count >= ICMPHeader.length, data[0] == (address.isV4 ? 0 : 129), data[1] == 0 else { return nil }
        let sequence = Int(data.uint16(at: 6))
        let payload = ICMPHeader.length..<data.count
        guard let record = registry.find(sequence, target: address.withoutZone),
            isEcho(payload, of: record, in: data)
        else { return nil }
        response.from = address
        response.kind = .echoReply
        response.icmp = ICMPCode(type: data[0], code: data[1])
        response.size = data.count + (address.isV4 ? IPv4Header.minimumLength : IPv6Header.length)
        return record
    }

    /// Fills in the answer that a received datagram is: somebody listens on the port.
    ///
    /// - Parameters:
    ///   - data: What it carries.
    ///   - address: Who sent it.
    ///   - port: From which port.
    ///   - localPort: To which port, if that is known.
    ///   - time: When it came, in the registry's nanoseconds.
    ///   - registry: The probes that are out.
    ///   - response: Where the answer is written; what came beside the datagram is in it already.
    mutating func matchDatagram(
        _ data: Span<UInt8>, from address: IPAddress, port: UInt16, to localPort: UInt16?, at time: ArrivalTime,
        in registry: ProbeRegistry, _ response: inout ProbeReply
    ) -> Answer? {
        settle(datagram(data, from: address, port, to: localPort, in: registry, &response), at: time, &response)
    }

    private func datagram(
        _ data: Span<UInt8>, from address: IPAddress, _ port: UInt16, to localPort: UInt16?,
        in registry: ProbeRegistry, _ response: inout ProbeReply
    ) -> ProbeRegistry.Record? {
        guard
            let record = asked(
                0..<data.count, of: data, from: address.withoutZone, port, to: localPort, registry)
        else { return nil }
        response.from = address
        response.kind = .answered
        response.size =
            data.count + UDPHeader.length + (address.isV4 ? IPv4Header.minimumLength : IPv6Header.length)
        return record
    }
}
