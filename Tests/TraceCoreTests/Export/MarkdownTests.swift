import Testing

@testable import TraceCore

@Suite struct `Reports in Markdown` {
    @Test func `have a line for each who answered at a hop`() throws {
        #expect(
            try TraceReport.Fold.replay(SmallRuns.trace).markdownLines == [
                "Trace to **far.example** (203.0.113.7) from 192.0.2.10 by udp (raw), 2023-11-14 22:13:20 UTC",
                "",
                #"| Hop | Host             | Address      | Loss | Probes | Best ms | Avg ms | Worst ms | Notes                          |"#,
                #"| --: | ---------------- | ------------ | ---: | -----: | ------: | -----: | -------: | ------------------------------ |"#,
                #"|   1 | gw\|\*x\*\\u{1b} | 192.0.2.1    | 50 % |      2 |   1.500 |  1.500 |    1.500 | 1 late                         |"#,
                #"|   2 |                  | 198.51.100.1 | 50 % |      2 |  20.000 | 20.000 |   20.000 | MPLS 24015, interface xe-0/0/1 |"#,
                #"|   3 |                  | 203.0.113.7  |  0 % |      1 |  30.000 | 30.000 |   30.000 |                                |"#,
            ])
    }

    @Test func `have a star for a silent hop, and say how the trace ended`() throws {
        var trace = try TraceReport.Fold.replay(SmallRuns.trace)
        trace.hops.append(TraceReport.Hop(ttl: 4, sent: 2, lost: 2))
        trace.end = RunEnd(.gap)
        let lines = trace.markdownLines
        #expect(lines[7].hasPrefix(#"|   4 | \*  "#), "\(lines[7])")
        #expect(lines.suffix(2) == ["", "not reached: nobody answered any more"])
    }

    @Test func `have the figures of a watched path`() throws {
        let lines = try MonitorReport.Fold.replay(SmallRuns.trace).markdownLines
        #expect(
            lines[0] == "Path to **far.example** (203.0.113.7) from 192.0.2.10 by udp (raw), "
                + "2023-11-14 22:13:20 UTC, 2 rounds")
        #expect(lines[2].hasPrefix("| Hop | Host"))
        let first = #"|   1 | gw\|\*x\*\\u{1b} | 192.0.2.1    | 50 % |    2 |   1.500 |"#
        #expect(lines[4].hasPrefix(first), "\(lines[4])")
        #expect(lines.count == 7)
        #expect(Set(lines.dropFirst(2).map(\.count)).count == 1)
    }

    @Test func `have the answers and the sums of a ping`() throws {
        #expect(
            try PingReport.Fold.replay(SmallRuns.ping).markdownLines == [
                "Ping of **far.example** (203.0.113.7) from 192.0.2.10 by icmp (raw), 2023-11-14 22:13:20 UTC",
                "",
                "| Probe | From         | TTL |  Time ms | Notes            |",
                "| ----: | ------------ | --: | -------: | ---------------- |",
                "|     1 | 203.0.113.7  |  57 |   30.000 |                  |",
                "|     1 | 203.0.113.7  |  57 |   32.000 | duplicate        |",
                "|     3 | 198.51.100.1 |     |    4.000 | host unreachable |",
                "|     4 | 203.0.113.7  |  57 | 1100.000 | late             |",
                "|     5 | 203.0.113.7  |  56 |   40.000 |                  |",
                "",
                "| Sent | Received | Lost | Loss | Min ms | Avg ms | Max ms | StDev ms |",
                "| ---: | -------: | ---: | ---: | -----: | -----: | -----: | -------: |",
                "|    5 |        2 |    2 | 60 % | 30.000 | 35.000 | 40.000 |    7.071 |",
            ])
    }

    @Test(arguments: [
        ("a|b", #"a\|b"#), ("`code`", #"\`code\`"#), ("[x](y)", #"\[x\](y)"#), ("<b>&amp;", #"\<b\>\&amp;"#),
        ("a_b*c~d", #"a\_b\*c\~d"#), ("x\n# y", "x\\\\u{a}\\# y"), ("http://a.example", "`http://a.example`"),
        ("WWW.a.example", "`WWW.a.example`"), ("- a-b", #"\- a-b"#), ("back\\slash", #"back\\\\slash"#),
        ("![i](u)", #"\!\[i\](u)"#), ("ae1.cr1-fra4.example", "ae1.cr1-fra4.example"), ("\u{202e}", "\\\\u{202e}"),
    ])
    func `take nothing for markup that a stranger wrote`(_ text: String, _ expected: String) {
        #expect(UntrustedText(text).markdown == expected)
    }
}
