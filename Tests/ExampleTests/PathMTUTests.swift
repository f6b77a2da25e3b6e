import Foundation
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `trace --mtu and trace --rewrites` {
    private let trace = Program(name: "trace")
    private static let topology = """
        vantage here 192.0.2.100
        router gw 192.0.2.1 delay=1ms mtu=1500
        router isp 198.51.100.1 delay=2ms mss=1300
        router tunnel 198.51.100.2 delay=3ms mtu=1480
        host server 203.0.113.7 delay=4ms mtu=1400/silent tcp=80
        path server: gw isp tunnel
        """

    @Test func `the text shows each size where it begins, and says where it shrinks`() throws {
        let result = try trace("--network", try Program.file(Self.topology), "--mtu", "-n", "server")
        #expect(result.status == 0 && result.errors.isEmpty)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 8, "\(result.output)")
        let sizes = lines[1...4].map { $0.split(separator: " ").last.map(String.init) ?? "" }
        #expect(sizes == ["F=1500", "ms", "F=1480", "F=1400"])
        #expect(lines[5].hasPrefix("between hop 2 (198.51.100.1) and hop 3 (198.51.100.2), packets of more than 1480"))
        #expect(lines[5].hasSuffix("are refused by 198.51.100.1 (!F-1480)"))
        #expect(lines[6].hasSuffix("packets of more than 1400 bytes vanish without a word"))
        #expect(lines[7] == "path MTU: 1400")
    }

    @Test func `the JSON can be read back, and a replay prints what the live run printed`() throws {
        let file = try Program.file(Self.topology)
        let json = try trace("--network", file, "--mtu", "--json", "server")
        let report = try JSON.decode(PathMTUReport.self, from: Array(json.output.utf8))
        #expect(report.mtu == 1400 && report.localMTU == 1500 && report.isExact && report.limits.count == 2)
        let log = try trace("--network", file, "--mtu", "--ndjson", "server")
        for format in [[], ["--json"], ["--ndjson"]] {
            let live = try trace.run(["--network", file, "--mtu", "server"] + format)
            let replayed = try trace.run(["--replay", "-", "--mtu"] + format, input: log.output)
            #expect(replayed.output == live.output)
        }
    }

    @Test(arguments: [["server", "gw"], ["server", "1400"], []])
    func `it is for one host`(_ hosts: [String]) throws {
        let result = try trace.run(["--network", try Program.file(Self.topology), "--mtu"] + hosts)
        #expect(result.status == 2)
        #expect(result.errors.contains("--mtu is for one host"))
    }

    @Test func `what was rewritten stands behind the path, and in the JSON beside it`() throws {
        let file = try Program.file(Self.topology)
        let text = try trace("--network", file, "-T", "--rewrites", "server")
        #expect(
            text.output.hasSuffix(
                "TCP's maximum segment size 1460 became 1300 between hop 2 (198.51.100.1) and hop 3 (198.51.100.2)\n"))
        let json = try trace("--network", file, "-T", "--rewrites", "--json", "server")
        // Who does not know of it finds the trace as it was.
        let plain = try trace("--network", file, "-T", "--json", "server")
        let bytes = Array(json.output.utf8)
        let read = try JSON.decode(TraceReport.self, from: bytes)
        let expected = try JSON.decode(TraceReport.self, from: Array(plain.output.utf8))
        #expect(read == expected)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let packets = try #require(document["packets"] as? [String: Any])
        let changes = try #require(packets["changes"] as? [[String: Any]])
        #expect(changes.first?["field"] as? String == "segmentSize")
        #expect((packets["returnPaths"] as? [[String: Any]])?.count == 4)
        let many = try trace("--network", file, "-T", "--rewrites", "server", "isp")
        #expect(many.output.contains("became 1300") && many.output.contains("nothing was rewritten"))
    }
}

@Suite(.onItsOwnThread) struct `The MTU of a path, line by line` {
    private static let silentHole = """
        vantage here 192.0.2.100
        router gw 192.0.2.1 delay=1ms mtu=1500
        router isp 198.51.100.1 delay=2ms
        router tunnel 198.51.100.2 delay=3ms mtu=1437/silent
        host server 203.0.113.7 delay=4ms
        path server: gw isp tunnel
        """
    private static let refusing = """
        vantage here 192.0.2.100
        router gw 192.0.2.1 delay=1ms mtu=1500
        router isp 198.51.100.1 delay=2ms
        router quiet 198.51.100.2 delay=3ms silent mtu=1480
        router far 198.51.100.3 delay=3ms
        host server 203.0.113.7 delay=4ms
        path server: gw isp quiet far
        """

    /// What a run shows at each of its events, and the report that is made of them.
    private static func shown(_ topology: String) async throws -> (
        lines: [(event: ProbeEvent, [String])], PathMTUReport
    ) {
        let internet = try SimulatedInternet(parsing: topology)
        var text = PathMTUReport.Text(hops: numeric)
        var fold = PathMTUReport.Fold()
        var lines: [(event: ProbeEvent, [String])] = []
        for try await event in MTUFinder(SimulatedProber(.udp, internet)).events(for: "server") {
            lines.append((event, text.apply(event)))
            fold.apply(event)
        }
        return (lines, try #require(fold.report()))
    }

    /// Without names no line has to wait for one.
    private static let numeric = TraceReport.Text(showsNames: false)

    private static func isEnd(_ event: ProbeEvent) -> Bool { if case .ended = event.fact { true } else { false } }

    @Test(arguments: [silentHole, refusing])
    func `reads as the report does when it is over`(_ topology: String) async throws {
        let (lines, report) = try await Self.shown(topology)
        #expect(lines.flatMap(\.1) == PathMTUReport.Text.lines(of: report, hops: Self.numeric))
    }

    @Test func `shows what lies before a black hole while the search behind it goes on`() async throws {
        let (lines, _) = try await Self.shown(Self.silentHole)
        let first = try #require(lines.first { $0.1.contains { $0.hasPrefix(" 1") } })
        #expect(first.1[0].hasSuffix("F=1500"))
        let early = try #require(lines.first { $0.1.contains { $0.hasPrefix(" 2") } })
        #expect(early.1.count == 1 && early.1[0].hasSuffix(" ms"))
        let late = try #require(lines.first { $0.1.contains { $0.hasPrefix(" 3") } })
        #expect(late.1[0].hasSuffix("F=1437"))
        #expect(early.event.at < late.event.at - .seconds(1))
    }

    @Test func `shows a hop when its size is known, and the silent one before it with it`() async throws {
        let (lines, _) = try await Self.shown(Self.refusing)
        let before = lines.filter { !Self.isEnd($0.event) }.map(\.1).filter { !$0.isEmpty }
        #expect(before.map(\.count) == [1, 2, 3])
        #expect(before[1].last?.hasSuffix("F=1500") == false && before[1].first?.hasSuffix("F=1500") == true)
        #expect(before[2].first == " 3  * * *" && before[2][1].hasSuffix("F=1480"))
        #expect(lines.last.map { Self.isEnd($0.event) && $0.1.last == "path MTU: 1480" } == true)
    }

    @Test func `takes a line back where a late answer tells otherwise`() throws {
        let router = IPAddress(192, 0, 2, 1)
        let target = IPAddress(203, 0, 113, 7)
        let run = RunDescription(
            verb: "mtu", target: ProbeTarget(address: target), method: .udp, mode: "raw", startedAt: .epoch,
            parameters: RunDescription.Parameters(queries: 1, headerSize: 28))
        var text = PathMTUReport.Text(hops: TraceReport.Text(showsNames: false))
        var count = 0
        func probe(_ ttl: UInt8, _ size: UInt16, sequence: Int = 0) -> Probe {
            count += 1
            return Probe(id: count, target: target, ttl: ttl, sequence: sequence, size: size - 28)
        }
        func show(_ fact: ProbeEvent.Fact) -> [String] { text.apply(ProbeEvent(at: .zero, fact)) }
        func answer(from: IPAddress, _ kind: ReplyKind) -> ProbeReply { ProbeReply(from: from, rtt: .zero, kind: kind) }
        var lines = show(.started(run))
        for (ttl, response) in [(1, answer(from: router, .timeExceeded)), (2, answer(from: target, .portUnreachable))] {
            let small = probe(UInt8(ttl), 68)
            lines += show(.sent(small)) + show(.reply(small, response))
        }
        let (first, second, arriving) = (probe(1, 1401), probe(1, 1401), probe(2, 1400))
        lines += show(.sent(arriving)) + show(.reply(arriving, answer(from: target, .portUnreachable)))
        for lost in [first, second] { lines += show(.sent(lost)) + show(.timedOut(lost)) }
        let control = probe(1, 68, sequence: 1)
        lines += show(.sent(control)) + show(.reply(control, answer(from: router, .timeExceeded)))
        // It could still be tried again.
        #expect(lines.count == 1)
        let next = probe(1, 1300)
        lines += show(.sent(next))
        lines += show(.late(first, answer(from: router, .timeExceeded)))
        #expect(lines.count == 3 && lines[1].hasSuffix("F=1400"))
        lines = show(.ended(RunEnd(.reached)))
        #expect(lines.first == "packets of 1401 bytes arrive at hop 1: the answer that says so came late")
        #expect(lines.last == "path MTU: at least 1400")
    }
}
