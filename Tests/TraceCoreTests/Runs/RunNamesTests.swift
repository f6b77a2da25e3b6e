import Testing

@testable import TraceCore

@Suite struct `The names of a run` {
    /// Answers nothing until its task is cancelled.
    private struct Silent: NameResolver {
        func addresses(of name: String) async throws(ProbeError) -> [IPAddress] { [IPAddress(192, 0, 2, 1)] }
        func name(of address: IPAddress) async -> UntrustedText? {
            for await _ in AsyncStream<Never>.makeStream().stream {}
            return nil
        }
        func known(_ address: IPAddress) -> KnownName { .unknown }
    }

    /// Names everybody at once.
    private struct Eager: NameResolver {
        func addresses(of name: String) async throws(ProbeError) -> [IPAddress] { [] }
        func name(of address: IPAddress) async -> UntrustedText? { nil }
        func known(_ address: IPAddress) -> KnownName { .name("r.example") }
    }

    /// Says how long it was asked to wait, and does not.
    private final class Impatient: ProbeChannel {
        let facts = ChannelFacts(method: .udp, mode: "test", openedAt: .epoch)
        let now: Duration = .seconds(100)
        private let state = Lock<[Duration]>([])
        var waits: [Duration] { state.withLock { $0 } }

        func send(_ probes: [Probe]) async throws(ProbeError) -> [Probe.Failure] { [] }
        func receive(until deadline: Duration) async throws(ProbeError) -> [Arrival] { [] }
        func sleep(until deadline: Duration) async { state.withLock { $0.append(deadline) } }
        func close() {}

        func facts(for target: IPAddress) -> ChannelFacts { facts }
        func source(for target: IPAddress) -> IPAddress? { nil }
        var counts: ChannelFacts.Counts { ChannelFacts.Counts() }
        func takeFailures() -> [Probe.Failure] { [] }
    }

    private struct Asking: AskingProber {
        let clock: ManualClock
        var method: ProbeMethod { ProbeMethod(rawValue: "test") }
        func ask(_ probe: Probe) async throws(ProbeError) -> Answer? { nil }
    }

    @Test func `a run that meets the whole internet remembers a part of it`() async {
        for resolver in [Silent(), Eager()] as [any NameResolver] {
            let names = RunNames(resolver, RunOptions())
            var known = 0
            for number in 0..<300_000 as Range<UInt32> {
                if case .known = names.meet(IPAddress(v4: 0x0B00_0000 + number)) { known += 1 }
            }
            #expect(names.load.met <= RunNames.metLimit)
            #expect(names.load.waiting <= RunNames.waitingLimit)
            #expect(known == (resolver is Eager ? 300_000 : 0))
            // Those it has just met are not asked for again.
            #expect(names.meet(IPAddress(v4: 0x0B00_0000 + 299_999)) == .met)
            names.stop()
        }
    }

    @Test(.timeLimit(.minutes(10))) func `are waited for by the clock of the run's channel`() async {
        let channel = Impatient()
        let names = RunNames(Silent(), RunOptions())
        #expect(names.meet(IPAddress(192, 0, 2, 1)) == .asked)
        await names.finish(within: .seconds(3600), on: channel)
        #expect(channel.waits == [.seconds(3700)])
        #expect(names.load.waiting == 0)
    }

    @Test(.timeLimit(.minutes(10))) func `need not be waited for where there are none`() async {
        let channel = Impatient()
        let names = RunNames(Eager(), RunOptions())
        #expect(names.meet(IPAddress(192, 0, 2, 1)) == .known("r.example"))
        await names.finish(within: .seconds(1), on: channel)
        #expect(channel.waits.isEmpty)
    }

    @Test(.timeLimit(.minutes(10))) func `channels on a manual clock wait until that has moved`() async throws {
        let clock = ManualClock()
        clock.advance(by: .seconds(7))
        let channels: [any ProbeChannel] = [
            try await SimulatedProber(.icmp, .demo, clock: clock).open(ChannelSettings()),
            try await Asking(clock: clock).open(ChannelSettings()),
        ]
        for channel in channels {
            let deadline = channel.now + .seconds(3600)
            let task = Task { await channel.sleep(until: deadline) }
            await clock.sleepers(atLeast: 1)
            clock.advance(by: .seconds(3600))
            await task.value
            #expect(channel.now == deadline)
            let cancelled = Task { await channel.sleep(until: .seconds(1_000_000)) }
            cancelled.cancel()
            await cancelled.value
        }
    }

    @Test func `what is seen again and again is not forgotten for what is seen once`() {
        var seen = RecentSet<Int>(limit: 100)
        _ = seen.insert(-1)
        for number in 0..<10_000 {
            let (isNew, isKnown) = (seen.insert(number), !seen.insert(-1))
            #expect(isNew && isKnown && seen.count <= 100)
        }
        seen.remove(-1)
        let news = [9_999, 0, -1].map { seen.insert($0) }
        #expect(news == [false, true, true])
    }
}
