import Foundation
import Testing
import TraceCore

@Suite struct `trace --mtu and trace --rewrites` {
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
        let report = try JSON.decode(PathMTU.self, from: Array(json.output.utf8))
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
        let read = try JSON.decode(Trace.self, from: bytes)
        let expected = try JSON.decode(Trace.self, from: Array(plain.output.utf8))
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
