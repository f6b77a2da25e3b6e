/// All paths to a target that were found: the nodes on the way, and the links between them.
public struct PathGraph: Sendable, Hashable {
    /// Whom it is about, and how it was found; of a graph that was merged, the first of those.
    public var run: RunDescription
    /// Where the paths begin: one place, or several if graphs were merged.
    public var sources: [Source]
    /// The nodes, by their distance.
    public var nodes: [Node]
    /// The links, by where they begin and where they lead.
    public var links: [Link]
    /// How sure it is that nothing was missed, where routers balance evenly; nil where nobody looked for all paths.
    public var confidence: Double?
    /// The probes that were sent.
    public var probes: Int
    /// How the search ended, or nil while it runs.
    public var end: RunEnd?

    /// A graph from its parts.
    public init(
        run: RunDescription, sources: [Source], nodes: [Node], links: [Link], confidence: Double? = nil,
        probes: Int = 0, end: RunEnd? = nil
    ) {
        self.run = run
        self.sources = sources
        self.nodes = nodes
        self.links = links
        self.confidence = confidence
        self.probes = probes
        self.end = end
    }

    /// Where paths begin.
    public struct Source: Sendable, Hashable, Codable {
        /// Its name, where several are told apart by names.
        public var name: String?
        /// Its address, where that is known.
        public var address: IPAddress?
        /// The nodes that come first.
        public var first: [Int]

        /// A source.
        public init(name: String? = nil, address: IPAddress? = nil, first: [Int]) {
            self.name = name
            self.address = address
            self.first = first
        }
    }

    /// A router or a host on the way, or the place of one that keeps silent.
    public struct Node: Sendable, Hashable {
        /// The number by which links refer to it: its place in the list.
        public var id: Int
        /// Its address, or nil for one that answers nobody.
        public var address: IPAddress?
        /// Its name, where it is known.
        public var name: UntrustedText?
        /// The hops at which it was met.
        public var ttls: [Int]
        /// Whether it is the target.
        public var isTarget: Bool
        /// Which packets it sends which way, where it has several.
        public var balancing: Balancing?
        /// How many answers it gave, and their round trips.
        public var rtt: RTTSummary?

        /// A node.
        public init(
            id: Int, address: IPAddress?, name: UntrustedText? = nil, ttls: [Int], isTarget: Bool = false,
            balancing: Balancing? = nil, rtt: RTTSummary? = nil
        ) {
            self.id = id
            self.address = address
            self.name = name
            self.ttls = ttls
            self.isTarget = isTarget
            self.balancing = balancing
            self.rtt = rtt
        }
    }

    /// Which packets a router sends which way.
    public enum Balancing: String, Sendable, Hashable, Codable, CaseIterable {
        /// All of a flow the same way.
        case flow
        /// Each as it comes.
        case packet
    }

    /// A way from one node to the next.
    public struct Link: Sendable, Hashable {
        /// The node that it begins at.
        public var from: Int
        /// The node that it leads to.
        public var to: Int
        /// How many flows were seen on it.
        public var flows: Int
        /// Whether it is a guess: behind a router that deals out packets, nobody can say which of the next led to which of
        /// those behind them.
        public var isGuess: Bool

        /// A link.
        public init(from: Int, to: Int, flows: Int, isGuess: Bool = false) {
            self.from = from
            self.to = to
            self.flows = flows
            self.isGuess = isGuess
        }
    }
}

extension PathGraph {
    /// Whom the paths lead to.
    public var target: ProbeTarget? { run.target }

    /// Whether the target answered.
    public var isReached: Bool { nodes.contains { $0.isTarget } }

    /// The nodes that a node leads to.
    public func successors(of node: Int) -> [Int] { links.filter { $0.from == node }.map(\.to) }

    /// How many ways there are from the sources to where the graph ends, or nil if it has loops.
    public var pathCount: Int? {
        var next = [[Int]](repeating: [], count: nodes.count)
        var before = [Int](repeating: 0, count: nodes.count)
        for link in links {
            next[link.from].append(link.to)
            before[link.to] += 1
        }
        var ways = [Int](repeating: 0, count: nodes.count)
        for node in sources.flatMap(\.first) { ways[node] = Self.sum(ways[node], 1) }
        // Each node once all that lead to it are done; those of a loop never are.
        var ready = nodes.indices.filter { before[$0] == 0 }
        var (count, done) = (0, 0)
        while let node = ready.popLast() {
            done += 1
            if next[node].isEmpty { count = Self.sum(count, ways[node]) }
            for successor in next[node] {
                ways[successor] = Self.sum(ways[successor], ways[node])
                before[successor] -= 1
                if before[successor] == 0 { ready.append(successor) }
            }
        }
        return done == nodes.count ? count : nil
    }

    private static func sum(_ one: Int, _ other: Int) -> Int {
        let (sum, isTooLarge) = one.addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}
