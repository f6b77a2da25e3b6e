import Testing

@testable import TraceCore

/// What answers are taken to say, and that all ways to receive take them alike.
@Suite struct `What an ICMP message says` {
    /// One probe that is out, and what comes back of it.
    private struct Bench {
        let target: IPAddress
        let source: IPAddress
        let router: IPAddress
        let transport: ProbeTransport
        let packet: [UInt8]
        let matcher: ReplyMatcher
        let registry: ProbeRegistry

        var start: Int { target.isV4 ? IPv4Header.minimumLength : IPv6Header.length }

        init(_ transport: ProbeTransport, _ family: IPAddress.Family) {
            self.transport = transport
            target = hostAddress(family)
            source = vantageAddress(family)
            router = family == .v4 ? IPAddress(198, 51, 100, 1) : IPAddress(v6: 1)
            let options = PacketOptions(identity: transport == .udp ? .classic : .paris)
            var builder = ProbePacketBuilder(transport, options, identifier: 0x4321, cookie: 0xCAFE_F00D)
            var registry = ProbeRegistry(capacity: 64, hold: .init(memory: .max), modulus: builder.identity.modulus)
            var packet: [UInt8] = []
            registry.add(builder.build(Probe(id: 0, target: target), from: source, serial: 1, at: 0, into: &packet))
            matcher = ReplyMatcher(builder)
            (self.packet, self.registry) = (packet, registry)
        }

        /// What a whole packet is taken to be.
        func raw(_ packet: [UInt8]) -> ReplyKind? {
            var (matcher, registry) = (matcher, registry)
            let sources = AddressPair(v4: source.isV4 ? source : nil, v6: source.isV6 ? source : nil)
            return matcher.match(packet.span, at: 1, sources: sources, in: &registry)?.reply.kind
        }

        /// What an ordinary socket's delivery is taken to be.
        func ordinary(_ bytes: [UInt8], _ delivery: Delivery) -> ReplyKind? {
            var matcher = matcher
            var reply = ProbeReply(from: router, rtt: .zero, kind: .other)
            return matcher.match(bytes.span, delivery, at: ArrivalTime(1), in: registry, &reply).map { _ in reply.kind }
        }

        func error(_ type: UInt8, _ code: UInt8, from router: IPAddress, quoting quote: [UInt8]) -> [UInt8] {
            IPEnvelope(from: router, to: source)
                .icmpError(ICMPHeader(family: target.family, type: type, code: code), quoting: quote)
        }

        /// The error as the kernel puts it on a socket's queue.
        func queued(_ type: UInt8, _ code: UInt8, from router: IPAddress) -> ReplyKind? {
            let isEcho = transport == .icmp
            let error = QueuedError(
                type: type, code: code, info: 0, offender: router, target: target,
                targetPort: isEcho ? 0 : packet.uint16(at: start + 2))
            return ordinary(Array(packet[(start + (isEcho ? 0 : 8))...]), .error(error))
        }
    }

    @Test(arguments: IPAddress.Family.allCases, [ProbeTransport.icmp, .udp])
    func `is the same in a raw packet and on a socket's queue, and nothing where nobody has defined it`(
        family: IPAddress.Family, transport: ProbeTransport
    ) {
        let bench = Bench(transport, family)
        let defined: Set<UInt8> = family == .v4 ? [3, 11, 12] : [1, 2, 3, 4]
        for type in UInt8.min ... .max {
            for code in 0...16 as ClosedRange<UInt8> {
                let raw = bench.raw(bench.error(type, code, from: bench.router, quoting: bench.packet))
                #expect((raw != nil) == defined.contains(type), "\(type)/\(code)")
                // Other messages never get onto such a queue.
                let isEchoReply = type == (family == .v4 ? 0 : 129)
                if !isEchoReply {
                    #expect(bench.queued(type, code, from: bench.router) == raw, "\(type)/\(code)")
                }
            }
        }
    }

    @Test(arguments: IPAddress.Family.allCases) func `is an echo reply with the code 0 alone`(
        family: IPAddress.Family
    ) {
        let bench = Bench(.icmp, family)
        for code in UInt8.min ... .max {
            var reply = IPEnvelope(from: bench.target, to: bench.source).echoReply(
                identifier: bench.packet.uint16(at: bench.start + 4),
                sequence: bench.packet.uint16(at: bench.start + 6),
                payload: Array(bench.packet[(bench.start + 8)...]))
            let (old, sum) = (reply.uint16(at: bench.start), reply.uint16(at: bench.start + 2))
            reply[bench.start + 1] = code
            reply.set(
                InternetChecksum.updated(sum, replacing: old, with: reply.uint16(at: bench.start)), at: bench.start + 2)
            let expected: ReplyKind? = code == 0 ? .echoReply : nil
            #expect(bench.raw(reply) == expected, "\(code)")
            let handedUp = Array(reply[bench.start...])
            #expect(bench.ordinary(handedUp, .echoReply(from: bench.target)) == expected, "\(code)")
        }
    }

    @Test(arguments: IPAddress.Family.allCases, [ProbeTransport.icmp, .udp, .tcp(port: 443)])
    func `of a closed port is of the target only if the target says it`(
        family: IPAddress.Family, transport: ProbeTransport
    ) {
        let bench = Bench(transport, family)
        let (type, code): (UInt8, UInt8) = family == .v4 ? (3, 3) : (1, 4)
        #expect(
            bench.raw(bench.error(type, code, from: bench.target, quoting: bench.packet)) == .portUnreachable)
        #expect(bench.raw(bench.error(type, code, from: bench.router, quoting: bench.packet)) == .unreachable)
        guard transport.kind != .tcp else { return }
        #expect(bench.queued(type, code, from: bench.target) == .portUnreachable)
        #expect(bench.queued(type, code, from: bench.router) == .unreachable)
    }

    @Test(arguments: IPAddress.Family.allCases, [ProbeTransport.icmp, .udp, .tcp(port: 443)])
    func `of a closed port is of the target where the quote shows that a NAT led there`(
        family: IPAddress.Family, transport: ProbeTransport
    ) {
        let bench = Bench(transport, family)
        let (type, code): (UInt8, UInt8) = family == .v4 ? (3, 3) : (1, 4)
        let inside = family == .v4 ? IPAddress(10, 0, 0, 5) : IPAddress(v6: 5)
        var moved = bench.packet
        PacketRewrite.setDestination(&moved, to: inside, port: nil)
        #expect(bench.raw(bench.error(type, code, from: inside, quoting: moved)) == .portUnreachable)
        // A firewall behind the NAT is not where the packet went.
        #expect(bench.raw(bench.error(type, code, from: bench.router, quoting: moved)) == .unreachable)
        // A NAT that puts the address right in the quote, and not the checksum; an echo's of IPv4 does not cover addresses.
        guard transport.kind != .icmp else { return }
        let offset = bench.start + (transport.kind == .tcp ? 16 : 6)
        var restored = bench.packet
        restored.set(moved.uint16(at: offset), at: offset)
        #expect(bench.raw(bench.error(type, code, from: inside, quoting: restored)) == .portUnreachable)
        #expect(bench.raw(bench.error(type, code, from: bench.router, quoting: restored)) == .unreachable)
    }
}
