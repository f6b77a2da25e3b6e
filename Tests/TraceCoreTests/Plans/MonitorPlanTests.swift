import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

/// How a monitor finds a target that its first round did not find, and at what price.
@Suite struct `A monitor that looks for its target` {
    private let target = IPAddress(192, 0, 2, 99)

    /// Drives a plan against a path whose hops up to `answering` answer; the target is at the distance that is given for
    /// a round, or nowhere.
    private func run(
        rounds: Int, answering: UInt8 = 2, interval: Duration = .seconds(1), rtt: Duration = .milliseconds(20),
        distance: @escaping (_ round: Int) -> UInt8?
    ) throws -> (sent: [Probe], end: RunEnd?) {
        let settings = MonitorSettings(interval: interval, rounds: rounds)
        var harness = PlanHarness(
            plan: try MonitorPlan(target: target, settings: settings), generator: SeededGenerator(seed: 1)
        ) { probe, _ in
            if let distance = distance(probe.sequence), probe.ttl >= distance { return (.echoReply, rtt) }
            return probe.ttl <= answering ? (.timeExceeded, rtt) : nil
        }
        harness.duplicates = 0
        harness.failures = 0
        let outcome = harness.run()
        return (outcome.sent, outcome.end)
    }

    private func perRound(_ sent: [Probe]) -> [Int] {
        var counts: [Int] = []
        for probe in sent {
            while counts.count <= probe.sequence { counts.append(0) }
            counts[probe.sequence] += 1
        }
        return counts
    }

    /// The rounds and hops that are asked while somebody turns the dial before a round.
    private func turned(
        _ settings: MonitorSettings, distance: UInt8 = 8, before round: Int,
        _ change: @escaping (inout MonitorSettings) -> Void
    ) throws -> (sent: [Probe], times: [Duration], end: RunEnd?) {
        var settings = settings
        let dial = MonitorSettings.Dial()
        settings.dial = dial
        let target = target
        var hasTurned = false
        var harness = PlanHarness(
            plan: try MonitorPlan(target: target, settings: settings), generator: SeededGenerator(seed: 1)
        ) { probe, _ in
            if probe.sequence == round - 1, !hasTurned {
                hasTurned = true
                var new = settings
                change(&new)
                try? dial.set(new)
            }
            return (probe.ttl >= distance ? .echoReply : .timeExceeded, .milliseconds(20))
        }
        (harness.duplicates, harness.failures) = (0, 0)
        let outcome = harness.run()
        return (outcome.sent, outcome.times, outcome.end)
    }

    @Test func `goes on with the interval, the rounds, the hops and the size that somebody sets meanwhile`() throws {
        let slow = MonitorSettings(interval: .seconds(1), rounds: 10)
        let (sent, times, end) = try turned(slow, before: 4) {
            ($0.interval, $0.rounds, $0.firstTTL, $0.maxTTL, $0.size) = (.seconds(10), 6, 3, 5, 100)
        }
        #expect(end?.reason == .completed)
        #expect(sent.map(\.sequence).max() == 5)
        let late = sent.filter { $0.sequence >= 4 }
        #expect((4...5).allSatisfy { round in late.filter { $0.sequence == round }.map(\.ttl).sorted() == [3, 4, 5] })
        #expect(late.allSatisfy { $0.size == 100 && $0.flow == sent[0].flow })
        let starts = (0..<6).compactMap { round in sent.firstIndex { $0.sequence == round }.map { times[$0] } }
        #expect(starts[1] - starts[0] == .seconds(1) && starts[5] - starts[4] == .seconds(10), "\(starts)")
    }

    @Test func `ends where fewer rounds are wanted than were made, and refuses what makes no sense`() throws {
        let (sent, _, end) = try turned(MonitorSettings(rounds: 50), before: 10) { $0.rounds = 3 }
        #expect(end?.reason == .completed && sent.map(\.sequence).max() == 9)
        let dial = MonitorSettings.Dial()
        #expect(throws: ProbeError.self) { try dial.set(MonitorSettings(interval: .zero)) }
        var version = 0
        #expect(dial.settings(after: &version) == nil)
    }

    @Test(arguments: [100, 200, 255] as [UInt8])
    func `asks hops far away in every round`(distance: UInt8) throws {
        let settings = MonitorSettings(interval: .milliseconds(300), rounds: 5, maxTTL: 255)
        var harness = PlanHarness(
            plan: try MonitorPlan(target: target, settings: settings), generator: SeededGenerator(seed: 1)
        ) { probe, _ in (probe.ttl >= distance ? .echoReply : .timeExceeded, .milliseconds(1)) }
        (harness.duplicates, harness.failures) = (0, 0)
        let counts = perRound(harness.run().sent)
        #expect(counts.count == 5 && counts.dropFirst().allSatisfy { $0 >= Int(distance) }, "\(counts)")
    }

    @Test(arguments: [8, 15, 29, 30] as [UInt8])
    func `finds one behind many silent hops though its first round was lost`(distance: UInt8) throws {
        // Nobody answers behind hop 2, and of the first two rounds nothing comes back from the target.
        let (sent, _) = try run(rounds: 20) { $0 < 2 ? nil : distance }
        let counts = perRound(sent)
        #expect(counts[0] == 30 && counts[1] == 7 && counts[2] > 7)
        // From there on it is watched at its place.
        #expect(counts[3...].allSatisfy { $0 == Int(distance) })
    }

    @Test(arguments: [10, 20, 30] as [UInt8])
    func `finds one that has moved behind many silent hops`(distance: UInt8) throws {
        let (sent, _) = try run(rounds: 40) { $0 < 10 ? 3 : distance }
        let counts = perRound(sent)
        #expect(counts[1..<10].allSatisfy { $0 == 3 })
        #expect(counts.contains(30) || counts.contains { $0 >= Int(distance) })
        #expect(counts[25...].allSatisfy { $0 == Int(distance) }, "\(counts)")
    }

    @Test func `asks seldom for all hops where there is no target`() throws {
        let (sent, end) = try run(rounds: 3600) { _ in nil }
        let counts = perRound(sent)
        #expect(end?.reason == .completed)
        let whole = counts.indices.filter { counts[$0] == 30 }
        #expect(whole.prefix(7) == [0, 2, 6, 14, 30, 62, 126])
        // Two of the hops answer, and five behind them are asked.
        #expect(counts.allSatisfy { $0 == 7 || $0 == 30 })
        #expect(whole.count < 40)
        #expect(zip(whole, whole.dropFirst()).allSatisfy { $1 - $0 <= 128 })
    }

    @Test func `asks for all hops again only when the first answers had their time`() throws {
        // Answers take longer than eight rounds, but not longer than is waited for.
        let (sent, _) = try run(
            rounds: 100, interval: .milliseconds(200), rtt: .milliseconds(1800)
        ) { _ in 12 }
        let counts = perRound(sent)
        #expect(counts.count { $0 == 30 } == 1, "\(counts)")
        #expect(counts[20...].allSatisfy { $0 == 12 })
    }
}
