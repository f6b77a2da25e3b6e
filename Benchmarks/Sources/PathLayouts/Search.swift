package import TraceCore

/// One search for all paths, and what came of it.
package struct Search {
    package let isExact: Bool
    /// How sure the graph says it is.
    package let confidence: Double
    /// Whether each router with several ways was told to balance by flow or by packet as it does.
    package let isTold: Bool
    package let probes: Int
    /// Those that asked about a flow once more.
    package let again: Int
    package let demand: Int
    package let duration: Duration
    package let longest: Duration
    package let missed: String
    /// The probes of each hop: first ones, those sent again, and what is demanded.
    package let perHop: String

    package init(_ layout: Layout, _ transport: ProbeTransport, confidence: Double, seed: UInt64) async throws {
        let prober = SimulatedProber(
            transport, try layout.internet(seed: seed), options: SimulatedInternet.Options(seed: seed))
        var events: [ProbeEvent] = []
        let settings = MultipathSettings(confidence: confidence, like: TraceSettings())
        for try await event in PathFinder(prober, settings: settings).events(for: Layout.hostAddress) {
            events.append(event)
        }
        let graph = try PathGraph.Fold.replay(events)
        let names = layout.names
        self.confidence = graph.confidence ?? 0
        // A silent router has no name: there is one at the most.
        func shown(_ name: String) -> String { layout.silent.contains(name) ? "?" : name }
        let wanted = Set((layout.routers + [Layout.host]).map(shown))
        func name(_ id: Int) -> String { graph.nodes[id].address.flatMap { names[$0] } ?? "?" }
        let found = Set(graph.nodes.map { name($0.id) })
        let links = Set(graph.links.filter { !$0.isGuess }.map { Way.Link(from: name($0.from), to: name($0.to)) })
        let guesses = Set(graph.links.filter(\.isGuess).map { Way.Link(from: name($0.from), to: name($0.to)) })
        let truth = Set(layout.links.map { Way.Link(from: shown($0.from), to: shown($0.to)) })
        isExact = found == wanted && links.isSubset(of: truth) && truth.isSubset(of: links.union(guesses))
        missed =
            "\(wanted.subtracting(found).sorted()) \(truth.subtracting(links).map { "\($0.from)>\($0.to)" }.sorted())"
            + " too many: \(links.subtracting(truth).map { "\($0.from)>\($0.to)" }.sorted())"
        isTold = graph.nodes.allSatisfy { node in
            node.balancing.map { $0 == (layout.byPacket.contains(name(node.id)) ? .packet : .flow) } ?? true
        }
        probes = graph.probes
        let demand = Demand(events, layout, confidence)
        self.demand = demand.probes
        var counts: [Int: (first: Int, again: Int)] = [:]
        for case .sent(let probe) in events.map(\.fact) {
            if probe.sequence == 0 {
                counts[Int(probe.ttl), default: (0, 0)].first += 1
            } else {
                counts[Int(probe.ttl), default: (0, 0)].again += 1
            }
        }
        again = counts.values.reduce(0) { $0 + $1.again }
        perHop = counts.keys.sorted().map { hop in
            "\(hop): \(counts[hop]!.first)+\(counts[hop]!.again)/\(demand.perHop[hop] ?? 0)"
        }.joined(separator: "  ")
        duration = events.last?.at ?? .zero
        longest = events.compactMap { $0.reply?.rtt }.max() ?? .zero
    }
}

/// How many probes the stop rule demands, given where flows went: for each hop as many as the nodes before it need, and no
/// fewer than it takes until as many flows as the next hop needs were met at each node.
struct Demand {
    let probes: Int
    private(set) var perHop: [Int: Int] = [:]

    init(_ events: [ProbeEvent], _ layout: Layout, _ confidence: Double) {
        var successors: [String: Set<String>] = [:]
        for link in layout.links { successors[link.from, default: []].insert(link.to) }
        let branchings = successors.values.count { $0.count > 1 }
        let rule = Rule(risk: (1 - confidence) / Double(branchings + 1))
        let names = layout.names
        // Who answered at each hop, in the order of asking.
        var hops: [[String]] = [["source"]]
        var seen: Set<[Int]> = []
        for event in events {
            guard case .reply(let probe, let response) = event.fact, let name = names[response.from],
                seen.insert([Int(probe.ttl), Int(probe.flow)]).inserted
            else { continue }
            while hops.count <= Int(probe.ttl) { hops.append([]) }
            hops[Int(probe.ttl)].append(name)
        }
        successors["source"] = Set(layout.way.first)
        func need(_ name: String) -> Int { name == Layout.host ? 0 : rule.flows((successors[name]?.count ?? 1) + 1) }
        var sum = 0
        for hop in 1..<hops.count {
            let before = Set(hops[hop - 1])
            let discovery = before.reduce(0) { $0 + need($1) }
            var left = Dictionary(uniqueKeysWithValues: Set(hops[hop]).map { ($0, need($0)) })
            var steering = 0
            if left.count > 1 {
                for name in hops[hop] {
                    guard left.values.contains(where: { $0 > 0 }) else { break }
                    steering += 1
                    left[name, default: 0] -= 1
                }
            }
            guard discovery > 0 else { continue }
            perHop[hop] = max(discovery, steering)
            sum += max(discovery, steering)
        }
        probes = sum
    }

    /// The stop rule once more, by counting: what the library says is not taken on trust.
    struct Rule {
        let risk: Double

        /// The flows after which the chance of having met fewer than so many is small enough: the chances of having met 1, 2,
        /// 3… after one flow more follow from those before.
        func flows(_ count: Int) -> Int {
            guard count > 1 else { return 1 }
            var chances = [Double](repeating: 0, count: count + 1)
            chances[0] = 1
            var flows = 0
            while 1 - chances[count] > risk {
                for met in stride(from: count, through: 1, by: -1) {
                    chances[met] =
                        chances[met] * Double(met) / Double(count)
                        + chances[met - 1] * Double(count - met + 1) / Double(count)
                }
                chances[0] = 0
                flows += 1
            }
            return flows
        }
    }
}
