/// Finds the probe that a received packet answers; what answers none is counted and never accepted.
///
/// Every field that an answer repeats must be the probe's own: address, protocol, ports or identifier, and the
/// number. Nothing is computed from what a packet claims about time.
struct ReplyMatcher: Sendable {
    let transport: ProbeTransport
    private let identifier: UInt16
    let cookie: UInt32
    let isClassic: Bool
    let isDublin: Bool
    /// The payload of a probe whose number is its length, without that.
    private let baseSize: Int
    /// After how many numbers probes to one target look alike.
    let modulus: Int
    /// Whether a transport checksum must be right. The kernel checks those of its own sockets, and leaves them to be
    /// filled in by hardware that a packet within one machine never meets.
    var checksTransport = true

    /// How many packets came that answered no probe.
    private(set) var strays = 0

    init(_ builder: ProbePacketBuilder) {
        transport = builder.transport
        identifier = builder.identifier
        cookie = builder.cookie
        isClassic = builder.isClassic
        isDublin = builder.isDublin
        baseSize = builder.payloadSize(.v6)
        modulus = builder.modulus
    }

    /// The answer that a packet is, or nil for a stray; what it answers is settled.
    ///
    /// - Parameters:
    ///   - packet: a whole received packet, IP header and all.
    ///   - time: when it arrived, in the channel's nanoseconds.
    ///   - sources: the addresses that probes are sent from.
    ///   - registry: the probes that are out.
    mutating func match(
        _ packet: Span<UInt8>, at time: Int64, sources: AddressPair, in registry: inout ProbeRegistry
    ) -> Arrival? {
        // Filled in place: an answer is large, and handing it up through every return is a copy each time.
        var response = ProbeReply(from: IPAddress(v4: 0), rtt: .zero, kind: .other)
        let answer = match(packet, at: ArrivalTime(time), sources: sources, in: registry, &response)
        guard let answer else { return nil }
        registry.settle(answer.record.serial, as: response.kind)
        return Arrival(probe: answer.record.probe, at: .nanoseconds(time), response: response)
    }

    /// The probe that something answers, and when that came.
    typealias Answer = (record: ProbeRegistry.Record, time: Int64)

    /// Fills in the answer that a packet is, and gives the probe that it answers, or nil for a stray.
    ///
    /// - Parameters:
    ///   - packet: A whole received packet, IP header and all.
    ///   - time: When it arrived, in the registry's nanoseconds.
    ///   - sources: The addresses that probes are sent from, or nil where the system has seen to it that the packet
    ///     is for this machine.
    ///   - registry: The probes that are out.
    ///   - response: Where the answer is written.
    mutating func match(
        _ packet: Span<UInt8>, at time: ArrivalTime, sources: AddressPair?, in registry: ProbeRegistry,
        _ response: inout ProbeReply
    ) -> Answer? {
        guard let ip = try? IPPacket(packet), !ip.isTruncated, !ip.fragment.isFragment,
            sources.map({ ip.destination == (ip.family == .v4 ? $0.v4 : $0.v6) }) ?? true
        else {
            strays &+= 1
            return nil
        }
        response.from = ip.source
        response.ttl = ip.ttl
        response.trafficClass = ip.trafficClass
        response.size = ip.totalLength
        return settle(identify(ip, packet, registry, &response), at: time, &response)
    }

    /// Writes the time that the answer took; what came before its probe was sent is a stray.
    mutating func settle(
        _ record: ProbeRegistry.Record?, at time: ArrivalTime, _ response: inout ProbeReply
    ) -> Answer? {
        guard let record, let time = time.after(record.sentAt) else {
            strays &+= 1
            return nil
        }
        response.rtt = .nanoseconds(time &- record.sentAt)
        return (record, time)
    }

    private func identify(
        _ ip: IPPacket, _ packet: Span<UInt8>, _ registry: ProbeRegistry,
        _ response: inout ProbeReply
    ) -> ProbeRegistry.Record? {
        switch ip.proto {
        case .icmp(for: ip.family):
            guard let message = try? ICMPMessage(packet, in: ip.payload, family: ip.family),
                Self.isIntact(ip, packet)
            else { return nil }
            switch message.content {
            case .echoReply: return echoReply(message, ip, packet, registry, &response)
            case .error(let error): return self.error(error, message.header, ip, packet, registry, &response)
            default: return nil
            }
        case .tcp where transport.kind == .tcp: return segment(ip, packet, registry, &response)
        case .udp where transport.kind == .udp: return datagram(ip, packet, registry, &response)
        default: return nil
        }
    }

    private static func isIntact(_ ip: IPPacket, _ packet: Span<UInt8>) -> Bool {
        var sum = InternetChecksum.sum(of: packet, in: ip.payload)
        if ip.proto == .udp, packet.uint16(at: ip.payload.lowerBound &+ 6) == 0 { return ip.family == .v4 }
        if ip.proto != .icmp {
            sum &+= InternetChecksum.sum(of: ip.source) &+ InternetChecksum.sum(of: ip.destination)
            sum &+= UInt64(ip.proto.rawValue) &+ UInt64(ip.payload.count)
        }
        return InternetChecksum.fold(sum) == 0xFFFF
    }

    // MARK: - Answers of the target

    private func echoReply(
        _ message: ICMPMessage, _ ip: IPPacket, _ packet: Span<UInt8>, _ registry: ProbeRegistry,
        _ response: inout ProbeReply
    ) -> ProbeRegistry.Record? {
        let token = Int(message.header.sequence)
        guard transport.kind == .icmp, message.header.identifier == identifier,
            let record = registry.find(token, target: ip.source), isEcho(message.payload, of: record, in: packet)
        else { return nil }
        response.kind = .echoReply
        response.icmp = ICMPCode(type: message.header.type, code: message.header.code)
        return record
    }

    private func segment(
        _ ip: IPPacket, _ packet: Span<UInt8>, _ registry: ProbeRegistry,
        _ response: inout ProbeReply
    ) -> ProbeRegistry.Record? {
        guard let header = try? TCPHeader(packet, in: ip.payload), !checksTransport || Self.isIntact(ip, packet),
            header.flags.contains(.ack)
        else { return nil }
        let sequence = header.acknowledgment &- 1
        let token = Int(sequence >> 16)
        // A payload may have carried the number into the next token's.
        let record =
            acknowledged(token, by: sequence, from: ip.source, registry)
            ?? acknowledged(token - 1, by: sequence, from: ip.source, registry)
        guard let record, header.sourcePort == record.destinationPort,
            header.destinationPort == record.sourcePort
        else { return nil }
        guard header.flags.contains(.rst) || header.flags.contains(.syn) else { return nil }
        response.kind = header.flags.contains(.rst) ? .closed : .open
        return record
    }

    /// The request with a token, if just that is acknowledged: its number alone, or all the bytes that it carried too.
    private func acknowledged(
        _ token: Int, by sequence: UInt32, from target: IPAddress, _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        guard let record = registry.find(token, target: target) else { return nil }
        let surplus = sequence &- sequenceNumber(of: record)
        return surplus == 0 || surplus == UInt32(record.payloadSize) ? record : nil
    }

    /// The number that a connection request begins with.
    private func sequenceNumber(of record: ProbeRegistry.Record) -> UInt32 {
        UInt32(record.token) << 16 | cookie & 0xFFFF
    }

    private func datagram(
        _ ip: IPPacket, _ packet: Span<UInt8>, _ registry: ProbeRegistry,
        _ response: inout ProbeReply
    ) -> ProbeRegistry.Record? {
        guard let header = try? UDPHeader(packet, in: ip.payload), Self.isIntact(ip, packet) else {
            return nil
        }
        let payload = (ip.payload.lowerBound &+ UDPHeader.length)..<ip.payload.upperBound
        guard
            let record = asked(
                payload, of: packet, from: ip.source, header.sourcePort, to: header.destinationPort, registry)
        else { return nil }
        response.kind = .answered
        return record
    }

    /// The probe that a listener's datagram answers.
    ///
    /// Few listeners send our bytes back. What else they say is believed for the address and the ports, which a port that
    /// is a number suffices for; where all probes of a flow have the same, the book decides which of them is meant.
    ///
    /// - Parameter localPort: Where the datagram came to, or nil if that is not known: then it must have our bytes.
    func asked(
        _ payload: Range<Int>, of packet: Span<UInt8>, from target: IPAddress, _ port: UInt16, to localPort: UInt16?,
        _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        let record: ProbeRegistry.Record?
        if isClassic {
            record = registry.find(Int(port) &- Int(transport.port ?? 0), modulo: modulus, target: target)
        } else if let token = token(in: payload, of: packet), token != 0 {
            record = registry.find(token, target: target)
        } else {
            record = localPort.flatMap { registry.findUnnumbered(target: target, port: port, from: $0) }
        }
        guard let record, record.destinationPort == port, record.sourcePort == localPort ?? record.sourcePort
        else { return nil }
        return record
    }

    // MARK: - Errors

    private func error(
        _ error: ICMPError, _ header: ICMPHeader, _ ip: IPPacket, _ packet: Span<UInt8>,
        _ registry: ProbeRegistry,
        _ response: inout ProbeReply
    ) -> ProbeRegistry.Record? {
        guard var kind = ReplyKind(header), error.quote.ip.family == ip.family,
            error.quote.ip.proto == transport.proto(for: ip.family), error.quote.ip.fragment.isFirst,
            let record = record(for: error.quote, sentFrom: ip.destination, packet, registry)
        else { return nil }
        // Firewalls refuse with this code too. Only for UDP, or from the target itself, does it mean the target.
        if kind == .portUnreachable, transport.kind != .udp, ip.source != record.target {
            kind = .unreachable
        }
        response.kind = kind
        response.icmp = ICMPCode(type: header.type, code: header.code)
        response.mtu = header.nextHopMTU
        if let range = error.extensions, let extensions = try? ICMPExtensions(packet, in: range) {
            response.labels = extensions.mplsLabels
            response.interface =
                extensions.interfaces.first { $0.role == .incoming } ?? extensions.interfaces.first
        }
        response.quote = facts(of: error.quote, record, sentFrom: ip.destination)
        return record
    }

    private func facts(
        of quote: QuotedPacket, _ record: ProbeRegistry.Record, sentFrom source: IPAddress
    ) -> QuoteFacts {
        var facts = QuoteFacts(
            ttl: quote.ip.ttl, trafficClass: quote.ip.trafficClass, length: quote.quotedLength)
        if quote.ip.source != source { facts.rewrittenSource = quote.ip.source }
        if quote.ip.destination != record.target { facts.rewrittenTarget = quote.ip.destination }
        if let port = quote.sourcePort, port != record.sourcePort { facts.rewrittenSourcePort = port }
        if let port = quote.destinationPort, port != record.destinationPort {
            facts.rewrittenTargetPort = port
        }
        if case .tcp(let tcp) = quote.transport { facts.segmentSize = tcp.maximumSegmentSize }
        facts.rewrittenChecksum = spoiledChecksum(of: quote, record, sentFrom: source)
        return facts
    }

    /// The quoted checksum, if nothing else that the quote shows explains it.
    private func spoiledChecksum(
        of quote: QuotedPacket, _ record: ProbeRegistry.Record, sentFrom source: IPAddress
    ) -> UInt16? {
        guard let quoted = quote.checksum, quoted != record.checksum else { return nil }
        var expected = checksum(of: record, as: quote, sentFrom: source)
        if case .tcp(let tcp) = quote.transport {
            // Where the options are not quoted, a smaller segment size may be the reason.
            guard let size = tcp.maximumSegmentSize else { return nil }
            expected = InternetChecksum.updated(
                expected, replacing: ProbePacketBuilder.segmentSize(quote.ip.family), with: size)
        }
        // Both are zero in the arithmetic of checksums.
        let isZero = (expected == 0 || expected == 0xFFFF) && (quoted == 0 || quoted == 0xFFFF)
        return quoted == expected || isZero ? nil : quoted
    }

    /// The probe that is quoted: as it was sent, or else as a NAT has left it.
    private func record(
        for quote: QuotedPacket, sentFrom source: IPAddress, _ packet: Span<UInt8>,
        _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        if quote.ip.source == source, let record = untouched(quote, packet, registry), isAsSent(quote, record),
            proof(of: record, in: quote.payload, of: packet) != .wrong
        {
            return record
        }
        guard let record = rewritten(quote, sentFrom: source, packet, registry),
            proof(of: record, in: quote.payload, of: packet) != .wrong
        else { return nil }
        return record
    }

    /// The probe whose number stands in a quote where it was written.
    private func untouched(
        _ quote: QuotedPacket, _ packet: Span<UInt8>, _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        let target = quote.ip.destination
        guard isDublin, quote.ip.family == .v6 else {
            return remainder(in: quote).flatMap { registry.find($0, modulo: modulus, target: target) }
        }
        if let token = token(in: quote.payload, of: packet) { return registry.find(token, target: target) }
        // There are fewer lengths than probes, but their numbers make the checksums of one length differ.
        guard case .udp(let udp) = quote.transport, let length = udp.datagramLength, let checksum = udp.checksum
        else { return nil }
        return registry.find(
            Int(length) &- UDPHeader.length &- baseSize, modulo: ProbePacketBuilder.dublinRange, target: target,
            checksum: checksum)
    }

    /// The number where this channel's probes carry it.
    private func remainder(in quote: QuotedPacket) -> Int? {
        switch quote.transport {
        case .icmp(let icmp): icmp.sequence.map(Int.init)
        case .tcp(let tcp): tcp.sequence.map { Int($0 >> 16) }
        case .udp(let udp) where isClassic: Int(udp.destinationPort) &- Int(transport.port ?? 0)
        case .udp where isDublin: quote.ip.identification.map(Int.init)
        case .udp(let udp): udp.checksum.map(Int.init)
        case .unknown: nil
        }
    }

    private func isAsSent(_ quote: QuotedPacket, _ record: ProbeRegistry.Record) -> Bool {
        switch quote.transport {
        case .icmp(let icmp): icmp.identifier == identifier && (icmp.type == 8 || icmp.type == 128)
        case .tcp(let tcp):
            tcp.sourcePort == record.sourcePort && tcp.destinationPort == record.destinationPort
                && tcp.sequence == sequenceNumber(of: record)
        case .udp(let udp):
            udp.sourcePort == record.sourcePort && udp.destinationPort == record.destinationPort
                && (!isDublin || (udp.checksum ?? record.checksum) == record.checksum)
        case .unknown: false
        }
    }

    /// The probe that a quote belongs to although a NAT rewrote it.
    ///
    /// A number alone proves nothing then. It must come with this channel's cookie or identifier, or the
    /// checksum must be the one that the probe's own becomes by just this rewriting.
    private func rewritten(
        _ quote: QuotedPacket, sentFrom source: IPAddress, _ packet: Span<UInt8>,
        _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        switch quote.transport {
        case .tcp(let tcp):
            if let sequence = tcp.sequence,
                UInt16(truncatingIfNeeded: sequence) == UInt16(truncatingIfNeeded: cookie),
                let record = find(Int(sequence >> 16), quote, registry)
            {
                return record
            }
        case .icmp(let icmp):
            guard icmp.type == 8 || icmp.type == 128 else { return nil }
            if icmp.identifier == identifier, let sequence = icmp.sequence,
                let record = find(Int(sequence), quote, registry),
                icmp.checksum == record.checksum
                    || icmp.checksum == checksum(of: record, as: quote, sentFrom: source)
            {
                return record
            }
        case .udp: break
        case .unknown: return nil
        }
        if let token = token(in: quote.payload, of: packet), let record = find(token, quote, registry) {
            return record
        }
        // IPv4's identification is the token too, and most NATs leave it alone.
        guard quote.ip.family == .v4, let identification = quote.ip.identification,
            let record = find(Int(identification), quote, registry), let quoted = quote.checksum,
            quoted == checksum(of: record, as: quote, sentFrom: source)
        else { return nil }
        return record
    }

    private func find(
        _ token: Int, _ quote: QuotedPacket, _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        registry.find(token, target: quote.ip.destination) ?? registry.find(token, target: nil)
    }

    /// What the probe's checksum becomes by the rewriting that the quote shows (RFC 1624).
    private func checksum(
        of record: ProbeRegistry.Record, as quote: QuotedPacket, sentFrom source: IPAddress
    ) -> UInt16 {
        var checksum = record.checksum
        if transport.proto(for: quote.ip.family) != .icmp {
            checksum = InternetChecksum.updated(checksum, replacing: source, with: quote.ip.source)
            checksum = InternetChecksum.updated(
                checksum, replacing: record.target, with: quote.ip.destination)
        }
        switch quote.transport {
        case .icmp(let icmp):
            checksum = InternetChecksum.updated(
                checksum, replacing: identifier, with: icmp.identifier ?? identifier)
        default:
            checksum = InternetChecksum.updated(
                checksum, replacing: record.sourcePort, with: quote.sourcePort ?? record.sourcePort)
            checksum = InternetChecksum.updated(
                checksum, replacing: record.destinationPort,
                with: quote.destinationPort ?? record.destinationPort)
        }
        return checksum
    }
}
