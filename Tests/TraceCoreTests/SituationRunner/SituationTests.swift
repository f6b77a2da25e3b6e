import Testing

@testable import TraceCore

@Suite struct `Situations of watched paths` {
    /// Chance must not decide whether an alarm is false.
    // All of them where that does not take the time of the other tests: `swift test -c release --filter Situations`.
    #if DEBUG
        private static let seeds: ClosedRange<UInt64> = 1...2
    #else
        private static let seeds: ClosedRange<UInt64> = 1...20
    #endif

    @Test func `there are at least forty, about half of them harmless`() throws {
        let situations = try Situation.all.map { try Situation(file: $0) }
        #expect(situations.count >= 40)
        #expect(situations.filter(\.isHarmless).count >= 20 && situations.filter { !$0.isHarmless }.count >= 20)
    }

    @Test(arguments: Situation.all) func `are told of by what changes and nothing else`(_ file: String) async throws {
        let situation = try Situation(file: file)
        for seed in Self.seeds {
            let events = try await situation.events(seed: seed)
            var fold = ChangeReport.Fold(settings: try situation.changeSettings)
            let changes = events.flatMap { fold.take($0) }
            let start = try #require(Self.start(of: events))
            let wrong = try situation.verdict(on: changes, start: start)
            #expect(wrong == [], "\(file) with seed \(seed)")
            #expect(fold.report()?.changes == changes)
            // What chance decides of the reading of a log, it has decided with the first seed.
            if seed == Self.seeds.lowerBound { try judgeAsLog(events, changes, situation) }
        }
    }

    private static func start(of events: [ProbeEvent]) -> UTCTime? {
        for case .started(let run) in events.lazy.map(\.fact) { return run.startedAt }
        return nil
    }

    /// Read back from logs in two parts, with a restart of the watch in between, the events tell the same.
    private func judgeAsLog(_ events: [ProbeEvent], _ changes: [ChangeReport.Change], _ situation: Situation) throws {
        var fold = ChangeReport.Fold(settings: try situation.changeSettings)
        var told: [ChangeReport.Change] = []
        for part in [events.prefix(events.count / 2), events.dropFirst(events.count / 2)] {
            let writer = JSON.Lines()
            for event in part { try writer.write(event) }
            let read = try EventLog.events(from: writer.bytes)
            told += read.flatMap { fold.take($0) }
            let state = try JSON.encode(fold)
            let again = try JSON.decode(ChangeReport.Fold.self, from: state)
            #expect(again == fold)
            fold = again
            // Bounded, whatever the path did: a hop of one router takes less than two kilobytes of text.
            #expect(state.count < 100_000)
        }
        #expect(told == changes)
        for change in changes {
            #expect(try JSON.decode(ChangeReport.Change.self, from: JSON.encode(change)) == change)
            #expect(!change.text.isEmpty && !change.text.contains("\n"))
        }
        let report = try #require(fold.report())
        #expect(try JSON.decode(ChangeReport.self, from: JSON.encode(report)) == report)
    }
}
