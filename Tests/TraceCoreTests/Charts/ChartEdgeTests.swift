import Testing

@testable import TraceCore

@Suite struct `Charts of little` {
    private let target = IPAddress(203, 0, 113, 7)
    private let head = SmallRuns.head("ping", .icmp, RunDescription.Parameters(interval: .seconds(1)))

    private func svgs(_ events: [ProbeEvent]) throws -> [String] {
        try ChartRuns.Kind.allCases.map { try ChartRuns.svg($0, events, width: 360) }
    }

    private func probe(_ sequence: Int, ttl: UInt8 = 1) -> Probe {
        Probe(id: sequence, target: target, ttl: ttl, sequence: sequence)
    }

    private func echo(_ rtt: Duration) -> ProbeReply { ProbeReply(from: target, rtt: rtt, kind: .echoReply) }

    @Test func `are pictures when nothing was sent`() throws {
        for svg in try svgs([head]) { #expect(ChartReading(svg).height > 60) }
    }

    @Test(arguments: [Duration.zero, .nanoseconds(1), .milliseconds(12), .seconds(9000), .seconds(9_000_000_000)])
    func `show a single round trip, however long`(rtt: Duration) throws {
        let events = [
            head, ProbeEvent(at: .zero, .sent(probe(0))), ProbeEvent(at: rtt, .reply(probe(0), echo(rtt))),
        ]
        for svg in try svgs(events) {
            let reading = ChartReading(svg)
            #expect(!svg.contains("nan") && !svg.contains("inf"))
            #expect(!reading.all("path").isEmpty)
        }
    }

    @Test func `say that all was lost`() throws {
        let events = (0..<20).flatMap { number in
            [
                ProbeEvent(at: .seconds(1) * number, .sent(probe(number))),
                ProbeEvent(at: .seconds(1) * number + .seconds(2), .timedOut(probe(number))),
            ]
        }
        let ping = ChartReading(try ChartRuns.svg(.ping, [head] + events))
        #expect(ping.figures.contains("loss 100 %, no answer"))
        #expect(ping.all("path").contains { $0.attributes["class"] == "lost" })
        #expect(!ping.all("path").contains { $0.attributes["class"] == "dots" })
        let monitor = ChartReading(try ChartRuns.svg(.monitor, [head] + events))
        #expect(monitor.figures.contains("the target has not answered"))
        let ended = ProbeEvent(at: .seconds(30), .ended(RunEnd(.hopLimit)))
        let trace = ChartReading(try ChartRuns.svg(.trace, [head] + events + [ended]))
        #expect(trace.all("text").map(\.text).contains("no answer"))
        #expect(trace.figures.contains("Hop 1: no answer; loss 100 %; 20 sent."))
    }

    @Test func `survive times that cannot be`() throws {
        let times: [Duration] = [.seconds(-5), .seconds(9_000_000_000_000), .zero, .nanoseconds(.max)]
        let events = times.enumerated().flatMap { number, time in
            [
                ProbeEvent(at: time, .sent(probe(number))),
                ProbeEvent(at: .zero - time, .reply(probe(number), echo(.zero - time))),
                ProbeEvent(at: time, .timedOut(probe(number + 10, ttl: 255))),
                ProbeEvent(at: time, .late(probe(number, ttl: 3), echo(time))),
            ]
        }
        for svg in try svgs([head] + events) { _ = ChartReading(svg) }
    }

    @Test func `show names as text only`() throws {
        let name = UntrustedText("</text><script>alert('\u{1b}\u{202e}')</script>&amp;\"")
        let events = [
            head, ProbeEvent(at: .zero, .sent(probe(0))),
            ProbeEvent(at: .milliseconds(5), .reply(probe(0), echo(.milliseconds(5)))),
            ProbeEvent(at: .milliseconds(6), .named(target, name)),
        ]
        for kind in ChartRuns.Kind.allCases where kind != .ping {
            let svg = try ChartRuns.svg(kind, events, width: 1600)
            let reading = ChartReading(svg)
            #expect(!svg.contains("<script") && !svg.contains("\u{1b}") && !svg.contains("\u{202e}"))
            #expect(reading.all("text").contains { $0.text.contains("<script>alert('\\u{1b}") }, "\(kind)")
            #expect(reading.all("script").isEmpty)
        }
    }

    @Test func `keep a name from passing for an address`() {
        let shown = ChartText.who("core (10.0.0.1)", IPAddress(192, 0, 2, 1), room: 400)
        #expect(shown == "\"core (10.0.0.1)\" (192.0.2.1)")
        #expect(ChartText.who(nil, IPAddress(192, 0, 2, 1), others: 2, room: 400) == "192.0.2.1 +2")
    }
}
