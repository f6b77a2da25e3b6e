import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

extension SeededGenerator {
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// A plan that says how many probes it has out at the most.
protocol BoundedPlan: ProbePlan {
    var window: Int { get }
}

extension PingPlan: BoundedPlan {}
extension TracePlan: BoundedPlan {}
extension MonitorPlan: BoundedPlan {}
extension SweepPlan: BoundedPlan {}
extension MultipathPlan: BoundedPlan {}
extension PathMTUPlan: BoundedPlan {}

extension ProbePlan {
    /// What to do at a time where nothing holds sending up; it waits for the next probe, too.
    mutating func step(at now: Duration) -> PlanStep {
        let step = step(at: now, sending: .max)
        guard case .wait(let until, let nextSend?) = step else { return step }
        return .wait(until: min(until, nextSend))
    }

    mutating func sendFailed(_ id: Probe.ID, at now: Duration) -> Probe? {
        sendFailed(id, ProbeError(.network, "no"), at: now)
    }
}

/// Drives a plan against a network that loses, repeats, delays and refuses at random, and holds it to the rules
/// that every plan obeys.
struct PlanHarness<Plan: BoundedPlan> {
    struct Outcome {
        var sent: [Probe] = []
        /// When each was sent.
        var times: [Duration] = []
        var timedOut: [Probe] = []
        var end: RunEnd?
        var endedAt: Duration = .zero
        var mostOut = 0
        var steps = 0
    }

    var plan: Plan
    var generator: SeededGenerator
    /// The answer to a probe, as the network would give it: kind and round trip, or nil for none.
    var answer: (Probe, inout SeededGenerator) -> (kind: ReplyKind, rtt: Duration)?
    var duplicates = 5
    var failures = 3

    mutating func run(upTo limit: Duration = .seconds(100_000), steps: Int = 500_000) -> Outcome {
        var outcome = Outcome()
        var now: Duration = .zero
        var pending: [Arrival] = []
        var out: Set<Probe.ID> = []
        while outcome.steps < steps, now <= limit {
            outcome.steps += 1
            switch plan.step(at: now) {
            case .send(let probes):
                #expect(!probes.isEmpty, "a step that sends sends something")
                for probe in probes { send(probe, at: now, &outcome, &pending, &out) }
                outcome.mostOut = max(outcome.mostOut, out.count)
                #expect(out.count <= plan.window, "never more out than the window")
            case .timedOut(let probes):
                for probe in probes {
                    #expect(out.remove(probe.id) != nil, "only a probe that is out can be given up")
                    outcome.timedOut.append(probe)
                }
            case .wait(let until, _):
                #expect(until > now, "a plan waits for a time to come")
                pending.sort { $0.at < $1.at }
                guard let next = pending.first, next.at <= until else {
                    now = until
                    continue
                }
                now = max(now, next.at)
                while let arrival = pending.first, arrival.at <= now {
                    pending.removeFirst()
                    if case .reply(let probe) = plan.receive(arrival) {
                        #expect(out.remove(probe.id) != nil, "only a probe that is out can be answered")
                    }
                }
            case .end(let end):
                outcome.end = end
                outcome.endedAt = now
                #expect(plan.step(at: now) == .end(end), "an ended plan stays ended")
                #expect(plan.step(at: now + .seconds(60)) == .end(end), "an ended plan never sends")
                return outcome
            }
        }
        return outcome
    }

    private mutating func send(
        _ probe: Probe, at now: Duration, _ outcome: inout Outcome, _ pending: inout [Arrival],
        _ out: inout Set<Probe.ID>
    ) {
        #expect(probe.id == outcome.sent.count, "identifiers are dense")
        outcome.sent.append(probe)
        outcome.times.append(now)
        if generator.chance(failures) {
            #expect(plan.sendFailed(probe.id, at: now) == probe)
            return
        }
        out.insert(probe.id)
        guard let answer = answer(probe, &generator) else { return }
        let response = ProbeReply(from: probe.target, rtt: answer.rtt, kind: answer.kind)
        pending.append(Arrival(probe: probe.id, at: now + answer.rtt, reply: response))
        if generator.chance(duplicates) {
            pending.append(
                Arrival(probe: probe.id, at: now + answer.rtt + .milliseconds(1), reply: response))
        }
    }
}
