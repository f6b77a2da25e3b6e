import Testing

@testable import TraceCore

@Suite struct `Runs over the demo internet` {
    private let prober = SimulatedProber(.udp, .demo)

    @Test func `the event stream and the report of the same run agree`() async throws {
        var events: [ProbeEvent] = []
        for try await event in PathTracer(prober).events(for: "tokyo.example") { events.append(event) }
        let trace = try await PathTracer(prober).trace("tokyo.example")
        #expect(try TraceReport.Fold.replay(events) == trace)
        #expect(trace.isReached)
        #expect(trace.run.target?.name == "tokyo.example")
    }

    @Test func `an hour of monitoring takes no hour, and always says the same`() async throws {
        let clock = ContinuousClock()
        var reports: [MonitorReport] = []
        let time = try await clock.measure {
            for _ in 0..<2 {
                reports.append(try await PathMonitor(prober).watch("frankfurt.example", rounds: 3600))
            }
        }
        #expect(time < .seconds(1200))
        #expect(reports[0] == reports[1])
        #expect(reports[0].rounds == 3600)
        #expect(reports[0].hops.last?.sent == 3600)
    }

    @Test func `views come after each round, and the last one is the report`() async throws {
        var views: [MonitorReport] = []
        var monitor = PathMonitor(prober)
        monitor.settings.rounds = 5
        for try await view in monitor.views(of: "tokyo.example", every: .seconds(1)) { views.append(view) }
        #expect(views.map(\.rounds) == [1, 2, 3, 4, 5])
        #expect(views.last == (try await monitor.watch("tokyo.example", rounds: 5)))
    }

    @Test func `answers to pings come one by one`() async throws {
        var sequences: [Int] = []
        for try await reply in Pinger(prober).replies(from: "tokyo.example", count: 4) {
            sequences.append(reply.sequence)
        }
        #expect(sequences == [0, 1, 2, 3])
    }

    @Test func `a sweep gives each target once`() async throws {
        let network = try #require(IPNetwork("203.0.113.0/24"))
        var targets: [IPAddress: Bool] = [:]
        for try await result in Sweeper(prober, settings: SweepSettings(rate: 10_000)).results(for: network) {
            #expect(targets.updateValue(result.isAlive, forKey: result.target) == nil)
        }
        #expect(targets.count == 254)
        #expect(targets.values.contains(true) && targets.values.contains(false))
    }

    @Test func `a network that nobody can count is refused`() async throws {
        let network = try #require(IPNetwork("2001:db8::/32"))
        await #expect(throws: ProbeError(.badSetting, "")) {
            for try await _ in Sweeper(prober).results(for: network) {}
        }
    }

    @Test func `a name that nobody knows is an error that names it`() async {
        let error = await #expect(throws: ProbeError(.unknownHost, "")) {
            try await PathTracer(prober).trace("nowhere.example")
        }
        #expect(error?.message.contains("nowhere.example") == true)
    }

    @Test func `settings that make no sense are an error before anything is sent`() async {
        await #expect(throws: ProbeError(.badSetting, "")) {
            try await PathTracer(prober, settings: TraceSettings(queries: 0)).trace("tokyo.example")
        }
        await #expect(throws: ProbeError(.badSetting, "")) {
            for try await _ in Pinger(prober).replies(from: "tokyo.example", count: 0) {}
        }
    }

    @Test func `a cancelled trace gives what is known, and says so`() async throws {
        let clock = ManualClock()
        let prober = SimulatedProber(.udp, .demo, clock: clock)
        let task = Task { try await PathTracer(prober).trace("tokyo.example") }
        // The clock stands still, so the trace cannot end by itself.
        task.cancel()
        let trace = try await task.value
        #expect(trace.end == RunEnd(.cancelled))
    }

    @Test func `a loop that is left ends the run and closes the channel`() async throws {
        let prober = CountingProber()
        for try await event in Pinger(prober, settings: PingSettings(count: 1_000_000)).events(
            for: IPAddress(192, 0, 2, 1))
        {
            if case .reply = event.fact { break }
        }
        await prober.log.closed()
        #expect(prober.log.opens == 1)
    }

    @Test func `a cancelled loop still gets the last event`() async throws {
        let clock = ManualClock()
        let prober = SimulatedProber(.icmp, .demo, clock: clock)
        let begun = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            var last: ProbeEvent?
            for try await event in Pinger(prober).events(for: "tokyo.example") {
                last = event
                begun.continuation.yield()
            }
            return last
        }
        for await _ in begun.stream { break }
        task.cancel()
        #expect(try await task.value?.fact == .ended(RunEnd(.cancelled)))
    }

    @Test func `a slow reader holds a run up and makes nothing grow`() async throws {
        let prober = CountingProber()
        var iterator = Pinger(prober, settings: PingSettings(count: 100_000, interval: .zero, window: 64))
            .events(for: IPAddress(192, 0, 2, 1)).makeAsyncIterator()
        // After a first event nobody reads until the run has come to stand.
        _ = try await iterator.next()
        await prober.log.isIdle()
        #expect(prober.log.sent < 10_000)
        var count = 1
        while try await iterator.next() != nil { count += 1 }
        // A start, an end, that nobody knows the target's name, and for each probe its sending and its answer.
        #expect(count == 200_003)
    }
}
