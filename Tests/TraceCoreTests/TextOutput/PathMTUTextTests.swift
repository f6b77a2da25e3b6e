import Testing

@testable import TraceCore

@Suite struct `The MTU of a path as text` {
    private static let router = IPAddress(192, 0, 2, 1)
    private static let target = IPAddress(203, 0, 113, 7)

    /// A path of a router and the target, to which packets of 1,400 bytes get and no larger ones, without a name.
    private static var events: [ProbeEvent] {
        let run = RunDescription(
            verb: "mtu", target: ProbeTarget(address: target), method: .udp, mode: "raw", startedAt: .epoch,
            parameters: RunDescription.Parameters(queries: 1, headerSize: 28))
        var facts: [ProbeEvent.Fact] = [.started(run)]
        var count = 0
        func send(_ ttl: UInt8, _ size: UInt16, sequence: Int = 0, _ kind: ReplyKind?) {
            count += 1
            let probe = Probe(id: count, target: target, ttl: ttl, sequence: sequence, size: size - 28)
            facts.append(.sent(probe))
            let response = kind.map { ProbeReply(from: ttl == 1 ? router : target, rtt: .zero, kind: $0) }
            facts.append(response.map { .reply(probe, $0) } ?? .timedOut(probe))
        }
        send(1, 68, .timeExceeded)
        send(2, 68, .portUnreachable)
        send(2, 1400, .portUnreachable)
        send(1, 1401, nil)
        send(1, 1401, nil)
        send(1, 68, sequence: 1, .timeExceeded)
        send(1, 1300, .timeExceeded)
        return facts.map { ProbeEvent(at: .zero, $0) }
    }

    private static func named(_ address: IPAddress, _ name: UntrustedText) -> ProbeEvent {
        ProbeEvent(at: .milliseconds(20), .named(address, name))
    }

    @Test func `shows a hop once its name has come`() {
        var text = PathMTUReport.Text()
        #expect(Self.events.flatMap { text.apply($0) }.count == 1)
        // The lines come in their order, whoever's name comes first.
        #expect(text.apply(Self.named(Self.target, "far.example")).isEmpty)
        let lines = text.apply(Self.named(Self.router, "gw.example"))
        #expect(lines.first?.hasPrefix(" 1  gw.example (192.0.2.1)  ") == true, "\(lines)")
        #expect(lines.last?.hasPrefix(" 2  far.example (203.0.113.7)  ") == true, "\(lines)")
    }

    @Test func `waits no longer for a name than half a second`() {
        var text = PathMTUReport.Text()
        for event in Self.events { _ = text.apply(event) }
        let later = Probe(id: 99, target: Self.target, ttl: 2, sequence: 9, size: 1372)
        #expect(text.apply(ProbeEvent(at: .milliseconds(499), .sent(later))).isEmpty)
        let lines = text.apply(ProbeEvent(at: .milliseconds(500), .sent(later)))
        #expect(lines.first?.hasPrefix(" 1  192.0.2.1 (192.0.2.1)  ") == true, "\(lines)")
    }

    @Test func `waits for no name where none is shown`() {
        let lines = PathMTUReport.Text(hops: TraceReport.Text(showsNames: false)).lines(of: Self.events)
        #expect(lines.dropFirst().first?.hasPrefix(" 1  192.0.2.1  ") == true, "\(lines)")
    }
}
