import Foundation
import Testing

@testable import TraceCore

@Suite struct `The forms of mtr` {
    /// Ten rounds through the demo: a silent hop, labels, and a router that balances by packet.
    private static func demo(_ host: String = "tokyo.example") async throws -> MonitorReport {
        try await PathMonitor(SimulatedProber(.icmp)).watch(host, rounds: 10)
    }

    /// A path of two hops, the second of which is silent, with the round trips 10, 20 and 40 ms and one lost probe.
    private static func small(name: UntrustedText? = "gw.example") -> MonitorReport {
        let gateway = IPAddress(192, 0, 2, 1)
        let target = IPAddress(203, 0, 113, 7)
        var fold = MonitorReport.Fold()
        fold.apply(
            ProbeEvent(
                at: .zero,
                .started(
                    RunDescription(
                        verb: "monitor", target: ProbeTarget(name: "far.example", address: target),
                        source: IPAddress(192, 0, 2, 10), method: .icmp, mode: "raw",
                        startedAt: UTCTime(microsecondsSince1970: 1_700_000_000_000_000),
                        parameters: RunDescription.Parameters(firstTTL: 1, maxTTL: 30, count: 4, packetSize: 64)))))
        if let name { fold.apply(ProbeEvent(at: .zero, .named(gateway, name))) }
        for (round, rtt) in [10, 20, 40, nil].enumerated() {
            for ttl in UInt8(1)...2 {
                let probe = Probe(id: round * 2 + Int(ttl) - 1, target: target, ttl: ttl, sequence: round)
                fold.apply(ProbeEvent(at: .seconds(round), .sent(probe)))
                if let rtt, ttl == 1 {
                    let response = ProbeReply(from: gateway, rtt: .milliseconds(rtt), kind: .timeExceeded)
                    fold.apply(ProbeEvent(at: .seconds(round), .reply(probe, response)))
                } else {
                    fold.apply(ProbeEvent(at: .seconds(round), .timedOut(probe)))
                }
            }
        }
        fold.apply(ProbeEvent(at: .seconds(4), .ended(RunEnd(.completed))))
        return fold.report()!
    }

    private static let everything = MTRReport.Fields("LDRSNBAWVGJMXI")!

    private func document(_ report: MTRReport) throws -> (head: [String: Any], hubs: [[String: Any]]) {
        let data = Data(try JSON.encode(report))
        let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(Array(document.keys) == ["report"])
        let inner = try #require(document["report"] as? [String: Any])
        #expect(Set(inner.keys) == ["mtr", "hubs"])
        return (
            try #require(inner["mtr"] as? [String: Any]), try #require(inner["hubs"] as? [[String: Any]])
        )
    }

    @Test func `the JSON has the keys of mtr 0.95, in its order and with its types`() throws {
        let report = MTRReport(Self.small(), sourceName: "here", trafficClass: 0, bitPattern: 0)
        let text = try JSON.text(report)
        // As `mtr --json` wrote them, apart from the values.
        let order = [
            "report", "mtr", "src", "dst", "tos", "tests", "psize", "bitpattern", "hubs", "count", "host", "Loss%",
            "Snt", "Last", "Avg", "Best", "Wrst", "StDev",
        ]
        let found = text.matches(of: /"([A-Za-z%]+)":/).map { String($0.1) }
        #expect(Array(found.prefix(order.count)) == order)
        let (head, hubs) = try document(report)
        #expect(head["src"] as? String == "here")
        #expect(head["dst"] as? String == "far.example")
        #expect(head["tos"] as? Int == 0)
        #expect(head["tests"] as? Int == 4)
        #expect(head["psize"] as? String == "64")
        #expect(head["bitpattern"] as? String == "0x00")
        #expect(hubs.count == 2)
        #expect(hubs[0]["count"] as? Int == 1)
        #expect(hubs[0]["host"] as? String == "gw.example")
        #expect(hubs[0]["Loss%"] as? Double == 25)
        #expect(hubs[0]["Snt"] as? Int == 4)
        #expect(hubs[0]["Last"] as? Double == 40)
        #expect(hubs[0]["Avg"] as? Double == 23.333)
        #expect(hubs[0]["StDev"] as? Double == 15.275)
    }

    @Test func `every column that mtr knows has its key`() throws {
        let hub = try document(MTRReport(Self.small(), fields: Self.everything)).hubs[0]
        #expect(
            Set(hub.keys) == [
                "count", "host", "Loss%", "Drop", "Rcv", "Snt", "Last", "Best", "Avg", "Wrst", "StDev", "Gmean",
                "Jttr", "Javg", "Jmax", "Jint",
            ])
        let numbers = ["Drop": 1, "Rcv": 3, "Best": 10, "Wrst": 40, "Gmean": 20, "Jttr": 20, "Javg": 10, "Jmax": 20]
        for (key, number) in numbers { #expect(hub[key] as? Double == Double(number), "\(key)") }
        // J after differences of 10 and 20 by RFC 3550 is 1.836 ms; mtr has sixteen times that.
        #expect(hub["Jint"] as? Double == 29.375)
    }

    @Test func `a silent hop is called ??? and has the numbers that mtr gives it`() throws {
        let hub = try document(MTRReport(Self.small(), fields: Self.everything)).hubs[1]
        #expect(hub["host"] as? String == "???")
        #expect(hub["Loss%"] as? Double == 100)
        for key in ["Rcv", "Last", "Avg", "Best", "Wrst", "StDev", "Gmean", "Jint"] {
            #expect(hub[key] as? Double == 0, "\(key)")
        }
    }

    @Test func `what a run does not know is left out of the head`() throws {
        let head = try document(MTRReport(Self.small())).head
        #expect(Set(head.keys) == ["src", "dst", "tests", "psize"])
        #expect(head["src"] as? String == "192.0.2.10")
    }

    @Test func `the class of the probes is what the run says, unless it is told`() throws {
        var path = Self.small()
        path.run.parameters.trafficClass = 184
        #expect(try document(MTRReport(path)).head["tos"] as? Int == 184)
        #expect(try document(MTRReport(path, trafficClass: 8)).head["tos"] as? Int == 8)
    }

    @Test func `a start long ago or far ahead is told whole`() throws {
        var path = Self.small()
        path.run.startedAt = UTCTime(microsecondsSince1970: -500_000)
        #expect(MTRReport(path).csvLines()[1].contains(",-1,OK,"))
        let late = try #require(UTCTime("+012345-06-07T08:09:10Z"))
        path.run.startedAt = late
        #expect(MTRReport(path).textLines().first == "Start: +012345-06-07T08:09:10+0000")
        #expect(path.run.markdownHead("Path to").hasSuffix(", +012345-06-07 08:09:10 UTC"))
        let change = ChangeReport.Change(
            at: late, noticedAt: late, hop: 1, what: .targetLost())
        #expect(change.text == "+012345-06-07T08:09:10 the target does not answer any longer")
    }

    @Test(arguments: [
        (MTRReport.HostStyle.names, "gw.example"), (.addresses, "192.0.2.1"), (.both, "gw.example (192.0.2.1)"),
    ])
    func `a hop is called as asked`(_ style: MTRReport.HostStyle, _ host: String) throws {
        #expect(try document(MTRReport(Self.small(), hosts: style)).hubs[0]["host"] as? String == host)
        #expect(MTRReport(Self.small(), hosts: style).csvLines()[1].contains(",1,\(host),"))
        let nameless = MTRReport(Self.small(name: nil), hosts: style)
        #expect(try document(nameless).hubs[0]["host"] as? String == "192.0.2.1")
    }

    @Test func `the CSV has mtr's columns, and in the gap the lost probes as mtr has`() {
        let lines = MTRReport(Self.small()).csvLines(version: "1.2")
        #expect(
            lines == [
                "Mtr_Version,Start_Time,Status,Host,Hop,Ip,Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,",
                "MTR.1.2,1700000000,OK,far.example,1,gw.example,25.00,4,1,40.00,23.33,10.00,40.00,15.28",
                "MTR.1.2,1700000000,OK,far.example,2,???,100.00,4,4,0.00,0.00,0.00,0.00,0.00",
            ])
    }

    @Test func `the wide CSV has a line for each address of a hop, with the figures of the hop`() async throws {
        let topology = """
            vantage here 192.0.2.10
            router gw 192.0.2.1 balance=packet
            router left 198.51.100.1 delay=2ms
            router right 198.51.100.5 delay=3ms
            host far 203.0.113.7 delay=10ms name=far.example
            path far: gw ( left | right )
            """
        let internet = try SimulatedInternet(parsing: topology)
        let path = try await PathMonitor(SimulatedProber(.icmp, internet)).watch("far.example", rounds: 16)
        #expect(MTRReport(path).csvLines().count == 4)
        let second = MTRReport(path).csvLines(isWide: true).map { $0.split(separator: ",") }.filter { $0[4] == "2" }
        #expect(Set(second.map { $0[5] }) == ["198.51.100.1", "198.51.100.5"])
        #expect(second.count == 2 && second[0].dropFirst(6) == second[1].dropFirst(6))
    }

    @Test func `the XML is that of mtr 0.95`() throws {
        let report = MTRReport(Self.small(name: "a<b>&\"c"), sourceName: "here", trafficClass: 16, bitPattern: 10)
        let lines = report.xmlLines
        #expect(lines[1] == #"<MTR SRC="here" DST="far.example" TOS="0x10" PSIZE="64" BITPATTERN="0x0A" TESTS="4">"#)
        #expect(lines[2] == #"    <HUB COUNT="1" HOST="a&lt;b&gt;&amp;&quot;c">"#)
        #expect(
            Array(lines[3...5]) == [
                "        <Loss> 25.0%</Loss>", "        <Snt>     4</Snt>", "        <Last>  40.0</Last>",
            ])
        #expect(lines.suffix(2) == ["    </HUB>", "</MTR>"])
    }

    @Test func `raw lines say what happened, and hops count from 0`() {
        let router = IPAddress(192, 0, 2, 1)
        let probe = Probe(id: 4, target: IPAddress(203, 0, 113, 7), ttl: 1)
        let label = MPLSLabel(label: 16, exp: 5, bottom: true, ttl: 1)
        let reply = ProbeReply(from: router, rtt: .microseconds(1234), kind: .timeExceeded, labels: [label])
        var raw = MTRReport.Raw(showsLabels: true)
        let events: [ProbeEvent.Fact] = [
            .sent(probe), .reply(probe, reply), .named(router, "gw\u{1B}[2J x"),
            .named(IPAddress(192, 0, 2, 2), "other"),
            .reply(probe, reply),
        ]
        #expect(
            events.map { raw.apply(ProbeEvent(at: .zero, $0)) } == [
                ["x 0 33004"], ["h 0 192.0.2.1", "m 0 16 5 1 1", "p 0 1234 33004"], [#"d 0 "gw\u{1b}[2J x""#], [],
                ["p 0 1234 33004"],
            ])
    }

    @Test func `split lines come with each answer, and silent hops with the end of their round`() async throws {
        var lines: [(line: String, rounds: Int)] = []
        var split = MTRReport.Split(hosts: .both)
        var round = 0
        let monitor = PathMonitor(SimulatedProber(.icmp), settings: MonitorSettings(rounds: 3))
        for try await event in monitor.events(for: "lisbon.example") {
            if case .sent(let probe) = event.fact { round = max(round, probe.sequence) }
            lines += split.apply(event).map { ($0, round) }
        }
        // At first with the address alone, as in mtr; the name comes when it is known.
        #expect(lines[0].line.contains(/^1 192\.0\.2\.1 192\.0\.2\.1 0 1 1 (\d+\.\d ?){3}$/), "\(lines[0])")
        #expect(lines[0].rounds == 0)
        #expect(lines.contains { $0.line.hasPrefix("1 gw.home.example 192.0.2.1 0 1 1 ") && $0.rounds == 0 })
        #expect(lines.contains { $0.line.hasPrefix("1 gw.home.example 192.0.2.1 0 2 2 ") && $0.rounds == 1 })
        #expect(lines.contains { $0.line.hasPrefix("1 gw.home.example 192.0.2.1 0 3 3 ") && $0.rounds == 2 })
        // The silent hop is told once: it does not change.
        #expect(lines.filter { $0.line == "3 ???" }.map(\.rounds) == [1])
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.line != $1.line })
        // The target answers to probes that went farther, too; they are no hops.
        #expect(!lines.contains { $0.line.hasPrefix("-") })
    }

    @Test func `split lines take a hop away that is no longer on the path`() {
        var split = MTRReport.Split()
        var shown: [String] = []
        let target = IPAddress(203, 0, 113, 7)
        shown += split.apply(
            ProbeEvent(
                at: .zero,
                .started(
                    RunDescription(
                        verb: .monitor, target: ProbeTarget(address: target), method: .icmp, mode: "raw",
                        startedAt: UTCTime(microsecondsSince1970: 0)))))
        // The target answers at hop 3 in the first round, and at hop 2 from then on.
        var id = 0
        for (round, end) in [3, 2, 2].enumerated() {
            for ttl in 1...end {
                let probe = Probe(id: id, target: target, ttl: UInt8(ttl), sequence: round)
                id += 1
                shown += split.apply(ProbeEvent(at: .zero, .sent(probe)))
                let from = ttl == end ? target : IPAddress(192, 0, 2, UInt8(ttl))
                let kind: ReplyKind = ttl == end ? .echoReply : .timeExceeded
                shown += split.apply(
                    ProbeEvent(at: .zero, .reply(probe, ProbeReply(from: from, rtt: .zero, kind: kind))))
            }
        }
        #expect(shown.contains("-3"), "\(shown)")
        #expect(shown.contains("3 203.0.113.7 0 1 1 0.0 0.0 0.0"))
    }

    @Test func `a TCP port is said to be open or closed below the table`() async throws {
        for (port, state) in [(UInt16(80), "open"), (81, "closed")] {
            let prober = SimulatedProber(.tcp(port: port))
            let path = try await PathMonitor(prober).watch("lisbon.example", rounds: 1)
            #expect(MTRReport(path).textLines().last == "the port of lisbon.example is \(state)")
        }
    }

    @Test func `the text has mtr's columns`() {
        #expect(
            MTRReport(Self.small(), sourceName: "here").textLines() == [
                "Start: 2023-11-14T22:13:20+0000",
                "HOST: here                            Loss%   Snt   Last   Avg  Best  Wrst StDev",
                "  1.|-- gw.example                    25.0%     4   40.0  23.3  10.0  40.0  15.3",
                "  2.|-- ???                          100.0%     4    0.0   0.0   0.0   0.0   0.0",
            ])
    }

    @Test func `names are cut to 80 columns, and whole where the report is wide`() {
        let name = UntrustedText(String(repeating: "long-", count: 20) + "name.example")
        let narrow = MTRReport(Self.small(name: name)).textLines()
        #expect(narrow.allSatisfy { $0.columns <= 80 })
        #expect(narrow[2].contains("~  25.0%"))
        #expect(MTRReport(Self.small(name: name)).textLines(isWide: true)[2].contains("name.example  25.0%"))
    }

    @Test func `addresses are never cut, and names not below what mtr leaves of them`() {
        let report = MTRReport(Self.small(name: "ae1.br1.lis1.access.example"), fields: Self.everything)
        #expect(report.textLines()[2].contains("-- ae1.br1.lis1.access.exam~ "))
        var path = Self.small(name: nil)
        path.hops[0].addresses[0].address = IPAddress("2001:db8:1234:5678:9abc:def0:1234:5678")!
        #expect(MTRReport(path, fields: Self.everything).textLines()[2].contains("9abc:def0:1234:5678 "))
        path.run.source = path.hops[0].addresses[0].address
        path.hops[0].addresses = []
        #expect(MTRReport(path).textLines()[1].contains("9abc:def0:1234:5678 "))
    }

    @Test func `probes that nobody decided any more do not count when the run is over`() throws {
        var path = Self.small()
        path.hops[0].sent += 1
        path.hops[1] = path.hops[0]
        (path.hops[1].answered, path.hops[1].lost, path.hops[1].lossPercent) = (0, 0, nil)
        path.end = nil
        #expect(try document(MTRReport(path)).hubs.map { $0["Snt"] as? Int } == [5, 5])
        path.end = RunEnd(.cancelled)
        let hubs = try document(MTRReport(path, fields: Self.everything)).hubs
        #expect(hubs.map { $0["Snt"] as? Int } == [4, 0] && hubs.map { $0["Rcv"] as? Int } == [3, 0])
        #expect(hubs.map { $0["Drop"] as? Int } == [1, 0] && hubs.map { $0["Loss%"] as? Double } == [25, 0])
        #expect(MTRReport(path).csvLines()[1].contains(",25.00,4,1,"))
        #expect(MTRReport(path).textLines()[2].contains("  25.0%     4 "))
        // The report itself says both.
        #expect(path.hops[0].sent == 5)
    }

    @Test func `wide characters do not move the columns behind them`() {
        let lines = MTRReport(Self.small(name: "東京.example")).textLines()
        #expect(Set(lines.dropFirst().map(\.columns)).count == 1)
        #expect(lines[2].contains("東京.example"))
    }

    @Test func `labels and those who share a hop stand below it`() async throws {
        let path = try await Self.demo()
        let labelled = MTRReport(path, showsLabels: true).textLines()
        #expect(labelled.contains { $0.hasSuffix("[MPLS: Lbl 24015 TC 0 S 1 TTL 1]") })
        #expect(!MTRReport(path).textLines().contains { $0.contains("MPLS") })
        var shared = path
        shared.hops[0].addresses += path.hops[1].addresses + path.hops[3].addresses
        let lines = MTRReport(shared, hosts: .addresses).textLines()
        #expect(lines[3] == "    |  `|-- 192.0.2.129")
        #expect(lines[4] == "    |   |-- 192.0.2.137")
    }

    @Test func `probes that could not be sent are told, and why`() {
        var fold = MonitorReport.Fold()
        fold.apply(
            ProbeEvent(
                at: .zero,
                .started(RunDescription(verb: "monitor", target: nil, method: .udp, mode: "raw", startedAt: .epoch))))
        let probe = Probe(id: 0, target: IPAddress(192, 0, 2, 1), ttl: 1)
        fold.apply(ProbeEvent(at: .zero, .sendFailed(probe, ProbeError(.noRoute, "No route\u{1B}[2J"))))
        let lines = MTRReport(fold.report()!).textLines()
        #expect(lines.last == "1 probe could not be sent: No route\\u{1b}[2J")
    }

    @Test(arguments: ["", " ", "LQ", "LL", "L\u{301}"])
    func `columns that mtr has not are refused`(_ letters: String) {
        #expect(MTRReport.Fields(letters) == nil)
    }

    @Test func `columns are taken in their order, in either case, with gaps`() {
        #expect(MTRReport.Fields("ls nabwv") == .latency)
        #expect(MTRReport.Fields("DR AGJMXI") == .jitter)
        #expect(MTRReport.Fields("sL")?.fields == [.sent, .loss])
        #expect("\(MTRReport.Fields.latency)" == "LS NABWV")
    }

    @Test func `the report of a watched path survives its own JSON`() async throws {
        let path = try await Self.demo("lisbon.example")
        #expect(try JSON.decode(MonitorReport.self, from: try JSON.encode(path)) == path)
        #expect(path.isReached)
        #expect(path.hops.allSatisfy { $0.answered + $0.lost == $0.sent })
        #expect(path.hops[0].differences != nil && path.hops[0].geometricMean != nil && path.hops[0].last != nil)
    }
}
