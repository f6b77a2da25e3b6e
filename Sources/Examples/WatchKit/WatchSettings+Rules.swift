internal import TraceCore
internal import TraceCoreCommandLine
internal import TraceCoreReceivers

extension WatchSettings {
    /// The rules, which are about targets and receivers that have been read.
    func readRules(_ node: SettingsNode) -> [Rule] {
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
                severity: members["severity"]?.text() ?? "warning",
                labels: members["labels"]?.labels(isOwn: true) ?? [:],
                targets: members["targets"]?.labels(isOwn: false) ?? [:], receivers: [])
            if !names.insert(rule.name).inserted {
                node.note("there are two rules of the name \(UntrustedText(rule.name).word)", at: "name")
            }
            if let node = members["limit"] {
                switch kind {
                case .slow, .slowHop, .slowerHop: rule.limit = node.time(.microseconds(1) ... .seconds(60))
                case .loss: rule.lossLimit = node.number(0...99)
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
            if let node = members["targets"], !targets.isEmpty, node.file.mistakes.isEmpty,
                !targets.contains(where: { rule.fits($0) })
            {
                let labels = Set(targets.flatMap(\.labels.keys)).sorted().joined(separator: ", ")
                node.note(
                    "no target has these labels; targets have target, host, from\(labels.isEmpty ? "" : ", ")\(labels)")
            }
            if let node = members["receivers"] {
                rule.receivers = node.texts()
                if case .array([]) = node.value { node.note("nobody would be told; all are where this is left out") }
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

    /// Reads who is told.
    mutating func readReceivers(_ node: SettingsNode) {
        var names: Set<String> = []
        for node in node.elements {
            guard var receiver = node.decoded(Receiver.self) else { continue }
            receiver.externalURL = externalURL
            Self.checkHost(node)
            if !names.insert(receiver.name).inserted {
                node.note("there are two receivers of the name \(UntrustedText(receiver.name).word)", at: "name")
            }
            receivers.append(receiver)
        }
    }

    /// Notes a host that is an address in a spelling which not everybody reads in the same way, such as 127.1.
    private static func checkHost(_ node: SettingsNode) {
        guard let url = node.anyMembers.first(where: { $0.name == "url" })?.node, case .string(let text) = url.value,
            let host = text.wholeMatch(of: #/[A-Za-z]+:\/\/([^\/?#:\[\]]+).*/#)?.1,
            host.split(separator: ".").last?.wholeMatch(of: #/[0-9]+|0[xX][0-9A-Fa-f]*/#) != nil,
            IPAddress(String(host)) == nil
        else { return }
        url.note("an address has four numbers with dots between them, such as 127.0.0.1")
    }
}
