import Testing

@testable import TraceCore

/// The lines are those that fping 5.1 wrote of the same probes; JSON is fping 5.5's.
@Suite struct `Sums of a sweep on the way` {
    private typealias Log = `A sweep in fping's lines`.Log
    private let near = `A sweep in fping's lines`.near
    private let far = `A sweep in fping's lines`.far

    /// Two targets every 300 ms, of which one answers after 10 ms, and the other never within 100 ms.
    private func log(probes: Int = 5) -> Log {
        var log = Log(untilReply: false, queries: probes)
        for sequence in 0..<probes {
            let start = Duration.milliseconds(300 * sequence)
            let probes = [near, far].map { log.probe($0, sequence, at: start) }
            let reply = ProbeReply(from: near, rtt: .microseconds(10_400 + 100 * sequence), kind: .echoReply, size: 84)
            log.events.append(ProbeEvent(at: start + reply.rtt, .reply(probes[0], reply)))
            log.events.append(ProbeEvent(at: start + .milliseconds(100), .timedOut(probes[1])))
        }
        log.end(at: .milliseconds(300 * probes))
        return log
    }

    private func style(_ change: (inout FpingOutput.Style) -> Void = { _ in }) -> FpingOutput.Style {
        var style = FpingOutput.Style(content: .answers, isQuiet: true, interimInterval: .milliseconds(500))
        change(&style)
        return style
    }

    @Test func `are of the time since the last ones, below the time of day`() {
        let lines = log().lines(style { $0.outagePeriod = .milliseconds(300) })
        #expect(lines.results.isEmpty)
        #expect(
            lines.messages == [
                "[08:09:14]",
                "192.0.2.1 : xmt/rcv/%loss = 2/2/0%, outage(ms) = 0, min/avg/max = 10.4/10.5/10.5",
                "203.0.113.5 : xmt/rcv/%loss = 2/0/100%, outage(ms) = 600",
                "[08:09:15]",
                "192.0.2.1 : xmt/rcv/%loss = 2/2/0%, outage(ms) = 0, min/avg/max = 10.6/10.7/10.7",
                "203.0.113.5 : xmt/rcv/%loss = 1/0/100%, outage(ms) = 300",
                "[08:09:15]",
                "192.0.2.1 : xmt/rcv/%loss = 1/1/0%, outage(ms) = 0, min/avg/max = 10.8/10.8/10.8",
                "203.0.113.5 : xmt/rcv/%loss = 2/0/100%, outage(ms) = 600",
                "192.0.2.1 : xmt/rcv/%loss = 5/5/0%, outage(ms) = 0, min/avg/max = 10.4/10.6/10.8",
                "203.0.113.5 : xmt/rcv/%loss = 5/0/100%, outage(ms) = 1500",
            ])
    }

    @Test func `come once where events are rarer than they are`() {
        let lines = log(probes: 2).lines(style { $0.interimInterval = .milliseconds(1) }).messages
        // With each event that comes later, and not a line for each millisecond.
        #expect(lines.count { $0.hasPrefix("[") } == 6)
        #expect(lines.contains("192.0.2.1 : xmt/rcv/%loss = 0/0/0%"))
    }

    @Test func `are objects in JSON`() {
        let lines = log(probes: 2).lines(
            style {
                $0.isJSON = true
                $0.outagePeriod = .milliseconds(300)
            })
        #expect(lines.messages.isEmpty)
        #expect(
            lines.results.first
                == #"{"intSum": {"time": 1795248554,"host": "192.0.2.1", "xmt": 2, "rcv": 2, "loss": 0, "#
                + #""outage(ms)": 0, "rttMin": 10.400, "rttAvg": 10.450, "rttMax": 10.500}}"#)
        #expect(lines.results[1].hasSuffix(#""xmt": 2, "rcv": 0, "loss": 100, "outage(ms)": 600}}"#))
    }

    @Test func `are charts for netdata, which are declared once`() {
        let names: [IPAddress: [UntrustedText]] = [near: ["it's-1.example"]]
        var lines = log(probes: 4).lines(
            style {
                $0.isNetdata = true
                $0.interimInterval = .milliseconds(500)
            }, names: names)
        #expect(
            lines.results.prefix(21) == [
                "CHART fping.it_s_1_example_packets '' 'FPing Packets for host it_s-1.example' packets 'it_s-1.example' "
                    + "fping.packets line 110020 0",
                "DIMENSION xmt sent absolute 1 1", "DIMENSION rcv received absolute 1 1",
                "BEGIN fping.it_s_1_example_packets", "SET xmt = 2", "SET rcv = 2", "END",
                "CHART fping.it_s_1_example_quality '' 'FPing Quality for host it_s-1.example' percentage 'it_s-1.example' "
                    + "fping.quality area 110010 0",
                "DIMENSION returned '' absolute 1 1", "BEGIN fping.it_s_1_example_quality", "SET returned = 100", "END",
                "CHART fping.it_s_1_example_latency '' 'FPing Latency for host it_s-1.example' ms 'it_s-1.example' "
                    + "fping.latency area 110000 0",
                "DIMENSION min minimum absolute 1 1000000", "DIMENSION max maximum absolute 1 1000000",
                "DIMENSION avg average absolute 1 1000000", "BEGIN fping.it_s_1_example_latency", "SET min = 10400000",
                "SET avg = 10450000", "SET max = 10500000", "END",
            ])
        lines.results.removeFirst(39)
        #expect(
            lines.results.prefix(15) == [
                "BEGIN fping.it_s_1_example_packets", "SET xmt = 2", "SET rcv = 2", "END",
                "BEGIN fping.it_s_1_example_quality", "SET returned = 100", "END",
                "BEGIN fping.it_s_1_example_latency", "SET min = 10600000", "SET avg = 10650000", "SET max = 10700000",
                "END", "BEGIN fping.203_0_113_5_packets", "SET xmt = 1", "SET rcv = 0",
            ])
        #expect(lines.messages.last == "203.0.113.5 : xmt/rcv/%loss = 4/0/100%")
    }
}
