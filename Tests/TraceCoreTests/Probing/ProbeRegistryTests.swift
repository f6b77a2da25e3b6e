import Testing

@testable import TraceCore

/// No two probes that are out look alike, and none that is out is ever out of reach.
@Suite struct ProbeRegistryTests {
    private let here = targetV4
    private let there = IPAddress(203, 0, 113, 77)
    private static let second: Int64 = 1_000_000_000

    /// Enters a probe; nil if there is no identity or no place for it.
    private func send(
        _ target: IPAddress, at time: Int64 = 0, channel: UInt32 = 0, in registry: inout ProbeRegistry
    ) -> Int? {
        guard let serial = registry.nextSerial(to: target, at: time) else { return nil }
        registry.add(
            ProbeRegistry.Record(serial: serial, probe: serial, channel: channel, target: target, sentAt: time))
        return serial
    }

    @Test(arguments: [0x1_0000, ProbeIdentity.classicRange])
    func `a target is never asked by more probes than can be told apart`(modulus: Int) throws {
        var registry = ProbeRegistry(capacity: 1024, hold: .init(memory: Self.second), modulus: modulus)
        var serials: [Int] = []
        while let serial = send(here, in: &registry) { serials.append(serial) }
        // Among 65,536 are two that stand for nothing.
        #expect(serials.count >= modulus - 2 && serials.count <= modulus)
        #expect(Set(serials.map { $0 % modulus }).count == serials.count)
        for serial in serials { #expect(registry.find(serial, modulo: modulus, target: here)?.serial == serial) }
        // Others can still be asked, and so can it when time has passed.
        #expect(send(there, in: &registry) != nil)
        #expect(send(here, at: Self.second - 1, in: &registry) == nil)
        #expect(send(here, at: Self.second, in: &registry) != nil)
    }

    @Test func `an identity is free when its probe was answered`() throws {
        var registry = ProbeRegistry(capacity: 256, hold: .init(memory: .max), modulus: 16)
        for _ in 0..<16 { #expect(send(here, in: &registry) != nil) }
        #expect(send(here, in: &registry) == nil)
        registry.settle(5, as: .echoReply)
        let next = try #require(send(here, in: &registry))
        #expect(next % 16 == 5)
        #expect(send(here, in: &registry) == nil)
    }

    @Test func `a number that would look like one that is out is passed over`() throws {
        var registry = ProbeRegistry(capacity: 256, hold: .init(memory: .max))
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
        var registry = ProbeRegistry(capacity: 256, hold: .init(memory: .max), modulus: 256)
        var serials: [(Int, IPAddress)] = []
        for index in 0..<600 {
            let target = index < 200 || index == 250 || index == 251 ? here : there
            if let serial = send(target, in: &registry) { serials.append((serial, target)) }
        }
        #expect(serials.count > 400)
        for (serial, target) in serials { #expect(registry.find(serial, target: target)?.serial == serial) }
    }

    @Test(arguments: [true, false])
    func `a probe that is out for an hour keeps nobody else from sending`(isAlone: Bool) throws {
        var registry = ProbeRegistry(capacity: 256, limit: 1 << 12)
        let quick = registry.open(.init(timeout: Self.second, memory: 10 * Self.second))
        let patient = registry.open(.init(timeout: 3600 * Self.second, memory: 3600 * Self.second))
        let first = try #require(send(here, channel: patient, in: &registry))
        // Late answers are of interest for more probes than there are places.
        for index in 0..<100_000 {
            let target = isAlone ? there : IPAddress(v4: 0x0A00_0000 + UInt32(index % 7000))
            let time = Int64(index) * Self.second / 900
            let serial = try #require(send(target, at: time, channel: quick, in: &registry))
            if index % 3 == 0 { registry.settle(serial, as: .echoReply) }
        }
        // And that one is still found, although the ring has gone around many times.
        #expect(registry.find(first, target: here)?.serial == first)
    }

    @Test func `only channels that are open count for how long identities are held`() throws {
        var registry = ProbeRegistry(capacity: 256, modulus: 256, limit: 1 << 10)
        let patient = registry.open(.init(memory: 3600 * Self.second))
        for _ in 0..<256 { #expect(send(here, channel: patient, in: &registry) != nil) }
        let quick = registry.open(.init(memory: Self.second))
        #expect(send(here, channel: quick, in: &registry) == nil)
        registry.close(patient)
        for _ in 0..<256 { #expect(send(here, channel: quick, in: &registry) != nil) }
        // What answers the first run's probes is not taken for an answer to the next run's.
        let next = registry.open(.init(memory: Self.second))
        #expect(next != patient && next != quick)
    }

    @Test func `two hundred pings to one silent target have identities enough`() throws {
        var registry = ProbeRegistry(capacity: 1024)
        // As a ping with a timeout of a second opens its channel: late answers are of interest for ten.
        let channels = (0..<200).map { _ in registry.open(.init(timeout: Self.second, memory: 10 * Self.second)) }
        var owners: [Int: Int64] = [:]
        for index in 0..<131_000 {
            let time = Int64(index) * (Self.second / 60_000)
            let serial = try #require(send(here, at: time, channel: channels[index % 200], in: &registry))
            // Taken back are identities of probes that were given up.
            if let last = owners.updateValue(time, forKey: serial % 0x1_0000) { #expect(time - last >= Self.second) }
        }
    }

    @Test func `where nothing is free, a failure is quick, and an answer makes room at once`() throws {
        var registry = ProbeRegistry(capacity: 1 << 12, hold: .init(memory: 3600 * Self.second), modulus: 1 << 10)
        var serials: [Int] = []
        while let serial = send(here, in: &registry) { serials.append(serial) }
        #expect(serials.count >= 1022)
        // Each of these would be a walk along the whole ring.
        for _ in 0..<100_000 {
            let next = registry.nextSerial(to: here, at: 1)
            #expect(next == nil)
        }
        for serial in [serials[7], serials[300], serials[8]] {
            registry.settle(serial, as: .echoReply)
            #expect(try #require(send(here, at: 2, in: &registry)) % 1024 == serial % 1024)
            #expect(send(here, at: 2, in: &registry) == nil)
        }
        #expect(send(there, at: 2, in: &registry) != nil)
    }

    @Test func `a ring that is full of probes that are out forgets none of them`() throws {
        var registry = ProbeRegistry(
            capacity: 256, hold: .init(timeout: 5 * Self.second, memory: 9 * Self.second), limit: 1 << 10)
        var serials: [(Int, IPAddress)] = []
        for index in 0..<2000 {
            let target = IPAddress(v4: UInt32(index))
            if let serial = send(target, at: Self.second, in: &registry) { serials.append((serial, target)) }
        }
        #expect(serials.count == 1024)
        for (serial, target) in serials { #expect(registry.find(serial, target: target)?.serial == serial) }
        // Those that were given up make room for others, although late answers are still of interest.
        #expect(send(here, at: 6 * Self.second, in: &registry) != nil)
    }

    /// Enters a burst of probes, each with its TTL and its time.
    private func sendBurst(
        _ ttls: ClosedRange<UInt8>, from port: UInt16 = 9, channel: UInt32 = 0, at time: Int64 = 0,
        in registry: inout ProbeRegistry
    ) {
        for ttl in ttls {
            guard let serial = registry.nextSerial(to: here, at: time) else { return }
            registry.add(
                ProbeRegistry.Record(
                    serial: serial, probe: Int(ttl), channel: channel, ttl: ttl, target: here,
                    sentAt: time + Int64(ttl), sourcePort: port, destinationPort: 53))
        }
    }

    @Test func `an answer without a number tells no path shorter than it is, nor a round trip`() throws {
        var registry = ProbeRegistry(capacity: 256, hold: .init(memory: 1000), findsUnnumbered: true)
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
        var registry = ProbeRegistry(capacity: 256, hold: .init(memory: 1000), findsUnnumbered: true)
        sendBurst(64...64, in: &registry)
        #expect(registry.findUnnumbered(target: there, port: 53, from: 9) == nil)
        #expect(registry.findUnnumbered(target: here, port: 54, from: 9) == nil)
        #expect(registry.findUnnumbered(target: here, port: 53, from: 8) == nil)
        #expect(registry.findUnnumbered(target: here, port: 53, from: 9) != nil)
        let other = registry.open(.init(memory: 1000))
        sendBurst(64...64, from: 10, channel: other, in: &registry)
        #expect(registry.findUnnumbered(target: here, port: 53, from: 9)?.channel == 0)
        sendBurst(64...64, channel: other, in: &registry)
        #expect(registry.findUnnumbered(target: here, port: 53, from: 9) == nil)
    }

    @Test func `probes to one of many targets are found without their number`() throws {
        var registry = ProbeRegistry(capacity: 256, hold: .init(memory: .max), findsUnnumbered: true)
        let targets = (0..<100_000).map { IPAddress(v4: 0x0A00_0000 + UInt32($0)) }
        for (index, target) in targets.enumerated() {
            let next = registry.nextSerial(to: target, at: 0)
            let serial = try #require(next)
            registry.add(
                ProbeRegistry.Record(
                    serial: serial, probe: index, target: target, sourcePort: 9, destinationPort: 53))
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
        var registry = ProbeRegistry(capacity: 64, hold: .init(memory: .max), modulus: builder.identity.modulus)
        var packets: [[UInt8]] = []
        for id in 0..<2000 {
            var packet: [UInt8] = []
            let next = registry.nextSerial(to: target, at: 0)
            let serial = try #require(next)
            let record = builder.build(
                Probe(id: id, target: target), from: source, serial: serial, at: 0, into: &packet)
            registry.add(record)
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
        var registry = ProbeRegistry(capacity: 64, hold: .init(memory: .max))
        var packet: [UInt8] = []
        registry.add(
            builder.build(Probe(id: 7, target: target), from: sourceV6, serial: 9, at: 0, into: &packet))
        PacketRewrite.setSource(&packet, to: IPAddress(v6: 99), port: 777)
        let error = IPEnvelope(from: IPAddress(v6: 1), to: sourceV6)
            .icmpError(ICMPHeader(family: .v6, type: 3), quoting: packet)
        let arrival = try #require(
            matcher.match(error.span, at: 1, sources: AddressPair(v4: nil, v6: sourceV6), in: &registry))
        #expect(arrival.probe == 7)
        #expect(arrival.reply.quote?.rewrittenSourcePort == 777)
        #expect(arrival.reply.quote?.rewrittenChecksum == nil)
    }
}
