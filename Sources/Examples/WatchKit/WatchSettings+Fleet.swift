package import TraceCore
internal import TraceCoreCommandLine
internal import TraceCoreFleet
internal import TraceCorePathStore

extension WatchSettings {
    /// Reads what many vantage points have in common.
    mutating func readFleet(_ members: [String: SettingsNode], opensFiles: Bool) {
        if let node = members["name"] { name = Self.name(node) }
        if let node = members["agents"] { readAgents(node) }
        if let node = members["mesh"] {
            isMesh = node.decoded(Bool.self) ?? false
            if isMesh, members["agents"] == nil { node.note("who watches whom? A mesh is of agents: list them") }
        }
        if let node = members["mesh-port"] { meshPort = UInt16(clamping: node.integer(1...65_535)) }
        if let node = members["mesh-key-file"] {
            let file = node.text("the name of a file")
            meshKeyFile = file
            if opensFiles, !file.isEmpty {
                do throws(ProbeError) { _ = try MeshKey.read(file) } catch { node.note("\(error)") }
            }
        }
        if let node = members["ship"] { readShip(node) }
    }

    private mutating func readAgents(_ node: SettingsNode) {
        var names: Set<String> = []
        for node in node.elements {
            let members = node.members(["name", "host", "labels"])
            guard let name = members["name"].flatMap(Self.name) else {
                if members["name"] == nil, node.isObject { node.note("an agent has a name") }
                continue
            }
            if !names.insert(name).inserted { node.note("it is there twice", at: "name") }
            agents.append(
                Agent(
                    name: name, host: members["host"]?.text("a name or an address"),
                    labels: members["labels"]?.labels(isOwn: true) ?? [:]))
        }
    }

    private mutating func readShip(_ node: SettingsNode) {
        guard node.isObject else { return }
        guard let node = node.members(["clickhouse"])["clickhouse"] else {
            // Another name has been told of.
            if node.anyMembers.isEmpty { node.note("to whom? there is clickhouse") }
            return
        }
        let members = node.members(["url", "database", "user", "passwordFile", "batch", "interval", "spool"])
        guard let url = members["url"] else {
            if node.isObject { node.note("it has a url, such as http://127.0.0.1:8123") }
            return
        }
        let text = url.text("an address such as http://127.0.0.1:8123")
        if text.wholeMatch(of: #/[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\/?#@\s]+\/?/#) == nil, !text.isEmpty {
            url.note("it is https:// or http:// and a host, and its port: user and passwordFile are by themselves")
        }
        var ship = Shipper.Settings(engine: ClickHouse.Settings(url: text))
        if let node = members["database"] {
            ship.engine.database = node.text("a name")
            if ship.engine.database.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_]{0,62}/#) == nil {
                node.note("a name has letters, digits and '_', and does not begin with a digit")
            }
        }
        ship.engine.user = members["user"]?.text("a name")
        ship.engine.passwordFile = members["passwordFile"]?.text("the name of a file")
        if let node = members["batch"] { ship.batch = node.integer(100...1_000_000) }
        if let node = members["interval"] { ship.interval = node.time(.seconds(1) ... .seconds(600)) }
        if let node = members["spool"] { ship.spool = node.time(.seconds(600) ... .seconds(365 * 86_400)) }
        if let kept = retention.rounds, ship.spool > kept {
            (members["spool"] ?? node).note(
                "what waits is kept as samples: no longer than keep.samples, which is \(kept.settingText)",
                at: members["spool"] == nil ? "spool" : "")
        }
        self.ship = ship
    }

    /// The hosts of the other agents, by their names, where packets are counted in each direction: in a mesh on a real network, whose
    /// other agents know where this one is.
    var meshHosts: [String: String] {
        guard isMesh, network == nil, agents.contains(where: { $0.name == name && $0.host != nil }) else { return [:] }
        let others = agents.filter { $0.name != name }.compactMap { agent in agent.host.map { (agent.name, $0) } }
        return Dictionary(others, uniquingKeysWith: { first, _ in first })
    }

    /// Where probes come from on a simulated internet that has a vantage of this one's name.
    package func vantage(in internet: SimulatedInternet) -> String? {
        name.flatMap { internet.vantages.contains($0) ? $0 : nil }
    }

    /// These settings as one of many vantage points has them: the targets that are for it and, in a mesh, the others.
    ///
    /// - Throws: That there is no vantage point of this name.
    package func selected(for name: String) throws(ProbeError) -> WatchSettings {
        var settings = self
        settings.name = name
        let own = agents.first { $0.name == name }
        guard agents.isEmpty || own != nil else {
            let names = agents.prefix(20).map { UntrustedText($0.name).word }.joined(separator: ", ")
            throw ProbeError(
                .badInput,
                "This vantage point calls itself \(UntrustedText(name).word), and agents has none of this name",
                remedy: "Say with --name which it is: there is \(names)")
        }
        settings.targets = targets.filter { target in
            target.agents.allSatisfy { label, value in (label == "name" ? name : own?.labels[label]) == value }
        }
        guard isMesh else { return settings }
        let taken = Set(settings.targets.flatMap { [$0.name, $0.title] })
        for other in agents where other.name != name {
            guard let host = other.host, let request = other.request, !taken.contains(other.name) else { continue }
            settings.targets.append(
                Target(
                    name: other.name, title: other.name, host: host, request: request, from: nil, labels: other.labels))
        }
        return settings
    }
}
