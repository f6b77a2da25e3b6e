import Testing

@testable import TraceCore

@Suite struct SimulatedProberTests {
    private func arrivals(
        _ channel: any ProbeChannel, until deadline: Duration = .seconds(60)
    ) async throws -> [Arrival] {
        var all: [Arrival] = []
        while channel.now < deadline { all += try await channel.receive(until: deadline) }
        return all
    }

    @Test(arguments: PacketIdentityTests.transports, IPAddress.Family.allCases)
    func `a channel driven by hand sees every hop and the host`(
        transport: ProbeTransport, family: IPAddress.Family
    ) async throws {
        let internet = try SimulatedInternet(
            parsing: lineTopology(3, ["r2": "mpls=77", "r3": "quote=8", "h": "tcp=443"]))
        let channel = try await SimulatedProber(transport, internet).open(
            ChannelSettings(target: hostAddress(family)))
        #expect(channel.facts.mode == "simulated")
        #expect(channel.facts.method == transport.method)
        #expect(channel.source(for: hostAddress(family)) == vantageAddress(family))
        let probes = (0..<8).map { Probe(id: $0, target: hostAddress(family), ttl: UInt8($0 % 4 + 1)) }
        #expect(try await channel.send(probes).isEmpty)
        let first = try await channel.receive(until: .seconds(1))
        #expect(first.map(\.probe) == [0, 4])
        #expect(channel.now == .milliseconds(2))
        let rest = try await arrivals(channel)
        #expect(rest.map(\.probe) == [1, 5, 2, 6, 3, 7])
        #expect(rest[0].reply.labels == [MPLSLabel(label: 77)])
        #expect(rest[2].reply.quote?.length == (family == .v4 ? 28 : 48))
        #expect(rest[2].reply.rtt == .milliseconds(6))
        let host = rest[4].reply
        #expect(host.from == hostAddress(family))
        #expect(host.kind == (transport == .icmp ? .echoReply : transport == .udp ? .portUnreachable : .open))
        #expect(channel.now == .seconds(60))
        #expect(channel.counts == ChannelFacts.Counts())
        channel.close()
    }

    @Test func `late answers and duplicates arrive as what they are`() async throws {
        let internet = try SimulatedInternet(parsing: lineTopology(1, ["r1": "late=100%/8s duplicate=100%"]))
        let channel = try await SimulatedProber(.udp, internet).open(ChannelSettings(target: targetV4))
        _ = try await channel.send([Probe(id: 0, target: targetV4, ttl: 1)])
        #expect(try await channel.receive(until: .seconds(5)).isEmpty)
        #expect(channel.now == .seconds(5))
        let all = try await arrivals(channel)
        #expect(all.map(\.probe) == [0, 0])
        #expect(all.map(\.reply.rtt) == [.milliseconds(8002), .microseconds(8_002_100)])
    }

    @Test func `a target without a way and a vantage without an address are told`() async throws {
        let prober = SimulatedProber(.icmp, try SimulatedInternet(parsing: lineTopology()))
        await #expect(throws: ProbeError(.noRoute, "")) {
            _ = try await prober.open(ChannelSettings(target: IPAddress(203, 0, 113, 99)))
        }
        let channel = try await prober.open(ChannelSettings())
        let failures = try await channel.send([Probe(id: 3, target: IPAddress(203, 0, 113, 99))])
        #expect(failures.map(\.probe) == [3])
        #expect(failures.first?.error.code == .noRoute)
        await #expect(throws: ProbeError(.badSetting, "")) {
            _ = try await SimulatedProber(.icmp, options: SimulatedInternet.Options(vantage: "mars")).open(
                ChannelSettings())
        }
    }

    @Test func `another vantage has its own ways`() async throws {
        let text = lineTopology(3, more: "vantage there 192.0.2.77") + "path h from there: r3\n"
        let prober = SimulatedProber(
            .icmp, try SimulatedInternet(parsing: text), options: SimulatedInternet.Options(vantage: "there"))
        let channel = try await prober.open(ChannelSettings(target: targetV4))
        _ = try await channel.send([Probe(id: 0, target: targetV4, ttl: 1)])
        #expect(
            try await channel.receive(until: .seconds(1)).first?.reply.from == IPAddress(198, 51, 100, 3))
        #expect(channel.source(for: targetV4) == IPAddress(192, 0, 2, 77))
    }

    @Test func `a run that starts later meets what has changed by then`() async throws {
        let text = lineTopology() + "at 10s path h: r3\n"
        let options = SimulatedInternet.Options(startingAt: .seconds(11))
        let channel = try await SimulatedProber(.icmp, try SimulatedInternet(parsing: text), options: options)
            .open(ChannelSettings(target: targetV4))
        _ = try await channel.send([Probe(id: 0, target: targetV4, ttl: 1)])
        #expect(
            try await channel.receive(until: .seconds(1)).first?.reply.from == IPAddress(198, 51, 100, 3))
        #expect(channel.facts.openedAt == UTCTime("2026-01-01T00:00:11Z"))
    }

    @Test func `a shared manual clock decides when answers arrive`() async throws {
        let clock = ManualClock()
        let prober = SimulatedProber(.icmp, try SimulatedInternet(parsing: lineTopology()), clock: clock)
        let channel = try await prober.open(ChannelSettings(target: targetV4))
        _ = try await channel.send([Probe(id: 0, target: targetV4)])
        async let arrivals = channel.receive(until: .seconds(1))
        await clock.sleepers(atLeast: 1)
        clock.advance(by: .milliseconds(8))
        #expect(try await arrivals.map(\.at) == [.milliseconds(8)])
        let waiting = Task { try await channel.receive(until: .seconds(100)) }
        await clock.sleepers(atLeast: 1)
        waiting.cancel()
        #expect(try await waiting.value.isEmpty)
        #expect(channel.now == .milliseconds(8))
    }

    @Test func `a cancelled task gets nothing, at once`() async throws {
        let channel = try await SimulatedProber(.icmp).open(ChannelSettings())
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await channel.receive(until: .seconds(3600))
        }
        #expect(try await task.value.isEmpty)
        #expect(channel.now == .zero)
    }

    @Test func `every trace of the demo is the same each time`() async throws {
        for host in SimulatedInternet.demo.hosts {
            for transport in PacketIdentityTests.transports {
                let tracer = PathTracer(SimulatedProber(transport))
                let first = try await tracer.trace(host.name)
                let second = try await tracer.trace(host.name)
                #expect(first == second)
            }
        }
    }
}
