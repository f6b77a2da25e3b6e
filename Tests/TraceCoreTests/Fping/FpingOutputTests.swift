import Testing

@testable import TraceCore

@Suite struct `A sweep in fping's lines` {
    static let near = IPAddress(192, 0, 2, 1)
    static let far = IPAddress(203, 0, 113, 5)
    static let router = IPAddress(198, 51, 100, 1)

    /// A run of events, put together as a test needs them.
    struct Log {
        var events: [ProbeEvent] = []
        var nextID = 0

        init(untilReply: Bool = true, queries: Int? = 4, method: ProbeMethod = .icmp) {
            let run = RunDescription(
                verb: "sweep", target: nil, method: method, mode: "test",
                startedAt: UTCTime(microsecondsSince1970: 1_795_248_554_000_000),
                parameters: RunDescription.Parameters(queries: queries, count: 2, untilReply: untilReply))
            events.append(ProbeEvent(at: .zero, .started(run)))
        }

        mutating func probe(_ target: IPAddress, _ sequence: Int, at time: Duration = .zero) -> Probe {
            let probe = Probe(id: nextID, target: target, sequence: sequence)
            nextID += 1
            events.append(ProbeEvent(at: time, .sent(probe)))
            return probe
        }

        mutating func reply(
            _ target: IPAddress, _ sequence: Int = 0, after rtt: Duration, from: IPAddress? = nil,
            _ kind: ReplyKind = .echoReply
        ) {
            let probe = probe(target, sequence)
            let response = ProbeReply(from: from ?? target, rtt: rtt, kind: kind, ttl: 58, size: 84)
            events.append(ProbeEvent(at: rtt, .reply(probe, response)))
        }

        mutating func lose(_ target: IPAddress, _ sequence: Int = 0) {
            events.append(ProbeEvent(at: .milliseconds(500), .timedOut(probe(target, sequence))))
        }

        mutating func end(at time: Duration) { events.append(ProbeEvent(at: time, .ended(RunEnd(.completed)))) }

        func lines(
            _ style: FpingOutput.Style, unknown: Int = 0, names: [IPAddress: [UntrustedText]] = [:]
        ) -> (results: [String], messages: [String]) {
            var output = FpingOutput(style, unknown: unknown)
            var lines = FpingOutput.Lines()
            for (address, names) in names {
                for name in names { output.apply(ProbeEvent(at: .zero, .named(address, name)), to: &lines) }
            }
            for event in events { output.apply(event, to: &lines) }
            func split(_ bytes: [UInt8]) -> [String] {
                #expect(bytes.isEmpty || bytes.last == UInt8(ascii: "\n"))
                return String(decoding: bytes.dropLast(), as: UTF8.self)
                    .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                    .filter { _ in !bytes.isEmpty }
            }
            return (split(lines.results), split(lines.messages))
        }
    }

    /// One target that answers and one that does not, however often it is asked.
    private var twoTargets: Log {
        var log = Log()
        log.reply(Self.near, after: .microseconds(44))
        for sequence in 0..<4 { log.lose(Self.far, sequence) }
        log.end(at: .milliseconds(4077))
        return log
    }

    @Test func `says of each target whether it is alive`() {
        let lines = twoTargets.lines(FpingOutput.Style())
        #expect(lines.results == ["192.0.2.1 is alive", "203.0.113.5 is unreachable"])
        #expect(lines.messages.isEmpty)
    }

    @Test func `can add the round trip, or list names alone`() {
        let log = twoTargets
        #expect(log.lines(FpingOutput.Style(showsRoundTrips: true)).results.first == "192.0.2.1 is alive (0.044 ms)")
        #expect(log.lines(FpingOutput.Style(listing: .alive)).results == ["192.0.2.1"])
        #expect(log.lines(FpingOutput.Style(listing: .unreachable)).results == ["203.0.113.5"])
        #expect(log.lines(FpingOutput.Style(listing: .alive, isQuiet: true)).results == ["192.0.2.1"])
        #expect(log.lines(FpingOutput.Style(isQuiet: true)).results.isEmpty)
    }

    @Test func `prints a line for each name of an address`() {
        let names: [IPAddress: [UntrustedText]] = [Self.near: ["gw", "router.example"]]
        let log = twoTargets
        #expect(
            log.lines(FpingOutput.Style(), names: names).results
                == ["gw is alive", "router.example is alive", "203.0.113.5 is unreachable"])
        #expect(log.lines(FpingOutput.Style(showsStatistics: true), names: names).messages[1] == "       3 targets")
        #expect(log.lines(FpingOutput.Style(naming: .address), names: names).results.first == "192.0.2.1 is alive")
        #expect(log.lines(FpingOutput.Style(naming: .both), names: names).results.first == "gw (192.0.2.1) is alive")
    }

    @Test func `prints nothing of a name that a terminal would obey`() {
        let names: [IPAddress: [UntrustedText]] = [Self.near: ["\u{1B}[31m\u{202E}evil"]]
        let line = twoTargets.lines(FpingOutput.Style(), names: names).results[0]
        #expect(line == "\\u{1b}[31m\\u{202e}evil is alive")
    }

    @Test func `names who answered instead of the target, and what a router said`() {
        var log = Log(queries: 1)
        log.reply(Self.near, after: .milliseconds(2), from: Self.router)
        log.reply(Self.far, after: .milliseconds(3), from: Self.router, .hostUnreachable)
        let lines = log.lines(FpingOutput.Style(showsRoundTrips: true))
        #expect(
            lines.results == ["192.0.2.1 is alive (2.00 ms) [<- 198.51.100.1]", "203.0.113.5 is unreachable"])
        #expect(
            lines.messages == ["ICMP Host Unreachable from 198.51.100.1 for ICMP Echo sent to 203.0.113.5"])
        #expect(log.lines(FpingOutput.Style(isQuiet: true)).messages.isEmpty)
    }

    @Test func `sums the run up in the statistics that scripts read`() {
        let lines = twoTargets.lines(FpingOutput.Style(showsStatistics: true), unknown: 1)
        #expect(
            lines.messages == [
                "", "       2 targets", "       1 alive", "       1 unreachable", "       1 unknown addresses", "",
                "       4 timeouts (waiting for response)", "       5 ICMP Echos sent",
                "       1 ICMP Echo Replies received", "       0 other ICMP received", "",
                " 0.044 ms (min round trip time)", " 0.044 ms (avg round trip time)",
                " 0.044 ms (max round trip time)", "        4.077 sec (elapsed real time)", "",
            ])
    }

    @Test func `invents no round trips where nobody answered`() {
        var log = Log(queries: 1)
        log.lose(Self.far)
        log.end(at: .seconds(1))
        let text = log.lines(FpingOutput.Style(showsStatistics: true)).messages.joined()
        #expect(!text.contains("round trip time"))
        #expect(text.contains("1.000 sec"))
    }

    /// Three probes to each of two targets, one of which answers two.
    private var counted: Log {
        var log = Log(untilReply: false, queries: 3)
        log.reply(Self.near, 0, after: .microseconds(36))
        log.lose(Self.far, 0)
        log.lose(Self.near, 1)
        log.lose(Self.far, 1)
        log.reply(Self.near, 2, after: .microseconds(40))
        log.reply(Self.far, 2, after: .milliseconds(9), from: Self.router, .hostUnreachable)
        log.end(at: .seconds(3))
        return log
    }

    @Test func `with a count tells each answer on standard output, and sums on standard error`() {
        let lines = counted.lines(FpingOutput.Style(content: .answers, nameWidth: 11))
        #expect(
            lines.results == [
                "192.0.2.1   : [0], 64 bytes, 0.036 ms (0.036 avg, 0% loss)",
                "203.0.113.5 : [0], timed out (NaN avg, 100% loss)",
                "192.0.2.1   : [1], timed out (0.036 avg, 50% loss)",
                "203.0.113.5 : [1], timed out (NaN avg, 100% loss)",
                "192.0.2.1   : [2], 64 bytes, 0.040 ms (0.038 avg, 33% loss)",
                "203.0.113.5 : [2], timed out (NaN avg, 100% loss)",
            ])
        #expect(
            lines.messages == [
                "ICMP Host Unreachable from 198.51.100.1 for ICMP Echo sent to 203.0.113.5", "",
                "192.0.2.1   : xmt/rcv/%loss = 3/2/33%, min/avg/max = 0.036/0.038/0.040",
                "203.0.113.5 : xmt/rcv/%loss = 3/0/100%",
            ])
        let quiet = counted.lines(FpingOutput.Style(content: .answers, isQuiet: true, nameWidth: 11))
        #expect(quiet.results.isEmpty)
        #expect(quiet.messages == Array(lines.messages.dropFirst(2)))
    }

    @Test func `tells of a run that was ended only what is decided`() {
        var log = Log(untilReply: false, queries: 3)
        log.reply(Self.near, 0, after: .microseconds(36))
        _ = log.probe(Self.near, 1)
        log.end(at: .seconds(1))
        #expect(
            log.lines(FpingOutput.Style(content: .answers, isQuiet: true, nameWidth: 11)).messages
                == ["192.0.2.1   : xmt/rcv/%loss = 1/1/0%, min/avg/max = 0.036/0.036/0.036"])
    }

    @Test func `tells refusals in fping's words`() {
        func title(_ code: UInt8, _ kind: ReplyKind) -> String {
            ProbeReply(from: Self.router, rtt: .zero, kind: kind, icmp: ProbeReply.ICMPCode(type: 3, code: code))
                .fpingTitle
        }
        #expect(title(1, .hostUnreachable) == "Host Unreachable")
        #expect(title(13, .prohibited) == "Unreachable (Communication Administratively Prohibited)")
        #expect(title(200, .unreachable) == "Unreachable")
        #expect(ProbeReply(from: Self.router, rtt: .zero, kind: .timeExceeded).fpingTitle == "Time Exceeded")
    }

    @Test func `lists the round trips one by one`() {
        let lines = counted.lines(FpingOutput.Style(content: .values, isQuiet: true, nameWidth: 11))
        #expect(lines.messages == ["192.0.2.1   : 0.036 - 0.040", "203.0.113.5 : - - -"])
    }

    @Test func `can put the time before each answer`() {
        let line = counted.lines(FpingOutput.Style(content: .answers, showsTimes: true)).results.first
        #expect(line == "[1795248554.00004] 192.0.2.1 : [0], 64 bytes, 0.036 ms (0.036 avg, 0% loss)")
    }

    @Test func `tells of late answers and duplicates apart from the answers`() {
        var log = Log(untilReply: false, queries: 1)
        let probe = log.probe(Self.near, 0)
        let response = ProbeReply(from: Self.near, rtt: .milliseconds(812), kind: .echoReply, size: 84)
        log.events.append(ProbeEvent(at: .milliseconds(500), .timedOut(probe)))
        log.events.append(ProbeEvent(at: .milliseconds(812), .late(probe, response)))
        log.events.append(ProbeEvent(at: .milliseconds(813), .duplicate(probe, response)))
        #expect(
            log.lines(FpingOutput.Style(content: .answers)).messages == [
                "192.0.2.1 : late answer for [0], 64 bytes, 812 ms", "192.0.2.1 : duplicate for [0], 64 bytes, 812 ms",
            ])
    }

    @Test func `says why a probe was not sent, and counts it as lost`() {
        var log = Log(untilReply: false, queries: 1)
        let error = ProbeError(.noRoute, "There is no way to 203.0.113.5")
        log.events.append(ProbeEvent(at: .zero, .sendFailed(Probe(id: 0, target: Self.far), error)))
        log.end(at: .zero)
        let lines = log.lines(FpingOutput.Style(content: .values, isQuiet: false, showsStatistics: true))
        #expect(lines.messages.first == "203.0.113.5: not sent: There is no way to 203.0.113.5")
        #expect(lines.messages.contains("203.0.113.5 : -"))
        #expect(lines.messages.contains("       0 ICMP Echos sent"))
    }

    @Test(arguments: [
        (36, "0.036"), (999, "0.999"), (1_000, "1.00"), (5_124, "5.12"), (91_740, "91.7"), (280_453, "280"),
        (12_345_678, "12346"),
    ]) func `numbers have the digits that fping gives them`(microseconds: Int, text: String) {
        #expect(Duration.microseconds(microseconds).fpingText == text)
    }
}
