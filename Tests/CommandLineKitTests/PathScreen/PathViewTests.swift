import Testing
import TraceCore

@testable import TraceCoreCommandLine

@Suite struct `What the screen knows of a path` {
    @Test func `is what the report of the run says`() async throws {
        let events = try await PathPictures.events(rounds: 4)
        let view = PathPictures.view(events)
        #expect(view.report == (try MonitorReport.Fold.replay(events)))
        #expect(view.rounds == 4)
        #expect(view.end?.reason == .completed)
    }

    @Test func `begins anew after a reset, without the answers to earlier probes, with the names`() async throws {
        let events = try await PathPictures.events(rounds: 8)
        var view = PathView()
        // In the middle of a round, while probes are out.
        let middle = try #require(events.firstIndex { $0.probe?.sequence == 4 && $0.probe?.ttl == 9 })
        for event in events[..<middle] { view.apply(event) }
        view.reset()
        #expect(view.rounds == 0)
        for event in events[middle...] { view.apply(event) }
        let report = try #require(view.report)
        #expect(view.rounds == 3)
        for hop in report.hops { #expect(hop.answered + hop.lost == hop.sent, "hop \(hop.ttl)") }
        for hop in report.hops { #expect(hop.sent == 3, "hop \(hop.ttl)") }
        #expect(report.hops[0].addresses[0].name == "gw.home.example")
        #expect(report.isReached)
    }

    @Test func `has samples that stand one below the other`() async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 4).dropLast())
        let silent = view.samples.samples(ttl: 3, count: 6, through: view.lastRound)
        #expect(silent == [nil, nil, .lost, .lost, .lost, .lost])
        let first = view.samples.samples(ttl: 1, count: 2, through: view.lastRound)
        for sample in first {
            guard case .answered? = sample else {
                Issue.record("\(String(describing: sample))")
                continue
            }
        }
        // The search of the first round went beyond the target, later rounds did not.
        #expect(view.samples.samples(ttl: 30, count: 4, through: view.lastRound).dropFirst() == [nil, nil, nil])
        #expect(view.samples.samples(ttl: 300, count: 2, through: 0) == [nil, nil])
    }

    @Test func `stays small, whatever a recording says`() {
        var samples = RecentSamples()
        let target = IPAddress(192, 0, 2, 1)
        for round in [0, 1, Int.max - 1, 5, Int.max / 2, 3] + Array(0..<5000) {
            samples.apply(
                ProbeEvent(at: .zero, .sent(Probe(id: 0, target: target, ttl: 255, sequence: round))))
        }
        #expect(samples.samples(ttl: 255, count: 600, through: 4999).count == 600)
        var view = PathView()
        view.apply(ProbeEvent(at: .zero, .sent(Probe(id: .max, target: target, ttl: 1, sequence: -1))))
        view.apply(ProbeEvent(at: .zero, .sent(Probe(id: .max, target: target, ttl: 1, sequence: .max))))
        view.reset()
        #expect(view.rounds == 0)
    }
}
