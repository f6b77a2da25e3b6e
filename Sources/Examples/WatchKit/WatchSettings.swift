package import TraceCore
package import TraceCorePathStore
package import TraceCoreReceivers

/// What is watched, what is wrong with it when, who is told, and what is kept: the file of the daemon.
package struct WatchSettings: Sendable {
    /// A path that is watched.
    package struct Target: Sendable, Hashable {
        /// Its name, by which it is known.
        package var name: String
        /// The host at its end.
        package var host: String
        /// How it is watched.
        package var request: RunRequest
        /// From where: the name of a vantage point, or nil for here.
        package var from: String?
        /// What rules and silences find it by.
        package var labels: [String: String]
    }

    /// When something is wrong.
    package struct Rule: Sendable, Hashable {
        /// What it looks for.
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            /// The target does not answer.
            case lost
            /// More is lost than before; with `limit`, more than that share in `window` rounds.
            case loss
            /// The path has become much slower than it was.
            case slower
            /// The end of the path is slower than `limit`.
            case slow
            /// A hop is slower than `limit`.
            case slowHop = "slow-hop"
            /// A hop is slower than in the round before by more than `limit`.
            case slowerHop = "slower-hop"
            /// Other routers answer.
            case path
            /// The target is nearer or farther.
            case hops
            /// The name of the host leads to another address.
            case address

            /// Whether it is something that happens, and not something that lasts.
            package var isEvent: Bool { [.path, .hops, .address, .slowerHop].contains(self) }
        }

        package var name: String
        package var kind: Kind
        package var limit: Duration?
        /// The share of probes that may be lost, in percent.
        package var lossLimit: Double?
        /// After how many rounds in a row it is wrong, and right again; nil where statistics decide.
        package var failures: Int?
        package var successes: Int
        package var sendsResolved: Bool
        package var reminder: Duration?
        package var severity: String
        package var labels: [String: String]
        /// The labels that a target must have.
        package var targets: [String: String]
        /// The names of those who are told; all where none is named.
        package var receivers: [String]

        /// Whether it is about a target.
        package func fits(_ target: Target) -> Bool {
            targets.allSatisfy { name, value in name == "target" ? target.name == value : target.labels[name] == value }
        }
    }

    package var targets: [Target] = []
    package var rules: [Rule] = []
    package var receivers: [Receiver] = []
    /// The store; nil for memory alone.
    package var store: String?
    package var retention = PathStore.Retention()
    package var databases: [String] = []
    package var listen: [String] = []
    package var network: String?
    package var vantagePoints: String?
    package var title = "Paths"
    package var externalURL: String?
    package var probesPerSecond = 20_000
    /// How long a decision waits for others that may have the same cause.
    package var groupWait = Duration.seconds(10)

    /// What a target may ask for.
    private static let limits: RunLimits = {
        var limits = RunLimits.none
        limits.verbs = [.monitor]
        limits.times = [
            .interval: .milliseconds(100) ... .seconds(3_600), .timeout: .milliseconds(50) ... .seconds(60),
        ]
        limits.numbers = [.flows: 1...64, .maxTTL: 1...64]
        limits.closed = [.count]
        limits.defaults = [.monitor: .monitor(MonitorSettings(rounds: nil))]
        return limits
    }()

    /// The settings in a file.
    ///
    /// - Throws: All that is wrong in it.
    package init(parsing bytes: [UInt8]) throws(SettingsMistakes) {
        let root: SettingsNode
        do throws(SettingsMistake) {
            root = try SettingsNode(parsing: bytes)
        } catch {
            throw SettingsMistakes(all: [error])
        }
        read(root)
        guard root.file.mistakes.isEmpty else {
            throw SettingsMistakes(all: root.file.mistakes.sorted { $0.line < $1.line })
        }
    }

    private mutating func read(_ root: SettingsNode) {
        guard root.isObject else { return }
        let members = root.members([
            "targets", "rules", "receivers", "defaults", "store", "keep", "databases", "listen", "network",
            "vantage-points", "title", "external-url", "probes-per-second", "group-wait",
        ])
        if let node = members["store"] { store = node.text("the name of a file") }
        if let node = members["databases"] { databases = node.texts() }
        if let node = members["listen"] { listen = node.texts() }
        if let node = members["network"] { network = node.text() }
        if let node = members["vantage-points"] { vantagePoints = node.text("the name of a file") }
        if let node = members["title"] { title = node.text() }
        if let node = members["external-url"] { externalURL = url(node) }
        if let node = members["probes-per-second"] { probesPerSecond = node.integer(1...10_000_000) }
        if let node = members["group-wait"] { groupWait = node.time(.zero ... .seconds(3_600)) }
        if let node = members["keep"] { readRetention(node) }
        if let node = members["receivers"] { readReceivers(node) }
        if let node = members["rules"] { rules = readRules(node) }
        // Labels are checked here, once; the rest with each target that has it.
        _ = members["defaults"]?.anyMembers.first { $0.name == "labels" }?.node.labels
        let defaults = members["defaults"]?.anyMembers.map { JSON.Value.Member($0.name, $0.node.value) } ?? []
        guard let node = members["targets"] else { return root.note("there are no targets: what is to be watched?") }
        readTargets(node, defaults)
    }

    private func url(_ node: SettingsNode) -> String? {
        let text = node.text("the address of these pages, such as https://paths.example")
        guard text.hasPrefix("https://") || text.hasPrefix("http://") else {
            node.note("an address begins with https:// or http://")
            return nil
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private mutating func readRetention(_ node: SettingsNode) {
        let range = Duration.seconds(3_600) ... .seconds(36_500 * 86_400)
        for (name, node) in node.members(["samples", "minutes", "quarters", "days"]) {
            let time: Duration? = node.value == .null ? nil : node.time(range)
            switch name {
            case "samples": retention.rounds = time
            case "minutes": retention.minutes = time
            case "quarters": retention.quarters = time
            default: retention.days = time
            }
        }
    }

    // MARK: Targets

    private mutating func readTargets(_ node: SettingsNode, _ defaults: [JSON.Value.Member]) {
        var names: Set<String> = []
        for node in node.elements {
            for target in Self.targets(node, defaults) {
                guard names.insert(target.name).inserted else {
                    node.note("there are two targets of the name \(UntrustedText(target.name).word)")
                    continue
                }
                targets.append(target)
            }
        }
        if targets.isEmpty, node.file.mistakes.isEmpty { node.note("there are no targets: what is to be watched?") }
    }

    /// A target, or one for each place that it is watched from.
    private static func targets(_ node: SettingsNode, _ defaults: [JSON.Value.Member]) -> [Target] {
        let notRequests = ["name", "host", "labels", "from"]
        guard node.isObject else { return [] }
        let all = node.anyMembers
        var fields: [JSON.Value.Member] = [.init("verb", .string("monitor"))]
        var host = "", own: String?, labels: [String: String] = [:], from: [String] = []
        for (key, node) in all {
            switch key {
            case "name": own = node.text("a name")
            case "host": host = node.text("a name or an address")
            case "labels": labels = node.labels
            case "from":
                if case .string(let text) = node.value { from = [text] } else { from = node.texts() }
            case "target", "verb": node.note("there is no such setting of a target; host says where it is")
            default: fields.append(.init(key, node.value))
            }
        }
        for member in defaults where member.name == "labels" {
            guard case .object(let usual) = member.value else { continue }
            for label in usual where labels[label.name] == nil {
                if case .string(let value) = label.value { labels[label.name] = value }
            }
        }
        for member in defaults
        where !notRequests.contains(member.name) && !all.contains(where: { $0.name == member.name }) {
            fields.append(member)
        }
        guard !host.isEmpty else {
            if !all.contains(where: { $0.name == "host" }) { node.note("a target has a host") }
            return []
        }
        fields.append(.init("target", .string(host)))
        do {
            let request = try RunRequest(json: JSON.encode(JSON.Value.object(fields)), limits: limits)
            return (from.isEmpty ? ["here"] : from).map { name -> Target in
                let place: String? = name == "here" ? nil : name
                return Target(
                    name: (own ?? host) + (from.count > 1 ? " from \(place ?? "here")" : ""), host: host,
                    request: request, from: place, labels: labels)
            }
        } catch let error as RequestError {
            let field = error.field.map { $0.raw == "target" ? "host" : $0.raw }
            let value = error.value.map { "\($0.debugDescription): " } ?? ""
            node.note(value + error.message, at: field ?? "")
        } catch {
            node.note("\(error)")
        }
        return []
    }

    // MARK: Rules

    private func readRules(_ node: SettingsNode) -> [Rule] {
        var names: Set<String> = []
        return node.elements.compactMap { node -> Rule? in
            let members = node.members([
                "name", "when", "limit", "failure-threshold", "success-threshold", "send-on-resolved",
                "minimum-reminder-interval", "severity", "labels", "targets", "receivers",
            ])
            guard let when = members["when"] else {
                node.note("a rule says when it is one of \(Rule.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
                return nil
            }
            guard let kind = when.choice(Rule.Kind.self) else { return nil }
            var rule = Rule(
                name: members["name"]?.text("a name") ?? kind.rawValue, kind: kind, successes: 1, sendsResolved: true,
                severity: members["severity"]?.text() ?? "warning", labels: members["labels"]?.labels ?? [:],
                targets: members["targets"]?.labels ?? [:], receivers: [])
            if !names.insert(rule.name).inserted {
                node.note("there are two rules of the name \(UntrustedText(rule.name).word)", at: "name")
            }
            if let node = members["limit"] {
                switch kind {
                case .slow, .slowHop, .slowerHop: rule.limit = node.time(.microseconds(1) ... .seconds(60))
                case .loss: rule.lossLimit = node.number(0...100)
                default: node.note("\(kind.rawValue) has no limit; loss, slow, slow-hop and slower-hop have one")
                }
            } else if [.slow, .slowHop, .slowerHop].contains(kind) {
                node.note("\(kind.rawValue) needs a limit, such as 150ms")
            }
            let canCount = [.lost, .slow, .slowHop, .slowerHop].contains(kind)
            for key in ["failure-threshold", "success-threshold"] {
                guard let node = members[key] else { continue }
                guard canCount else {
                    node.note("only lost, slow, slow-hop and slower-hop are counted in rounds")
                    continue
                }
                let count = node.integer(1...10_000)
                if key == "failure-threshold" { rule.failures = count } else { rule.successes = count }
            }
            if rule.failures == nil {
                if kind == .slowHop || kind == .slowerHop { rule.failures = 1 }
                if members["success-threshold"] != nil { rule.failures = rule.failures ?? 1 }
            }
            if let node = members["send-on-resolved"] { rule.sendsResolved = node.flag }
            if let node = members["minimum-reminder-interval"] {
                rule.reminder = node.time(.seconds(60) ... .seconds(365 * 86_400))
            }
            if let node = members["receivers"] {
                rule.receivers = node.texts()
                for (index, name) in rule.receivers.enumerated() where !receivers.contains(where: { $0.name == name }) {
                    let there = receivers.map { UntrustedText($0.name).word }.joined(separator: ", ")
                    node.note(
                        "there is no receiver of this name; there is \(there.isEmpty ? "none" : there)",
                        at: "[\(index)]")
                }
            }
            return rule
        }
    }

    private mutating func readReceivers(_ node: SettingsNode) {
        var names: Set<String> = []
        for node in node.elements {
            guard var receiver = node.decoded(Receiver.self) else { continue }
            receiver.externalURL = externalURL
            if !names.insert(receiver.name).inserted {
                node.note("there are two receivers of the name \(UntrustedText(receiver.name).word)", at: "name")
            }
            receivers.append(receiver)
        }
    }
}

/// All that is wrong in a file of settings.
package struct SettingsMistakes: Error, Sendable, CustomStringConvertible {
    /// In the order of their lines.
    package let all: [SettingsMistake]
    /// A line for each.
    package var description: String { all.map(\.description).joined(separator: "\n") }
}
