import Testing
import TraceCore

@testable import TraceCoreWatch

@Suite struct `The text of a traceroute` {
    private func answers(_ text: String) -> [String] {
        TracerouteText(text).hops.flatMap { hop in
            hop.replies.map {
                "\(hop.ttl) \($0.name?.raw ?? "-") \($0.from) \($0.rtt.millisecondsText()) \($0.kind.rawValue)"
            }
        }
    }

    /// A text, and the answers in it.
    @Test(arguments: [
        // Linux.
        (
            " 1  a.example (192.0.2.1)  0.5 ms  0.6 ms  0.7 ms",
            [
                "1 a.example 192.0.2.1 0.500 timeExceeded", "1 a.example 192.0.2.1 0.600 timeExceeded",
                "1 a.example 192.0.2.1 0.700 timeExceeded",
            ]
        ),
        (
            " 2  192.0.2.1  0.5 ms * 192.0.2.2 (b)  2 ms !H",
            ["2 - 192.0.2.1 0.500 timeExceeded", "2 b 192.0.2.2 2.000 hostUnreachable"]
        ),
        (" 3  a (2001:db8::1) [AS64500/AS64501]  1 ms", ["3 a 2001:db8::1 1.000 timeExceeded"]),
        (" 4  a (192.0.2.1) [AS 64500] <MPLS:L=16,E=0,S=1,T=1> 1 ms !X", ["4 a 192.0.2.1 1.000 prohibited"]),
        // BSD.
        (
            " 5  a (192.0.2.1)  1.0 ms\n    b (192.0.2.2)  2.0 ms",
            ["5 a 192.0.2.1 1.000 timeExceeded", "5 b 192.0.2.2 2.000 timeExceeded"]
        ),
        // inetutils.
        (
            "  1   192.0.2.1 (a.example)  0.5ms  0.6ms",
            ["1 a.example 192.0.2.1 0.500 timeExceeded", "1 a.example 192.0.2.1 0.600 timeExceeded"]
        ),
        // Nothing of use.
        ("", []), ("hello\nworld 1 ms", []), (" 1  * * *", []), (" 0  a (192.0.2.1)  1 ms", []),
        ("256  a (192.0.2.1)  1 ms", []),
        ("99999999999999999999  a (192.0.2.1)  1 ms", []), ("-1  a (192.0.2.1)  1 ms", []),
        (" 1  a (192.0.2)  1 ms", []),
        (" 1  (192.0.2.1  1 ms", []),
        (" 1  a (192.0.2.1)  1e3 ms  nan ms  -1 ms  999999999 ms  0x1 ms  1.2.3 ms  ms", []),
        (" 1  1 ms  2 ms", []),
        // A second table is none of this one.
        (
            " 1  a (192.0.2.1)  1 ms\n 1  b (192.0.2.2)  1 ms\n 3  c (192.0.2.3)  1 ms",
            ["1 a 192.0.2.1 1.000 timeExceeded", "3 c 192.0.2.3 1.000 timeExceeded"]
        ),
        // Names that are none.
        (" 1  <b> (192.0.2.1)  1 ms", ["1 - 192.0.2.1 1.000 timeExceeded"]),
        (" 1  a\u{1b}b (192.0.2.1)  1 ms", ["1 - 192.0.2.1 1.000 timeExceeded"]),
        (" 1  \(String(repeating: "a", count: 254)) (192.0.2.1)  1 ms", ["1 - 192.0.2.1 1.000 timeExceeded"]),
    ]) func `is read as far as it is one`(_ text: String, _ wanted: [String]) {
        #expect(answers(text) == wanted)
        #expect(answers(text.replacing("\n", with: "\r\n")) == wanted)
    }

    @Test func `has limits`() {
        let many = (0..<1_000).map { "192.0.2.\($0 % 250)  1 ms" }.joined(separator: " ")
        // A line that no traceroute writes.
        #expect(
            TracerouteText(" 1  " + many).hops.isEmpty || TracerouteText(" 1  " + many).hops[0].replies.count <= 100)
        let lines = [" 1  192.0.2.1  1 ms"] + (0..<100_000).map { _ in "    192.0.2.2  1 ms" }
        #expect(TracerouteText(lines.joined(separator: "\n")).hops.map(\.replies.count) == [100])
        let stars = TracerouteText(" 1  " + String(repeating: "* ", count: 2_000))
        #expect(stars.hops.map(\.lost) == [100] && stars.hops.map(\.sent) == [100])
    }

    /// A generator whose numbers are always the same.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    @Test func `is read without harm, whatever was done to its page`() throws {
        let page = Array(
            """
            <html><pre>traceroute to a.example (203.0.113.7), 30 hops max
             1  a.example (192.0.2.1) [AS64500]  0.5 ms * &lt;b&gt; (192.0.2.2)  2 ms !H
             2  192.0.2.9 (c) <MPLS:L=1> 5ms  2001:db8::1  6 ms<br> 3  a.example (203.0.113.7)  9 ms !13
            </pre></html>
            """.utf8)
        var numbers = Numbers(state: 20)
        var found = 0
        for _ in 0..<3_000 {
            var bytes = page
            for _ in 0..<Int.random(in: 1...8, using: &numbers) {
                let place = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<4, using: &numbers) {
                case 0: bytes[place] = .random(in: .min ... .max, using: &numbers)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array("<>&;()[]*! 1ms\n\0".utf8).randomElement(using: &numbers) ?? 0, at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
                }
            }
            guard let text = TraceroutePage.traceroute(in: bytes) else { continue }
            found += 1
            let report = text.report(of: "a.example", at: .epoch)
            #expect(try JSON.decode(TraceReport.self, from: JSON.encode(report)) == report)
        }
        #expect(found > 2_000)
    }

    @Test func `becomes a report that can be written and read`() throws {
        let text = TracerouteText(
            """
            traceroute to www.example.com (203.0.113.7), 30 hops max
             1  a (192.0.2.1)  1 ms *
             2  * * *
             3  www.example.com (203.0.113.7)  9 ms
             4  * * *
            """)
        let report = text.report(of: "www.example.com", at: .epoch)
        #expect(report.isReached && report.hops.map(\.ttl) == [1, 2, 3])
        #expect(report.target == ProbeTarget(name: "www.example.com", address: IPAddress(203, 0, 113, 7)))
        #expect(try JSON.decode(TraceReport.self, from: JSON.encode(report)) == report)
        #expect(!TracerouteText(" 1  a (192.0.2.1)  1 ms").report(of: "192.0.2.2", at: .epoch).isReached)
    }
}

@Suite struct `What the machine knows of itself` {
    @Test func `has the routes of Linux`() {
        let v4 = """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
            eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
            tun0\t0064A8C0\t020200C0\t0003\t0\t0\t0\t00FFFFFF\t0\t0\t0
            down\t00000000\t010200C0\t0002\t0\t0\t0\t00000000\t0\t0\t0
            short\t00000000
            """
        let v6 = """
            00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 eth0
            20010db8000000000000000000000000 20 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth0
            20010db8000100000000000000000000 30 00000000000000000000000000000000 00 fd000000000000000000000000000002 00000100 00000001 00000000 00000003 eth1
            00000000000000000000000000000000 00 00000000000000000000000000000000 00 zz000000000000000000000000000000 00000000 00000001 00000000 00000003 bad
            """
        let routes = MachineFacts.routes(v4: v4, v6: v6).map { "\($0.interface) \($0.gateway) \($0.isDefault)" }
        #expect(
            routes == [
                "eth0 192.0.2.1 true", "tun0 192.0.2.2 false", "eth0 fe80::1 true", "eth1 fd00::2 false",
            ])
        #expect(MachineFacts.routes(v4: "", v6: "").isEmpty)
    }
}
