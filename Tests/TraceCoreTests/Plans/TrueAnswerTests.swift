import Testing

@testable import TraceCore

/// A router's error that comes first, from a packet that loops or a stranger, and the target's own answer behind it.
@Suite struct `A true answer behind an error` {
    private let target = IPAddress(192, 0, 2, 99)
    private let router = IPAddress(10, 0, 0, 7)

    private func reply(_ kind: ReplyKind, after time: Duration = .milliseconds(5)) -> ProbeReply {
        ProbeReply(from: kind.isFromTarget ? target : router, rtt: time, kind: kind)
    }

    private func started(_ verb: Verb, _ parameters: RunDescription.Parameters) -> ProbeEvent {
        let run = RunDescription(
            verb: verb, target: ProbeTarget(address: target), method: .icmp, mode: "test", startedAt: .epoch,
            parameters: parameters)
        return ProbeEvent(at: .zero, .started(run))
    }

    /// The events of probes that all get the error and then the answer.
    private func events(
        _ verb: Verb, _ probes: [Probe], _ parameters: RunDescription.Parameters = .init(),
        end: RunEnd.Reason = .completed
    ) -> [ProbeEvent] {
        let fates = probes.flatMap { probe -> [ProbeEvent.Fact] in
            [
                .sent(probe), .reply(probe, reply(.timeExceeded)),
                .duplicate(probe, reply(.echoReply, after: .milliseconds(7))),
                .duplicate(probe, reply(.echoReply, after: .milliseconds(9))),
            ]
        }
        return [started(verb, parameters)] + fates.map { ProbeEvent(at: .milliseconds(9), $0) }
            + [ProbeEvent(at: .milliseconds(9), .ended(RunEnd(end)))]
    }

    private func sent(_ step: PlanStep) -> [Probe] { if case .send(let probes) = step { probes } else { [] } }

    private func pings(_ count: Int) -> [Probe] {
        (0..<count).map { Probe(id: $0, target: target, ttl: 64, sequence: $0) }
    }

    @Test func `is the answer of a ping, and the third is a duplicate`() throws {
        let events = events(.ping, pings(3))
        let report = try PingReport.Fold.replay(events)
        #expect(report.received == 3 && report.unreachable == 0 && report.duplicates == 3)
        #expect(report.lossPercent == 0)
        #expect(report.rtt?.max == .milliseconds(7))
        let lines = PingReport.Text().lines(of: events)
        #expect(lines.count { $0.contains("DUP!") } == 3)
        #expect(lines.contains { $0.hasPrefix("3 packets transmitted, 3 received, +3 duplicates, 0% packet loss") })
        #expect(
            try PingReport.Chart.Fold.replay(events).points.map(\.fate)
                == Array(repeating: .answered(.milliseconds(7)), count: 3))
    }

    @Test func `is waited for at the end of a ping, but not as long as for a silent host`() throws {
        var plan = try PingPlan(target: target, settings: PingSettings(count: 1))
        _ = plan.step(at: .zero)
        _ = plan.receive(Arrival(probe: 0, at: .milliseconds(5), reply: reply(.timeExceeded)))
        #expect(plan.step(at: .milliseconds(5)) == .wait(until: .milliseconds(1_005)))
        var answered = plan
        let fate = answered.receive(Arrival(probe: 0, at: .milliseconds(6), reply: reply(.echoReply)))
        #expect(fate == .duplicate(Probe(id: 0, target: target)))
        #expect(answered.step(at: .milliseconds(6)) == .end(RunEnd(.completed)))
        #expect(plan.step(at: .milliseconds(1_005)) == .end(RunEnd(.completed)))
    }

    @Test func `is the end of a trace`() throws {
        let probes = (0..<3).map { Probe(id: $0, target: target, ttl: 1, sequence: $0) }
        let events = events(.trace, probes, .init(firstTTL: 1, maxTTL: 30, queries: 3), end: .reached)
        let report = try TraceReport.Fold.replay(events)
        #expect(report.hops.count == 1)
        #expect(report.hops.first?.replies.map(\.kind) == Array(repeating: .echoReply, count: 3))
        #expect(report.hops.first?.duplicates == 3)

        var plan = try TracePlan(target: target, settings: TraceSettings(maxTTL: 5, queries: 1, window: 1))
        _ = plan.step(at: .zero)
        _ = plan.receive(Arrival(probe: 0, at: .milliseconds(5), reply: reply(.timeExceeded)))
        _ = plan.receive(Arrival(probe: 0, at: .milliseconds(6), reply: reply(.echoReply)))
        #expect(plan.step(at: .milliseconds(6)) == .end(RunEnd(.reached)))
    }

    @Test func `is the target of a watched path, round after round`() throws {
        let probes = (0..<5).map { Probe(id: $0, target: target, ttl: 1, sequence: $0) }
        let report = try MonitorReport.Fold.replay(events(.monitor, probes, .init(firstTTL: 1, maxTTL: 30)))
        #expect(report.isReached)
        #expect(report.hops.count == 1)
        #expect(report.hops.first?.addresses.first?.address == target)
        #expect(report.hops.first?.lossPercent == 0)
        #expect(report.hops.first?.duplicates == 5)

        var fold = ChangeReport.Fold()
        for event in events(
            .monitor, (0..<40).map { Probe(id: $0, target: target, ttl: 1, sequence: $0) }, .init(firstTTL: 1))
        {
            #expect(fold.take(event).isEmpty)
        }
    }

    @Test func `tells a monitor how far its target is`() throws {
        var plan = try MonitorPlan(target: target, settings: MonitorSettings(rounds: 2, maxTTL: 4, sendInterval: .zero))
        let probes = sent(plan.step(at: .zero))
        #expect(probes.count == 4)
        for probe in probes {
            if probe.ttl <= 2 {
                _ = plan.receive(Arrival(probe: probe.id, at: .milliseconds(5), reply: reply(.timeExceeded)))
            }
            if probe.ttl >= 2 {
                _ = plan.receive(Arrival(probe: probe.id, at: .milliseconds(6), reply: reply(.echoReply)))
            }
        }
        let second = sent(plan.step(at: .seconds(1)))
        #expect(second.map(\.ttl).sorted() == [1, 2])
    }

    @Test func `makes a host of a sweep alive, and asks it no more`() throws {
        let settings = SweepSettings(mode: .untilReply(retries: 2), interval: .zero)
        var plan = try SweepPlan(targets: SweepTargets([target]), settings: settings)
        let probes = sent(plan.step(at: .zero))
        _ = plan.receive(Arrival(probe: 0, at: .milliseconds(5), reply: reply(.hostUnreachable)))
        _ = plan.receive(Arrival(probe: 0, at: .milliseconds(6), reply: reply(.echoReply)))
        #expect(plan.step(at: .seconds(60)) == .end(RunEnd(.completed)))

        let events = events(.sweep, probes, .init(queries: 3, count: 1, untilReply: true))
        let report = try SweepReport.Fold.replay(events)
        #expect(report.results.map(\.isAlive) == [true])
    }
}

@Suite struct `A probe that is too young to be judged` {
    private let target = IPAddress(192, 0, 2, 99)

    private func events(_ verb: Verb, rounds: Int, answering answered: Int, lost: Int = 0) -> [ProbeEvent] {
        let run = RunDescription(
            verb: verb, target: ProbeTarget(address: target), method: .icmp, mode: "test", startedAt: .epoch,
            parameters: .init(firstTTL: 1, maxTTL: 1))
        var events = [ProbeEvent(at: .zero, .started(run))]
        let probes = (0..<rounds).map { Probe(id: $0, target: target, ttl: 1, sequence: $0) }
        for probe in probes {
            let at = Duration.milliseconds(10 * probe.id)
            events.append(ProbeEvent(at: at, .sent(probe)))
            let older = probe.id - (rounds - answered - lost)
            guard older >= 0 else { continue }
            let reply = ProbeReply(from: target, rtt: .milliseconds(10 * (rounds - answered)), kind: .echoReply)
            events.append(ProbeEvent(at: at, older < lost ? .timedOut(probes[older]) : .reply(probes[older], reply)))
        }
        return events
    }

    @Test func `is no loss of a ping that is ended`() {
        let lines = { (events: [ProbeEvent]) in
            PingReport.Text().lines(of: events + [ProbeEvent(at: .seconds(1), .ended(RunEnd(.cancelled)))])
        }
        let some = lines(events(.ping, rounds: 30, answering: 9, lost: 1))
        #expect(some.contains { $0.hasPrefix("30 packets transmitted, 9 received, 10% packet loss") })
        #expect(some.contains { $0.hasSuffix(", 20 without an answer yet") })
        let none = lines(events(.ping, rounds: 20, answering: 0))
        #expect(none.contains { $0.hasPrefix("20 packets transmitted, 0 received, time ") })
    }

    /// Twenty seconds of rounds of ten milliseconds are more than are kept open.
    @Test func `is no outage of a path, however many rounds are out`() {
        var fold = ChangeReport.Fold()
        var found: [ChangeReport.Change] = []
        for event in events(.monitor, rounds: 4_000, answering: 2_000) { found += fold.take(event) }
        #expect(found.isEmpty)
        #expect(fold.report()?.outages.isEmpty == true)
    }
}
