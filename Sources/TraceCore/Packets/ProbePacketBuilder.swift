/// Makes the packets of probes, so that each can be recognised and all of one flow look like one flow.
///
/// Routers balance by addresses, protocol, ports and IPv6's flow label, and for ICMP by the first four bytes, among
/// them the checksum. All these stay the same for a target and a flow (Augustin et al., *Avoiding traceroute
/// anomalies with Paris traceroute*, 2006). What differs lies in the first eight bytes after the IP header all the
/// same, since some routers quote no more: the UDP checksum, the ICMP sequence, the TCP sequence number. Two bytes
/// of the payload are chosen so that the checksum comes out as it must.
struct ProbePacketBuilder: Sendable {
    let identity: ProbeIdentity
    let options: PacketOptions

    /// A packet without what differs from probe to probe, with the sums of the rest.
    private struct Template {
        var source = IPAddress(v4: 0)
        var flow: UInt16 = 0
        var size = -1
        var bytes: [UInt8] = []
        var headerSum: UInt64 = 0
        var bodySum: UInt64 = 0
        /// Whether the checksum covers the addresses.
        var coversAddresses = false
        var sourcePort: UInt16 = 0
        /// ICMP's checksum for the flow.
        var checksum: UInt16 = 0
    }

    private var template = Template()

    init(
        _ transport: ProbeTransport, _ options: PacketOptions, identifier: UInt16, cookie: UInt32,
        sourcePort: UInt16? = nil
    ) {
        self.options = options
        let isDublin = transport.kind == .udp && options.identity == .dublin
        let size = options.payloadSize(of: transport, nil)
        identity = ProbeIdentity(
            transport: transport, identifier: identifier, cookie: cookie, sourcePort: sourcePort,
            isClassic: transport.kind == .udp && options.identity == .classic, isDublin: isDublin,
            baseSize: isDublin ? Self.dublinPayload(size) : size)
    }

    private var transport: ProbeTransport { identity.transport }

    /// The payload of an IPv6 probe whose number is its length, without that: room for its cookie, and for all lengths.
    private static func dublinPayload(_ size: Int) -> Int {
        min(max(size, 8), 65535 - UDPHeader.length - ProbeIdentity.dublinRange)
    }

    /// The bytes after the transport header, less those that are a probe's number.
    func payloadSize(_ family: IPAddress.Family, _ wanted: UInt16? = nil) -> Int {
        let size = options.payloadSize(of: transport, wanted)
        return identity.isDublin && family == .v6 ? Self.dublinPayload(size) : size
    }

    /// The length of a probe's packet, IP header and all.
    func packetSize(_ family: IPAddress.Family, _ wanted: UInt16? = nil) -> Int {
        (family == .v4 ? IPv4Header.minimumLength : IPv6Header.length) + transport.headerLength
            + payloadSize(family, wanted)
    }

    /// What a report says about packets like these.
    func facts(mode: String, openedAt: UTCTime, _ settings: ChannelSettings) -> ChannelFacts {
        let facts = ChannelFacts(
            method: transport.method, mode: mode, openedAt: openedAt, trafficClass: options.trafficClass)
        guard let target = settings.target else { return facts }
        return self.facts(facts, for: target.family, payloadSize: settings.payloadSize)
    }

    /// What is known of a channel, with what depends on the family of the target.
    func facts(_ facts: ChannelFacts, for family: IPAddress.Family, payloadSize: UInt16?) -> ChannelFacts {
        var facts = facts
        facts.packetSize = packetSize(family, payloadSize)
        // Connection requests of the system are its own: it writes their options, and none has a payload.
        guard transport.kind != .tcp || facts.mode != ChannelFacts.unprivileged else { return facts }
        facts.headerSize = packetSize(family, 1000) - 1000
        if transport.kind == .tcp { facts.segmentSize = Self.segmentSize(family) }
        return facts
    }

    /// The maximum segment size that a connection request offers: what fits Ethernet.
    static func segmentSize(_ family: IPAddress.Family) -> UInt16 { family == .v4 ? 1460 : 1440 }

    /// Writes the packet of a probe over a buffer, and gives what must be remembered of it.
    mutating func build(
        _ probe: Probe, from source: IPAddress, serial: Int, at time: Int64, into packet: inout [UInt8]
    ) -> ProbeRegistry.Record {
        var size = payloadSize(probe.target.family, probe.size)
        if identity.isDublin, probe.target.isV6 { size &+= serial % ProbeIdentity.dublinRange }
        // Without the target: a sweep has another one each time.
        if template.source != source || template.flow != probe.flow || template.size != size {
            template = makeTemplate(from: source, flow: probe.flow, size: size)
        }
        packet.removeAll(keepingCapacity: true)
        packet.append(contentsOf: template.bytes)
        packet.set(probe.target, at: probe.target.isV4 ? 16 : 24)
        let targetSum = InternetChecksum.sum(of: probe.target)
        let token = UInt16(truncatingIfNeeded: serial)
        var bytes = packet.mutableSpan
        let start: Int
        if probe.target.isV4 {
            start = IPv4Header.minimumLength
            bytes[8] = probe.ttl
            bytes.set(token, at: 4)
            let sum = template.headerSum &+ targetSum &+ UInt64(probe.ttl) << 8 &+ UInt64(token)
            bytes.set(~InternetChecksum.fold(sum), at: 10)
        } else {
            start = IPv6Header.length
            bytes[7] = probe.ttl
        }
        var record = ProbeRegistry.Record(
            serial: serial, probe: probe.id, ttl: probe.ttl, target: probe.target.withoutZone, sentAt: time,
            sourcePort: template.sourcePort, destinationPort: transport.port ?? 0,
            payloadSize: UInt16(truncatingIfNeeded: size))
        var sum = template.bodySum
        if template.coversAddresses { sum &+= targetSum }
        let payload = start &+ transport.headerLength
        if size >= 8, !identity.isDublin || probe.target.isV6 {
            identity.write(token, into: &bytes, payload: payload)
            sum &+= UInt64(token)
        }
        switch transport.kind {
        case .icmp:
            bytes.set(token, at: start &+ 6)
            record.checksum = balance(&bytes, sum &+ UInt64(token), to: template.checksum, size, payload)
            bytes.set(record.checksum, at: start &+ 2)
        case .udp where identity.isClassic:
            record.destinationPort = identity.classicPort(serial)
            bytes.set(record.destinationPort, at: start &+ 2)
            let checksum = ~InternetChecksum.fold(sum &+ UInt64(record.destinationPort))
            record.checksum = checksum == 0 ? 0xFFFF : checksum
            bytes.set(record.checksum, at: start &+ 6)
        case .udp where identity.isDublin:
            let checksum = ~InternetChecksum.fold(sum)
            record.checksum = checksum == 0 ? 0xFFFF : checksum
            bytes.set(record.checksum, at: start &+ 6)
        case .udp:
            record.checksum = balance(&bytes, sum, to: token, size, payload)
            bytes.set(record.checksum, at: start &+ 6)
        case .tcp:
            let sequence = identity.tcpSequence(of: token)
            bytes.set(sequence, at: start &+ 4)
            record.checksum = ~InternetChecksum.fold(sum &+ UInt64(sequence))
            bytes.set(record.checksum, at: start &+ 16)
        }
        return record
    }

    /// Chooses the payload's first two bytes so that the checksum comes out as wanted, where there is a payload.
    private func balance(
        _ bytes: inout MutableSpan<UInt8>, _ sum: UInt64, to wanted: UInt16, _ size: Int, _ payload: Int
    ) -> UInt16 {
        guard size >= 2 else { return ~InternetChecksum.fold(sum) }
        bytes.set(~InternetChecksum.fold(sum &+ UInt64(wanted)), at: payload)
        return wanted
    }

    private func makeTemplate(from source: IPAddress, flow: UInt16, size: Int) -> Template {
        let target = source.isV4 ? IPAddress(v4: 0) : IPAddress(v6: 0)
        // Odd multipliers, so that no two flows share a port, a checksum or a label.
        let port = identity.sourcePort(of: flow)
        let envelope = IPEnvelope(
            from: source, to: target, ttl: 0, trafficClass: options.trafficClass,
            flowLabel: options.flowLabel.map { $0 & 0xF_FFFF }
                ?? (UInt32(identity.identifier) &+ UInt32(flow)) &* 40_503 & 0xF_FFFF,
            dontFragment: options.dontFragment)
        var payload = [UInt8](repeating: 0, count: size)
        let pattern = options.pattern
        for index in payload.indices {
            payload[index] = pattern.isEmpty ? UInt8(truncatingIfNeeded: index) : pattern[index % pattern.count]
        }
        identity.mark(&payload)
        let header = target.isV4 ? IPv4Header.minimumLength : IPv6Header.length
        var bytes: [UInt8]
        let checksum: Int
        switch transport.kind {
        case .icmp:
            bytes = envelope.echoRequest(identifier: identity.identifier, sequence: 0, payload: payload)
            checksum = header + 2
        case .udp:
            bytes = envelope.udp(
                sourcePort: port, destinationPort: identity.isClassic ? 0 : transport.port ?? 0, payload: payload)
            checksum = header + 6
        case .tcp:
            let segment = TCPHeader(
                sourcePort: port, destinationPort: transport.port ?? 0, flags: .syn, window: 65535,
                maximumSegmentSize: Self.segmentSize(target.family))
            bytes = envelope.tcp(segment, payload: payload)
            checksum = header + 16
        }
        bytes.set(UInt16(0), at: checksum)
        var template = Template(source: source, flow: flow, size: size)
        if target.isV4 {
            bytes.set(UInt16(0), at: 10)
            template.headerSum = InternetChecksum.sum(of: bytes.span, in: 0..<header)
        }
        template.bodySum = InternetChecksum.sum(of: bytes.span, in: header..<bytes.count)
        let proto = transport.proto(for: target.family)
        if proto != .icmp {
            template.coversAddresses = true
            template.bodySum &+= InternetChecksum.sum(of: source)
            template.bodySum &+= UInt64(proto.rawValue) &+ UInt64(bytes.count - header)
        }
        template.bytes = bytes
        template.sourcePort = transport.kind == .icmp ? 0 : port
        template.checksum = identity.identifier &+ flow &* 40_503
        return template
    }
}
