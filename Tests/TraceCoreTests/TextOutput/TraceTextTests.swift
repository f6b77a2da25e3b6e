import Testing

@testable import TraceCore

@Suite struct `A trace in lines` {
    private static let target = IPAddress(203, 0, 113, 7)
    private static let router = IPAddress(192, 0, 2, 1)

    private static func event(_ milliseconds: Int, _ fact: ProbeEvent.Fact) -> ProbeEvent {
        ProbeEvent(at: .milliseconds(milliseconds), fact)
    }

    private static func started() -> ProbeEvent {
        event(
            0,
            .started(
                RunDescription(
                    verb: "trace", target: ProbeTarget(address: target), method: .udp, mode: "raw", startedAt: .epoch,
                    parameters: RunDescription.Parameters(firstTTL: 1, maxTTL: 30, queries: 1))))
    }

    private static func probe(_ ttl: UInt8) -> Probe { Probe(id: Int(ttl), target: target, ttl: ttl, sequence: 0) }

    private static func reply(_ milliseconds: Int, _ ttl: UInt8, _ from: IPAddress) -> ProbeEvent {
        let kind: ReplyKind = from == target ? .portUnreachable : .timeExceeded
        return event(milliseconds, .reply(probe(ttl), ProbeReply(from: from, rtt: .milliseconds(1), kind: kind)))
    }

    /// The lines behind the head, each with the milliseconds at which it came.
    private static func lines(_ events: [ProbeEvent], names: Bool = true) -> [String] {
        var text = TraceReport.Text(showsNames: names)
        _ = text.apply(started())
        for case .reply(let probe, _) in events.map(\.fact) { _ = text.apply(event(0, .sent(probe))) }
        return events.flatMap { event in
            text.apply(event).map { "\(event.at.millisecondsText(decimals: 0)): \($0)" }
        }
    }

    @Test func `a line waits for a name that comes a moment later`() {
        let lines = Self.lines([
            Self.reply(1, 1, Self.router), Self.reply(4, 2, Self.target), Self.event(8, .named(Self.router, "gw")),
            Self.event(300, .named(Self.target, "host")), Self.event(400, .ended(RunEnd(.reached))),
        ])
        #expect(
            lines == ["8:  1  gw (192.0.2.1)  1.000 ms", "300:  2  host (203.0.113.7)  1.000 ms"])
    }

    @Test func `a name that does not come holds lines up for half a second at the most`() {
        let events = [
            Self.reply(1, 1, Self.router), Self.reply(4, 2, Self.target), Self.event(5, .sent(Self.probe(3))),
            Self.event(502, .sent(Self.probe(4))), Self.event(600, .ended(RunEnd(.reached))),
        ]
        #expect(
            Self.lines(events)
                == ["502:  1  192.0.2.1 (192.0.2.1)  1.000 ms", "600:  2  203.0.113.7 (203.0.113.7)  1.000 ms"])
        #expect(
            Self.lines(events, names: false) == ["1:  1  192.0.2.1  1.000 ms", "4:  2  203.0.113.7  1.000 ms"])
    }

    @Test func `a line does not wait for a name that nobody knows`() {
        let lines = Self.lines([
            Self.reply(1, 1, Self.router), Self.event(8, .named(Self.router, nil)),
            Self.event(400, .ended(RunEnd(.gap))),
        ])
        #expect(lines.first == "8:  1  192.0.2.1 (192.0.2.1)  1.000 ms")
    }

    @Test func `says what could not be sent, and why`() {
        let error = ProbeError(.tooLarge, "The packet is too large")
        let failed = (1...2).map { Self.event(1, .sendFailed(Self.probe($0), error)) }
        #expect(
            Self.lines(failed + [Self.event(2, .ended(RunEnd(.hopLimit)))])
                == [
                    "2:  1  not sent", "2:  2  not sent", "2: 2 probes could not be sent: The packet is too large",
                ])
        let some = [Self.reply(1, 1, Self.router)] + failed.suffix(1) + [Self.event(2, .ended(RunEnd(.gap)))]
        #expect(
            Self.lines(some, names: false).suffix(2)
                == [
                    "2: 1 probe could not be sent: The packet is too large", "2: not reached: nobody answered any more",
                ])
    }
}
