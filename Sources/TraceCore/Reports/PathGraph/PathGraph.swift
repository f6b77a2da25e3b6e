/// All paths to a target that were found: the nodes on the way, and the links between them.
public struct PathGraph: Sendable, Hashable {
    /// The target and how the paths were found; of a merged graph, those of the first part.
    public var run: RunDescription
    /// Where the paths begin: one place, or several in a merged graph.
    public var sources: [Source]
    /// The nodes, sorted by distance.
    public var nodes: [Node]
    /// The links, sorted by their first and their second node.
    public var links: [Link]
    /// The probability that nothing was missed, if routers balance evenly; nil if the run did not search for all paths.
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
        /// Its name, if several sources are told apart by names.
        public var name: String?
        /// Its address, where that is known.
        public var address: IPAddress?
        /// The first nodes of its paths.
        public var first: [Int]

        /// A source.
        public init(name: String? = nil, address: IPAddress? = nil, first: [Int]) {
            self.name = name
            self.address = address
            self.first = first
        }
    }

    /// A router or a host on the way, or a silent node.
    public struct Node: Sendable, Hashable {
        /// The number by which links refer to it: its position in the list.
        public var id: Int
        /// Its address, or nil for a silent node.
        public var address: IPAddress?
        /// Its name, where it is known.
        public var name: UntrustedText?
        /// The TTLs at which it was seen.
        public var ttls: [Int]
        /// Whether it is the target.
        public var isTarget: Bool
        /// How it distributes packets, if it has several next hops.
        public var balancing: Balancing?
        /// Its round trips.
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

    /// How a router distributes packets.
    public enum Balancing: String, Sendable, Hashable, Codable, CaseIterable {
        /// All packets of a flow take the same way.
        case flow
        /// Each packet takes any way.
        case packet
    }

    /// A link from one node to the next.
    public struct Link: Sendable, Hashable {
        /// The node where it begins.
        public var from: Int
        /// The node where it ends.
        public var to: Int
        /// The number of flows that were seen on it.
        public var flows: Int
        /// Whether it is a guess: behind a router that distributes by packet, nobody can see which of the next nodes
        /// led to which of those behind them.
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
    /// The target of the paths.
    public var target: ProbeTarget? { run.target }

    /// Whether the target answered.
    public var isReached: Bool { nodes.contains { $0.isTarget } }

    /// The next nodes of a node.
    public func successors(of node: Int) -> [Int] { links.filter { $0.from == node }.map(\.to) }

    /// The number of paths from the sources to where the graph ends, or nil if it has loops.
    public var pathCount: Int? {
        var next = [[Int]](repeating: [], count: nodes.count)
        var before = [Int](repeating: 0, count: nodes.count)
        for link in links {
            next[link.from].append(link.to)
            before[link.to] += 1
        }
        var ways = [Int](repeating: 0, count: nodes.count)
        for node in sources.flatMap(\.first) { ways[node] = Self.sum(ways[node], 1) }
        // Each node is visited after all that lead to it; nodes of a loop never are.
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
