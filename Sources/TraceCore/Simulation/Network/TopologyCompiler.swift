/// Turns a topology into tables: names become indices, paths become steps and edges.
struct TopologyCompiler {
    private let topology: Topology
    private let indices: [String: Int]
    private let vantageIndices: [String: Int]

    // What holds at the time that is being compiled.
    private var traits: [NodeTraits]
    private var links: [LinkKey: LinkTraits] = [:]
    private var paths: [PathKey: Topology.Path] = [:]

    private struct LinkKey: Hashable {
        let from: Int
        let to: Int
    }

    private struct PathKey: Hashable {
        /// The host's index, or the number of nodes for the default way.
        let host: Int
        let vantage: Int?
        let family: IPAddress.Family?
    }

    static func compile(_ topology: Topology, name: String) throws(ProbeError) -> SimulatedPlan {
        do throws(TopologyMistake) {
            var compiler = TopologyCompiler(topology)
            return try compiler.plan(name)
        } catch {
            throw error.error(in: name)
        }
    }

    private init(_ topology: Topology) {
        self.topology = topology
        indices = Dictionary(
            topology.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        vantageIndices = Dictionary(
            topology.vantages.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        traits = topology.nodes.map(\.traits)
    }

    private mutating func plan(_ name: String) throws(TopologyMistake) -> SimulatedPlan {
        var epochs: [SimulatedEpoch] = []
        var time: Int64 = 0
        for statement in topology.statements {
            if statement.time > time {
                epochs.append(epoch(at: time))
                time = statement.time
            }
            try apply(statement.change)
        }
        epochs.append(epoch(at: time))

        var destinations: [IPAddress: Int32] = [:]
        var networks: [SimulatedPlan.HostNetwork] = []
        var names: [String: [IPAddress]] = [:]
        var reverseNames: [IPAddress: UntrustedText] = [:]
        var hosts: [(name: String, addresses: [IPAddress])] = []
        for (index, node) in topology.nodes.enumerated() {
            let both = [node.addresses.v4, node.addresses.v6].compactMap { $0 }
            let addresses = node.prefersV6 ? both.reversed() : both
            for address in addresses {
                let length = address.isV4 ? node.prefixLength.v4 : node.prefixLength.v6
                if Int(length) < address.family.bitWidth {
                    networks.append(
                        SimulatedPlan.HostNetwork(address: address, length: length, node: Int32(index)))
                }
                guard destinations.updateValue(Int32(index), forKey: address) == nil else {
                    throw TopologyMistake(
                        "\(node.name) has an address that another node has already", at: node.position,
                        expected: "an address of its own")
                }
            }
            // The address that a router answers from is one of its own too.
            let others = [node.traits.replyFrom.v4, node.traits.replyFrom.v6].compactMap { $0 }
            if let reverse = node.traits.reverse ?? node.traits.name {
                for address in addresses + others { reverseNames[address] = UntrustedText(reverse) }
            }
            let name = node.traits.name ?? node.name
            for key in Set([name.lowercased(), node.name.lowercased()]) where !addresses.isEmpty {
                names[key, default: []] += addresses
            }
            if node.isHost { hosts.append((name, addresses)) }
        }
        // The longest prefix first, so that the first that fits is the one that counts.
        networks.sort { $0.length > $1.length }
        return SimulatedPlan(
            name: name, seed: topology.seed, vantages: topology.vantages, nodeCount: topology.nodes.count,
            epochs: epochs, destinations: destinations, networks: networks, names: names,
            reverseNames: reverseNames, hosts: hosts)
    }

    // MARK: - What changes with time

    private mutating func apply(_ change: Topology.Change) throws(TopologyMistake) {
        switch change {
        case .set(let reference, let words):
            let index = try node(reference)
            for word in words { try TopologyParser.apply(word, to: &traits[index]) }
        case .link(let from, let to, let words):
            let key = LinkKey(from: try linkEnd(from), to: try node(to))
            var link = links[key] ?? traits[key.to].link
            for word in words { try TopologyParser.apply(word, to: &link) }
            links[key] = link
        case .path(let path):
            try check(path.parts)
            var host = topology.nodes.count
            if let reference = path.host {
                host = try node(reference)
                guard topology.nodes[host].isHost else {
                    throw TopologyMistake(
                        "\"\(reference.name)\" is a router", at: reference.position, expected: "a host's name"
                    )
                }
            }
            var vantage: Int?
            if let reference = path.vantage {
                vantage = vantageIndices[reference.name]
                guard vantage != nil else {
                    throw TopologyMistake(
                        "There is no vantage \"\(UntrustedText(reference.name))\"", at: reference.position,
                        expected: "one of \(topology.vantages.map(\.name).joined(separator: ", "))")
                }
            }
            paths[PathKey(host: host, vantage: vantage, family: path.family)] = path
        }
    }

    private func node(_ reference: Topology.NodeReference) throws(TopologyMistake) -> Int {
        if let index = indices[reference.name] { return index }
        throw TopologyMistake(
            "There is no node \"\(UntrustedText(reference.name))\"", at: reference.position,
            expected: "the name of a router or host that has a line of its own")
    }

    private func linkEnd(_ reference: Topology.NodeReference) throws(TopologyMistake) -> Int {
        if let vantage = vantageIndices[reference.name] { return topology.nodes.count + vantage }
        return try node(reference)
    }

    private func check(_ parts: [Topology.Path.Part]) throws(TopologyMistake) {
        for part in parts {
            switch part {
            case .node(let reference): _ = try node(reference)
            case .loop(let references): for reference in references { _ = try node(reference) }
            case .alternatives(let branches): for branch in branches { try check(branch.parts) }
            }
        }
    }

    // MARK: - One epoch

    private func epoch(at time: Int64) -> SimulatedEpoch {
        var tables = NodeTables()
        for (index, traits) in traits.enumerated() {
            tables.append(
                traits, isHost: topology.nodes[index].isHost, addresses: topology.nodes[index].addresses,
                index: index)
        }
        var ways = WayBuilder(nodes: topology.nodes.count) { from, to in
            links[LinkKey(from: from, to: to)] ?? traits[to].link
        }
        var entries: [Int32] = []
        for vantage in topology.vantages.indices {
            for family in IPAddress.Family.allCases {
                entries += self.entries(from: vantage, family, &ways)
            }
        }
        return SimulatedEpoch(
            start: time, nodes: tables.nodes, steps: ways.steps, edges: ways.edges, entries: entries,
            rules: tables.rules, ports: tables.ports, extensions: tables.extensions)
    }

    /// The most particular path there is.
    private func path(to host: Int, from vantage: Int, _ family: IPAddress.Family) -> Topology.Path? {
        paths[PathKey(host: host, vantage: vantage, family: family)]
            ?? paths[PathKey(host: host, vantage: vantage, family: nil)]
            ?? paths[PathKey(host: host, vantage: nil, family: family)]
            ?? paths[PathKey(host: host, vantage: nil, family: nil)]
    }

    private func entries(
        from vantage: Int, _ family: IPAddress.Family, _ ways: inout WayBuilder
    ) -> [Int32] {
        let count = topology.nodes.count
        var entries = [Int32](repeating: -1, count: count + 1)
        var straight: [Int: [Int]] = [:]
        for host in 0...count {
            guard let path = path(to: host, from: vantage, family) else { continue }
            var parts = resolve(path.parts)
            // The host may be written at the end, or be understood.
            if host < count {
                if case .node(host)? = parts.last {
                } else if !path.parts.endsInLoop {
                    parts.append(.node(host))
                }
            }
            entries[host] = ways.add(parts, from: count + vantage)
            WayBuilder.collectStraightWays(parts, into: &straight)
        }
        for (node, way) in straight.sorted(by: { $0.key < $1.key }) where entries[node] < 0 {
            entries[node] = ways.add(way.map { .node($0) }, from: count + vantage)
        }
        return entries
    }

    private func resolve(_ parts: [Topology.Path.Part]) -> [WayBuilder.Part] {
        parts.map { part in
            switch part {
            case .node(let reference): .node(indices[reference.name] ?? 0)
            case .loop(let references): .loop(references.map { indices[$0.name] ?? 0 })
            case .alternatives(let branches):
                .alternatives(branches.map { (weight: $0.weight, parts: resolve($0.parts)) })
            }
        }
    }
}

extension [Topology.Path.Part] {
    fileprivate var endsInLoop: Bool {
        if case .loop? = last { true } else { false }
    }
}
