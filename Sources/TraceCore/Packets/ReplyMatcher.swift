/// Finds the probe that something received answers; what answers none is counted and never accepted.
///
/// First it reads what came into one form (``ReplyClaim``), then it looks for the probe by the one scheme of identity
/// (``ProbeIdentity``). Every field that an answer repeats must be the probe's own: address, protocol, ports or
/// identifier, and the number. Nothing is computed from what a packet claims about time.
struct ReplyMatcher: Sendable {
    let identity: ProbeIdentity
    /// Whether a transport checksum must be right. The kernel checks those of its own sockets, and leaves them to be
    /// filled in by hardware that a packet within one machine never meets.
    var checksTransport = true

    /// Whether probes may go to broadcast addresses, of which only their networks know that they are.
    var allowsBroadcast = false

    /// How many packets came that answered no probe.
    private(set) var strays = 0

    init(_ builder: ProbePacketBuilder) { identity = builder.identity }

    /// The probe that something answers, and when that came.
    typealias Match = (record: ProbeRegistry.Record, time: Int64)

    /// Fills in the answer that something received is, and gives the probe that it answers, or nil for a stray.
    ///
    /// - Parameters:
    ///   - bytes: What was received.
    ///   - delivery: What of it that is, and what came beside it.
    ///   - time: When it arrived, in the registry's nanoseconds.
    ///   - registry: The probes that are out.
    ///   - response: Where the answer is written, in place: it is large, and each return would copy it. What the system
    ///     tells beside the bytes is in it already.
    mutating func match(
        _ bytes: Span<UInt8>, _ delivery: Delivery, at time: ArrivalTime, in registry: ProbeRegistry,
        _ response: inout ProbeReply
    ) -> Match? {
        guard let claim = read(bytes, delivery, &response),
            let record = record(for: claim, bytes, from: response.from.withoutZone, registry)
        else { return settle(nil, at: time, &response) }
        if case .quote(let quote) = claim { complete(&response, with: quote, bytes, of: record) }
        return settle(record, at: time, &response)
    }

    /// Adds the answer that a whole packet is, unless that is a stray; the probe that it answers is settled.
    ///
    /// - Parameters:
    ///   - packet: A received packet, IP header and all.
    ///   - time: When it arrived, in the channel's nanoseconds.
    ///   - sources: The addresses that probes are sent from.
    ///   - registry: The probes that are out.
    ///   - arrivals: Where the answer is written.
    mutating func match(
        _ packet: Span<UInt8>, at time: Int64, sources: AddressPair, in registry: inout ProbeRegistry,
        into arrivals: inout [Arrival]
    ) {
        let place = arrivals.count
        let blank = ProbeReply(from: IPAddress(v4: 0), rtt: .zero, kind: .other)
        arrivals.append(Arrival(probe: 0, at: .nanoseconds(time), reply: blank))
        let answer = match(packet, .packet(to: sources), at: ArrivalTime(time), in: registry, &arrivals[place].reply)
        guard let answer else {
            arrivals.removeLast()
            return
        }
        arrivals[place].probe = answer.record.probe
        registry.settle(answer.record.serial, as: arrivals[place].reply.kind)
    }

    /// Fills in the answer that an error is to the probe that its socket belongs to; nil if it is no answer.
    mutating func match(
        _ error: QueuedError, _ data: Span<UInt8>, to record: ProbeRegistry.Record, at time: ArrivalTime,
        _ response: inout ProbeReply
    ) -> Match? {
        guard case .quote(let quote)? = read(data, .error(error), &response) else { return nil }
        complete(&response, with: quote, data, of: record)
        return settle(record, at: time, &response)
    }

    /// Writes the time that the answer took; what came before its probe was sent is a stray.
    @inline(__always) mutating func settle(
        _ record: ProbeRegistry.Record?, at time: ArrivalTime, _ response: inout ProbeReply
    ) -> Match? {
        guard let record, let time = time.after(record.sentAt) else {
            strays &+= 1
            return nil
        }
        response.rtt = .nanoseconds(time &- record.sentAt)
        return (record, time)
    }

    // MARK: - Reading

    /// Reads what was received, and writes what it says of itself into the answer.
    @inline(__always)
    private func read(_ bytes: Span<UInt8>, _ delivery: Delivery, _ response: inout ProbeReply) -> ReplyClaim? {
        switch delivery {
        case .packet(let homes): return read(bytes, to: homes, &response)
        case .echoReply(let peer):
            guard bytes.count >= ICMPHeader.length,
                let kind = ReplyKind(ICMPHeader(family: peer.family, type: bytes[0], code: bytes[1])),
                kind == .echoReply
            else { return nil }
            describe(&response, kind, from: peer, size: bytes.count)
            response.icmp = ProbeReply.ICMPCode(type: bytes[0], code: bytes[1])
            return .echo(
                identifier: identity.identifier, sequence: bytes.uint16(at: 6),
                payload: ICMPHeader.length..<bytes.count)
        case .datagram(let peer, let port, let localPort):
            describe(&response, .answered, from: peer, size: UDPHeader.length &+ bytes.count)
            return .datagram(from: port, to: localPort, payload: 0..<bytes.count)
        case .error(let error):
            guard let kind = ReplyKind(ICMPHeader(family: error.offender.family, type: error.type, code: error.code)),
                let quote = ProbeQuote(error, bytes, of: identity)
            else { return nil }
            response.from = error.offender
            response.kind = kind
            response.icmp = ProbeReply.ICMPCode(type: error.type, code: error.code)
            if kind == .packetTooBig, error.info > 0 { response.mtu = Int(error.info) }
            return .quote(quote)
        }
    }

    private func describe(_ response: inout ProbeReply, _ kind: ReplyKind, from peer: IPAddress, size: Int) {
        response.from = peer
        response.kind = kind
        response.size = size &+ (peer.isV4 ? IPv4Header.minimumLength : IPv6Header.length)
    }

    @inline(__always)
    private func read(_ packet: Span<UInt8>, to homes: AddressPair?, _ response: inout ProbeReply) -> ReplyClaim? {
        guard let ip = try? IPPacket(packet), !ip.isTruncated, !ip.fragment.isFragment,
            homes.map({ ip.destination == (ip.family == .v4 ? $0.v4 : $0.v6) }) ?? true
        else { return nil }
        response.from = ip.source
        response.ttl = ip.ttl
        response.trafficClass = ip.trafficClass
        response.size = ip.totalLength
        switch ip.proto {
        case .icmp(for: ip.family):
            guard let message = try? ICMPMessage(packet, in: ip.payload, family: ip.family), Self.isIntact(ip, packet),
                let kind = ReplyKind(message.header)
            else { return nil }
            response.kind = kind
            response.icmp = ProbeReply.ICMPCode(type: message.header.type, code: message.header.code)
            switch message.content {
            case .echoReply:
                return .echo(
                    identifier: message.header.identifier, sequence: message.header.sequence, payload: message.payload)
            case .error(let error):
                response.mtu = message.header.nextHopMTU
                return ProbeQuote(error, of: identity.transport, sentTo: ip.destination).map { .quote($0) }
            default: return nil
            }
        case .tcp where identity.transport.kind == .tcp:
            guard let header = try? TCPHeader(packet, in: ip.payload), !checksTransport || Self.isIntact(ip, packet),
                header.flags.contains(.ack), header.flags.contains(.rst) || header.flags.contains(.syn)
            else { return nil }
            response.kind = header.flags.contains(.rst) ? .closed : .open
            return .segment(header)
        case .udp where identity.transport.kind == .udp:
            guard let header = try? UDPHeader(packet, in: ip.payload), Self.isIntact(ip, packet) else { return nil }
            response.kind = .answered
            return .datagram(
                from: header.sourcePort, to: header.destinationPort,
                payload: (ip.payload.lowerBound &+ UDPHeader.length)..<ip.payload.upperBound)
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

    // MARK: - Recognising

    @inline(__always)
    private func record(
        for claim: ReplyClaim, _ bytes: Span<UInt8>, from peer: IPAddress, _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        switch claim {
        case .echo(let identifier, let sequence, let payload):
            guard identity.transport.kind == .icmp, identifier == identity.identifier,
                let record = registry.find(Int(sequence), target: peer) ?? askedGroup(Int(sequence), registry),
                identity.isEcho(payload, of: record, in: bytes)
            else { return nil }
            return record
        case .segment(let header):
            // A payload may have carried the number into the next token's.
            let sequence = header.acknowledgment &- 1
            let token = Int(sequence >> 16)
            let record =
                acknowledged(token, by: sequence, from: peer, registry)
                ?? acknowledged(token - 1, by: sequence, from: peer, registry)
            guard let record, header.sourcePort == record.destinationPort, header.destinationPort == record.sourcePort
            else { return nil }
            return record
        case .datagram(let port, let localPort, let payload):
            return asked(payload, of: bytes, from: peer, port, to: localPort, registry)
        case .quote(let quote):
            // As it was sent, or else as a NAT has left it.
            if quote.isFromHome, let record = untouched(quote, bytes, registry), identity.isAsSent(quote, record),
                identity.mayQuote(record, quote.payload, of: bytes)
            {
                return record
            }
            guard let record = rewritten(quote, bytes, registry), identity.mayQuote(record, quote.payload, of: bytes)
            else { return nil }
            return record
        }
    }

    /// The probe with a number, if it asked many hosts: each answers from its own address.
    private func askedGroup(_ token: Int, _ registry: ProbeRegistry) -> ProbeRegistry.Record? {
        guard let record = registry.find(token, target: nil) else { return nil }
        return record.target.range == .multicast || allowsBroadcast && record.target.isV4 ? record : nil
    }

    /// The request with a token, if just that is acknowledged: its number alone, or all the bytes that it carried too.
    private func acknowledged(
        _ token: Int, by sequence: UInt32, from target: IPAddress, _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        guard let record = registry.find(token, target: target) else { return nil }
        let surplus = sequence &- identity.tcpSequence(of: record.token)
        return surplus == 0 || surplus == UInt32(record.payloadSize) ? record : nil
    }

    /// The probe that a listener's datagram answers.
    ///
    /// Few listeners send our bytes back. What else they say is believed for the address and the ports, which a port that
    /// is a number suffices for; where all probes of a flow have the same, the book decides which of them is meant.
    /// Where it is not known which port the datagram came to, it must have our bytes.
    private func asked(
        _ payload: Range<Int>, of bytes: Span<UInt8>, from target: IPAddress, _ port: UInt16, to localPort: UInt16?,
        _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        let record: ProbeRegistry.Record?
        if identity.isClassic {
            record = registry.find(identity.remainder(ofPort: port), modulo: identity.modulus, target: target)
        } else if let token = identity.token(in: payload, of: bytes), token != 0 {
            record = registry.find(token, target: target)
        } else {
            record = localPort.flatMap { registry.findUnnumbered(target: target, port: port, from: $0) }
        }
        guard let record, record.destinationPort == port, record.sourcePort == localPort ?? record.sourcePort
        else { return nil }
        return record
    }

    /// The probe whose number stands in a quote where it was written.
    private func untouched(
        _ quote: ProbeQuote, _ bytes: Span<UInt8>, _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        guard identity.isDublin, quote.target.isV6 else {
            return identity.remainder(in: quote).flatMap {
                registry.find($0, modulo: identity.modulus, target: quote.target)
            }
        }
        if let token = identity.token(in: quote.payload, of: bytes) {
            return registry.find(token, target: quote.target)
        }
        // There are fewer lengths than probes, but their numbers make the checksums of one length differ.
        guard let length = quote.datagramLength, let checksum = quote.checksum else { return nil }
        return registry.find(
            Int(length) &- UDPHeader.length &- identity.baseSize, modulo: ProbeIdentity.dublinRange,
            target: quote.target, checksum: checksum)
    }

    /// The probe that a quote belongs to although a NAT rewrote it.
    ///
    /// A number alone proves nothing then. It must come with this channel's cookie or identifier, or the
    /// checksum must be the one that the probe's own becomes by just this rewriting.
    private func rewritten(
        _ quote: ProbeQuote, _ bytes: Span<UInt8>, _ registry: ProbeRegistry
    ) -> ProbeRegistry.Record? {
        if let sequence = quote.sequence {
            if identity.transport.kind == .tcp {
                if UInt16(truncatingIfNeeded: sequence) == UInt16(truncatingIfNeeded: identity.cookie),
                    let record = find(Int(sequence >> 16), quote, registry)
                {
                    return record
                }
            } else if quote.identifier == identity.identifier, let record = find(Int(sequence), quote, registry),
                quote.checksum == record.checksum || quote.checksum == checksum(of: record, as: quote)
            {
                return record
            }
        }
        if let token = identity.token(in: quote.payload, of: bytes), let record = find(token, quote, registry) {
            return record
        }
        // IPv4's identification is the token too, and most NATs leave it alone.
        guard let identification = quote.identification, let quoted = quote.checksum,
            let record = find(Int(identification), quote, registry), quoted == checksum(of: record, as: quote)
        else { return nil }
        return record
    }

    private func find(_ token: Int, _ quote: ProbeQuote, _ registry: ProbeRegistry) -> ProbeRegistry.Record? {
        registry.find(token, target: quote.target) ?? registry.find(token, target: nil)
    }

    // MARK: - What a quote tells

    /// Writes into an answer what its quote tells of a probe.
    private func complete(
        _ response: inout ProbeReply, with quote: ProbeQuote, _ bytes: Span<UInt8>, of record: ProbeRegistry.Record
    ) {
        // Firewalls refuse with this code too. Only from the target does it mean the target.
        if response.kind == .portUnreachable, !isTarget(response.from.withoutZone, of: quote, record) {
            response.kind = .unreachable
        }
        if let range = quote.extensions, let extensions = try? ICMPExtensions(bytes, in: range) {
            response.labels = extensions.mplsLabels
            response.interface = extensions.interfaces.first { $0.role == .incoming } ?? extensions.interfaces.first
        }
        var facts = ProbeReply.Quote(ttl: quote.ttl, trafficClass: quote.trafficClass, length: quote.length)
        if !quote.isFromHome { facts.rewrittenSource = quote.source }
        if quote.target != record.target { facts.rewrittenTarget = quote.target }
        if let port = quote.sourcePort, port != record.sourcePort { facts.rewrittenSourcePort = port }
        if let port = quote.destinationPort, port != record.destinationPort { facts.rewrittenTargetPort = port }
        if let size = quote.segmentSize { facts.segmentSize = size }
        if let checksum = spoiledChecksum(of: quote, record) { facts.rewrittenChecksum = checksum }
        if facts != ProbeReply.Quote() { response.quote = facts }
    }

    /// Whether an address is where a probe went: the one that was asked, or the one that a NAT has made of it.
    ///
    /// A NAT shows in the quote. One that puts the address right there may still leave the checksum of its rewriting.
    private func isTarget(_ address: IPAddress, of quote: ProbeQuote, _ record: ProbeRegistry.Record) -> Bool {
        if address == record.target || address == quote.target.withoutZone { return true }
        // The system takes "no address" for this machine.
        if record.target.range == .unspecified, address.range == .loopback { return true }
        guard quote.target == record.target, address.family == record.target.family,
            let quoted = quote.checksum, quoted != record.checksum
        else { return false }
        var moved = quote
        moved.target = address
        return quoted == checksum(of: record, as: moved)
    }

    /// The quoted checksum, if nothing else that the quote shows explains it.
    private func spoiledChecksum(of quote: ProbeQuote, _ record: ProbeRegistry.Record) -> UInt16? {
        guard let quoted = quote.checksum, quoted != record.checksum else { return nil }
        var expected = checksum(of: record, as: quote)
        if identity.transport.kind == .tcp {
            // Where the options are not quoted, a smaller segment size may be the reason.
            guard let size = quote.segmentSize else { return nil }
            expected = InternetChecksum.updated(
                expected, replacing: ProbePacketBuilder.segmentSize(quote.target.family), with: size)
        }
        // Both are zero in the arithmetic of checksums.
        let isZero = (expected == 0 || expected == 0xFFFF) && (quoted == 0 || quoted == 0xFFFF)
        return quoted == expected || isZero ? nil : quoted
    }

    /// What the probe's checksum becomes by the rewriting that the quote shows (RFC 1624).
    private func checksum(of record: ProbeRegistry.Record, as quote: ProbeQuote) -> UInt16 {
        var checksum = record.checksum
        func replace(_ old: UInt16, _ new: UInt16?) {
            checksum = InternetChecksum.updated(checksum, replacing: old, with: new ?? old)
        }
        if identity.transport.proto(for: quote.target.family) != .icmp {
            if let home = quote.home, let source = quote.source {
                checksum = InternetChecksum.updated(checksum, replacing: home, with: source)
            }
            checksum = InternetChecksum.updated(checksum, replacing: record.target, with: quote.target)
        }
        if identity.transport.kind == .icmp {
            replace(identity.identifier, quote.identifier)
        } else {
            replace(record.sourcePort, quote.sourcePort)
            replace(record.destinationPort, quote.destinationPort)
        }
        return checksum
    }
}
