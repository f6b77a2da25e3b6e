import Testing

@testable import TraceCore

/// A clock that jumps to wherever somebody wants to sleep until.
private final class JumpingClock: Clock {
    private let state = Lock(ManualClock.Instant(offset: .zero))

    var now: ManualClock.Instant { state.withLock { $0 } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: ManualClock.Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        state.withLock { $0 = max($0, deadline) }
    }
}

/// A prober that asks nobody, on a clock where no wait takes any time.
private struct SilentProber: AskingProber {
    let method = ProbeMethod(rawValue: "silent")
    let clock = JumpingClock()

    func ask(_ probe: Probe) async throws(ProbeError) -> Answer? { nil }
}

/// A prober whose answers say themselves how long they took.
private struct SlowProber: AskingProber {
    let method = ProbeMethod(rawValue: "slow")
    let rtt: Duration

    func ask(_ probe: Probe) async throws(ProbeError) -> Answer? { Answer(rtt: rtt) }
}

/// A prober that cannot send, and whose time passes only where somebody waits.
private struct BrokenProber: Prober {
    func open(_ settings: ChannelSettings) async throws(ProbeError) -> any ProbeChannel { Channel() }
    var resolver: any NameResolver { NumericResolver() }

    final class Channel: ProbeChannel {
        let facts = ChannelFacts(method: ProbeMethod(rawValue: "broken"), mode: "test", openedAt: .epoch)
        private let state = Lock(Duration.zero)

        var now: Duration { state.withLock { $0 } }

        func send(_ probes: [Probe]) async throws(ProbeError) -> [Probe.Failure] {
            probes.map { Probe.Failure(probe: $0.id, error: ProbeError(.network, "no")) }
        }

        func receive(until deadline: Duration) async throws(ProbeError) -> [Arrival] {
            state.withLock { $0 = max($0, deadline) }
            return []
        }

        func close() {}

        func facts(for target: IPAddress) -> ChannelFacts { facts }
        func source(for target: IPAddress) -> IPAddress? { nil }
        var counts: ChannelFacts.Counts { ChannelFacts.Counts() }
        func takeFailures() -> [Probe.Failure] { [] }
        func sleep(until deadline: Duration) async { try? await Task.sleep(for: max(.zero, deadline - now)) }
    }
}

@Suite(.timeLimit(.minutes(10))) struct `A run always ends` {
    private let target = IPAddress(192, 0, 2, 1)

    @Test func `even if the alarm rings before anybody waits`() async throws {
        for _ in 0..<20 {
            let report = try await Pinger(SilentProber(), settings: PingSettings(timeout: .milliseconds(1)))
                .ping(target, count: 100)
            #expect(report.lost == 100)
        }
    }

    @Test(arguments: [3, 7, 30_000]) func `even if its pace is no whole number of nanoseconds`(rate: Int) async throws {
        let network = try #require(IPNetwork("203.0.113.0/28"))
        var count = 0
        for try await _ in Sweeper(SimulatedProber(.icmp), settings: SweepSettings(rate: rate)).results(for: network) {
            count += 1
        }
        #expect(count == 14)
    }

    @Test func `even if a monitor's pace is no whole number of nanoseconds`() async throws {
        let settings = MonitorSettings(interval: .microseconds(100))
        let report = try await PathMonitor(SimulatedProber(.icmp), settings: settings)
            .watch("tokyo.example", rounds: 20)
        #expect(report.end == RunEnd(.completed))
    }

    @Test func `even if it would be beyond the end of the simulation`() async throws {
        let settings = PingSettings(interval: .seconds(1_000_000_000))
        let report = try await Pinger(SimulatedProber(.icmp), settings: settings).ping("tokyo.example", count: 12)
        #expect(report.end?.reason == .failed)
        #expect(report.sent == 10)
    }

    @Test func `even if nothing can be sent and there is no pause`() async throws {
        let settings = PingSettings(interval: .zero, window: 16)
        let report = try await Pinger(BrokenProber(), settings: settings, options: RunOptions(deadline: .seconds(1)))
            .events(for: target)
            .reduce(into: PingReport.Fold()) { $0.apply($1) }.report()
        #expect(report?.end == RunEnd(.deadline))
        #expect((1...1600).contains(report?.failed ?? 0))
    }

    @Test func `and a sweep that cannot send gives its results on the way`() async throws {
        let targets = (0..<200_000).map { IPAddress(v4: 0x0A00_0000 + UInt32($0)) }
        let settings = SweepSettings(interval: .zero)
        var iterator = Sweeper(BrokenProber(), settings: settings).events(for: targets).makeAsyncIterator()
        var largest = 0
        var count = 0
        while let event = try await iterator.next() {
            if case .sendFailed = event.fact { count += 1 }
            largest = max(
                largest, Mirror(reflecting: iterator).descendant("batch").map { ($0 as? [ProbeEvent])?.count ?? 0 } ?? 0
            )
        }
        #expect(count == 200_000)
        #expect(largest < 20_000)
    }

    @Test func `an answer counts for as long as the plan waits for it`() async throws {
        let prober = SlowProber(rtt: .seconds(40))
        let report = try await Pinger(prober, settings: PingSettings(timeout: .seconds(60))).ping(target, count: 1)
        #expect(report.received == 1)
    }

    @Test func `an answer is replayed as it came, whatever its round trip was computed from`() async throws {
        var log: [UInt8] = []
        var live = PingReport.Fold()
        for try await event in Pinger(SlowProber(rtt: .seconds(1) / 3), settings: PingSettings(count: 1)).events(
            for: target)
        {
            live.apply(event)
            log += try JSON.encode(event) + [0x0A]
        }
        #expect(try PingReport.Fold.replay(EventLog.events(from: log)) == live.report())
    }
}
