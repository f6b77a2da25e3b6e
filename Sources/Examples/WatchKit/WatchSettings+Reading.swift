internal import GeoKit
internal import TraceCore
package import TraceCoreCommandLine
internal import TraceCorePathStore
internal import TraceCoreServer

extension WatchSettings {
    /// What a target may ask for.
    static let limits: RunLimits = {
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
    /// - Parameter opensFiles: Whether the files that it names are read to see what is wrong in them.
    /// - Throws: All that is wrong in it.
    package init(parsing bytes: [UInt8], opensFiles: Bool = false) throws(SettingsMistakes) {
        self.init()
        let root: SettingsNode
        do throws(SettingsMistake) {
            root = try SettingsNode(parsing: bytes)
        } catch {
            throw SettingsMistakes(all: [error])
        }
        read(root, opensFiles: opensFiles)
        guard root.file.mistakes.isEmpty else {
            throw SettingsMistakes(all: root.file.mistakes.sorted { $0.line < $1.line })
        }
    }

    private mutating func read(_ root: SettingsNode, opensFiles: Bool) {
        guard root.isObject else { return }
        let members = root.members([
            "targets", "rules", "receivers", "defaults", "store", "keep", "databases", "listen", "network", "history",
            "vantage-points", "title", "external-url", "probes-per-second", "group-wait", "name", "agents", "mesh",
            "mesh-port", "mesh-key-file", "ship", "$schema",
        ])
        // Editors read it.
        _ = members["$schema"]?.text("the address of a schema")
        if let node = members["store"] { store = node.text("the name of a file") }
        if let node = members["databases"] { readDatabases(node, opensFiles: opensFiles) }
        if let node = members["listen"] { listen = node.elements.compactMap(Self.endpoint) }
        if let node = members["network"] { readNetwork(node, opensFiles: opensFiles) }
        if let node = members["history"] {
            history = node.time(.zero...Self.longestHistory)
            if network == nil { node.note("a past is invented on a simulated network only: name one as network") }
        }
        if let node = members["title"] { title = node.text() }
        if let node = members["external-url"] { externalURL = Self.url(node) }
        if let node = members["probes-per-second"] { probesPerSecond = node.integer(1...10_000_000) }
        if let node = members["group-wait"] { groupWait = node.time(.zero ... .seconds(3_600)) }
        if let node = members["keep"] { readRetention(node) }
        if let node = members["receivers"] { readReceivers(node) }
        readFleet(members, opensFiles: opensFiles)
        var places: Set<String>? = []
        if let node = members["vantage-points"] { places = readVantagePoints(node, opensFiles: opensFiles) }
        let usual = Defaults(members["defaults"])
        readTargets(members["targets"], usual, places)
        if targets.isEmpty, !isMesh, root.file.mistakes.isEmpty {
            (members["targets"] ?? root).note("there are no targets: what is to be watched?")
        }
        for index in agents.indices {
            agents[index].request = agents[index].host.flatMap { try? Self.request($0, usual.fields) }
        }
        if let node = members["rules"] { rules = readRules(node) }
    }

    private static func endpoint(_ node: SettingsNode) -> Endpoint? {
        let wanted = "an address with a port, such as 127.0.0.1:8081 or [::1]:8081"
        let text = node.text(wanted)
        let endpoint = Endpoint(text)
        if endpoint == nil, !text.isEmpty { node.note("\(UntrustedText(text).word) is none: \(wanted)") }
        return endpoint
    }

    private static func url(_ node: SettingsNode) -> String? {
        let wanted = "the address of these pages, such as https://paths.example"
        let text = node.text(wanted)
        let form =
            #/https?:\/\/([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?\/?/#
        guard text.wholeMatch(of: form) != nil else {
            if !text.isEmpty {
                node.note("it is https:// or http:// and a host, with no path and no ? or #: \(wanted)")
            }
            return nil
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    // MARK: Files

    private mutating func readDatabases(_ node: SettingsNode, opensFiles: Bool) {
        databases = node.texts("an array of names of files")
        guard opensFiles else { return }
        for (index, file) in databases.enumerated() where !file.isEmpty && file != "demo" {
            do throws(MMDBError) { _ = try MMDBDatabase(contentsOf: file) } catch {
                node.note("\(error)", at: "[\(index)]")
            }
        }
    }

    private mutating func readNetwork(_ node: SettingsNode, opensFiles: Bool) {
        let name = node.text("demo, or the name of a file with a topology")
        network = name
        guard opensFiles, !name.isEmpty, name != "demo" else { return }
        do {
            let text = String(decoding: try Input(name, limit: 16 << 20).bytes(), as: UTF8.self)
            _ = try WatchDemo.internet(text, name: name, at: .now)
        } catch {
            node.note("\(error)")
        }
    }

    /// The names of the vantage points; nil where they are not known.
    private mutating func readVantagePoints(_ node: SettingsNode, opensFiles: Bool) -> Set<String>? {
        let file = node.text("the name of a file")
        vantagePoints = file
        guard opensFiles, !file.isEmpty else { return nil }
        do {
            return Set(try VantagePoint.list(in: file).map(\.name))
        } catch {
            node.note("\(error)")
            return nil
        }
    }

    private mutating func readRetention(_ node: SettingsNode) {
        let range = Duration.seconds(3_600) ... .seconds(36_500 * 86_400)
        for (name, node) in node.members(["samples", "minutes", "quarters", "days", "events"]) {
            let time: Duration? = node.value == .null ? nil : node.time(range)
            switch name {
            case "samples": retention.rounds = time
            case "minutes": retention.minutes = time
            case "quarters": retention.quarters = time
            case "days": retention.days = time
            default: retention.events = time
            }
        }
    }

    // MARK: Targets

    /// What each target has for itself, and what is no setting of one.
    static let own = ["name", "host", "from", "agents"], unknown = ["target", "targets", "verb"]

    private static let fieldNames = requestFields.map(\.name)

    /// Whether a member is a field of a run; if not, that is a mistake.
    private static func isField(_ node: SettingsNode, _ name: String, _ others: [String] = ["labels"]) -> Bool {
        if fieldNames.contains(name) { return true }
        node.note("there is no such setting; there is \((fieldNames + others).sorted().joined(separator: ", "))")
        return false
    }

    private mutating func readTargets(_ node: SettingsNode?, _ defaults: Defaults, _ places: Set<String>?) {
        var names: Set<String> = [], paths: Set<[String]> = []
        for node in node?.elements ?? [] {
            for target in Self.targets(node, defaults, places) {
                // Many vantage points know it by these.
                if names.contains(target.name) == false, !paths.insert([target.title, target.from ?? "here"]).inserted {
                    node.note(
                        "there are two targets of the name \(UntrustedText(target.title).word) from \(target.from.map { UntrustedText($0).word } ?? "here")"
                    )
                    continue
                }
                guard names.insert(target.name).inserted else {
                    node.note("there are two targets of the name \(UntrustedText(target.name).word)")
                    continue
                }
                targets.append(target)
            }
        }
    }

    /// How a host is watched, by the fields of a target.
    private static func request(_ host: String, _ fields: [JSON.Value.Member]) throws -> RunRequest {
        let own: [JSON.Value.Member] = [.init("verb", .string("monitor")), .init("target", .string(host))]
        return try RunRequest(json: JSON.encode(JSON.Value.object(own + fields)), limits: limits)
    }

    /// What targets have that do not say otherwise.
    private struct Defaults {
        let node: SettingsNode?
        let labels: [String: String]
        /// The fields of the run.
        let fields: [JSON.Value.Member]

        init(_ node: SettingsNode?) {
            self.node = node
            var (labels, fields): ([String: String], [JSON.Value.Member]) = ([:], [])
            for (name, node) in node?.anyMembers ?? [] {
                if name == "labels" {
                    labels = node.labels(isOwn: true)
                } else if (own + unknown).contains(name) {
                    node.note("defaults are what targets have in common, and \(name) is not: give it to each")
                } else if isField(node, name) {
                    fields.append(.init(name, node.value))
                }
            }
            (self.labels, self.fields) = (labels, fields)
        }
    }

    /// A target, or one for each place that it is watched from.
    private static func targets(_ node: SettingsNode, _ defaults: Defaults, _ places: Set<String>?) -> [Target] {
        guard node.isObject else { return [] }
        let all = node.anyMembers
        var fields: [JSON.Value.Member] = []
        var host = "", own: String?, labels: [String: String] = [:], from: [String] = []
        var agents: [String: String] = [:]
        for (key, node) in all {
            switch key {
            case "name": own = name(node)
            case "host": host = node.text("a name or an address")
            case "labels": labels = node.labels(isOwn: true)
            case "from": from = Self.from(node, places)
            case "agents": agents = node.labels(isOwn: false)
            case _ where unknown.contains(key):
                node.note("there is no such setting of a target; host says where it is")
            default:
                // One that is there twice has been told of.
                guard !fields.contains(where: { $0.name == key }), isField(node, key, Self.own + ["labels"]) else {
                    continue
                }
                fields.append(.init(key, node.value))
            }
        }
        labels.merge(defaults.labels) { own, _ in own }
        fields += defaults.fields.filter { field in !all.contains { $0.name == field.name } }
        guard !host.isEmpty else {
            if !all.contains(where: { $0.name == "host" }) { node.note("a target has a host") }
            return []
        }
        do {
            let request = try request(host, fields)
            return (from.isEmpty ? ["here"] : from).map { name -> Target in
                let place: String? = name == "here" ? nil : name
                return Target(
                    name: (own ?? host) + (from.count > 1 ? " from \(place ?? "here")" : ""), title: own ?? host,
                    host: host, request: request, from: place, labels: labels, agents: agents)
            }
        } catch let error as RequestError {
            let field = error.field.map { $0.raw == "target" ? "host" : $0.raw } ?? ""
            let value = error.value.map { "\($0.debugDescription): " } ?? ""
            let isOwn = field == "host" || all.contains { $0.name == field }
            let isUsual = !isOwn && defaults.fields.contains { $0.name == field }
            ((isUsual ? defaults.node : nil) ?? node).note(value + error.message, at: field)
        } catch {
            node.note("\(error)")
        }
        return []
    }

    /// The name of a target, which is a part of the addresses of its pages.
    static func name(_ node: SettingsNode) -> String? {
        let name = node.text("a name")
        let isLine = name.unicodeScalars.allSatisfy {
            ![.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
        guard isLine, ![".", ".."].contains(name), name.utf8.count <= 200 else {
            node.note("a name has at most 200 bytes and no control characters, and is neither . nor ..")
            return nil
        }
        return name.isEmpty ? nil : name
    }

    private static func from(_ node: SettingsNode, _ places: Set<String>?) -> [String] {
        var nodes = [node]
        if case .string = node.value {} else { nodes = node.elements }
        let names = nodes.map { $0.text("here, or the name of a vantage point") }
        if names.isEmpty, case .array = node.value {
            node.note("a target is watched from somewhere: here, if nothing is said")
        }
        var unique: [String] = []
        for (node, name) in zip(nodes, names) where !name.isEmpty {
            if unique.contains(name) { node.note("it is there twice") } else { unique.append(name) }
        }
        guard let places else { return unique }
        for (node, name) in zip(nodes, names) where name != "here" && !name.isEmpty && !places.contains(name) {
            let there = (["here"] + places.sorted()).map { UntrustedText($0).word }.joined(separator: ", ")
            node.note("there is no vantage point of this name in the file of vantage-points; there is \(there)")
        }
        return unique
    }
}
