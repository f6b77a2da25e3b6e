import Testing

@testable import TraceCore

/// No two probes that are out look alike, and none that is out is ever out of reach.
@Suite struct ProbeRegistryTests {
    private let here = targetV4
    private let there = IPAddress(203, 0, 113, 77)

    /// Enters a probe; nil if there is no identity or no place for it.
    private func send(_ target: IPAddress, at time: Int64 = 0, in registry: inout ProbeRegistry) -> Int? {
        guard let serial = registry.nextSerial(to: target, at: time) else { return nil }
        let record = ProbeRegistry.Record(serial: serial, probe: serial, target: target, sentAt: time)
        return registry.add(record) ? serial : nil
    }

    @Test(arguments: [0x1_0000, ProbePacketBuilder.classicRange])
    func `a target is never asked by more probes than can be told apart`(modulus: Int) throws {
        var registry = ProbeRegistry(capacity: 1024, memory: 1000, modulus: modulus)
        var serials: [Int] = []
        while let serial = send(here, in: &registry) { serials.append(serial) }
        // Among 65,536 are two that stand for nothing.
        #expect(serials.count >= modulus - 2 && serials.count <= modulus)
        #expect(Set(serials.map { $0 % modulus }).count == serials.count)
        for serial in serials { #expect(registry.find(serial, modulo: modulus, target: here)?.serial == serial) }
        // Others can still be asked, and so can it when time has passed.
        #expect(send(there, in: &registry) != nil)
        #expect(send(here, at: 999, in: &registry) == nil)
        #expect(send(here, at: 1000, in: &registry) != nil)
    }

    @Test func `an identity is free when its probe was answered`() throws {
        var registry = ProbeRegistry(capacity: 256, memory: .max, modulus: 16)
        for _ in 0..<16 { #expect(send(here, in: &registry) != nil) }
        #expect(send(here, in: &registry) == nil)
        registry.settle(5, as: .echoReply)
        let next = try #require(send(here, in: &registry))
        #expect(next % 16 == 5)
        #expect(send(here, in: &registry) == nil)
    }

    @Test func `a number that would look like one that is out is passed over`() throws {
        var registry = ProbeRegistry(capacity: 256, memory: .max)
        let burst = (0..<300).compactMap { _ in send(here, in: &registry) }
        for index in 0..<(65_534 - 300) {
            let serial = send(IPAddress(v4: 0x0A00_0000 + UInt32(index)), in: &registry)
            #expect(serial != nil)
        }
        let next = try #require(send(here, in: &registry))
        #expect(next % 0x1_0000 == (try #require(burst.last)) + 1)
        for serial in burst { #expect(registry.find(serial, target: here)?.serial == serial) }
        #expect(registry.find(next, target: here)?.serial == next)
    }

    @Test func `numbers that are passed over push nobody out`() throws {
        // A ring of 256 places, in which 200 numbers are passed over.
        var registry = ProbeRegistry(capacity: 256, memory: .max, modulus: 250)
        var serials: [(Int, IPAddress)] = []
        for index in 0..<600 {
            let target = index < 200 || index == 250 || index == 251 ? here : there
            if let serial = send(target, in: &registry) { serials.append((serial, target)) }
        }
        #expect(serials.count > 400)
        for (serial, target) in serials { #expect(registry.find(serial, target: target)?.serial == serial) }
    }

    /// Enters a burst of probes, each with its TTL and its time.
    private func sendBurst(
        _ ttls: ClosedRange<UInt8>, from port: UInt16 = 9, channel: UInt32 = 0, at time: Int64 = 0,
        in registry: inout ProbeRegistry
    ) {
        for ttl in ttls {
            guard let serial = registry.nextSerial(to: here, at: time) else { return }
            let isAdded = registry.add(
                ProbeRegistry.Record(
                    serial: serial, probe: Int(ttl), channel: channel, ttl: ttl, target: here,
                    sentAt: time + Int64(ttl), sourcePort: port, destinationPort: 53))
            #expect(isAdded)
        }
    }

    @Test func `an answer without a number tells no path shorter than it is, nor a round trip`() throws {
        var registry = ProbeRegistry(capacity: 256, memory: 1000, findsUnnumbered: true)
        sendBurst(1...10, in: &registry)
        // The third hop is silent, and the target the seventh.
        for serial in [1, 2, 4, 5, 6] { registry.settle(serial, as: .timeExceeded) }
        for ttl in [10, 9, 8, 7] {
            let record = try #require(registry.findUnnumbered(target: here, port: 53, from: 9))
            #expect(record.probe == ttl)
            #expect(record.sentAt == 7)
            registry.settle(record.serial, as: .answered)
        }
        // More answers than probes that can have got there.
        #expect(registry.findUnnumbered(target: here, port: 53, from: 9) == nil)
        // The next round is a burst of its own.
        sendBurst(1...7, at: 500, in: &registry)
        let record = try #require(registry.findUnnumbered(target: here, port: 53, from: 9))
        #expect(record.probe == 7)
        #expect(record.sentAt == 501)
    }

    @Test func `an answer without a number is for nobody if two might be meant`() {
        var registry = ProbeRegistry(capacity: 256, memory: 1000, findsUnnumbered: true)
        sendBurst(64...64, in: &registry)
        #expect(registry.findUnnumbered(target: there, port: 53, from: 9) == nil)
        #expect(registry.findUnnumbered(target: here, port: 54, from: 9) == nil)
        #expect(registry.findUnnumbered(target: here, port: 53, from: 8) == nil)
        #expect(registry.findUnnumbered(target: here, port: 53, from: 9) != nil)
        sendBurst(64...64, from: 10, channel: 1, in: &registry)
        #expect(registry.findUnnumbered(target: here, port: 53, from: 9)?.channel == 0)
        sendBurst(64...64, channel: 1, in: &registry)
        #expect(registry.findUnnumbered(target: here, port: 53, from: 9) == nil)
    }

    @Test func `probes to one of many targets are found without their number`() throws {
        var registry = ProbeRegistry(capacity: 256, memory: .max, findsUnnumbered: true)
        let targets = (0..<100_000).map { IPAddress(v4: 0x0A00_0000 + UInt32($0)) }
        for (index, target) in targets.enumerated() {
            let serial = try #require(registry.nextSerial(to: target, at: 0))
            let isAdded = registry.add(
                ProbeRegistry.Record(
                    serial: serial, probe: index, target: target, sourcePort: 9, destinationPort: 53))
            #expect(isAdded)
        }
        for (index, target) in targets.enumerated() {
            #expect(registry.findUnnumbered(target: target, port: 53, from: 9)?.probe == index)
        }
    }

    @Test func `classic probes beyond the last port go on below the first`() throws {
        let options = PacketOptions(identity: .classic)
        for port in [UInt16(33434), 49152, 49153, 65530, .max] {
            var builder = ProbePacketBuilder(.udp(port: port), options, identifier: 1, cookie: 2)
            var packet: [UInt8] = []
            var ports: Set<UInt16> = []
            for serial in 16384..<32768 {
                let record = builder.build(
                    Probe(id: 0, target: here), from: sourceV4, serial: serial, at: 0, into: &packet)
                if serial == 16384 { #expect(record.destinationPort == port) }
                ports.insert(record.destinationPort)
            }
            #expect(ports.count == 16384)
            #expect(ports.min() == min(port, 49152))
        }
    }

    @Test(arguments: IPAddress.Family.allCases, [PacketOptions.Identity.classic, .paris, .dublin])
    func `two thousand probes to one target are told apart by eight bytes`(
        family: IPAddress.Family, identity: PacketOptions.Identity
    ) throws {
        let (source, target) = (vantageAddress(family), hostAddress(family))
        var builder = ProbePacketBuilder(
            .udp(port: 65_530), PacketOptions(identity: identity), identifier: 0x4321, cookie: 0xCAFE_F00D)
        var matcher = ReplyMatcher(builder)
        var registry = ProbeRegistry(capacity: 64, memory: .max, modulus: builder.modulus)
        var packets: [[UInt8]] = []
        for id in 0..<2000 {
            var packet: [UInt8] = []
            let serial = try #require(registry.nextSerial(to: target, at: 0))
            let record = builder.build(
                Probe(id: id, target: target), from: source, serial: serial, at: 0, into: &packet)
            let isAdded = registry.add(record)
            #expect(isAdded)
            packets.append(packet)
        }
        let header = family == .v4 ? ICMPHeader(v4: .timeExceeded) : ICMPHeader(family: .v6, type: 3)
        let envelope = IPEnvelope(from: family == .v4 ? IPAddress(198, 51, 100, 1) : IPAddress(v6: 1), to: source)
        let sources = AddressPair(v4: sourceV4, v6: sourceV6)
        for (id, packet) in packets.enumerated() {
            for limit in [nil, family == .v4 ? 28 : 48] {
                let error = envelope.icmpError(header, quoting: packet, quoteLimit: limit)
                #expect(matcher.match(error.span, at: 1, sources: sources, in: &registry)?.probe == id)
            }
        }
    }

    @Test func `a probe whose number is its length is found behind a NAT`() throws {
        let target = hostAddress(.v6)
        var builder = ProbePacketBuilder(.udp, PacketOptions(identity: .dublin), identifier: 1, cookie: 0xCAFE_F00D)
        var matcher = ReplyMatcher(builder)
        var registry = ProbeRegistry(capacity: 64, memory: .max)
        var packet: [UInt8] = []
        _ = registry.add(
            builder.build(Probe(id: 7, target: target), from: sourceV6, serial: 9, at: 0, into: &packet))
        PacketRewrite.setSource(&packet, to: IPAddress(v6: 99), port: 777)
        let error = IPEnvelope(from: IPAddress(v6: 1), to: sourceV6)
            .icmpError(ICMPHeader(family: .v6, type: 3), quoting: packet)
        let arrival = try #require(
            matcher.match(error.span, at: 1, sources: AddressPair(v4: nil, v6: sourceV6), in: &registry))
        #expect(arrival.probe == 7)
        #expect(arrival.response.quote?.rewrittenSourcePort == 777)
        #expect(arrival.response.quote?.rewrittenChecksum == nil)
    }
}
