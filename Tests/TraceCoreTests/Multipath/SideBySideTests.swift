import Testing

@testable import TraceCore

@Suite struct `Paths side by side` {
    private static func watch(
        _ path: String, _ attributes: [String: String] = [:], flows: Int = 16, rounds: Int = 64, seed: UInt64 = 1
    ) async throws -> PathSetReport {
        let internet = try `A search for all paths`.internet(path, attributes)
        let prober = SimulatedProber(.icmp, internet, options: SimulatedInternet.Options(seed: seed))
        let monitor = PathMonitor(prober, settings: MonitorSettings(rounds: rounds))
        var last: PathSetReport?
        for try await view in monitor.pathViews(of: `A search for all paths`.server, flows: flows) { last = view }
        return try #require(last)
    }

    @Test func `have loss and times of their own`() async throws {
        let report = try await Self.watch("a (b | c) d", ["b": "loss=30%", "c": "delay=20ms"], rounds: 320)
        #expect(report.paths.count == 2)
        #expect(report.paths.reduce(0) { $0 + $1.sent } == 320)
        let lossy = try #require(report.paths.first { $0.hops[1] == IPAddress(198, 51, 100, 2) })
        let slow = try #require(report.paths.first { $0.hops[1] == IPAddress(198, 51, 100, 3) })
        // What is lost on the link to a router is lost behind it too.
        #expect(try #require(lossy.loss) > 0.15 && slow.loss == 0)
        #expect(try #require(slow.rtt).min > #require(lossy.rtt).max)
        #expect(report.confidence > 0.9)
    }

    @Test func `are seen to their ends where one is longer, at any pace`() async throws {
        let internet = try `A search for all paths`.internet("a (b | c d) e", ["e": "delay=100ms"])
        let monitor = PathMonitor(
            SimulatedProber(.icmp, internet), settings: MonitorSettings(interval: .milliseconds(50), rounds: 64))
        var last: PathSetReport?
        for try await view in monitor.pathViews(of: `A search for all paths`.server, flows: 16) { last = view }
        let report = try #require(last)
        #expect(report.paths.map(\.hops.count).sorted() == [4, 5])
        #expect(report.paths.allSatisfy { $0.hops.last == `A search for all paths`.server && $0.loss == 0 })
    }

    @Test func `are seen to their ends behind a router that keeps silent`() async throws {
        let report = try await Self.watch("a (b | c d) e", ["d": "silent"], rounds: 96)
        #expect(report.paths.map(\.hops.count).sorted() == [4, 5])
        #expect(report.paths.allSatisfy { $0.hops.last == `A search for all paths`.server && $0.loss == 0 })
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>) func `are not made of lost probes`(_ seed: UInt64) async throws {
        let report = try await Self.watch("a b c", ["b": "loss=10%"], rounds: 160, seed: seed)
        #expect(report.paths.count == 1)
        #expect(report.paths.first?.flows.count == 16)
    }

    @Test func `are read back as they were`() async throws {
        let report = try await Self.watch("a (b | c) d")
        #expect(try JSON.decode(PathSetReport.self, from: Array(try JSON.text(report).utf8)) == report)
        #expect(report.lines.count == 1 + report.paths.count)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `are not made of packets that are dealt out`(_ seed: UInt64)
        async throws
    {
        let report = try await Self.watch(
            "a (b | c) d (e | f) g", ["d": "balance=packet"], rounds: 16 * 12, seed: seed)
        let (e, f) = (IPAddress(198, 51, 100, 5), IPAddress(198, 51, 100, 6))
        #expect(report.dealt == [PathSetReport.DealtHop(ttl: 4, routers: [e, f])])
        #expect(report.paths.count == 2 && report.paths.allSatisfy { $0.hops[3] == nil && $0.loss == 0 })
        // Being dealt out is no new path on which everything would begin anew.
        #expect(report.paths.reduce(0) { $0 + $1.sent } > 16 * 6)
        // Behind where they are dealt out only flows count, some of which chance took here and some there.
        #expect(report.confidence > 0.7)
        #expect(report.lines.last == "  hop 4 by packet: 198.51.100.5, 198.51.100.6")
        #expect(try JSON.decode(PathSetReport.self, from: JSON.encode(report)) == report)
    }

    @Test func `tells one flow's packets that are dealt out to many`() async throws {
        let report = try await Self.watch("a (b | c | d | e) f", ["a": "balance=packet"], flows: 1, rounds: 200)
        #expect(report.dealt.map(\.routers.count) == [4] && report.paths.count == 1)
    }

    /// What flows see at one hop, pass by pass.
    private static func watch(_ passes: [[UInt32]]) throws -> PathSetReport {
        var fold = PathSetReport.Fold()
        let run = RunDescription(
            verb: "monitor", target: ProbeTarget(address: `A search for all paths`.server), method: .udp, mode: "raw",
            startedAt: .epoch, parameters: RunDescription.Parameters(firstTTL: 1))
        fold.apply(ProbeEvent(at: .zero, .started(run)))
        for (pass, routers) in passes.enumerated() {
            for (flow, router) in routers.enumerated() {
                let probe = Probe(
                    id: pass * routers.count + flow, target: `A search for all paths`.server, ttl: 1, sequence: pass,
                    flow: UInt16(flow))
                let answer = ProbeReply(from: IPAddress(v4: router), rtt: .zero, kind: .timeExceeded)
                fold.apply(ProbeEvent(at: .zero, .reply(probe, answer)))
            }
        }
        return try #require(fold.report())
    }

    @Test(arguments: [
        // A way that changes and changes back, for one pass or for some.
        [[1, 1, 1, 1], [2, 2, 2, 2], [1, 1, 1, 1]],
        [[1, 1, 1, 1], [2, 2, 2, 2], [2, 2, 2, 2], [1, 1, 1, 1], [2, 2, 2, 2], [2, 2, 2, 2]],
        // The same where flows are balanced before and meanwhile.
        [[1, 2, 1, 2], [3, 4, 4, 3], [1, 2, 1, 2]],
        // Another router is added, and the flows are dealt anew, once.
        [[1, 2, 1, 2], [1, 2, 1, 2], [3, 1, 2, 1], [3, 1, 2, 1]],
        // A router goes away and comes back, and flows are dealt anew both times.
        [[1, 2, 3, 3], [2, 1, 2, 1], [1, 2, 3, 3]],
        // A flow that alone moves to and fro, as if balanced anew twice.
        [[1, 1, 1, 1], [2, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]],
    ]) func `know a path that changes from packets that are dealt out`(_ passes: [[UInt32]]) throws {
        #expect(try Self.watch(passes).dealt.isEmpty)
    }

    @Test func `forget who dealt packets out once it is long past`() throws {
        let dealing = [[1, 2, 1, 2], [2, 1, 1, 1], [1, 2, 2, 1], [2, 1, 2, 1]] as [[UInt32]]
        #expect(try Self.watch(dealing).dealt.map(\.routers) == [[IPAddress(v4: 1), IPAddress(v4: 2)]])
        let steady = [[UInt32]](repeating: [1, 2, 1, 2], count: 16)
        #expect(try Self.watch(dealing + steady).dealt.isEmpty)
    }
}
