import Testing

@testable import TraceCore

@Suite struct `The trace plan` {
    private let target = IPAddress(192, 0, 2, 99)

    /// A plan whose probes all go out at time zero.
    private func started(
        _ settings: TraceSettings
    ) throws -> (plan: TracePlan, probes: [Probe]) {
        var plan = try TracePlan(target: target, settings: settings)
        guard case .send(let probes) = plan.step(at: .zero) else {
            throw ProbeError(.badInput, "the plan did not send at once")
        }
        return (plan, probes)
    }

    private func reply(_ probe: Probe, _ kind: ReplyKind, after rtt: Duration) -> Arrival {
        Arrival(probe: probe.id, at: rtt, reply: ProbeReply(from: target, rtt: rtt, kind: kind))
    }

    @Test func `asks hop by hop, all queries of one before the next`() throws {
        let (_, probes) = try started(TraceSettings(maxTTL: 4, queries: 2, sendInterval: .zero))
        #expect(probes.map(\.ttl) == [1, 1, 2, 2, 3, 3, 4, 4])
        #expect(probes.map(\.sequence) == [0, 1, 0, 1, 0, 1, 0, 1])
    }

    @Test func `spaces its probes`() throws {
        var plan = try TracePlan(
            target: target, settings: TraceSettings(queries: 1, sendInterval: .milliseconds(1)))
        guard case .send(let first) = plan.step(at: .zero) else { throw ProbeError(.badInput, "no probe") }
        #expect(first.map(\.ttl) == [1])
        #expect(plan.step(at: .zero) == .wait(until: .milliseconds(1)))
        guard case .send(let second) = plan.step(at: .milliseconds(1)) else {
            throw ProbeError(.badInput, "no second probe")
        }
        #expect(second.map(\.ttl) == [2])
    }

    @Test func `ends once the target and all hops before it are decided`() throws {
        var (plan, probes) = try started(TraceSettings(maxTTL: 6, queries: 1, sendInterval: .zero))
        for probe in probes where probe.ttl != 2 {
            let kind: ReplyKind = probe.ttl >= 4 ? .portUnreachable : .timeExceeded
            _ = plan.receive(reply(probe, kind, after: .milliseconds(10)))
        }
        guard case .wait = plan.step(at: .milliseconds(10)) else {
            Issue.record("hop 2 is still out")
            return
        }
        _ = plan.receive(reply(probes[1], .timeExceeded, after: .milliseconds(12)))
        #expect(plan.step(at: .milliseconds(12)) == .end(RunEnd(.reached)))
    }

    /// What is known when the wait for a probe at hop 2 is asked for, and when it is given up.
    struct Wait: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let replies: [(ttl: Int, query: Int, rtt: Duration)]
        let givenUpAt: Duration
    }

    @Test(arguments: [
        Wait(testDescription: "nothing is known", replies: [], givenUpAt: .seconds(5)),
        Wait(
            testDescription: "the same hop answered: three times as long",
            replies: [(2, 0, .milliseconds(100))], givenUpAt: .milliseconds(300)),
        Wait(
            testDescription: "the same hop answered quickly: the floor",
            replies: [(2, 0, .milliseconds(1))], givenUpAt: .milliseconds(50)),
        Wait(
            testDescription: "a later hop answered: four times as long",
            replies: [(3, 0, .milliseconds(20))], givenUpAt: .milliseconds(80)),
        Wait(
            testDescription: "the nearest of two later hops counts",
            replies: [(3, 0, .milliseconds(20)), (4, 0, .milliseconds(70))], givenUpAt: .milliseconds(80)),
        Wait(
            testDescription: "the own hop counts before a later one",
            replies: [(2, 0, .milliseconds(80)), (3, 0, .milliseconds(10))], givenUpAt: .milliseconds(240)),
        Wait(
            testDescription: "only an earlier hop answered: ten times the largest, at least 750 ms",
            replies: [(1, 0, .milliseconds(90))], givenUpAt: .milliseconds(900)),
        Wait(
            testDescription: "an earlier hop answered quickly: a satellite may follow",
            replies: [(1, 0, .milliseconds(9))], givenUpAt: .milliseconds(750)),
        Wait(
            testDescription: "never longer than the maximum",
            replies: [(2, 0, .seconds(4))], givenUpAt: .seconds(5)),
    ]) func `waits no longer than what it has seen makes sensible`(_ wait: Wait) throws {
        var (plan, probes) = try started(
            TraceSettings(maxTTL: 4, queries: 2, sendInterval: .zero, gapLimit: 0))
        for (ttl, query, rtt) in wait.replies {
            let probe = try #require(probes.first { $0.ttl == ttl && $0.sequence == query })
            _ = plan.receive(reply(probe, .timeExceeded, after: rtt))
        }
        let probe = try #require(probes.first { $0.ttl == 2 && $0.sequence == 1 })
        let now = wait.replies.map(\.rtt).max() ?? .zero
        #expect(try givenUp(&plan, from: now, to: wait.givenUpAt - .nanoseconds(1)).contains(probe) == false)
        #expect(try givenUp(&plan, from: wait.givenUpAt, to: wait.givenUpAt).contains(probe))
    }

    private func givenUp(_ plan: inout TracePlan, from: Duration, to: Duration) throws -> [Probe] {
        var probes: [Probe] = []
        for now in [from, to] {
            while case .timedOut(let expired) = plan.step(at: now) { probes += expired }
        }
        return probes
    }

    @Test func `a gap of silent hops ends it, but not before a farther answer had its chance`() throws {
        var (plan, probes) = try started(
            TraceSettings(maxTTL: 12, queries: 1, sendInterval: .zero, gapLimit: 3))
        _ = plan.receive(reply(probes[1], .timeExceeded, after: .milliseconds(10)))
        _ = plan.receive(reply(probes[8], .timeExceeded, after: .milliseconds(40)))
        // Hop 9 answered, so hops 3 to 8 are no gap at the end; hops 10 to 12 are.
        while case .timedOut = plan.step(at: .seconds(1)) {}
        #expect(plan.step(at: .seconds(1)) == .end(RunEnd(.gap)))
    }

    @Test func `an unreachable ends it with what the router said`() throws {
        var (plan, probes) = try started(TraceSettings(maxTTL: 5, queries: 1, sendInterval: .zero))
        _ = plan.receive(reply(probes[0], .timeExceeded, after: .milliseconds(1)))
        _ = plan.receive(reply(probes[1], .prohibited, after: .milliseconds(2)))
        #expect(
            plan.step(at: .milliseconds(2)) == .end(RunEnd(.unreachable, kind: .prohibited, from: target)))
    }

    @Test func `an answer after its time is late, and a second one a duplicate`() throws {
        var (plan, probes) = try started(
            TraceSettings(maxTTL: 2, queries: 1, sendInterval: .zero, patience: .fixed(.milliseconds(100))))
        let second = probes[1]
        #expect(plan.receive(reply(probes[0], .timeExceeded, after: .milliseconds(1))) == .reply(probes[0]))
        #expect(plan.receive(reply(probes[0], .timeExceeded, after: .milliseconds(2))) == .duplicate(probes[0]))
        #expect(plan.step(at: .milliseconds(100)) == .timedOut([second]))
        #expect(plan.receive(reply(second, .echoReply, after: .milliseconds(150))) == .late(second))
        #expect(plan.receive(reply(second, .echoReply, after: .milliseconds(151))) == .duplicate(second))
        #expect(
            plan.receive(Arrival(probe: 77, at: .zero, reply: ProbeReply(from: target, rtt: .zero, kind: .open)))
                == .stray)
    }

    @Test func `a probe that cannot be sent is decided, and not lost`() throws {
        var (plan, probes) = try started(TraceSettings(maxTTL: 2, queries: 1, sendInterval: .zero))
        #expect(plan.sendFailed(probes[0].id, at: .zero) == probes[0])
        #expect(plan.sendFailed(probes[0].id, at: .zero) == nil)
        _ = plan.receive(reply(probes[1], .echoReply, after: .milliseconds(2)))
        #expect(plan.step(at: .milliseconds(2)) == .end(RunEnd(.reached)))
    }

    @Test(arguments: [
        TraceSettings(firstTTL: 0), TraceSettings(firstTTL: 9, maxTTL: 8), TraceSettings(queries: 0),
        TraceSettings(window: 0), TraceSettings(sendInterval: .seconds(-1)), TraceSettings(gapLimit: -1),
        TraceSettings(patience: .fixed(.zero)),
    ]) func `refuses settings that make no sense`(_ settings: TraceSettings) {
        #expect(throws: ProbeError(.badSetting, "")) { try TracePlan(target: target, settings: settings) }
    }
}
