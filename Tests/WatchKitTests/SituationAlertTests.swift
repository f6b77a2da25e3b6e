import Testing
import TraceCore
import TraceCoreReceivers

@testable import TraceCoreWatch

/// The situations that the changes of paths are judged by, as alerts.
@Suite struct `Situations that are watched` {
    private static let monitored = Situation.all.filter { (try? Situation(file: $0))?.verb == "monitor" }

    @Test(arguments: monitored) func `are told of once, by what is wrong and when it is over`(_ file: String)
        async throws
    {
        let situation = try Situation(file: file)
        var rules = #"{"when": "lost"}, {"when": "loss"}, {"when": "slower"}, {"when": "path"}, {"when": "hops"}"#
        if let limit = situation.text("limit") { rules += #", {"when": "slow", "limit": "\#(limit)"}"# }
        let settings = try WatchSettings(
            parsing: Array(#"{"targets": [{"host": "server"}], "rules": [\#(rules)]}"#.utf8))
        var watch = Watch(settings.targets[0], id: 1, rules: settings.rules)
        var book = AlertBook()
        let byName = Dictionary(uniqueKeysWithValues: settings.rules.map { ($0.name, $0) })
        var told: [String: [String]] = [:]
        var now: UTCTime?
        var number = 0
        func pass(to time: UTCTime) {
            while let moment = now, moment < time {
                now = moment + .seconds(1)
                for decision in book.decide(
                    at: moment, wait: .seconds(10), rules: byName, labels: { ["target": $0] }, id: { "\(number)" })
                {
                    number += 1
                    told[decision.alert.kind, default: []].append(decision.alert.state.rawValue)
                }
            }
        }
        let events = try await situation.events(seed: 1)
        var began = UTCTime.epoch
        for (index, event) in events.enumerated() {
            if case .started(let run) = event.fact { began = run.startedAt ?? .epoch }
            now = now ?? began
            pass(to: began + event.at)
            for (note, rule) in watch.take([event]).notes { book.take(note, rule) }
            // It is restarted in the middle of everything.
            if index == events.count / 2 {
                watch = Watch(settings.targets[0], id: 1, rules: settings.rules, kept: watch.memory)
                book = try JSON.decode(AlertBook.self, from: JSON.encode(book))
            }
        }
        pass(to: (now ?? began) + .seconds(60))
        #expect(told == Self.expected(of: situation), "\(file)")
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
