extension PathGraph {
    /// Builds a `PathGraph` from the events of a run that used many flows.
    ///
    /// It takes the events of an ordinary trace too. They give the one path of the trace, or several if its queries had
    /// flows of their own.
    public struct Fold: EventFold {
        private var run: RunDescription?
        private var map = FlowMap()
        private var firstTTL = 1
        private var probes = 0
        /// The flows without an answer, of a run that does not say when to give up.
        private var unanswered: Set<FlowMap.Question> = []
        /// Decides when a flow is given up, as the plan did, if the run says how.
        private var judge: SilenceJudge?
        private var isFromTarget: Set<IPAddress> = []
        private var rtts: [IPAddress: RunningStatistics] = [:]
        private var names: [IPAddress: UntrustedText] = [:]
        private var end: RunEnd?

        /// A fold that has seen nothing.
        public init() {}

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) {
            switch event.fact {
            case .started(let run):
                self.run = run
                judge = run.parameters.attempts.map {
                    SilenceJudge(attempts: min(max(1, $0), 10), confidence: Self.confidence(of: run))
                }
                firstTTL = run.parameters.firstHop
            case .sent(let probe):
                probes += 1
                let hop = question(probe).hop
                judge?.sent(probe, to: hop, at: event.at)
            case .timedOut(let probe): note(unanswered: probe)
            case .reply(let probe, let reply), .late(let probe, let reply):
                guard probe.ttl >= firstTTL else { return }
                let question = question(probe)
                unanswered.remove(question)
                judge?.answered(probe, at: question.hop)
                map.answer(
                    probe.flow, at: question.hop,
                    by: FlowMap.Node(address: reply.from, isFinal: reply.kind.isFinal))
                if reply.kind.isFromTarget { isFromTarget.insert(reply.from) }
                rtts[reply.from, default: RunningStatistics()].add(reply.rtt)
            case .named(let address, let name): names[address] = name ?? names[address]
            case .ended(let end): self.end = end
            case .sendFailed, .duplicate: break
            }
        }

        /// Decides as the plan did, if the run says how; a trace has only its queries.
        private mutating func note(unanswered probe: Probe) {
            let question = question(probe)
            guard question.hop > 0 else { return }
            switch judge?.unanswered(probe, at: question.hop, in: map) {
            case nil: unanswered.insert(question)
            case .open?: break
            case .silent?: map.giveUp(probe.flow, at: question.hop)
            case .cannotTell?: map.leaveOpen(probe.flow, at: question.hop)
            }
        }

        private static func confidence(of run: RunDescription) -> Double {
            min(max(0.5, run.parameters.confidence ?? 0.5), 0.999_999)
        }

        private func question(_ probe: Probe) -> FlowMap.Question {
            FlowMap.Question(flow: probe.flow, hop: Int(probe.ttl) - firstTTL + 1)
        }

        /// The graph so far, or nil before the run's first event.
        public func report() -> PathGraph? {
            guard let run else { return nil }
            var map = map
            let last = map.hops.count - 1
            for question in unanswered where question.hop > 0 && question.hop <= last {
                map.giveUp(question.flow, at: question.hop)
            }
            map.conclude(
                Self.confidence(of: run), upTo: max(last, (run.parameters.maxTTL ?? 255) - firstTTL + 1),
                gapLimit: run.parameters.gapLimit ?? 256)
            var builder = GraphBuilder(map: map, firstTTL: firstTTL)
            builder.build()
            let nodes = builder.nodes.enumerated().map { id, node in
                PathGraph.Node(
                    id: id, address: node.address, name: node.address.flatMap { names[$0] }, ttls: node.ttls.sorted(),
                    isTarget: node.address.map { isFromTarget.contains($0) } ?? false,
                    balancing: node.isByPacket ? .packet : node.ways.count > 1 && !node.isShuffled ? .flow : nil,
                    rtt: node.address.flatMap { rtts[$0] }.flatMap { RTTSummary($0) })
            }
            return PathGraph(
                run: run, sources: [PathGraph.Source(address: run.source, first: builder.first)], nodes: nodes,
                links: builder.links,
                confidence: run.parameters.confidence.map { _ in nodes.isEmpty ? 0 : map.confidence },
                probes: probes,
                end: end)
        }
    }
}

/// Makes nodes of addresses and links of flows, from a map by hops.
private struct GraphBuilder {
    struct Node {
        let address: IPAddress?
        var ttls: Set<Int> = []
        var ways: Set<Int> = []
        var isByPacket = false
        /// Whether it is unknown which flows come here.
        var isShuffled = false
    }

    private struct Pair: Hashable {
        let from: Int
        let to: Int
    }

    let map: FlowMap
    let firstTTL: Int
    private(set) var nodes: [Node] = []
    private(set) var first: [Int] = []
    private var ids: [IPAddress: Int] = [:]
    /// The nodes of each hop, by their numbers in the map.
    private var places: [[FlowMap.Number: Int]]
    private var flows: [Pair: Int] = [:]
    /// Links that were also seen where they are certain.
    private var certain: Set<Pair> = []

    init(map: FlowMap, firstTTL: Int) {
        self.map = map
        self.firstTTL = firstTTL
        places = Array(repeating: [:], count: map.hops.count)
    }

    var links: [PathGraph.Link] {
        flows.map { pair, count in
            PathGraph.Link(from: pair.from, to: pair.to, flows: count, isGuess: !certain.contains(pair))
        }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    mutating func build() {
        // Sorted by hop, and by address within a hop.
        let reach = map.reach
        for hop in map.hops.indices.dropFirst().prefix(reach) {
            let numbers = map.hops[hop].nodes.indices.sorted {
                map.hops[hop].nodes[$0].address < map.hops[hop].nodes[$1].address
            }
            for number in numbers { place(FlowMap.Number(number), at: hop) }
            // Silence behind the last answer makes no node.
            if map.hops[hop].hasSilentNode, map.hops[hop...reach].contains(where: { !$0.nodes.isEmpty }) {
                places[hop][FlowMap.silent] = add(Node(address: nil, ttls: [hop + firstTTL - 1]))
            }
        }
        guard map.hops.count > 1 else { return }
        for flow in 0..<map.flowCount(at: 1) {
            guard let number = map.seen(flow, at: 1), let id = places[1][number] else { continue }
            if !first.contains(id) { first.append(id) }
        }
        first.sort()
        for hop in map.hops.indices.dropFirst().prefix(max(0, reach - 1)) { addLinks(from: hop) }
    }

    private mutating func place(_ number: FlowMap.Number, at hop: Int) {
        let node = map.hops[hop].nodes[Int(number)]
        let isNew = ids[node.address] == nil
        let id = ids[node.address] ?? add(Node(address: node.address))
        ids[node.address] = id
        places[hop][number] = id
        // The end of the path also answers probes with higher TTLs; its hop is where something leads to it.
        if isNew || !node.isFinal || leads(to: number, at: hop) { nodes[id].ttls.insert(hop + firstTTL - 1) }
    }

    private func leads(to number: FlowMap.Number, at hop: Int) -> Bool {
        map.numbers(at: hop - 1).contains {
            !map.isFinal($0, at: hop - 1) && map.onward(from: $0, at: hop - 1).successors.contains(number)
                && map.address(of: $0, at: hop - 1) != map.address(of: number, at: hop)
        }
    }

    private mutating func add(_ node: Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    private mutating func addLinks(from hop: Int) {
        for number in map.numbers(at: hop) where !map.isFinal(number, at: hop) {
            guard let from = places[hop][number] else { continue }
            let way = map.onward(from: number, at: hop)
            if way.isByPacket { nodes[from].isByPacket = true }
            if map.hops[hop].isShuffled { nodes[from].isShuffled = true }
            for successor in way.successors {
                // A router that first answers "time exceeded" and then forbids does not lead to itself.
                guard let to = places[hop + 1][successor], to != from else { continue }
                nodes[from].ways.insert(to)
                flows[Pair(from: from, to: to), default: 0] += 0
                if !map.hops[hop].isShuffled || map.hops[hop + 1].only != nil {
                    certain.insert(Pair(from: from, to: to))
                }
            }
        }
        for flow in 0..<map.flowCount(at: hop + 1) {
            guard let number = map.node(of: flow, at: hop), !map.isFinal(number, at: hop),
                let next = map.seen(flow, at: hop + 1), let from = places[hop][number],
                let to = places[hop + 1][next], to != from
            else { continue }
            flows[Pair(from: from, to: to), default: 0] += 1
        }
    }
}
