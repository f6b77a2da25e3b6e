import Testing

@testable import TraceCore

@Suite struct `A ping in fping's JSON` {
    @Test func `has the lines of a host by the name that was given`() {
        var ping = FpingOutput.Ping()
        var lines = FpingOutput.Lines()
        for event in SmallRuns.ping { ping.apply(event, to: &lines) }
        #expect(
            String(decoding: lines.results, as: UTF8.self).split(separator: "\n") == [
                #"{"resp": {"host": "far.example", "seq": 0, "size": 64, "rtt": 30.000, "ttl": 57}}"#,
                #"{"timeout": {"host": "far.example", "seq": 1}}"#,
                #"{"timeout": {"host": "far.example", "seq": 2}}"#,
                #"{"timeout": {"host": "far.example", "seq": 3}}"#,
                #"{"resp": {"host": "far.example", "seq": 4, "size": 64, "rtt": 40.000, "ttl": 56}}"#,
                #"{"summary": {"host": "far.example", "xmt": 5, "rcv": 2, "loss": 60, "#
                    + #""rttMin": 30.000, "rttAvg": 35.000, "rttMax": 40.000}}"#,
            ])
    }

    @Test func `tells each answer as it comes`() {
        var ping = FpingOutput.Ping()
        var lines = FpingOutput.Lines()
        for event in SmallRuns.ping.prefix(while: { !$0.isReply }) { ping.apply(event, to: &lines) }
        #expect(lines == FpingOutput.Lines())
        for event in SmallRuns.ping.filter(\.isReply).prefix(1) { ping.apply(event, to: &lines) }
        #expect(lines.results.isEmpty == false)
    }
}

extension ProbeEvent {
    fileprivate var isReply: Bool {
        if case .reply = fact { true } else { false }
    }
}
