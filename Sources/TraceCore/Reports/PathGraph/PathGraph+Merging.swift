extension PathGraph {
    /// The graph of a trace: one path, or the several that its queries took.
    public init(_ trace: TraceReport) {
        var fold = PathGraph.Fold()
        fold.apply(ProbeEvent(at: .zero, .started(trace.run)))
        for hop in trace.hops {
            // A document may contain any number.
            for query in 0..<min(hop.sent, 65536) {
                let probe = Probe(
                    id: 0, target: trace.target?.address ?? IPAddress(v4: 0), ttl: UInt8(clamping: hop.ttl),
                    sequence: query)
                fold.apply(ProbeEvent(at: .zero, .sent(probe)))
            }
            for reply in hop.replies + hop.late {
                let probe = Probe(
                    id: 0, target: reply.from, ttl: UInt8(clamping: hop.ttl), sequence: reply.sequence, flow: reply.flow
                )
                fold.apply(ProbeEvent(at: .zero, .reply(probe, reply.answer)))
                if let name = reply.name { fold.apply(ProbeEvent(at: .zero, .named(reply.from, name))) }
            }
            if hop.replies.isEmpty, hop.late.isEmpty {
                let probe = Probe(id: 0, target: IPAddress(v4: 0), ttl: UInt8(clamping: hop.ttl))
                fold.apply(ProbeEvent(at: .zero, .timedOut(probe)))
            }
        }
        if let end = trace.end { fold.apply(ProbeEvent(at: .zero, .ended(end))) }
        self = fold.report() ?? PathGraph(run: trace.run, sources: [], nodes: [], links: [])
    }

    /// One graph made of several, from different sources or to different targets, joined at the addresses that they
    /// share.
    ///
    /// Silent nodes are joined if they have the same neighbours. The TTLs of a node are those of the first graph that
    /// has it.
    ///
    /// - Parameter graphs: The graphs with the names of where they were made; nil if there are none.
    public init?(merging graphs: [(source: String, graph: PathGraph)]) {
        guard let first = graphs.first else { return nil }
        var merger = GraphMerger()
        for (name, graph) in graphs { merger.add(graph, name) }
        self = merger.graph(run: first.graph.run)
    }
}

/// Joins graphs by the addresses of their nodes.
private struct GraphMerger {
    /// A silent node, known by its neighbours.
    private struct Gap: Hashable {
        /// The source, for a node at the start of its paths or behind another silent one.
        let source: Int?
        let before: Set<Int>
        let after: Set<Int>
    }

    private struct Pair: Hashable {
        let from: Int
        let to: Int
    }

    private var sources: [PathGraph.Source] = []
    private var nodes: [PathGraph.Node] = []
    private var ids: [IPAddress: Int] = [:]
    private var gaps: [Gap: Int] = [:]
    private var links: [Pair: PathGraph.Link] = [:]
    private var probes = 0
    private var confidence: Double? = 1

    mutating func add(_ graph: PathGraph, _ name: String) {
        probes += graph.probes
        // The merged graph is complete only if every part is.
        confidence = confidence.flatMap { known in graph.confidence.map { known + $0 - 1 } }
        var places = graph.nodes.map { node in node.address.map { place(of: node, $0) } }
        for node in graph.nodes where node.address == nil {
            let before = graph.links.filter { $0.to == node.id }.map { places[$0.from] }
            let after = graph.links.filter { $0.from == node.id }.map { places[$0.to] }
            // Only a node between two known ones can be recognised.
            let isBetween = !before.isEmpty && !after.isEmpty && !before.contains(nil) && !after.contains(nil)
            let gap = Gap(
                source: isBetween ? nil : sources.count, before: Set(before.compactMap { $0 }),
                after: Set(after.compactMap { $0 }))
            let known = gaps[gap]
            let id = known ?? append(node)
            gaps[gap] = id
            places[node.id] = id
        }
        for link in graph.links {
            guard let from = places[link.from], let to = places[link.to] else { continue }
            var merged = links[Pair(from: from, to: to)] ?? PathGraph.Link(from: from, to: to, flows: 0, isGuess: true)
            merged.flows += link.flows
            merged.isGuess = merged.isGuess && link.isGuess
            links[Pair(from: from, to: to)] = merged
        }
        for source in graph.sources {
            sources.append(
                PathGraph.Source(
                    name: source.name ?? name, address: source.address,
                    first: source.first.compactMap { places[$0] }.sorted()))
        }
    }

    private mutating func place(of node: PathGraph.Node, _ address: IPAddress) -> Int {
        guard let id = ids[address] else {
            let id = append(node)
            ids[address] = id
            return id
        }
        nodes[id].name = nodes[id].name ?? node.name
        nodes[id].isTarget = nodes[id].isTarget || node.isTarget
        if node.balancing == .packet || nodes[id].balancing == nil { nodes[id].balancing = node.balancing }
        return id
    }

    private mutating func append(_ node: PathGraph.Node) -> Int {
        var node = node
        node.id = nodes.count
        nodes.append(node)
        return node.id
    }

    func graph(run: RunDescription) -> PathGraph {
        PathGraph(
            run: run, sources: sources, nodes: nodes,
            links: links.values.sorted { ($0.from, $0.to) < ($1.from, $1.to) },
            confidence: confidence.map { max(0, $0) }, probes: probes)
    }
}
