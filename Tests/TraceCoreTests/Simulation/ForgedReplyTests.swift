import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

/// A stranger who knows who talks to whom, and sends what might pass for an answer.
@Suite struct ForgedReplyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let transport: ProbeTransport
        let identity: PacketOptions.Identity
        let family: IPAddress.Family
        var testDescription: String { "\(transport.method) \(identity) \(family)" }
    }

    static let cases: [Case] = IPAddress.Family.allCases.flatMap { family in
        [
            Case(transport: .icmp, identity: .paris, family: family),
            Case(transport: .udp, identity: .paris, family: family),
            Case(transport: .udp, identity: .classic, family: family),
            Case(transport: .udp, identity: .dublin, family: family),
            Case(transport: .tcp, identity: .paris, family: family),
        ]
    }

    /// Ten cases, a hundred thousand each: a million.
    static let count = 100_000

    /// Probes that are out, the genuine errors about them, and the stranger's luck.
    private struct Bench {
        let source: IPAddress
        let target: IPAddress
        let router: IPAddress
        let options: PacketOptions
        let transport: ProbeTransport
        var builder: ProbePacketBuilder
        var matcher: ReplyMatcher
        var registry: ProbeRegistry
        var packets: [[UInt8]] = []
        var random = SeededGenerator(seed: 7)

        init(_ kind: Case) {
            transport = kind.transport
            options = PacketOptions(identity: kind.identity)
            source = vantageAddress(kind.family)
            target = hostAddress(kind.family)
            router = kind.family == .v4 ? IPAddress(198, 51, 100, 1) : IPAddress(v6: 1)
            builder = ProbePacketBuilder(transport, options, identifier: 0x4321, cookie: 0xCAFE_F00D)
            matcher = ReplyMatcher(builder)
            registry = ProbeRegistry(
                capacity: 1024, hold: .init(memory: .max), modulus: builder.identity.modulus,
                findsUnnumbered: builder.identity.hasUnnumberedAnswers)
            for id in 0..<90 {
                var packet: [UInt8] = []
                let probe = Probe(id: id, target: target, ttl: UInt8(1 + id / 3))
                let record = builder.build(probe, from: source, serial: id + 1, at: 0, into: &packet)
                registry.add(record)
                packets.append(packet)
            }
        }

        mutating func isAccepted(_ packet: [UInt8]) -> Bool {
            matcher.match(
                packet.span, at: 1_000_000,
                sources: AddressPair(v4: source.isV4 ? source : nil, v6: source.isV6 ? source : nil), in: &registry)
                != nil
        }

        func error(quoting packet: [UInt8], limit: Int? = nil) -> [UInt8] {
            let header = target.isV4 ? ICMPHeader(v4: .timeExceeded) : ICMPHeader(family: .v6, type: 3)
            return IPEnvelope(from: router, to: source).icmpError(header, quoting: packet, quoteLimit: limit)
        }

        /// What the target would answer to a probe, but from somebody else.
        func reply(to probe: [UInt8], from stranger: IPAddress) -> [UInt8] {
            let envelope = IPEnvelope(from: stranger, to: source)
            let start = target.isV4 ? 20 : 40
            switch transport.kind {
            case .icmp:
                return envelope.echoReply(
                    identifier: probe.uint16(at: start + 4), sequence: probe.uint16(at: start + 6),
                    payload: Array(probe[(start + 8)...]))
            case .udp:
                return envelope.udp(
                    sourcePort: probe.uint16(at: start + 2), destinationPort: probe.uint16(at: start),
                    payload: Array(probe[(start + 8)...]))
            case .tcp:
                let sequence = probe.span.uint32(at: start + 4)
                return envelope.tcp(
                    TCPHeader(
                        sourcePort: probe.uint16(at: start + 2), destinationPort: probe.uint16(at: start),
                        sequence: 1, acknowledgment: sequence &+ 1, flags: [.syn, .ack], window: 65535))
            }
        }

        /// What the target answers to a probe, but for one thing that only who saw it whole would know.
        mutating func nearReply(to probe: [UInt8]) -> [UInt8] {
            let envelope = IPEnvelope(from: target, to: source)
            let start = target.isV4 ? 20 : 40
            let luck = Int(random.next() % 65_534)
            switch transport.kind {
            case .icmp:
                return envelope.echoReply(
                    identifier: probe.uint16(at: start + 4), sequence: probe.uint16(at: start + 6),
                    payload: Array(probe[(start + 8)...].prefix(luck % 8)))
            case .udp:
                return envelope.udp(
                    sourcePort: probe.uint16(at: start + 2),
                    destinationPort: probe.uint16(at: start) ^ UInt16(luck + 1), payload: Array("hello there".utf8))
            case .tcp:
                return envelope.tcp(
                    TCPHeader(
                        sourcePort: probe.uint16(at: start + 2), destinationPort: probe.uint16(at: start), sequence: 1,
                        acknowledgment: probe.span.uint32(at: start + 4) &+ UInt32(luck + 2), flags: [.rst, .ack],
                        window: 65535))
            }
        }

        /// An error that quotes a probe's headers and somebody else's payload.
        mutating func misquote(_ probe: [UInt8]) -> [UInt8] {
            guard transport.kind != .tcp else { return nearReply(to: probe) }
            var probe = probe
            for index in (target.isV4 ? 28 : 48)..<probe.count { probe[index] ^= UInt8(1 + random.next() % 255) }
            return error(quoting: probe)
        }

        /// A probe such as this channel might have sent, by somebody who had to guess its identifier and cookie.
        mutating func guessedProbe(_ target: IPAddress) -> [UInt8] {
            let luck = random.next()
            // Somebody else's, always: what is guessed right is no forgery.
            let identifier = UInt16(truncatingIfNeeded: luck) == 0x4321 ? 1 : UInt16(truncatingIfNeeded: luck)
            var guess = ProbePacketBuilder(
                transport, options, identifier: identifier, cookie: UInt32(truncatingIfNeeded: luck >> 16))
            var packet: [UInt8] = []
            _ = guess.build(
                Probe(id: 0, target: target), from: source, serial: Int(luck >> 48), at: 0, into: &packet)
            return packet
        }
    }

    @Test(arguments: cases)
    func `of a million forged answers none is accepted`(kind: Case) {
        var bench = Bench(kind)
        var accepted = 0
        let shortest = kind.family == .v4 ? 28 : 48
        let stranger = kind.family == .v4 ? IPAddress(203, 0, 113, 66) : IPAddress(v6: 66)
        for number in 0..<Self.count {
            let genuine = bench.packets[Int(bench.random.next() % 90)]
            let forged: [UInt8]
            switch number % 7 {
            case 0:
                // The right addresses, and a guess at all else.
                forged = bench.error(quoting: bench.guessedProbe(bench.target))
            case 1:
                forged = bench.error(quoting: bench.guessedProbe(bench.target), limit: shortest)
            case 2:
                // A probe to somebody who was never probed.
                forged = bench.error(quoting: bench.guessedProbe(stranger), limit: shortest)
            case 3:
                // An answer as from the target, but from a stranger: an echo, a datagram or a segment.
                forged = bench.reply(to: genuine, from: stranger)
            case 4: forged = bench.nearReply(to: genuine)
            case 5: forged = bench.misquote(genuine)
            default:
                // A quote that a NAT might have rewritten, of a probe that is not ours.
                var other = bench.guessedProbe(bench.target)
                PacketRewrite.setSource(&other, to: stranger, port: kind.transport == .icmp ? nil : 9)
                forged = bench.error(quoting: other)
            }
            if bench.isAccepted(forged) { accepted += 1 }
        }
        #expect(accepted == 0)
        #expect(bench.matcher.strays == Self.count)
        // The bench can tell: what is genuine is accepted.
        let isGenuineAccepted = bench.isAccepted(bench.error(quoting: bench.packets[5]))
        #expect(isGenuineAccepted)
    }

    @Test(arguments: cases.filter { $0.transport != .tcp && $0.identity != .dublin })
    func `what an ordinary socket hands up is no more believed`(kind: Case) {
        var bench = Bench(kind)
        var accepted = 0
        var response = ProbeReply(from: bench.router, rtt: .zero, kind: .other)
        for number in 0..<Self.count / 4 {
            let guess = bench.guessedProbe(bench.target)
            let header = kind.family == .v4 ? 20 : 40
            let data = Array(guess[(kind.transport == .icmp ? header : header + 8)...])
            let port: UInt16 = kind.transport == .icmp ? 0 : 33434 + UInt16(number % 16384)
            let error = QueuedError(
                type: kind.family == .v4 ? 11 : 3, code: 0, info: 0, offender: bench.router, target: bench.target,
                targetPort: port)
            let time = ArrivalTime(1_000_000)
            if bench.matcher.match(data.span, .error(error), at: time, in: bench.registry, &response) != nil {
                accepted += 1
            }
            let echo = kind.family == .v4 ? UInt8(0) : 129
            let reply = [echo, 0] + data.dropFirst(2)
            if kind.transport == .icmp,
                bench.matcher.match(
                    reply.span, .echoReply(from: bench.target), at: time, in: bench.registry, &response) != nil
            {
                accepted += 1
            }
        }
        #expect(accepted == 0)
    }
}
