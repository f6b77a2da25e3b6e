import Testing
import TraceCore
import TraceCorePathStore
import TraceCoreReceivers

@testable import TraceCoreWatch

@Suite struct `What is told, and what is not` {
    private static let start = UTCTime("2026-01-01T00:00:00Z") ?? .epoch

    private static func rule(
        _ kind: WatchSettings.Rule.Kind = .lost, reminder: Duration? = nil, sendsResolved: Bool = true
    ) -> WatchSettings.Rule {
        WatchSettings.Rule(
            name: kind.rawValue, kind: kind, successes: 1, sendsResolved: sendsResolved, reminder: reminder,
            severity: "warning", labels: [:], targets: [:], receivers: [])
    }

    /// A book with a clock of its own.
    private struct Day {
        var book = AlertBook()
        let rules: [WatchSettings.Rule]
        var told: [AlertBook.Decision] = []
        /// What is only for the store.
        var kept: [AlertBook.Decision] = []
        private var number = 0
        var now = start

        init(_ rules: WatchSettings.Rule...) { self.rules = rules }

        mutating func note(
            _ target: String, _ kind: WatchSettings.Rule.Kind = .lost, router: IPAddress? = nil, hop: Int? = nil,
            isWrong: Bool = true, _ text: String = "does not answer"
        ) {
            guard let rule = rules.first(where: { $0.kind == kind }) else { return }
            book.take(
                AlertBook.Note(
                    rule: rule.name, target: target, router: router, hop: hop, isWrong: isWrong, since: now,
                    notedAt: now,
                    text: text), rule)
        }

        /// Lets time pass, second by second.
        mutating func pass(_ seconds: Int) {
            for _ in 0..<seconds {
                now = now + .seconds(1)
                let decisions = book.decide(
                    at: now, wait: .seconds(10), rules: Dictionary(uniqueKeysWithValues: rules.map { ($0.name, $0) }),
                    labels: { ["target": $0] }
                ) {
                    number += 1
                    return "a\(number)"
                }
                told += decisions.filter(\.isTold)
                kept += decisions.filter { !$0.isTold }
            }
        }
    }

    @Test func `what is over is told before the same is wrong again`() {
        let router = IPAddress(198, 51, 100, 7)
        var day = Day(Self.rule())
        day.note("A", router: router, hop: 3)
        day.pass(11)
        day.note("B", router: router, hop: 3)
        day.pass(9)
        // In the second in which what waited is decided.
        day.note("A", router: router, isWrong: false)
        day.pass(1)
        #expect(
            day.told.map { "\($0.alert.state.rawValue) \($0.alert.targets)" } == [
                #"firing ["A"]"#, #"resolved ["A"]"#, #"firing ["B"]"#,
            ])
        #expect(day.book.alerts.map(\.targets) == [["B"]])
    }

    @Test func `a target that is well again is not among those that are wrong, and was`() {
        let router = IPAddress(198, 51, 100, 7)
        var day = Day(Self.rule())
        for name in ["A", "B"] { day.note(name, router: router, hop: 3) }
        day.pass(11)
        day.note("A", isWrong: false)
        #expect(day.book.alerts.map(\.targets) == [["B"]])
        day.note("C", router: router, hop: 3)
        day.pass(11)
        #expect(day.book.alerts.map(\.targets) == [["B", "C"]])
        for name in ["B", "C"] { day.note(name, isWrong: false) }
        day.pass(1)
        #expect(day.told.map(\.alert.targets) == [["A", "B"], ["A", "B", "C"]])
        #expect(day.book.alerts.isEmpty)
    }

    @Test func `the end of what nobody was told of is told to nobody`() {
        var day = Day(Self.rule())
        for name in ["A", "B"] { day.note(name) }
        day.pass(11)
        for alert in day.told.map(\.alert) { day.book.silence(alert.id) }
        #expect(day.book.silenced.map(\.alert.targets) == [["A"], ["B"]])
        day.book.tell(day.told[0].alert.id, at: day.now)
        #expect(day.book.silenced.map(\.alert.targets) == [["B"]])
        for name in ["A", "B"] { day.note(name, isWrong: false) }
        day.pass(1)
        #expect(day.told.map(\.alert.targets) == [["A"], ["B"], ["A"]])
        #expect(day.kept.map(\.alert.targets) == [["B"]])
    }

    /// Kuma #1089: a storm of alerts.
    @Test func `500 targets behind one dead router are one alert, which names both`() throws {
        let router = try #require(IPAddress("198.51.100.7"))
        var day = Day(Self.rule())
        for number in 0..<500 {
            day.note("t\(number)", router: router, hop: 5)
            if number % 100 == 99 { day.pass(1) }
        }
        day.pass(20)
        #expect(day.told.count == 1)
        let alert = try #require(day.told.first?.alert)
        #expect(alert.targets.count == 500 && alert.labels["router"] == "198.51.100.7")
        #expect(alert.summary == "500 targets do not answer at hop 5 (198.51.100.7)")
        // Those that follow have the same cause.
        day.note("late", router: router, hop: 5)
        day.pass(20)
        #expect(day.told.count == 1 && day.book.alerts.first?.targets.count == 501)
        for number in 0..<500 { day.note("t\(number)", isWrong: false) }
        day.pass(5)
        #expect(day.told.count == 1)
        day.note("late", isWrong: false)
        day.pass(5)
        #expect(day.told.map(\.alert.state) == [.firing, .resolved])
        #expect(day.told[0].alert.id == day.told[1].alert.id)
    }

    @Test func `what is over before it is told is nothing`() {
        var day = Day(Self.rule())
        day.note("a")
        day.pass(5)
        day.note("a", isWrong: false)
        day.pass(60)
        #expect(day.told.isEmpty && !day.book.isWaiting)
    }

    @Test func `targets that are gone for reasons of their own are told of one by one`() {
        var day = Day(Self.rule())
        day.note("a")
        day.note("b")
        day.pass(30)
        #expect(day.told.map(\.alert.targets) == [["a"], ["b"]])
        #expect(day.told.map(\.alert.labels) == [["target": "a"], ["target": "b"]])
    }

    @Test func `a path that changes at several hops is one event, and so is one change of many paths`() throws {
        var day = Day(Self.rule(.path))
        let router = try #require(IPAddress("198.51.100.9"))
        for hop in [9, 7, 8] {
            day.note("a", .path, router: router, hop: hop, "is reached by another path: x became y\(hop)")
        }
        day.note("b", .path, router: router, hop: 7, "is reached by another path: x became y7")
        day.pass(30)
        #expect(day.told.map(\.alert.targets) == [["a", "b"]])
        #expect(day.told[0].alert.summary.hasPrefix("2 targets is reached") == false, "\(day.told[0].alert.summary)")
        // It happened, and does not last.
        #expect(day.book.alerts.isEmpty)
        day.note("a", .path, router: router, hop: 7, "is reached by another path: y7 became x")
        day.pass(30)
        #expect(day.told.count == 2)
    }

    @Test func `a reminder comes when it is due, and no resolution where none is wanted`() {
        var day = Day(Self.rule(reminder: .seconds(60), sendsResolved: false))
        day.note("a")
        day.pass(200)
        #expect(day.told.map(\.isReminder) == [false, true, true, true])
        day.note("a", isWrong: false)
        day.pass(30)
        #expect(day.told.count == 4 && day.book.alerts.isEmpty)
        // The store has to know that it is over, though nobody else is told.
        #expect(day.kept.map(\.alert.state) == [.resolved])
    }

    @Test func `a book that was kept goes on where it was, and tells nothing twice`() throws {
        var day = Day(Self.rule())
        day.note("told")
        day.pass(30)
        day.note("waiting")
        day.pass(3)
        day.book = try JSON.decode(AlertBook.self, from: JSON.encode(day.book))
        // The fold behind it may say it again.
        day.note("told")
        day.note("waiting")
        day.pass(30)
        #expect(day.told.map(\.alert.targets) == [["told"], ["waiting"]])
        day.book = try JSON.decode(AlertBook.self, from: JSON.encode(day.book))
        day.note("told", isWrong: false)
        day.pass(5)
        #expect(day.told.last?.alert.state == .resolved && day.told.last?.alert.id == day.told.first?.alert.id)
    }

    @Test func `a clock that is set back does not hold anything up`() {
        var day = Day(Self.rule())
        day.note("a")
        day.now = Self.start + .seconds(-86_400)
        day.pass(2)
        #expect(day.told.count == 1)
    }

    @Test func `what a rule is not about any more is over, and that is told`() {
        var day = Day(Self.rule())
        for target in ["a", "b"] {
            day.note(target)
            day.pass(30)
        }
        day.note("c")
        day.book.forget(at: day.now) { rule, target in rule == "lost" && target != "b" }
        day.pass(30)
        #expect(day.told.map(\.alert.state) == [.firing, .firing, .resolved])
        #expect(day.told.last?.alert.targets == ["a"] && day.book.alerts.map(\.targets) == [["b"]])
        // The rule itself is gone: who was told of it is told that it is over.
        day.book.forget(at: day.now) { _, _ in true }
        let last = day.book.decide(at: day.now, wait: .zero, rules: [:], labels: { _ in [:] }, id: { "" })
        #expect(last.map(\.alert.targets) == [["b"]] && last[0].isTold && last[0].alert.endsAt == day.now)
    }

    @Test func `equal words about different routers are different events`() {
        var day = Day(Self.rule(.slowerHop))
        for (target, router) in [("a", 2), ("b", 9), ("c", 2)] as [(String, UInt8)] {
            day.note(target, .slowerHop, router: IPAddress(198, 51, 100, router), hop: 3, "has a slow hop")
        }
        day.note("d", .slowerHop, "has a slow hop")
        day.pass(30)
        #expect(Set(day.told.map(\.alert.targets)) == [["a", "c"], ["b"], ["d"]])
        for alert in day.told.map(\.alert) {
            #expect(alert.details.contains { $0.hasPrefix("Their paths have") } == (alert.targets.count > 1))
            // What only happens is old by itself.
            #expect(alert.state == .firing && alert.endsAt == alert.notedAt + .seconds(300))
        }
    }
}

@Suite struct `Paths that are watched` {
    /// The events of a simulated minute or so, to targets of one network.
    private func events(_ target: String, _ topology: String, rounds: Int) async throws -> [ProbeEvent] {
        let internet = try SimulatedInternet(parsing: topology)
        var events: [ProbeEvent] = []
        let monitor = PathMonitor(SimulatedProber(.icmp, internet), settings: MonitorSettings(rounds: rounds))
        for try await event in monitor.events(for: target) { events.append(event) }
        return events
    }

    private static let topology = """
        vantage here 192.0.2.100
        router gw 192.0.2.1 delay=1ms
        router isp 198.51.100.1 delay=2ms
        router core 198.51.100.2 delay=3ms
        router far 198.51.100.3 delay=3ms
        host near 203.0.113.0/25 delay=1ms
        host behind 203.0.113.128/25 delay=4ms
        path near: gw isp
        path behind: gw isp core far
        """

    private func settings(_ rules: String, targets: [String]) throws -> WatchSettings {
        let list = targets.map { #"{"host": "\#($0)"}"# }.joined(separator: ",")
        return try WatchSettings(parsing: Array(#"{"targets": [\#(list)], "rules": \#(rules)}"#.utf8))
    }

    /// All that is told when the targets are watched and nobody sleeps.
    private func told(_ rules: String, _ targets: [String], _ topology: String, rounds: Int = 90) async throws
        -> [Alert]
    {
        let settings = try settings(rules, targets: targets)
        var notes: [(note: AlertBook.Note, rule: WatchSettings.Rule)] = []
        for (index, target) in settings.targets.enumerated() {
            let watch = Watch(target, id: Int64(index + 1), rules: settings.rules)
            notes += watch.take(try await events(target.host, topology, rounds: rounds)).notes
        }
        notes.sort { $0.note.notedAt < $1.note.notedAt }
        var book = AlertBook()
        var told: [Alert] = []
        var now = UTCTime.epoch
        let rules = Dictionary(uniqueKeysWithValues: settings.rules.map { ($0.name, $0) })
        let end = notes.last.map { $0.note.notedAt + .seconds(60) } ?? now
        now = notes.first?.note.notedAt ?? now
        var next = notes[...]
        while now <= end {
            while let first = next.first, first.note.notedAt <= now {
                book.take(first.note, first.rule)
                next.removeFirst()
            }
            told += book.decide(at: now, wait: .seconds(10), rules: rules, labels: { ["target": $0] }) {
                "\(told.count)"
            }.map(\.alert)
            now = now + .seconds(1)
        }
        return told
    }

    @Test func `a router that dies is found by the paths that end before it`() async throws {
        let targets = (0..<40).map { "203.0.113.\(130 + $0)" } + (0..<10).map { "203.0.113.\(10 + $0)" }
        let alerts = try await told(
            #"[{"when": "lost"}]"#, targets, Self.topology + "\nat 39.5s set core down\nat 69.5s set core up")
        #expect(alerts.map(\.state) == [.firing, .resolved])
        let alert = try #require(alerts.first)
        #expect(alert.targets.count == 40, "\(alert.summary)")
        #expect(alert.labels["router"] == "198.51.100.2", "\(alert.summary)")
    }

    @Test func `a target that dies alone is itself the place`() async throws {
        let alerts = try await told(
            #"[{"when": "lost", "failure-threshold": 3, "success-threshold": 2}]"#, ["203.0.113.200"],
            Self.topology + "\nat 30s set behind down\nat 50s set behind up", rounds: 80)
        #expect(alerts.map(\.state) == [.firing, .resolved])
        #expect(alerts.first?.labels == ["target": "203.0.113.200"])
    }

    @Test func `the three rules of the monitoring script`() async throws {
        let rules = #"""
            [{"when": "slow-hop", "limit": "50ms"}, {"when": "slower-hop", "limit": "40ms"}, {"when": "hops"}]
            """#
        let alerts = try await told(
            rules, ["203.0.113.200"],
            Self.topology + "\nat 30s link core far delay=60ms\nat 60s path behind: gw isp far", rounds: 120)
        #expect(
            Set(alerts.filter { $0.state == .firing }.map(\.kind)) == ["slow-hop", "slower-hop", "hops"],
            "\(alerts.map(\.summary))")
    }

    @Test func `a restart in the middle of everything changes nothing`() async throws {
        let settings = try settings(#"[{"when": "lost"}, {"when": "path"}]"#, targets: ["203.0.113.200"])
        let events = try await events(
            "203.0.113.200",
            Self.topology + "\nat 40s path behind: gw isp far core\nat 70s set behind down\nat 90s set behind up",
            rounds: 120)
        func kinds(restartingEvery period: Int) -> [String] {
            var watch = Watch(settings.targets[0], id: 1, rules: settings.rules)
            var kinds: [String] = []
            for (index, event) in events.enumerated() {
                kinds += watch.take([event]).notes.map { "\($0.note.rule) \($0.note.isWrong) \($0.note.since)" }
                if index % period == period - 1 {
                    watch = Watch(settings.targets[0], id: 1, rules: settings.rules, kept: watch.memory)
                }
            }
            return kinds
        }
        let whole = kinds(restartingEvery: .max)
        #expect(whole.count >= 3)
        #expect(kinds(restartingEvery: 97) == whole)
    }

    @Test func `each rule has its own limit, which a restart may change`() async throws {
        let rules = #"""
            [{"name": "low", "when": "slow", "limit": "5ms"}, {"name": "high", "when": "slow", "limit": "10s"}]
            """#
        let settings = try settings(rules, targets: ["203.0.113.200"])
        let events = try await events(
            "203.0.113.200", Self.topology + "\nat 60s set behind down\nat 100s set behind up", rounds: 160)
        let half = events.firstIndex { $0.at > .seconds(95) } ?? 0
        var watch = Watch(settings.targets[0], id: 1, rules: settings.rules)
        let first = watch.take(Array(events[..<half]))
        #expect(first.notes.map(\.note.rule) == ["low"], "26 ms are above 5 and below 10,000")
        #expect(first.changes.map(\.kind) == [.targetLost])
        var later = settings.rules
        later[0].limit = .seconds(1)
        watch = Watch(settings.targets[0], id: 1, rules: later, kept: watch.memory)
        let second = watch.take(Array(events[half...]))
        #expect(second.notes.map { "\($0.note.rule) \($0.note.isWrong)" } == ["low false"])
        #expect(second.changes.map(\.kind) == [.targetBack], "the outage is remembered")
    }

    @Test func `loss about its limit does not come and go`() async throws {
        let settings = try settings(#"[{"when": "loss", "limit": 20}]"#, targets: ["203.0.113.200"])
        let events = try await events(
            "203.0.113.200",
            Self.topology.replacing(
                "host behind 203.0.113.128/25 delay=4ms", with: "host behind 203.0.113.128/25 delay=4ms loss=20%"),
            rounds: 600)
        let watch = Watch(settings.targets[0], id: 1, rules: settings.rules)
        #expect(watch.take(events).notes.count <= 3)
    }

    @Test func `another run has another flow, and that is no other path`() async throws {
        let settings = try settings(#"[{"when": "path"}]"#, targets: ["203.0.113.200"])
        let watch = Watch(settings.targets[0], id: 1, rules: settings.rules)
        let other = Self.topology.replacing("router core 198.51.100.2", with: "router core 198.51.100.77")
        var findings = watch.take(try await events("203.0.113.200", Self.topology, rounds: 60))
        findings = watch.take(try await events("203.0.113.200", other, rounds: 60))
        #expect(findings.notes.isEmpty && findings.changes.count == 1)
        // What changes while a run lasts is a change.
        findings = watch.take(
            try await events("203.0.113.200", other + "\nat 30s path behind: gw isp far core", rounds: 90))
        #expect(findings.notes.map(\.note.rule) == ["path", "path"], "\(findings.notes.map(\.note))")
    }

    @Test func `what cannot be watched for a minute is as bad as no answer`() async throws {
        let settings = try settings(#"[{"when": "lost"}]"#, targets: ["203.0.113.200"])
        var watch = Watch(settings.targets[0], id: 1, rules: settings.rules)
        let now = UTCTime.now
        #expect(watch.fail("no such name", at: now).notes.isEmpty)
        watch = Watch(settings.targets[0], id: 1, rules: settings.rules, kept: watch.memory)
        let told = watch.fail("no such name", at: now + .seconds(60)).notes
        #expect(told.map(\.note.text) == ["cannot be watched: no such name"] && told[0].note.since == now)
        #expect(watch.fail("no such name", at: now + .seconds(90)).notes.isEmpty)
        let back = watch.take(try await events("203.0.113.200", Self.topology, rounds: 5)).notes
        #expect(back.map(\.note.isWrong) == [false] && watch.failure == nil)
    }

    @Test func `rounds are what the store keeps, up to the target`() async throws {
        let settings = try settings("[]", targets: ["203.0.113.200"])
        let watch = Watch(settings.targets[0], id: 7, rules: [])
        let findings = watch.take(try await events("203.0.113.200", Self.topology, rounds: 12))
        #expect(findings.rounds.count == 12)
        for round in findings.rounds {
            #expect(round.target == 7)
            #expect(round.answers.map(\.ttl) == [1, 2, 3, 4, 5])
            #expect(round.answers.map(\.isTarget) == [false, false, false, false, true])
        }
        #expect(zip(findings.rounds, findings.rounds.dropFirst()).allSatisfy { $1.at - $0.at == .seconds(1) })
        #expect(watch.minutes.reduce(0) { $0 + $1.sent } == 12)
    }
}
