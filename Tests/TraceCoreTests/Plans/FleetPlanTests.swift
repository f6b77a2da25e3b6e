import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct `A fleet's plan, against a network that does anything` {
    /// What a drive of a plan came to.
    private struct Outcome {
        var ends: [Int: RunEnd] = [:]
        var sent = 0
        var out = 0
        var lastSend: Duration = .zero
        var mostActive = 0
    }

    /// Drives a plan over so many targets whose paths are of different lengths, and holds it to the rules.
    private func drive(
        _ plan: inout RunGroup, settings: TraceSettings, targets: Int, interval: Duration, loss: Int,
        generator: inout SeededGenerator
    ) throws -> Outcome {
        var outcome = Outcome()
        var now: Duration = .zero
        var next = 0
        var runAt: [Int: Int] = [:]
        var arrivals: [Arrival] = []
        var number = 0
        for _ in 0..<2_000_000 {
            outcome.mostActive = max(outcome.mostActive, plan.active)
            switch plan.step(at: now, sending: .max) {
            case .begin:
                if next < targets, generator.chance(10) {
                    // Its name is still being looked up.
                    plan.holdBegin(until: now + .milliseconds(Int.random(in: 1...20, using: &generator)))
                } else if next < targets {
                    let trace = try TracePlan(target: IPAddress(v4: UInt32(next)), settings: settings)
                    runAt[plan.begin(trace, deadline: nil, at: now)] = next
                    next += 1
                } else {
                    plan.holdBegin(until: nil)
                }
            case .send(let place, let probes, let numbered):
                let run = try #require(runAt[place])
                #expect(probes.count == numbered.count && !probes.isEmpty)
                for (probe, known) in zip(probes, numbered) {
                    #expect(known.id == number && known.ttl == probe.ttl && known.target == probe.target)
                    number += 1
                    outcome.sent += 1
                    if generator.chance(2) {
                        plan.sendFailed(known.id, ProbeError(.network, "no"), at: now)
                        continue
                    }
                    let length = run % 7 + 3
                    guard !generator.chance(loss) else { continue }
                    let rtt = Duration.milliseconds(min(Int(probe.ttl), length) * 5)
                    let kind: ReplyKind = Int(probe.ttl) >= length ? .portUnreachable : .timeExceeded
                    let response = ProbeReply(from: probe.target, rtt: rtt, kind: kind)
                    arrivals.append(Arrival(probe: known.id, at: now + rtt, reply: response))
                    if generator.chance(5) {
                        arrivals.append(Arrival(probe: known.id, at: now + rtt * 2, reply: response))
                    }
                }
                outcome.lastSend = now
            case .timedOut(let place, let probes):
                let run = try #require(runAt[place])
                #expect(outcome.ends[run] == nil && !probes.isEmpty)
            case .ended(let place, let end):
                let run = try #require(runAt[place])
                runAt[place] = nil
                plan.release(place)
                #expect(outcome.ends.updateValue(end, forKey: run) == nil, "a run ends once")
            case .wait(let quiet, let nextSend):
                let until = nextSend.map { min($0, quiet) } ?? quiet
                if plan.active == 0, next == targets { return outcome }
                #expect(until > now, "a plan waits for a time to come")
                arrivals.sort { $0.at < $1.at }
                now = min(until, arrivals.first?.at ?? until)
                while let first = arrivals.first, first.at <= now {
                    arrivals.removeFirst()
                    guard let (place, at, _) = plan.receive(first), let run = runAt[place] else { continue }
                    #expect(outcome.ends[run] == nil, "a run that is over hears nothing more")
                    #expect(at <= now)
                }
            }
        }
        Issue.record("the plan does not come to an end")
        return outcome
    }

    @Test(arguments: 0..<60) func `each target is traced to its end, at one rate`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let targets = Int.random(in: 1...40, using: &generator)
        let interval = [.zero, .microseconds(20), .microseconds(300), .milliseconds(7)][seed % 4] as Duration
        let pace = FleetPace(rate: nil, concurrency: .random(in: 1...20, using: &generator))
        let settings = TraceSettings(
            maxTTL: .random(in: 3...20, using: &generator), queries: .random(in: 1...4, using: &generator),
            window: .random(in: 1...60, using: &generator), gapLimit: .random(in: 0...5, using: &generator))
        var plan = RunGroup(concurrency: pace.concurrency, interval: interval)
        let loss = Int.random(in: 0...70, using: &generator)
        let outcome = try drive(
            &plan, settings: settings, targets: targets, interval: interval, loss: loss, generator: &generator)
        #expect(outcome.ends.count == targets)
        #expect(outcome.mostActive <= pace.concurrency)
        #expect(interval * (outcome.sent - 9) <= outcome.lastSend)
        if loss == 0 { #expect(outcome.ends.values.allSatisfy { $0.reason != .gap }) }
    }
}
