import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct `Many traces at once` {
    /// A gateway that answers so often in a second at the most, with many hosts behind one more router.
    private static func internet(rate: String = "") throws -> SimulatedInternet {
        try SimulatedInternet(
            parsing: """
                vantage here 192.0.2.10
                router gw 192.0.2.1 delay=1ms \(rate) name=gw.example
                router far 192.0.2.2 delay=9ms
                host net 10.0.0.0/16 delay=5ms
                path net: gw far
                """)
    }

    private static func hosts(_ count: Int) -> [IPAddress] {
        (0..<count).map { IPAddress(v4: 0x0A00_0000 + UInt32($0)) }
    }

    /// The events of each run, by its position.
    private func runs(_ events: RunStream<FleetEvent>) async throws -> [Int: [ProbeEvent]] {
        var runs: [Int: [ProbeEvent]] = [:]
        for try await next in events { runs[next.position, default: []].append(try next.event.get()) }
        return runs
    }

    @Test func `find what each finds alone`() async throws {
        let tracer = PathTracer(SimulatedProber(.udp, .demo))
        let hosts = ["tokyo.example", "dead.example", "prohibited.example", "london.example", "sydney.example"]
        for try await result in tracer.reports(for: hosts) {
            let trace = try result.result.get()
            let alone = try await tracer.trace(hosts[result.position])
            #expect(trace.target == alone.target)
            #expect(trace.end == alone.end)
            #expect(trace.hops.map(\.ttl) == alone.hops.map(\.ttl))
            #expect(trace.hops.last?.addresses == alone.hops.last?.addresses)
        }
    }

    @Test func `say of their packets what each says alone, whatever its family`() async throws {
        let internet = try SimulatedInternet(
            parsing: """
                vantage here 192.0.2.10 2001:db8::10
                router gw 192.0.2.1 2001:db8::1 delay=1ms
                host four 10.0.0.1 delay=5ms
                host six 2001:db8:7::1 delay=5ms
                path four: gw
                path six: gw
                """)
        var options = SimulatedInternet.Options()
        options.packets.trafficClass = 184
        let tracer = PathTracer(SimulatedProber(.tcp, internet, options: options))
        let hosts = ["four", "six"]
        for try await result in tracer.reports(for: hosts) {
            let trace = try result.result.get()
            let alone = try await tracer.trace(hosts[result.position])
            #expect(trace.run.parameters == alone.run.parameters)
            #expect(trace.run.parameters.trafficClass == 184)
            #expect(trace.run.parameters.segmentSize == (result.position == 0 ? 1460 : 1440))
            #expect(trace.run.parameters.packetSize != nil)
            #expect(PacketChanges(of: trace).changes.isEmpty)
        }
    }

    @Test func `have events of their own, from which each path follows`() async throws {
        let tracer = PathTracer(SimulatedProber(.icmp, try Self.internet()))
        let runs = try await runs(tracer.events(for: Self.hosts(20)))
        var traces: [Int: TraceReport] = [:]
        for try await result in tracer.reports(for: Self.hosts(20)) {
            traces[result.position] = try result.result.get()
        }
        #expect(runs.count == 20)
        for (position, events) in runs {
            #expect(try TraceReport.Fold.replay(events) == traces[position])
            #expect(events.map(\.at) == events.map(\.at).sorted())
            let sent = events.compactMap { event in
                if case .sent(let probe) = event.fact { probe.id } else { nil }
            }
            #expect(sent == Array(0..<sent.count))
            if case .started(let run) = events.first?.fact { #expect(run.verb == "trace") } else { Issue.record() }
            if case .ended(let end) = events.last?.fact { #expect(end == RunEnd(.reached)) } else { Issue.record() }
            #expect(events.contains { $0.fact == .named(IPAddress(192, 0, 2, 1), "gw.example") })
        }
    }

    @Test(arguments: [10, 1000, 20_000]) func `hold one rate together`(rate: Int) async throws {
        let tracer = PathTracer(SimulatedProber(.udp, try Self.internet()), settings: TraceSettings(maxTTL: 8))
        var sent: [UTCTime] = []
        var starts: [Int: UTCTime] = [:]
        for try await next in tracer.events(for: Self.hosts(20), pace: FleetPace(rate: rate)) {
            let event = try next.event.get()
            if case .started(let run) = event.fact { starts[next.position] = run.startedAt }
            if case .sent = event.fact, let start = starts[next.position] { sent.append(start + event.at) }
        }
        let lasted = try #require(sent.last) - #require(sent.first)
        // A burst to catch up is all that may come on top.
        #expect(Double(sent.count - 9) <= (lasted / .seconds(1)) * Double(rate))
        #expect(sent == sent.sorted())
        // And little of the rate is left unused.
        if rate <= 1000 { #expect(Double(sent.count) >= (lasted / .seconds(1)) * Double(rate) * 0.95) }
    }

    @Test func `spare a router that all of them pass, unless told otherwise`() async throws {
        let prober = SimulatedProber(.udp, try Self.internet(rate: "rate=100/s burst=10"))
        func lost(_ pace: FleetPace) async throws -> Int {
            var lost = 0
            for try await result in PathTracer(prober).reports(for: Self.hosts(100), pace: pace) {
                let trace = try result.result.get()
                #expect(trace.isReached)
                lost += trace.hops.first?.lost ?? 0
            }
            return lost
        }
        #expect(try await lost(.sparing) == 0)
        #expect(try await lost(.unlimited) > 150)
    }

    @Test func `go on where a host cannot be found`() async throws {
        let hosts = ["london.example", "nowhere.example", "tokyo.example", "2001:db8::1"]
        let tracer = PathTracer(SimulatedProber(.udp, .demo), options: RunOptions(family: .v4))
        var outcomes: [Int: String] = [:]
        for try await result in tracer.reports(for: hosts) {
            switch result.result {
            case .success(let trace): outcomes[result.position] = "\(trace.isReached)"
            case .failure(let error): outcomes[result.position] = error.code.rawValue
            }
        }
        #expect(outcomes == [0: "true", 1: "unknownHost", 2: "true", 3: "badSetting"])
    }

    @Test func `end at once where there is no way to a host`() async throws {
        let tracer = PathTracer(SimulatedProber(.udp, try Self.internet()))
        let hosts = [IPAddress(10, 0, 0, 1), IPAddress(198, 51, 100, 1), IPAddress(10, 0, 0, 2)]
        var ends: [Int: RunEnd?] = [:]
        for try await result in tracer.reports(for: hosts) { ends[result.position] = try result.result.get().end }
        #expect(ends[0] == RunEnd(.reached) && ends[2] == RunEnd(.reached))
        #expect(ends[1]??.reason == .failed)
        #expect(ends[1]??.error?.code == .noRoute)
    }

    /// Hosts without end, which count how many of them have been taken.
    private struct EndlessHosts: Sequence, Sendable {
        final class Counter: Sendable {
            private let state = Lock(0)
            var value: Int { state.withLock { $0 } }
            func next() -> Int {
                state.withLock { count in
                    count += 1
                    return count
                }
            }
        }

        let counter = Counter()

        func makeIterator() -> AnyIterator<IPAddress> {
            AnyIterator { IPAddress(v4: 0x0A00_0000 + UInt32(counter.next())) }
        }
    }

    @Test func `take hosts from a list only as there is room for them`() async throws {
        let hosts = EndlessHosts()
        let pace = FleetPace(rate: 100_000, concurrency: 8)
        var count = 0
        for try await result in PathTracer(SimulatedProber(.udp, try Self.internet())).reports(for: hosts, pace: pace) {
            count += 1
            #expect(try result.result.get().isReached)
            if count == 1 { #expect(hosts.counter.value < 5000) }
            if count == 100 { break }
        }
        #expect(count == 100)
    }

    @Test func `that are cancelled say so, each that had begun`() async throws {
        let clock = ManualClock()
        let tracer = PathTracer(SimulatedProber(.udp, try Self.internet(), clock: clock))
        let begun = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            var ends: [Int: RunEnd] = [:]
            var starts = 0
            for try await next in tracer.events(for: Self.hosts(1000), pace: FleetPace(rate: nil, concurrency: 3)) {
                switch try next.event.get().fact {
                case .started:
                    starts += 1
                    begun.continuation.yield()
                case .ended(let end): ends[next.position] = end
                default: break
                }
            }
            #expect(ends.count == starts)
            return ends
        }
        let moving = Task {
            while !Task.isCancelled {
                await clock.sleepers(atLeast: 1)
                clock.advance(by: .milliseconds(1))
            }
        }
        for await _ in begun.stream { break }
        task.cancel()
        let ends = try await task.value
        moving.cancel()
        clock.advance(by: .seconds(1))
        #expect(!ends.isEmpty)
        #expect(ends.values.contains(RunEnd(.cancelled)))
    }

    /// A simulated network whose names take their time, and some for ever.
    private struct SlowlyNamed: Prober {
        struct Resolver: NameResolver {
            func addresses(of name: String) async throws(ProbeError) -> [IPAddress] {
                for _ in 0..<name.utf8.count { await Task.yield() }
                guard let number = UInt32(name.dropFirst()) else {
                    throw ProbeError(.unknownHost, "\(name) has no address")
                }
                return [IPAddress(v4: 0x0A00_0000 + number)]
            }

            func name(of address: IPAddress) async -> UntrustedText? {
                for _ in 0..<50 { await Task.yield() }
                return UntrustedText("name-of-\(address)")
            }

            func known(_ address: IPAddress) -> KnownName { .unknown }
        }

        let base: SimulatedProber<ManualClock>
        let resolver: any NameResolver = Resolver()

        func open(_ settings: ChannelSettings) async throws(ProbeError) -> any ProbeChannel {
            try await base.open(settings)
        }
    }

    @Test func `wait for names, both ways, and lose none`() async throws {
        let prober = SlowlyNamed(base: SimulatedProber(.udp, try Self.internet()))
        let names = (0..<60).map { $0 % 20 == 7 ? "nobody" : "h\($0)" }
        var positions: Set<Int> = []
        var failures = 0
        for try await result in PathTracer(prober, options: RunOptions(nameGrace: .seconds(600))).reports(
            for: names, pace: .unlimited)
        {
            #expect(positions.insert(result.position).inserted)
            switch result.result {
            case .success(let trace):
                #expect(trace.target?.name == names[result.position])
                let shown = trace.hops.flatMap(\.replies).map { $0.name == UntrustedText("name-of-\($0.from)") }
                #expect(shown.count == 9 && shown.allSatisfy { $0 })
            case .failure(let error):
                #expect(error == ProbeError(.unknownHost, "") && names[result.position] == "nobody")
                failures += 1
            }
        }
        #expect(positions.count == 60)
        #expect(failures == 3)
    }

    /// A simulated network whose names never come.
    private struct NeverNamed: Prober {
        struct Resolver: NameResolver {
            func addresses(of name: String) async throws(ProbeError) -> [IPAddress] { [] }

            func name(of address: IPAddress) async -> UntrustedText? {
                while !Task.isCancelled { await Task.yield() }
                return nil
            }

            func known(_ address: IPAddress) -> KnownName { .unknown }
        }

        let base: SimulatedProber<ManualClock>
        let resolver: any NameResolver = Resolver()

        func open(_ settings: ChannelSettings) async throws(ProbeError) -> any ProbeChannel {
            try await base.open(settings)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `do not wait for names when they are cancelled`() async throws {
        let prober = NeverNamed(base: SimulatedProber(.udp, try Self.internet()))
        let tracer = PathTracer(prober, options: RunOptions(nameGrace: .seconds(6000)))
        let reached = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            var ends = 0
            for try await next in tracer.events(for: Self.hosts(3), pace: .unlimited) {
                switch try next.event.get().fact {
                case .reply(_, let response) where response.kind.isFromTarget: reached.continuation.yield()
                case .ended: ends += 1
                default: break
                }
            }
            return ends
        }
        var answers = reached.stream.makeAsyncIterator()
        // Three queries for each of three hosts: then names alone are left to wait for.
        for _ in 0..<9 { await answers.next() }
        task.cancel()
        #expect(try await task.value == 3)
    }

    @Test(arguments: [FleetPace(rate: 0), FleetPace(concurrency: 0)])
    func `have a pace that makes sense`(_ pace: FleetPace) async {
        await #expect(throws: ProbeError(.badSetting, "")) {
            for try await _ in PathTracer(SimulatedProber(.udp)).reports(for: ["london.example"], pace: pace) {}
        }
    }
}

@Suite struct `A queue of times` {
    @Test(arguments: 0..<20) func `gives the earliest first, and no earlier than it is due`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var queue = WakeQueue()
        let times = (0..<200).map { _ in Int.random(in: 0..<50, using: &generator) }
        for (number, time) in times.enumerated() { queue.add(number, at: .seconds(time)) }
        let expected = times.enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }.map(\.offset)
        var taken: [Int] = []
        for now in 0..<50 {
            while let (number, time) = queue.take(at: .seconds(now)) {
                #expect(time == .seconds(times[number]) && time <= .seconds(now))
                taken.append(number)
            }
        }
        #expect(taken == expected)
        #expect(queue.next == nil)
    }
}
