import Testing

@testable import TraceCore

@Suite struct PacketIdentityTests {
    static let transports: [ProbeTransport] = [.icmp, .udp, .tcp(port: 443)]

    private final class Bench {
        var builder: ProbePacketBuilder
        var matcher: ReplyMatcher
        var registry = ProbeRegistry(capacity: 64, hold: .init(memory: 30_000_000_000))
        let sources = AddressPair(v4: sourceV4, v6: sourceV6)

        init(_ transport: ProbeTransport, _ options: PacketOptions = PacketOptions()) {
            builder = ProbePacketBuilder(transport, options, identifier: 0x4321, cookie: 0xCAFE_F00D)
            matcher = ReplyMatcher(builder)
        }

        func build(
            _ id: Int, _ target: IPAddress, ttl: UInt8 = 5, flow: UInt16 = 0, size: UInt16? = nil
        ) -> [UInt8] {
            var packet: [UInt8] = []
            let probe = Probe(id: id, target: target, ttl: ttl, flow: flow, size: size)
            let source = target.isV4 ? sourceV4 : sourceV6
            guard let serial = registry.nextSerial(to: target, at: 0) else {
                Issue.record("No identity is left")
                return []
            }
            let record = builder.build(probe, from: source, serial: serial, at: 0, into: &packet)
            registry.add(record)
            return packet
        }

        func match(_ packet: [UInt8]) -> Arrival? {
            matcher.match(packet.span, at: 1_000_000, sources: sources, in: &registry)
        }

        /// The answer of a router to a packet that a test has changed on its way.
        func expire(_ packet: [UInt8], quote: Int? = nil, from router: IPAddress? = nil) -> Arrival? {
            let isV4 = packet[0] >> 4 == 4
            let router = router ?? (isV4 ? IPAddress(198, 51, 100, 1) : IPAddress(v6: 1))
            let header = isV4 ? ICMPHeader(v4: .timeExceeded) : ICMPHeader(family: .v6, type: 3)
            let envelope = IPEnvelope(from: router, to: isV4 ? sourceV4 : sourceV6)
            return match(envelope.icmpError(header, quoting: packet, quoteLimit: quote))
        }
    }

    @Test(arguments: transports, IPAddress.Family.allCases)
    func `the checksums of a probe are right`(transport: ProbeTransport, family: IPAddress.Family) throws {
        let bench = Bench(transport)
        for id in 0..<300 {
            let packet = bench.build(id, hostAddress(family), size: [nil, 0, 1, 2, 3, 9][id % 6])
            let delivery = SimulatedNetwork.Delivery(at: .zero, packet: packet)
            #expect(try NetworkAnswer(delivery).hasValidChecksums)
        }
    }

    @Test(arguments: transports, IPAddress.Family.allCases)
    func `what routers balance by is the same for a flow and differs between flows`(
        transport: ProbeTransport, family: IPAddress.Family
    ) throws {
        let bench = Bench(transport)
        func key(_ packet: [UInt8]) throws -> [UInt8] {
            let ip = try IPPacket(packet.span)
            let label = family == .v6 ? Array(packet[1..<4]) : []
            return label + Array(packet[ip.payload.prefix(4)])
        }
        var keys: Set<[UInt8]> = []
        for flow in 0..<200 {
            let first = try key(bench.build(flow * 2, hostAddress(family), ttl: 1, flow: UInt16(flow)))
            let second = try key(bench.build(flow * 2 + 1, hostAddress(family), ttl: 9, flow: UInt16(flow)))
            #expect(first == second)
            keys.insert(first)
        }
        #expect(keys.count == 200)
    }

    @Test(arguments: transports, IPAddress.Family.allCases)
    func `a quote of eight bytes is enough to find the probe`(
        transport: ProbeTransport, family: IPAddress.Family
    ) throws {
        let bench = Bench(transport)
        let packets = (0..<50).map { bench.build($0, hostAddress(family)) }
        for (id, packet) in packets.enumerated().reversed() {
            let arrival = try #require(bench.expire(packet, quote: family == .v4 ? 28 : 48))
            #expect(arrival.probe == id)
            #expect(arrival.reply.kind == .timeExceeded)
            #expect(arrival.reply.rtt == .milliseconds(1))
            #expect(arrival.reply.quote?.isRewritten == false)
        }
    }

    @Test(arguments: transports, IPAddress.Family.allCases)
    func `a probe that a NAT rewrote is found and marked`(
        transport: ProbeTransport, family: IPAddress.Family
    ) throws {
        let bench = Bench(transport)
        _ = bench.build(0, hostAddress(family))
        var packet = bench.build(1, hostAddress(family))
        _ = bench.build(2, hostAddress(family))
        let outside = family == .v4 ? IPAddress(203, 0, 113, 99) : IPAddress(v6: 99)
        PacketRewrite.setSource(&packet, to: outside, port: transport == .icmp ? nil : 777)
        PacketRewrite.setDestination(&packet, to: outside)
        let arrival = try #require(bench.expire(packet))
        #expect(arrival.probe == 1)
        #expect(arrival.reply.quote?.rewrittenSource == outside)
        #expect(arrival.reply.quote?.rewrittenTarget == outside)
        #expect(arrival.reply.quote?.rewrittenSourcePort == (transport == .icmp ? nil : 777))
        if family == .v4 { #expect(bench.expire(packet, quote: 28)?.probe == 1) }
    }

    @Test func `classic UDP probes count their ports up`() throws {
        let bench = Bench(.udp, PacketOptions(identity: .classic))
        let packets = (0..<5).map { bench.build($0, targetV4) }
        let ports = try packets.map { try UDPHeader($0.span, in: 20..<$0.count).destinationPort }
        #expect(ports == [33435, 33436, 33437, 33438, 33439])
        #expect(bench.expire(packets[3], quote: 28)?.probe == 3)
    }

    @Test(arguments: transports, IPAddress.Family.allCases)
    func `a packet that answers no probe is a stray`(
        transport: ProbeTransport, family: IPAddress.Family
    ) throws {
        let bench = Bench(transport)
        let packet = bench.build(0, hostAddress(family))
        #expect(bench.expire(packet) != nil)

        // A number that was never sent, in each of its places.
        let other = Bench(transport)
        for id in 0..<9 { _ = other.build(id, hostAddress(family)) }
        let unsent = other.build(9, hostAddress(family))
        #expect(bench.expire(unsent) == nil)
        // Another channel's ports or identifier.
        var foreign = ProbePacketBuilder(transport, PacketOptions(), identifier: 0x1111, cookie: 1)
        var strange: [UInt8] = []
        let probe = Probe(id: 0, target: hostAddress(family))
        _ = foreign.build(probe, from: vantageAddress(family), serial: 1, at: 0, into: &strange)
        #expect(bench.expire(strange) == nil)
        // Rubbish, and what is for somebody else.
        #expect(bench.match([]) == nil)
        #expect(bench.match(packet) == nil)
        #expect(bench.matcher.strays == 4)
    }

    @Test(arguments: IPAddress.Family.allCases)
    func `no single changed byte lets an error be taken for another probe's`(family: IPAddress.Family) {
        for transport in Self.transports {
            let bench = Bench(transport)
            let packets = (0..<20).map { bench.build($0, hostAddress(family)) }
            let header = family == .v4 ? ICMPHeader(v4: .timeExceeded) : ICMPHeader(family: .v6, type: 3)
            let envelope = IPEnvelope(
                from: family == .v4 ? IPAddress(198, 51, 100, 1) : IPAddress(v6: 1),
                to: vantageAddress(family))
            let error = envelope.icmpError(header, quoting: packets[7])
            for index in error.indices {
                var changed = error
                changed[index] ^= 0x11
                let arrival = bench.match(changed)
                #expect(arrival == nil || arrival?.probe == 7)
            }
        }
    }

    @Test func `identities are used again only when they are old`() throws {
        var registry = ProbeRegistry(capacity: 256, hold: .init(memory: 1000))
        for time in 0..<100_000 {
            let next = registry.nextSerial(to: targetV4, at: Int64(time))
            let serial = try #require(next)
            registry.add(
                ProbeRegistry.Record(serial: serial, probe: time, target: targetV4, sentAt: Int64(time)))
        }
        #expect(
            registry.find(Int(UInt16(truncatingIfNeeded: registry.last)), target: targetV4)?.probe == 99_999)
        #expect(registry.find(Int(UInt16(truncatingIfNeeded: registry.last)), target: sourceV4) == nil)
    }

    @Test func `a hundred thousand targets at once do not collide`() throws {
        var registry = ProbeRegistry(capacity: 1024, hold: .init(memory: .max))
        for index in 0..<100_000 {
            let target = IPAddress(v4: UInt32(index))
            let next = registry.nextSerial(to: target, at: 0)
            let serial = try #require(next)
            registry.add(ProbeRegistry.Record(serial: serial, probe: index, target: target))
        }
        for index in 0..<100_000 {
            // Two tokens of each 65,536 are left out.
            let serial = index % 65_534 + 1
            #expect(registry.find(serial, target: IPAddress(v4: UInt32(index)))?.probe == index)
        }
    }
}
