import Foundation
import Testing
import TraceCore
import TraceCorePathStore
import TraceCoreReceivers

@testable import TraceCoreWatch

/// The situations that the changes of paths are judged by, as alerts.
@Suite struct `Situations that are watched` {
    private static let monitored = Situation.all.filter { (try? Situation(file: $0))?.verb == "monitor" }

    /// The daemon, in simulated time: its store and what it does each second are those that it has.
    private final class Night: Sendable {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("night-\(UUID().uuidString)")
        let settings: WatchSettings

        init(_ settings: String) throws {
            self.settings = try WatchSettings(parsing: Array(settings.utf8))
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        var store: PathStore {
            get async throws { try await PathStore(folder.appendingPathComponent("paths.db").path) }
        }

        /// It is started, lives through what runs saw, and ends.
        func live(
            through runs: [String: [ProbeEvent]], from start: UTCTime, to end: UTCTime, silences: [Silence] = []
        ) async throws {
            let store = try await store
            let daemon = try WatchDaemon(
                settings, store: store, couriers: { _ in Courier(http: nil, print: { _ in }, log: { _ in }) },
                feed: WatchDaemon.nothing, say: { Issue.record("said: \($0)") })
            try await daemon.begin(at: start)
            for silence in silences { try await daemon.silence(silence) }
            try await daemon.live(
                through: runs.mapValues { events in
                    var left = events.makeIterator()
                    return { left.next() }
                }, from: start, to: end)
            await daemon.end()
            await store.close()
        }

        /// The alerts that are kept, the oldest first, and how many messages about each were to be sent.
        func alerts() async throws -> [(alert: Alert, messages: [StoredDelivery])] {
            let store = try await store
            let kept = try await store.read { (reader) throws(StoreError) in
                try reader.alerts(from: .epoch, to: .now).reversed().map { (stored) throws(StoreError) in
                    (stored, try reader.deliveries(about: stored.id))
                }
            }
            #expect(try await store.integrityCheck() == [])
            await store.close()
            return try kept.map { (try JSON.decode(Alert.self, from: $0.0.body), $0.1) }
        }
    }

    private static let receivers = #""receivers": [{"name": "line", "type": "output"}]"#

    @Test(arguments: monitored) func `are told of once, by what is wrong and when it is over`(_ file: String)
        async throws
    {
        let situation = try Situation(file: file)
        var rules = #"{"when": "lost"}, {"when": "loss"}, {"when": "slower"}, {"when": "path"}, {"when": "hops"}"#
        if let limit = situation.text("limit") { rules += #", {"when": "slow", "limit": "\#(limit)"}"# }
        let night = try Night(#"{"targets": [{"host": "server"}], "rules": [\#(rules)], \#(Self.receivers)}"#)
        let events = try await situation.events(seed: 1)
        guard case .started(let run) = events[0].fact else { throw Situation.Mistake(description: "no run began") }
        let start = try #require(run.startedAt)
        let (half, last) = (events.count / 2, try #require(events.last))
        let middle = start + events[half].at
        try await night.live(through: ["server": Array(events[..<half])], from: start, to: middle)
        // It is started again in the middle of everything.
        try await night.live(
            through: ["server": [events[0]] + events[half...]], from: middle, to: start + last.at + .seconds(60))
        var told: [String: [String]] = [:]
        for (alert, messages) in try await night.alerts() {
            told[alert.kind, default: []] += alert.state == .resolved ? ["firing", "resolved"] : ["firing"]
            #expect(messages.count == (alert.state == .resolved ? 2 : 1), "\(file): \(alert.summary)")
        }
        #expect(told == Self.expected(of: situation), "\(file)")
    }

    @Test func `a past is invented once, with its changes and gaps`() async throws {
        let night = try Night(
            #"{"network": "demo", "history": "2h", "targets": [{"host": "tokyo.example", "interval": "5s"}], "rules": [{"when": "path"}]}"#
        )
        let now = try #require(UTCTime("2026-03-01T12:00:00Z"))
        let store = try await night.store
        try await night.settings.inventPast(before: now, on: nil, into: store)
        let id = try #require(
            try await store.read { (reader) throws(StoreError) in try reader.target(named: "tokyo.example") }
        ).id
        func slots() async throws -> [PathHistory.Slot] {
            try await store.read { (reader) throws(StoreError) in
                try reader.history(of: id, from: now - .seconds(7_200), to: now, slots: 120).slots
            }
        }
        let seen = try await slots()
        let rounds = seen.reduce(0) { $0 + ($1.end?.sent ?? 0) }
        // Two parts of it are gaps, a fortieth in all.
        #expect((1_390...1_440).contains(rounds))
        let gap = seen.reduce(Duration.zero) { $0 + $1.gap }
        #expect((179.0...181.0).contains(gap / .seconds(1)))
        let changes = try await store.read { (reader) throws(StoreError) in
            try reader.changes(from: now - .seconds(7_200), to: now)
        }
        // When a bit more than a fifth of it had passed.
        let times = changes.filter { $0.kind == .routers }.map { ($0.at - now) / .seconds(1) }
        #expect(times.contains { (-5_700.0 ... -5_680.0).contains($0) })
        let alerts = try await store.read { (reader) throws(StoreError) in try reader.alerts(from: .epoch, to: now) }
        #expect(alerts.count >= 4 && alerts.allSatisfy { $0.rule == "path" })
        try await night.settings.inventPast(before: now + .seconds(7_200), on: nil, into: store)
        #expect(try await slots() == seen)
        await store.close()
    }

    @Test func `an interrupted past is not taken for one`() async throws {
        let night = try Night(#"{"network": "demo", "history": "1h", "targets": [{"host": "tokyo.example"}]}"#)
        let store = try await night.store
        try await store.write { (writer) throws(StoreError) in try writer.setState("past", to: [1]) }
        let error = await #expect(throws: ProbeError.self) {
            try await night.settings.inventPast(before: .now, on: nil, into: store)
        }
        #expect(error?.message.contains("is not whole") ?? false)
        await store.close()
    }

    @Test func `a silence of a label holds for many targets, and what is still wrong at its end is told`() async throws
    {
        let hosts = ["198.18.0.1", "198.18.0.2"]
        let targets = hosts.map { #"{"host": "\#($0)", "labels": {"team": "t"}}"# }.joined(separator: ", ")
        let night = try Night(#"{"targets": [\#(targets)], "rules": [{"when": "lost"}], \#(Self.receivers)}"#)
        let start = try #require(UTCTime("2026-01-01T00:00:00Z"))
        let runs = try await Self.runs(to: hosts, rounds: 230, "at 30s set dead down\nat 200s set dead up")
        let silence = Silence(
            labels: Array(#"{"team": "t"}"#.utf8), since: start, until: start + .seconds(100), by: "me", why: "")
        try await night.live(through: runs, from: start, to: start + .seconds(240), silences: [silence])
        let alerts = try await night.alerts()
        try #require(alerts.count == 1 && alerts[0].messages.count == 2)
        #expect(alerts[0].alert.state == .resolved && alerts[0].alert.targets == hosts)
        let told = (alerts[0].messages[0].made - start) / .seconds(1)
        #expect((100...103).contains(told))
        // Of each by its own: nobody is told at all where it is over before the silence is.
        let other = try Night(#"{"targets": [\#(targets)], "rules": [{"when": "lost"}], \#(Self.receivers)}"#)
        let silences = hosts.map { host in
            Silence(
                labels: Array(#"{"target": "\#(host)"}"#.utf8), since: start, until: start + .seconds(300), by: "me",
                why: "")
        }
        try await other.live(through: runs, from: start, to: start + .seconds(240), silences: silences)
        let quiet = try await other.alerts()
        #expect(quiet.count == 1 && quiet[0].messages.isEmpty)
    }

    @Test func `a new rule finds what has been wrong for a while`() async throws {
        let situation = try Situation(file: "target-lost-for-good.situation")
        func settings(_ name: String) throws -> WatchSettings {
            let text = #"{"targets": [{"host": "server"}], "rules": [{"name": "\#(name)", "when": "lost"}]}"#
            return try WatchSettings(parsing: Array(text.utf8))
        }
        let (old, new) = (try settings("gone"), try settings("down"))
        let watch = Watch(old.targets[0], id: 1, rules: old.rules)
        let notes = watch.take(try await situation.events(seed: 1)).notes
        #expect(notes.map(\.note.rule) == ["gone"])
        #expect(watch.follow(old.rules, at: .now).isEmpty)
        let found = watch.follow(new.rules, at: .now).map(\.0)
        #expect(found.map(\.rule) == ["down"] && found.map(\.since) == notes.map(\.note.since))
    }

    /// Runs to hosts behind one router.
    private static func runs(
        to hosts: [String], rounds: Int, _ events: String
    ) async throws -> [String: [ProbeEvent]] {
        let topology = """
            start 2026-01-01T00:00:00Z
            vantage here 192.0.2.10
            router near 198.51.100.1 delay=1ms
            router dead 198.51.100.2 delay=1ms
            router far 198.51.100.3 delay=1ms
            host all 198.18.0.0/16 delay=1ms
            path all: near dead far
            \(events)
            """
        let internet = try SimulatedInternet(parsing: topology, name: "dead")
        var runs: [String: [ProbeEvent]] = [:]
        for host in hosts {
            let monitor = PathMonitor(SimulatedProber(.icmp, internet), settings: MonitorSettings(rounds: rounds))
            for try await event in monitor.events(for: host) { runs[host, default: []].append(event) }
        }
        return runs
    }

    @Test func `500 targets behind one dead router are one alert, and one message`() async throws {
        let hosts = (0..<500).map { "198.18.\($0 / 250).\(1 + $0 % 250)" }
        let targets = hosts.map { #"{"host": "\#($0)"}"# }.joined(separator: ", ")
        let night = try Night(
            #"{"targets": [\#(targets)], "rules": [{"when": "lost"}, {"when": "path"}], \#(Self.receivers)}"#)
        let runs = try await Self.runs(to: hosts, rounds: 100, "at 30s set dead down\nat 70s set dead up")
        let start = try #require(UTCTime("2026-01-01T00:00:00Z"))
        try await night.live(through: runs, from: start, to: start + .seconds(120))
        let alerts = try await night.alerts()
        try #require(alerts.count == 1, "\(alerts.map(\.alert.summary))")
        #expect(alerts[0].messages.count == 2 && alerts[0].alert.state == .resolved)
        #expect(alerts[0].alert.targets.count == 500 && alerts[0].alert.labels["router"] == "198.51.100.2")
    }

    /// What is to be told of the changes that the situation names, by the kind of rule.
    private static func expected(of situation: Situation) -> [String: [String]] {
        var told: [String: [String]] = [:]
        var open: Set<String> = []
        var last: [String: Duration] = [:]
        for change in situation.expected.sorted(by: { $0.at < $1.at }) {
            let (kind, isWrong): (WatchSettings.Rule.Kind, Bool) =
                switch change.kind {
                case .targetLost: (.lost, true)
                case .targetBack: (.lost, false)
                case .moreLoss: (.loss, true)
                case .lessLoss: (.loss, false)
                case .slower: (.slower, true)
                case .faster: (.slower, false)
                case .aboveLimit: (.slow, true)
                case .withinLimit: (.slow, false)
                case .routers: (.path, true)
                case .hopCount: (.hops, true)
                }
            let name = kind.rawValue
            if kind.isEvent {
                // What happens at several hops at once is one event.
                if let before = last[name], change.at - before < .seconds(5) { continue }
                last[name] = change.at
                told[name, default: []].append("firing")
            } else if isWrong, open.insert(name).inserted {
                told[name, default: []].append("firing")
            } else if !isWrong, open.remove(name) != nil {
                told[name, default: []].append("resolved")
            }
        }
        return told
    }
}
