package import TraceCore
internal import TraceCoreCommandLine
package import TraceCoreReceivers

/// What is wrong, and what is told of it. It knows no clock and no store: what is noted and the time go in, and alerts come out,
/// so that days can be played through in a moment. Its state is Codable.
package struct AlertBook: Sendable, Codable {
    /// That something is wrong with a target, or right again.
    package struct Note: Sendable, Hashable, Codable {
        package var rule: String
        package var target: String
        /// The router that it is about; nil for the target itself. Targets that have it in common have one alert.
        package var router: IPAddress?
        package var hop: Int?
        package var isWrong: Bool
        /// When it began.
        package var since: UTCTime
        package var notedAt: UTCTime
        package var change: ChangeReport.Change?
        /// What is the matter, as a part of a sentence: "does not answer".
        package var text: String

        package init(
            rule: String, target: String, router: IPAddress? = nil, hop: Int? = nil, isWrong: Bool, since: UTCTime,
            notedAt: UTCTime, change: ChangeReport.Change? = nil, text: String
        ) {
            (self.rule, self.target, self.router, self.hop) = (rule, target, router, hop)
            (self.isWrong, self.since, self.notedAt) = (isWrong, since, notedAt)
            (self.change, self.text) = (change, text)
        }
    }

    /// An alert that is to be told.
    package struct Decision: Sendable, Hashable {
        package var alert: Alert
        /// The names of those who are told; all where none is named.
        package var receivers: [String] = []
        /// Whether it was told before: it is a reminder.
        package var isReminder = false
        /// Whether anybody is told; it is kept all the same.
        package var isTold = true
    }

    /// What several notes are one alert by.
    private struct Key: Sendable, Hashable, Codable {
        let rule: String
        let router: IPAddress?
        let target: String?
    }

    private struct Open: Sendable, Codable {
        var alert: Alert
        var targets: Set<String>
        var toldAt: UTCTime
        /// Of its rule, which may be gone when it is over.
        var receivers: [String]
        var sendsResolved: Bool
        /// Whether nobody was told, because it is silenced.
        var isSilenced = false

        /// With those targets that it is still wrong with.
        var now: Alert {
            var alert = alert
            if !targets.isEmpty { alert.targets = targets.sorted() }
            return alert
        }
    }

    private var waiting: [Key: [Note]] = [:]
    private var open: [Key: Open] = [:]

    /// A book in which nothing is wrong.
    package init() {}

    /// What is wrong now, the oldest first.
    package var alerts: [Alert] { open.values.map(\.now).sorted { ($0.startsAt, $0.id) < ($1.startsAt, $1.id) } }

    /// What is wrong and nobody was told of.
    var silenced: [Decision] {
        open.values.filter { $0.isSilenced && $0.alert.endsAt == nil }
            .map { Decision(alert: $0.now, receivers: $0.receivers) }.sorted { $0.alert.id < $1.alert.id }
    }

    /// Nobody was told of an alert, because it is silenced.
    mutating func silence(_ id: String) {
        for (key, entry) in open where entry.alert.id == id { open[key]?.isSilenced = true }
    }

    /// Its silence is over, and somebody is told.
    mutating func tell(_ id: String, at now: UTCTime) {
        for (key, entry) in open where entry.alert.id == id {
            open[key]?.isSilenced = false
            open[key]?.toldAt = now
        }
    }

    /// Whether something waits to be decided.
    package var isWaiting: Bool { !waiting.isEmpty }

    /// Takes note of what is wrong, or right again.
    package mutating func take(_ note: Note, _ rule: WatchSettings.Rule) {
        guard note.isWrong else { return settle(note) }
        guard !isKnown(note) else { return }
        // What happens to a path at several hops is one event; which it is, is known when all of it has been noted.
        let key =
            rule.kind.isEvent
            ? Key(rule: note.rule, router: nil, target: nil)
            : Key(rule: note.rule, router: note.router, target: note.router == nil ? note.target : nil)
        waiting[key, default: []].append(note)
    }

    private func isKnown(_ note: Note) -> Bool {
        waiting.contains {
            $0.key.rule == note.rule && $0.value.contains { $0.target == note.target && $0.text == note.text }
        }
            || open.contains {
                $0.key.rule == note.rule && $0.value.targets.contains(note.target)
            }
    }

    /// A target with which a rule finds nothing wrong any more.
    private mutating func settle(_ note: Note) {
        // What was over before it was told was nothing.
        for (key, notes) in waiting where key.rule == note.rule {
            let left = notes.filter { $0.target != note.target }
            waiting[key] = left.isEmpty ? nil : left
        }
        for (key, var entry) in open where key.rule == note.rule && entry.targets.contains(note.target) {
            entry.targets.remove(note.target)
            if entry.targets.isEmpty { entry.alert.endsAt = max(note.since, entry.alert.startsAt) }
            open[key] = entry
        }
    }

    /// Ends what is known of targets that a rule is not about any more: nobody would say that it is over.
    package mutating func forget(at now: UTCTime, where isGone: (_ rule: String, _ target: String) -> Bool) {
        for (key, notes) in waiting {
            let left = notes.filter { !isGone(key.rule, $0.target) }
            waiting[key] = left.isEmpty ? nil : left
        }
        for (key, var entry) in open where entry.alert.endsAt == nil {
            entry.targets = entry.targets.filter { !isGone(key.rule, $0) }
            if entry.targets.isEmpty { entry.alert.endsAt = max(now, entry.alert.startsAt) }
            open[key] = entry
        }
    }

    /// What is to be told at a time.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - wait: How long a note waits for others that have the same cause.
    ///   - rules: The rules by their names. What a rule found that is not there any more is forgotten.
    ///   - link: The address of the page of an alert with a name.
    ///   - id: Makes the name of an alert.
    package mutating func decide(
        at now: UTCTime, wait: Duration, rules: [String: WatchSettings.Rule], labels: (String) -> [String: String],
        link: (String) -> String? = { _ in nil }, id: () -> String
    ) -> [Decision] {
        var decisions: [Decision] = []
        func alert(of notes: [Note], _ rule: WatchSettings.Rule) -> Alert {
            var alert = Self.alert(of: notes, rule, at: now, labels, id: id())
            alert.link = link(alert.id)
            return alert
        }
        // What is over comes first: the same may be wrong again by now.
        for (key, var entry) in open.sorted(by: { $0.value.alert.id < $1.value.alert.id })
        where entry.alert.endsAt != nil {
            open[key] = nil
            entry.alert.state = .resolved
            entry.alert.notedAt = now
            entry.alert.summary = Self.resolved(entry.alert)
            decisions.append(
                Decision(
                    alert: entry.alert, receivers: entry.receivers, isTold: entry.sendsResolved && !entry.isSilenced))
        }
        let inOrder = waiting.sorted {
            ($0.value[0].notedAt, $0.value[0].target) < ($1.value[0].notedAt, $1.value[0].target)
        }
        for (key, notes) in inOrder {
            guard let rule = rules[key.rule] else {
                waiting[key] = nil
                continue
            }
            let first = notes.map(\.notedAt).min() ?? now
            // A clock that was set back must not make it wait for ever.
            guard now >= first + wait || now < first else { continue }
            waiting[key] = nil
            if var entry = open[key], entry.alert.endsAt == nil {
                // They have the cause in common of which somebody was told.
                for note in notes { entry.targets.insert(note.target) }
                entry.alert.targets = Set(entry.alert.targets).union(entry.targets).sorted()
                open[key] = entry
                continue
            }
            guard !rule.kind.isEvent else {
                for event in Self.events(in: notes) {
                    decisions.append(Decision(alert: alert(of: event, rule), receivers: rule.receivers))
                }
                continue
            }
            let alert = alert(of: notes, rule)
            open[key] = Open(
                alert: alert, targets: Set(notes.map(\.target)), toldAt: now, receivers: rule.receivers,
                sendsResolved: rule.sendsResolved)
            decisions.append(Decision(alert: alert, receivers: rule.receivers))
        }
        for (key, var entry) in open.sorted(by: { $0.value.alert.id < $1.value.alert.id }) {
            guard let rule = rules[key.rule], let reminder = rule.reminder, now >= entry.toldAt + reminder else {
                continue
            }
            entry.toldAt = now
            entry.alert.notedAt = now
            open[key] = entry
            decisions.append(Decision(alert: entry.now, receivers: rule.receivers, isReminder: true))
        }
        return decisions
    }

    /// What happened: of each target what happened nearest to here, and the same to many targets once.
    private static func events(in notes: [Note]) -> [[Note]] {
        var first: [String: Note] = [:]
        for note in notes {
            guard let known = first[note.target], (known.hop ?? 0) <= (note.hop ?? 0) else {
                first[note.target] = note
                continue
            }
        }
        // Equal words at different routers are different events.
        return Dictionary(grouping: first.values) { "\($0.router.map { "\($0)" } ?? "") \($0.text)" }.values.sorted {
            ($0[0].since, $0[0].text) < ($1[0].since, $1[0].text)
        }
    }

    private static func alert(
        of notes: [Note], _ rule: WatchSettings.Rule, at now: UTCTime, _ labels: (String) -> [String: String],
        id: String
    ) -> Alert {
        let notes = notes.sorted { ($0.since, $0.target) < ($1.since, $1.target) }
        let first = notes[0]
        let names = Set(notes.map(\.target)).sorted()
        let place =
            first.router.map { router in
                first.hop.map { " at hop \($0) (\(router))" } ?? " at \(router)"
            } ?? ""
        let whom = names.count == 1 ? UntrustedText(names[0]).word : "\(names.count) targets"
        let verb = names.count == 1 ? first.text : Self.plural(first.text)
        var alert = Alert(
            id: id, rule: rule.name, kind: rule.kind.rawValue, severity: rule.severity, startsAt: first.since,
            notedAt: now, labels: rule.labels, summary: "\(whom) \(verb)\(place)")
        if names.count == 1 { alert.labels.merge(labels(names[0])) { own, _ in own } }
        if let router = first.router { alert.labels["router"] = "\(router)" }
        alert.targets = names
        // Nothing follows that would end it, and who knows states only, has to forget it by itself.
        if rule.kind.isEvent { alert.endsAt = now + .seconds(300) }
        alert.change = names.count == 1 ? first.change : nil
        if names.count > 1 {
            if let router = first.router { alert.details = ["Their paths have this hop in common: \(router)."] }
            alert.details.append(
                "Targets: \(names.prefix(20).joined(separator: ", "))\(names.count > 20 ? " and \(names.count - 20) more" : "")."
            )
        }
        return alert
    }

    /// What is said of one, said of several.
    private static func plural(_ text: String) -> String {
        for (one, several) in [("does ", "do "), ("is ", "are "), ("has ", "have "), ("takes ", "take ")]
        where text.hasPrefix(one) { return several + text.dropFirst(one.count) }
        return text
    }

    private static func resolved(_ alert: Alert) -> String {
        let whom = alert.targets.count == 1 ? UntrustedText(alert.targets[0]).word : "\(alert.targets.count) targets"
        let length = alert.endsAt.map { max(.zero, $0 - alert.startsAt) } ?? .zero
        return "\(whom): over after \(Duration.seconds(length.components.seconds).settingText) (was: \(alert.summary))"
    }
}
