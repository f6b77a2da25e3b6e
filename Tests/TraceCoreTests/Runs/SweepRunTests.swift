import Testing

@testable import TraceCore

@Suite struct `A sweep as it runs` {
    @Test func `tells within a millisecond what happened, however long it then waits`() async throws {
        let clock = ManualClock()
        let prober = SimulatedProber(.icmp, .demo, clock: clock)
        let target = try #require(IPAddress("203.0.113.110"))
        var iterator = Sweeper(prober, settings: SweepSettings(timeout: .seconds(100)))
            .events(for: [target]).makeAsyncIterator()
        let moving = Task {
            // The run sleeps until the events are due, not until the answer or the timeout is.
            await clock.sleepers(atLeast: 1)
            clock.advance(by: .milliseconds(1))
        }
        let started = try await iterator.next()
        let sent = try await iterator.next()
        await moving.value
        #expect(started?.at == .zero)
        if case .sent(let probe) = sent?.fact { #expect(probe.target == target) } else { Issue.record("nothing sent") }
        #expect(clock.now.offset == .milliseconds(1))
    }

    @Test func `gives a target that stands twice in the list two results`() async throws {
        let alive = try #require(IPAddress("203.0.113.110"))
        let dead = try #require(IPAddress("203.0.113.250"))
        let report = try await Sweeper(SimulatedProber(.icmp, .demo), settings: SweepSettings(interval: .zero))
            .sweep([alive, dead, alive, dead])
        #expect(report.results.count == 4)
        #expect(report.alive == 2)
    }

    @Test func `asks more targets than identities fit 16 bits, and loses none of them`() async throws {
        let internet = try SimulatedInternet(
            parsing: """
                vantage here 192.0.2.10
                router gw 192.0.2.1 delay=1ms
                host net 10.0.0.0/8 delay=5ms
                path net: gw
                """)
        let network = try #require(IPNetwork("10.0.0.0/8"))
        let hosts = try #require(network.addresses.indexed).prefix(70_000)
        var alive: Set<IPAddress> = []
        let sweeper = Sweeper(SimulatedProber(.icmp, internet), settings: SweepSettings(interval: .zero))
        for try await result in sweeper.results(for: hosts) where result.isAlive { alive.insert(result.target) }
        #expect(alive.count == 70_000)
    }

    @Test func `asks hosts by name, each address once, and says which name has none`() async throws {
        let hosts = ["no-such.example", "tokyo.example", "203.0.113.250", "203.0.113.110", "tokyo.example"]
        let sweeper = Sweeper(
            SimulatedProber(.icmp, .demo), settings: SweepSettings(rate: nil), options: RunOptions(names: false))
        var results: [Int: FleetReport<SweepReport.Result>] = [:]
        for try await report in sweeper.reports(for: hosts) {
            #expect(results.updateValue(report, forKey: report.position) == nil, "each host has one result")
        }
        #expect((0..<5).map { results[$0]?.target } == hosts)
        #expect(throws: ProbeError(.unknownHost, "")) { try results[0]?.result.get() }
        let alive = try IPAddress(parsing: "203.0.113.110")
        for position in [1, 3, 4] {
            let result = try #require(results[position]).result.get()
            #expect(result.target == alive && result.isAlive && result.sent == 1)
        }
        #expect(try #require(results[2]).result.get().isAlive == false)
    }

    @Test func `has nothing to ask where no host has an address`() async throws {
        var failed = 0
        for try await report in Sweeper(SimulatedProber(.icmp, .demo)).reports(for: ["no-such.example"]) {
            if case .failure = report.result { failed += 1 }
        }
        #expect(failed == 1)
    }

    @Test(.timeLimit(.minutes(1))) func `ends at once when it is cancelled while names are looked up`() async throws {
        let resolver = DeafResolver()
        let sweeper = Sweeper(NamedProber(base: SimulatedProber(.icmp), resolver: resolver))
        let reading = Task { for try await _ in sweeper.reports(for: ["slow.example"]) {} }
        await resolver.asked()
        reading.cancel()
        await #expect(throws: ProbeError(.cancelled, "")) { try await reading.value }
        resolver.wake()
    }
}
