extension PathGraph: Codable {
    private enum Key: String, CodingKey {
        case schemaVersion, target, source, method, mode, startedAt, parameters, sources, nodes, links, confidence,
            probes
        case end
    }

    /// Reads a graph and refuses links to nodes that it does not have.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        run = try RunDescription(verb: .paths, from: decoder)
        sources = try container.decode([Source].self, forKey: .sources)
        nodes = try container.decode([Node].self, forKey: .nodes)
        links = try container.decode([Link].self, forKey: .links)
        confidence = try container.decodeIfPresent(Double.self, forKey: .confidence)
        probes = try container.decodeCount(forKey: .probes)
        end = try container.decodeIfPresent(RunEnd.self, forKey: .end)
        for (index, node) in nodes.enumerated() where node.id != index {
            throw container.refuse(.nodes, "the node at place \(index) has the number \(node.id)")
        }
        for link in links where !(nodes.indices.contains(link.from) && nodes.indices.contains(link.to)) {
            throw container.refuse(
                .links, "a link leads from node \(link.from) to \(link.to), and one of them is missing")
        }
        for node in nodes where !node.ttls.allSatisfy({ (0...255).contains($0) }) {
            throw container.refuse(.nodes, "node \(node.id) was met at hops that no packet reaches")
        }
        if let confidence, !(0...1).contains(confidence) {
            throw container.refuse(.confidence, "\(confidence) is no share of 1")
        }
        for node in sources.flatMap(\.first) where !nodes.indices.contains(node) {
            throw container.refuse(.sources, "node \(node) is missing")
        }
    }

    /// Writes the graph.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try run.encodeHead(to: encoder, unless: .paths)
        try container.encode(sources, forKey: .sources)
        try container.encode(nodes, forKey: .nodes)
        try container.encode(links, forKey: .links)
        try container.encodeIfPresent(confidence, forKey: .confidence)
        try container.encode(probes, forKey: .probes)
        try container.encodeIfPresent(end, forKey: .end)
    }
}

extension PathGraph.Node: Codable {
    private enum Key: String, CodingKey { case id, address, name, ttls, isTarget, balancing, rtt }

    /// Reads a node.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            id: try container.decodeCount(forKey: .id),
            address: try container.decodeIfPresent(IPAddress.self, forKey: .address),
            name: try container.decodeIfPresent(UntrustedText.self, forKey: .name),
            ttls: try container.decode([Int].self, forKey: .ttls),
            isTarget: try container.decodeIfPresent(Bool.self, forKey: .isTarget) ?? false,
            balancing: try container.decodeIfPresent(PathGraph.Balancing.self, forKey: .balancing),
            rtt: try container.decodeIfPresent(RTTSummary.self, forKey: .rtt))
    }

    /// Writes the node; what is not known is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id, forKey: .id)
        try container.encodeIfPresent(address, forKey: .address)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encode(ttls, forKey: .ttls)
        if isTarget { try container.encode(true, forKey: .isTarget) }
        try container.encodeIfPresent(balancing, forKey: .balancing)
        try container.encodeIfPresent(rtt, forKey: .rtt)
    }
}

extension PathGraph.Link: Codable {
    private enum Key: String, CodingKey { case from, to, flows, isGuess }

    /// Reads a link.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            from: try container.decodeCount(forKey: .from), to: try container.decodeCount(forKey: .to),
            flows: try container.decodeCount(forKey: .flows),
            isGuess: try container.decodeIfPresent(Bool.self, forKey: .isGuess) ?? false)
    }

    /// Writes the link; `isGuess` only if it is true.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(from, forKey: .from)
        try container.encode(to, forKey: .to)
        try container.encode(flows, forKey: .flows)
        if isGuess { try container.encode(true, forKey: .isGuess) }
    }
}
