import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct `Every plan, against a network that does anything` {
    static let target = IPAddress(192, 0, 2, 99)

    /// Answers like a path of so many hops with loss and stray delays.
    static func path(
        length: Int, loss: Int, silent: Set<Int> = []
    ) -> (Probe, inout SeededGenerator) -> (kind: ReplyKind, rtt: Duration)? {
        { probe, generator in
            if generator.chance(loss) || silent.contains(Int(probe.ttl)) { return nil }
            let spike = generator.chance(4) ? Int.random(in: 0...8_000_000, using: &generator) : 0
            let rtt = Duration.microseconds(min(Int(probe.ttl), length) * 3000 + spike)
            return (Int(probe.ttl) >= length ? .echoReply : .timeExceeded, rtt)
        }
    }

    @Test(arguments: 0..<300) func `a trace keeps its window and ends`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let settings = TraceSettings(
            firstTTL: .random(in: 1...5, using: &generator), maxTTL: .random(in: 5...40, using: &generator),
            queries: .random(in: 1...5, using: &generator), window: .random(in: 1...120, using: &generator),
            sendInterval: .microseconds(Int.random(in: 0...3000, using: &generator)),
            gapLimit: .random(in: 0...6, using: &generator))
        let length = Int.random(in: 1...45, using: &generator)
        let silent = Set(
            (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                Int.random(in: 1...40, using: &generator)
            })
        var harness = PlanHarness(
            plan: try TracePlan(target: Self.target, settings: settings), generator: generator,
            answer: Self.path(length: length, loss: Int.random(in: 0...60, using: &generator), silent: silent))
        let outcome = harness.run()
        #expect(outcome.end != nil)
        #expect(outcome.mostOut <= settings.window ?? 0)
        #expect(outcome.sent.allSatisfy { $0.ttl >= settings.firstTTL && $0.ttl <= settings.maxTTL })
        let perHop = Dictionary(grouping: outcome.sent, by: \.ttl)
        #expect(perHop.values.allSatisfy { $0.count <= settings.queries })
    }

    @Test(arguments: 0..<200) func `a ping keeps its window, its count and its pace, and ends`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let settings = PingSettings(
            count: .random(in: 1...200, using: &generator),
            interval: .milliseconds(Int.random(in: 0...300, using: &generator)),
            timeout: .milliseconds(Int.random(in: 1...3000, using: &generator)),
            preload: .random(in: 1...5, using: &generator), adaptive: generator.chance(30),
            window: .random(in: 1...50, using: &generator))
        var harness = PlanHarness(
            plan: try PingPlan(target: Self.target, settings: settings), generator: generator,
            answer: Self.path(length: 5, loss: Int.random(in: 0...100, using: &generator)))
        let outcome = harness.run()
        #expect(outcome.end?.reason == .completed)
        #expect(outcome.end != nil)
        #expect(outcome.sent.count <= settings.count ?? 0)
        if outcome.end?.reason == .completed { #expect(outcome.sent.count == settings.count) }
    }

    @Test(arguments: 0..<150) func `a monitor keeps its window and its rounds, and ends`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let rounds = Int.random(in: 1...60, using: &generator)
        let settings = MonitorSettings(
            interval: .milliseconds(Int.random(in: 20...2000, using: &generator)), rounds: rounds,
            maxTTL: .random(in: 3...30, using: &generator),
            timeout: .milliseconds(Int.random(in: 10...3000, using: &generator)),
            gapLimit: .random(in: 1...6, using: &generator))
        let length = Int.random(in: 1...20, using: &generator)
        let grown = Int.random(in: 1...20, using: &generator)
        let loss = Int.random(in: 0...50, using: &generator)
        // The path's length changes in the middle of the run.
        var harness = PlanHarness(
            plan: try MonitorPlan(target: Self.target, settings: settings), generator: generator,
            answer: { probe, generator in
                Self.path(length: probe.sequence < rounds / 2 ? length : grown, loss: loss)(probe, &generator)
            })
        let outcome = harness.run()
        #expect(outcome.end == RunEnd(.completed))
        let slots = Dictionary(grouping: outcome.sent) { [Int($0.ttl), $0.sequence] }
        #expect(slots.values.allSatisfy { $0.count == 1 }, "one probe for each hop and round")
        #expect(outcome.sent.allSatisfy { $0.sequence < rounds })
    }

    @Test(arguments: 0..<150) func `a sweep keeps its window and its tries, and asks everybody`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let targets = (0..<Int.random(in: 1...400, using: &generator)).map { IPAddress(v4: 0x0A00_0000 + UInt32($0)) }
        let mode: SweepSettings.Mode =
            generator.chance(50)
            ? .untilReply(retries: .random(in: 0...3, using: &generator))
            : .count(
                .random(in: 1...4, using: &generator), period: .milliseconds(Int.random(in: 0...500, using: &generator))
            )
        let settings = SweepSettings(
            mode: mode, interval: .microseconds(Int.random(in: 0...2000, using: &generator)),
            timeout: .milliseconds(Int.random(in: 1...800, using: &generator)), backoff: 1.5,
            window: .random(in: 1...300, using: &generator))
        let loss = Int.random(in: 0...100, using: &generator)
        var harness = PlanHarness(
            plan: try SweepPlan(targets: SweepTargets(targets), settings: settings), generator: generator,
            answer: Self.path(length: 5, loss: loss))
        let outcome = harness.run()
        #expect(outcome.end == RunEnd(.completed))
        let perTarget = Dictionary(grouping: outcome.sent, by: \.target)
        #expect(Set(perTarget.keys) == Set(targets))
        #expect(perTarget.values.allSatisfy { $0.count <= settings.tries ?? 0 })
        if case .count(let count, _) = mode { #expect(perTarget.values.allSatisfy { $0.count == count }) }
    }
}
