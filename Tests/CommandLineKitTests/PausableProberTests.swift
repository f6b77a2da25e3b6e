import Testing
import TraceCore

@testable import TraceCoreCommandLine

@Suite struct `A prober behind a gate` {
    /// A channel whose time is what the test says, and that notes what it is asked.
    private final class Channel: ProbeChannel {
        struct State {
            var now: Duration = .zero
            var sent = 0
            var arrivals: [Arrival] = []
            var deadline: Duration?
        }

        let state = Lock(State())
        var facts: ChannelFacts { ChannelFacts(method: .icmp, mode: "test", openedAt: .epoch) }
        var now: Duration { state.withLock { $0.now } }

        func send(_ probes: [Probe]) async throws(ProbeError) -> [Probe.Failure] {
            state.withLock { $0.sent += probes.count }
            return []
        }

        func receive(until deadline: Duration) async throws(ProbeError) -> [Arrival] {
            state.withLock { state in
                state.deadline = deadline
                return state.arrivals
            }
        }

        func close() {}

        func facts(for target: IPAddress) -> ChannelFacts { facts }
        func source(for target: IPAddress) -> IPAddress? { nil }
        var counts: ChannelFacts.Counts { ChannelFacts.Counts() }
        func takeFailures() -> [Probe.Failure] { [] }
        func sleep(until deadline: Duration) async { try? await Task.sleep(for: max(.zero, deadline - now)) }
    }

    private static let probe = Probe(id: 7, target: IPAddress(192, 0, 2, 1))

    @Test func `sends nothing while it is closed, and its time stands still`() async throws {
        let base = Channel()
        let gate = PauseGate()
        let channel = PausableChannel(base, gate: gate)
        base.state.withLock { $0.now = .seconds(10) }
        gate.close()
        let sending = Task { try await channel.send([Self.probe]) }
        await gate.somebodyWaits()
        #expect(base.state.withLock { $0.sent } == 0)
        // An answer comes while nothing is sent.
        base.state.withLock { state in
            state.now = .seconds(25)
            let response = ProbeReply(from: IPAddress(192, 0, 2, 1), rtt: .milliseconds(3), kind: .timeExceeded)
            state.arrivals = [Arrival(probe: 3, at: .seconds(12), reply: response)]
        }
        gate.open()
        #expect(try await sending.value.isEmpty)
        #expect(base.state.withLock { $0.sent } == 1)
        #expect(channel.now == .seconds(10))
        let arrivals = try await channel.receive(until: .seconds(11))
        // A moment, and no longer, however far the deadline is.
        #expect(base.state.withLock { $0.deadline } == .milliseconds(25_100))
        #expect(arrivals.map(\.at) == [.seconds(10)])
        #expect(arrivals.map(\.reply.rtt) == [.milliseconds(3)])
        _ = try await channel.receive(until: .milliseconds(10_050))
        #expect(base.state.withLock { $0.deadline } == .milliseconds(25_050))
        base.state.withLock { $0.now = .seconds(26) }
        #expect(channel.now == .seconds(11))
    }

    @Test func `a run that is given up while it waits is over, and sends nothing`() async throws {
        let base = Channel()
        let gate = PauseGate()
        let channel = PausableChannel(base, gate: gate)
        gate.close()
        let sending = Task { try await channel.send([Self.probe]) }
        await gate.somebodyWaits()
        sending.cancel()
        #expect(try await sending.value.map(\.probe) == [7])
        #expect(base.state.withLock { $0.sent } == 0)
    }

    @Test func `an open one changes nothing about a run`() async throws {
        let plain = try await PathPictures.events(rounds: 3)
        let monitor = PathMonitor(
            PausableProber(SimulatedProber(.icmp), gate: PauseGate()), settings: MonitorSettings(rounds: 3))
        var events: [ProbeEvent] = []
        for try await event in monitor.events(for: "tokyo.example") { events.append(event) }
        #expect(events == plain)
    }

    @Test func `a gate lets all who wait go on`() async {
        let gate = PauseGate()
        #expect(await gate.pass() == false)
        gate.close()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 { group.addTask { await gate.pass() } }
            await gate.somebodyWaits(5)
            gate.open()
            for await waited in group { #expect(waited) }
        }
    }
}

extension PauseGate {
    /// Returns when so many tasks wait at the gate.
    fileprivate func somebodyWaits(_ count: Int = 1) async {
        while waiting < count { await Task.yield() }
    }
}
