import Testing

@testable import TraceCore

@Suite struct `A graph of paths` {
    @Test func `reads as lines`() async throws {
        var text = PathGraph.Text(showsNames: false)
        var lines: [String] = []
        let tracer = PathTracer(SimulatedProber(.udp, try `A search for all paths`.internet("a (b | c d) e")))
        for try await event in PathFinder(tracer.prober).events(for: `A search for all paths`.server) {
            lines += text.apply(event)
        }
        #expect(
            lines.map { $0.replacing(#/ by \d+ probes/#, with: "") } == [
                "all paths to 203.0.113.7 by udp (simulated), 30 hops max, 60 byte packets",
                " 1   198.51.100.1  4.000 ms  to 2a 2b, by flow",
                " 2a  198.51.100.2  8.000 ms  to 3b",
                " 2b  198.51.100.3  8.000 ms  to 3a",
                " 3a  198.51.100.4  12.000 ms  to 3b",
                " 3b  198.51.100.5  12.000 ms  to 4  also at hop 4",
                " 4   203.0.113.7  16.000 ms  also at hop 5",
                "2 paths over 6 nodes and 6 links,: all there are with a confidence of 96.8 %",
            ], "\(lines.joined(separator: "\n"))")
    }

    @Test func `is drawn by Graphviz, whatever names are like`() async throws {
        var graph = try await `A search for all paths`.search(
            try `A search for all paths`.internet("a (b | c) d", ["a": "balance=packet"]))
        graph.nodes[0].name = UntrustedText("say \"hello\"\\\u{1b}[31m\n]; evil -> root")
        let dot = graph.dot
        #expect(dot.hasPrefix("digraph paths {\n") && dot.hasSuffix("}\n"))
        #expect(dot.contains(#"n0 [label="say \"hello\"\\"#))
        #expect(!dot.unicodeScalars.contains("\u{1b}"))
        // One statement a line, so the name added none.
        #expect(dot.split(separator: "\n").count == 5 + 1 + graph.nodes.count + 1 + graph.links.count)
    }

    @Test func `of a trace is its path`() async throws {
        let internet = try `A search for all paths`.internet("a b (c | d)", ["b": "silent"])
        let trace = try await PathTracer(SimulatedProber(.udp, internet)).trace(`A search for all paths`.server)
        let graph = PathGraph(trace)
        #expect(graph.nodes.map(\.address) == trace.hops.map { $0.addresses.first })
        #expect(graph.links.map { [$0.from, $0.to] } == [[0, 1], [1, 2], [2, 3]])
        #expect(graph.isReached && graph.confidence == nil && graph.probes == 12)
    }

    @Test func `of several sources is joined where they share a node`() async throws {
        let topology = """
            vantage one 192.0.2.100
            vantage two 192.0.2.200
            router a 198.51.100.1 delay=1ms
            router b 198.51.100.2 delay=1ms
            router quiet 198.51.100.3 delay=1ms silent
            router core 198.51.100.4 delay=1ms
            host server 203.0.113.7 delay=1ms
            path server from one: a quiet core
            path server from two: b quiet core
            """
        let internet = try SimulatedInternet(parsing: topology)
        var graphs: [(source: String, graph: PathGraph)] = []
        for vantage in ["one", "two"] {
            let prober = SimulatedProber(.udp, internet, options: SimulatedInternet.Options(vantage: vantage))
            graphs.append((vantage, PathGraph(try await PathTracer(prober).trace(`A search for all paths`.server))))
        }
        let merged = try #require(PathGraph(merging: graphs))
        #expect(merged.sources.map(\.name) == ["one", "two"])
        // Two silent nodes: nobody can know that they are one.
        #expect(merged.nodes.count == 6 && merged.links.count == 5)
        #expect(merged.pathCount == 2)
        let lines = PathGraph.Text.lines(of: merged, showsNames: false)
        #expect(lines.prefix(2) == ["from one (192.0.2.100)  to 1a", "from two (192.0.2.200)  to 1b"])
        #expect(merged.nodes.map(\.id) == Array(0..<6))
        #expect(PathGraph(merging: []) == nil)
        #expect(try #require(PathGraph(merging: [graphs[0], graphs[0]])).nodes.count == 4)
    }
}
