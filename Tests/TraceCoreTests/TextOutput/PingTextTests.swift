import Testing

@testable import TraceCore

@Suite struct `A ping as text` {
    private static let host = IPAddress(203, 0, 113, 7)
    private static let router = IPAddress(192, 0, 2, 1)

    private static func started(_ method: ProbeMethod = .icmp, name: String? = "there.example") -> ProbeEvent {
        let run = RunDescription(
            verb: "ping", target: ProbeTarget(name: name, address: host), method: method, mode: "test",
            startedAt: UTCTime(microsecondsSince1970: 1_795_249_210_000_000),
            parameters: RunDescription.Parameters(packetSize: 84))
        return ProbeEvent(at: .zero, .started(run))
    }

    private static func probe(_ sequence: Int) -> Probe { Probe(id: sequence, target: host, sequence: sequence) }

    private static func reply(
        _ sequence: Int, from: IPAddress = host, _ kind: ReplyKind = .echoReply, mtu: Int? = nil
    ) -> ProbeEvent {
        let response = ProbeReply(
            from: from, rtt: .microseconds(228_200), kind: kind, ttl: 57, trafficClass: 8, size: 84, mtu: mtu)
        return ProbeEvent(at: .microseconds(228_200), .reply(probe(sequence), response))
    }

    private static func lines(_ style: PingReport.Text.Style = .init(), _ events: ProbeEvent...) -> [String] {
        PingReport.Text(style).lines(of: [started()] + events).dropFirst().map { $0 }
    }

    @Test func `begins with the host, the data and the whole packet`() {
        #expect(
            PingReport.Text().lines(of: [Self.started()]) == [
                "PING there.example (203.0.113.7) 56(84) bytes of data, by icmp (test)"
            ])
    }

    @Test func `counts probes from 1, and bytes without the IP header`() {
        #expect(
            Self.lines(.init(), Self.reply(0)) == [
                "64 bytes from there.example (203.0.113.7): icmp_seq=1 ttl=57 time=228.200 ms"
            ])
        #expect(
            Self.lines(.init(isNumeric: true), Self.reply(1)) == [
                "64 bytes from 203.0.113.7: icmp_seq=2 ttl=57 time=228.200 ms"
            ])
    }

    @Test func `marks duplicates and late answers`() throws {
        let response = try #require(Self.reply(0).reply)
        let lines = Self.lines(
            .init(isNumeric: true), ProbeEvent(at: .zero, .duplicate(Self.probe(0), response)),
            ProbeEvent(at: .zero, .late(Self.probe(1), response)))
        #expect(lines.first?.hasSuffix(" icmp_seq=1 ttl=57 time=228.200 ms (DUP!)") == true)
        #expect(lines.last?.hasSuffix(" icmp_seq=2 ttl=57 time=228.200 ms (late)") == true)
    }

    @Test func `takes no answer of another host for a duplicate, unless asked for all`() throws {
        let other = try #require(Self.reply(0, from: Self.router).reply)
        let event = ProbeEvent(at: .zero, .duplicate(Self.probe(0), other))
        #expect(Self.lines(.init(), event) == ["64 bytes from 192.0.2.1: icmp_seq=1 ttl=57 time=228.200 ms"])
        #expect(Self.lines(.init(isVerbose: true), event).first?.hasSuffix(" ms (DUP!) tos=8") == true)
    }

    @Test func `can ring at each answer of the target, and at nothing else`() {
        let lines = Self.lines(
            .init(isAudible: true), Self.reply(0), Self.reply(1, from: Self.router, .hostUnreachable))
        #expect(lines[0].hasSuffix(" time=228.200 ms\u{7}"))
        #expect(!lines[1].contains("\u{7}"))
    }

    @Test(arguments: [
        (ReplyKind.timeExceeded, "Time to live exceeded"), (.hostUnreachable, "Destination Host Unreachable"),
        (.networkUnreachable, "Destination Net Unreachable"), (.prohibited, "Packet filtered"),
        (.packetTooBig, "Packet too big: mtu=1400"),
    ]) func `quotes routers in the words of ping`(_ kind: ReplyKind, _ words: String) {
        #expect(
            Self.lines(.init(), Self.reply(0, from: Self.router, kind, mtu: 1400)) == [
                "From 192.0.2.1 icmp_seq=1 \(words)"
            ])
    }

    @Test func `names a router once its name is known`() {
        let lines = Self.lines(
            .init(), Self.reply(0, from: Self.router, .timeExceeded),
            ProbeEvent(at: .zero, .named(Self.router, "gw\u{1B}[2J")), Self.reply(1, from: Self.router, .timeExceeded))
        #expect(lines.last == "From gw\\u{1b}[2J (192.0.2.1) icmp_seq=2 Time to live exceeded")
    }

    @Test func `tells that an answer is missing when the next probe goes`() {
        let style = PingReport.Text.Style(isNumeric: true, showsMissing: true)
        let sent = (0...2).map { ProbeEvent(at: .seconds($0), .sent(Self.probe($0))) }
        #expect(Self.lines(style, sent[0], Self.reply(0), sent[1], sent[2]).last == "no answer yet for icmp_seq=2")
        #expect(Self.lines(style, sent[0], ProbeEvent(at: .seconds(1), .timedOut(Self.probe(0))), sent[1]).isEmpty)
        #expect(Self.lines(.init(), sent[0], sent[1]).isEmpty)
    }

    @Test func `puts the time before what it says, and more words where asked`() {
        let style = PingReport.Text.Style(isNumeric: true, showsTimes: true, isVerbose: true)
        #expect(
            Self.lines(style, Self.reply(0), ProbeEvent(at: .seconds(2), .timedOut(Self.probe(1)))) == [
                "[1795249210.228200] 64 bytes from 203.0.113.7: icmp_seq=1 ttl=57 time=228.200 ms tos=8",
                "[1795249212.000000] given up: icmp_seq=2",
            ])
    }

    @Test func `calls only ICMP's sequence so`() {
        let lines = PingReport.Text(.init(isNumeric: true)).lines(of: [Self.started(.tcp), Self.reply(0, .open)])
        #expect(lines.last == "64 bytes from 203.0.113.7: seq=1 ttl=57 time=228.200 ms (open)")
    }

    @Test func `makes nothing worse of numbers that no ping could have`() {
        let probe = Probe(id: 0, target: Self.host, sequence: .max)
        let response = ProbeReply(from: Self.host, rtt: .zero, kind: .echoReply, size: .min)
        let events = [
            ProbeEvent(at: .zero, .sent(probe)), ProbeEvent(at: .zero, .reply(probe, response)),
            ProbeEvent(at: .zero, .sent(Probe(id: 1, target: Self.host, sequence: .min))),
        ]
        #expect(PingReport.Text(.init(showsMissing: true)).lines(of: events).count == 1)
    }
}
