import Testing

@testable import TraceCore

/// What real networks do to a search: each of these once gave a wrong graph.
@Suite struct `A search on difficult paths` {
    private static func search(_ path: String, _ attributes: [String: String] = [:]) async throws -> PathGraph {
        try await `A search for all paths`.search(
            try `A search for all paths`.internet(path, attributes), confidence: 0.95)
    }

    private static func links(_ graph: PathGraph) -> Set<String> { `A search for all paths`.links(graph) }

    @Test func `a short arm does not end the long one`() async throws {
        let graph = try await Self.search("a (b | c d e f)")
        #expect(Self.links(graph) == ["1>2", "1>3", "2>7", "3>4", "4>5", "5>6", "6>7"])
        #expect(graph.pathCount == 2)
    }

    @Test func `an arm that swallows all is a silent tail, and nothing more`() async throws {
        let graph = try await Self.search("a (b | c) d e", ["b": "drop=all"])
        #expect(graph.isReached)
        #expect(Self.links(graph).isSuperset(of: ["1>2", "1>3", "3>4", "4>5", "5>7"]))
        #expect(!Self.links(graph).contains("*>7"))
        #expect(graph.probes < 600)
    }

    @Test(arguments: ["rate=10/s burst=3", "rate=1/s burst=6"])
    func `limits on answers make no routers`(_ limit: String) async throws {
        let graph = try await Self.search("a (b | c) d", ["b": limit, "d": limit, "server": limit])
        #expect(Self.links(graph) == ["1>2", "1>3", "2>4", "3>4", "4>7"])
        #expect(try #require(graph.confidence) >= 0.95)
    }

    @Test func `an arm that is much slower is found`() async throws {
        let graph = try await Self.search("a (b | c) d", ["c": "delay=400ms"])
        #expect(Self.links(graph) == ["1>2", "1>3", "2>4", "3>4", "4>7"])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func `lost probes make no routers`(_ seed: UInt64) async throws {
        let internet = try `A search for all paths`.internet(
            "a b (c | d) e",
            ["a": "loss=5% return-loss=5%", "b": "loss=5% return-loss=5%", "e": "loss=5% return-loss=5%"])
        let prober = SimulatedProber(.udp, internet, options: SimulatedInternet.Options(seed: seed))
        let graph = try await PathTracer(prober).paths(to: `A search for all paths`.server, confidence: 0.999)
        #expect(Self.links(graph) == ["1>2", "2>3", "2>4", "3>5", "4>5", "5>7"])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a silent router is told from loss, however much is lost`(_ seed: UInt64) async throws {
        for silent in [[:], ["c": "silent"]] {
            let internet = try `A search for all paths`.internet(
                "a (b | c) (d | e)", ["a": "loss=30%"].merging(silent) { $1 })
            let prober = SimulatedProber(.udp, internet, options: SimulatedInternet.Options(seed: seed))
            let graph = try await PathTracer(prober).paths(to: `A search for all paths`.server, confidence: 0.999)
            let unknown = graph.nodes.count { $0.address == nil }
            #expect(unknown == silent.count && graph.nodes.count == 6, "\(Self.links(graph))")
        }
    }

    @Test func `nothing found is nothing known`() async throws {
        let graph = try await Self.search("a", ["a": "silent", "server": "silent"])
        #expect(graph.nodes.isEmpty && graph.confidence == 0)
    }

    @Test func `who balances behind balancing by packet is not known`() async throws {
        let graph = try await Self.search("a (b | c) (d | e) f", ["a": "balance=packet", "b": "balance=packet"])
        #expect(graph.nodes.filter { $0.balancing == .flow }.isEmpty)
        #expect(graph.nodes.first?.balancing == .packet)
    }

    // MARK: - Recordings that nobody made

    private static func events(_ answers: [(flow: UInt16, ttl: UInt8, from: UInt32)], confidence: Double)
        -> [ProbeEvent]
    {
        let run = RunDescription(
            verb: "paths", target: ProbeTarget(address: `A search for all paths`.server), method: .udp, mode: "raw",
            startedAt: .epoch,
            parameters: RunDescription.Parameters(firstTTL: 1, confidence: confidence, attempts: .max))
        return [ProbeEvent(at: .zero, .started(run))]
            + answers.enumerated().map { id, answer in
                let probe = Probe(
                    id: id, target: `A search for all paths`.server, ttl: answer.ttl, sequence: .max, flow: answer.flow)
                let response = ProbeReply(from: IPAddress(v4: answer.from), rtt: .zero, kind: .timeExceeded)
                return ProbeEvent(at: .zero, .reply(probe, response))
            }
    }

    @Test(arguments: [1.5, 1e300, -3, .infinity]) func `a confidence that none can have ends`(_ confidence: Double)
        throws
    {
        let answers: [(UInt16, UInt8, UInt32)] = [(0, 1, 1), (1, 1, 1), (0, 2, 2), (1, 2, 3)]
        #expect(try PathGraph.Fold.replay(Self.events(answers, confidence: confidence)).nodes.count == 3)
    }

    @Test func `more nodes than there can be do no harm`() throws {
        let answers = (0..<10_000 as Range<UInt32>).map { (UInt16($0), UInt8(1), $0) }
        #expect(try PathGraph.Fold.replay(Self.events(answers, confidence: 0.95)).nodes.count <= 4096)
        var fold = PathSetReport.Fold()
        for event in Self.events(answers, confidence: 0.95) { fold.apply(event) }
        #expect(fold.report()?.rounds == 0)
    }

    @Test func `a chain without end is counted`() throws {
        let count = 20_000
        let nodes = (0..<count).map { PathGraph.Node(id: $0, address: nil, ttls: [1]) }
        let links = (1..<count).map { PathGraph.Link(from: $0 - 1, to: $0, flows: 1) }
        let run = try PathGraph.Fold.replay(Self.events([], confidence: 0.95)).run
        let source = PathGraph.Source(first: [0])
        #expect(PathGraph(run: run, sources: [source], nodes: nodes, links: links).pathCount == 1)
        let loop = links + [PathGraph.Link(from: count - 1, to: 0, flows: 1)]
        #expect(PathGraph(run: run, sources: [source], nodes: nodes, links: loop).pathCount == nil)
    }
}
