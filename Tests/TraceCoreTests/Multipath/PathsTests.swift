import Testing

@testable import TraceCore

@Suite struct `A search for all paths` {
    static let server = IPAddress(203, 0, 113, 7)

    static func internet(_ path: String, _ attributes: [String: String] = [:]) throws -> SimulatedInternet {
        var text = "vantage here 192.0.2.100 2001:db8::100\n"
        let names = path.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        for (index, name) in names.enumerated() where names.firstIndex(of: name) == index {
            let more = attributes[name] ?? ""
            text += "router \(name) 198.51.100.\(index + 1) 2001:db8:1::\(index + 1) "
            text += more.hasPrefix("delay=") ? "\(more)\n" : "delay=2ms \(more)\n"
        }
        text += "host server 203.0.113.7 2001:db8:7::7 delay=2ms \(attributes["server"] ?? "")\npath server: \(path)\n"
        return try SimulatedInternet(parsing: text)
    }

    /// The links by the last numbers of their ends, as in "1>2"; the server is 7.
    static func links(_ graph: PathGraph, where isWanted: (PathGraph.Link) -> Bool = { _ in true }) -> Set<String> {
        func name(_ id: Int) -> String {
            graph.nodes[id].address.map { "\($0)".split { $0 == "." || $0 == ":" }.last.map(String.init) ?? "?" } ?? "*"
        }
        return Set(graph.links.filter(isWanted).map { "\(name($0.from))>\(name($0.to))" })
    }

    static func search(
        _ internet: SimulatedInternet, _ transport: ProbeTransport = .udp, confidence: Double = 0.999,
        family: IPAddress.Family = .v4
    ) async throws -> PathGraph {
        let tracer = PathTracer(SimulatedProber(transport, internet))
        let target = try #require(family == .v4 ? server : IPAddress("2001:db8:7::7"))
        return try await tracer.paths(to: target, confidence: confidence)
    }

    @Test(arguments: [ProbeTransport.udp, .icmp, .tcp(port: 443)], [IPAddress.Family.v4, .v6])
    func `finds links and not just nodes`(_ transport: ProbeTransport, _ family: IPAddress.Family) async throws {
        let graph = try await Self.search(try Self.internet("a ((b | c) d | e f) g"), transport, family: family)
        #expect(Self.links(graph) == ["1>2", "1>3", "1>5", "2>4", "3>4", "5>6", "4>7", "6>7", "7>7"])
        #expect(graph.isReached && graph.pathCount == 3)
        #expect(try #require(graph.confidence) >= 0.999)
        #expect(graph.nodes.filter { $0.balancing == .flow }.count == 1)
    }

    @Test func `tells balancing by packet from that by flow`() async throws {
        let graph = try await Self.search(
            try Self.internet("a (b | c) d (e | f) g", ["d": "balance=packet"]))
        #expect(graph.nodes.map(\.balancing) == [.flow, nil, nil, .packet, nil, nil, nil, nil])
        #expect(graph.links.allSatisfy { !$0.isGuess })
    }

    @Test func `calls links behind balancing by packet a guess`() async throws {
        let graph = try await Self.search(
            try Self.internet("a (b e | c f) g", ["a": "balance=packet"]))
        #expect(Self.links(graph) { !$0.isGuess } == ["1>2", "1>4", "3>6", "5>6", "6>7"])
        #expect(Self.links(graph) { $0.isGuess } == ["2>3", "2>5", "4>3", "4>5"])
    }

    @Test func `goes on behind routers that keep silent`() async throws {
        let graph = try await Self.search(try Self.internet("a b (c | d) e", ["b": "silent"]))
        #expect(Self.links(graph) == ["1>*", "*>3", "*>4", "3>5", "4>5", "5>7"])
    }

    @Test func `asks again where probes are lost`() async throws {
        let internet = try Self.internet("a (b | c) d", ["b": "reply-loss=20%", "c": "reply-loss=20%", "d": "loss=2%"])
        let graph = try await Self.search(internet)
        #expect(Self.links(graph).isSuperset(of: ["1>2", "1>3", "2>4", "3>4", "4>7"]))
    }

    @Test func `ends at a gap, and says so`() async throws {
        let graph = try await Self.search(try Self.internet("a (b | c)", ["server": "silent"]))
        #expect(graph.end?.reason == .gap && !graph.isReached)
        #expect(Self.links(graph) == ["1>2", "1>3"])
    }

    @Test func `says what it came to where flows are too few`() async throws {
        let tracer = PathTracer(SimulatedProber(.udp, try Self.internet("a (b | c | d | e | f | g | h | i) j")))
        let graph = try await PathFinder(tracer.prober, settings: MultipathSettings(confidence: 0.99, maxFlows: 16))
            .report(for: Self.server)
        #expect(try #require(graph.confidence) < 0.9)
    }

    @Test func `has one probe of a flow out at a time where more cannot be`() throws {
        var facts = ChannelFacts(method: .tcp, mode: "unprivileged", openedAt: .epoch)
        facts.hasSerialFlows = true
        var plan = try MultipathPlan(
            target: Self.server, settings: MultipathSettings(sendInterval: .zero), facts: facts)
        var flows: Set<UInt16> = []
        var count = 0
        while case .send(let probes) = plan.step(at: .zero) {
            for probe in probes { #expect(flows.insert(probe.flow).inserted) }
            count += probes.count
        }
        #expect(count >= 5)
    }

    @Test func `gives the same graph again from its events`() async throws {
        var events: [ProbeEvent] = []
        let tracer = PathTracer(SimulatedProber(.udp, try Self.internet("a (b | c | d) e")))
        for try await event in PathFinder(tracer.prober).events(for: Self.server) { events.append(event) }
        let graph = try PathGraph.Fold.replay(events)
        let log = try events.map { try JSON.text($0) }.joined(separator: "\n")
        let recorded = try EventLog.recordings(from: Array(log.utf8), name: "log")
        #expect(try PathGraph.Fold.replay(try #require(recorded.first).events) == graph)
        let again = try JSON.decode(PathGraph.self, from: Array(try JSON.text(graph).utf8))
        #expect(again == graph)
    }

    @Test(arguments: [
        (#""nodes":["#, #""nodes":[{"id":9,"ttls":[1]},"#), (#""from":0"#, #""from":99"#),
    ]) func `refuses a document whose links lead nowhere`(_ part: String, _ wrong: String) async throws {
        let graph = try await Self.search(try Self.internet("a (b | c) d"))
        let text = try JSON.text(graph)
        #expect(text.contains(part))
        #expect(Self.isRefused(text.replacing(part, with: wrong)))
    }

    private static func isRefused(_ text: String) -> Bool {
        (try? JSON.decode(PathGraph.self, from: Array(text.utf8))) == nil
    }

    @Test(arguments: [
        MultipathSettings(confidence: 1), MultipathSettings(confidence: 0.4), MultipathSettings(confidence: .nan),
        MultipathSettings(firstTTL: 9, maxTTL: 3), MultipathSettings(maxFlows: 3), MultipathSettings(attempts: 0),
    ]) func `refuses settings that make no sense`(_ settings: MultipathSettings) throws {
        let error = Self.error(settings)
        #expect(error?.code == .badSetting)
    }

    private static func error(_ settings: MultipathSettings) -> ProbeError? {
        do throws(ProbeError) {
            _ = try MultipathPlan(target: server, settings: settings)
            return nil
        } catch { return error }
    }
}
