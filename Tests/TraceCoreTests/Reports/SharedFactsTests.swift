import Testing

@testable import TraceCore

/// Facts of live probers that reports need too, and that are written down in both places.
@Suite struct SharedFactsTests {
    @Test(arguments: LiveProber.Options.Mode.allCases)
    func `Reports know the mode of ordinary sockets by the name that live probers give it`(
        _ mode: LiveProber.Options.Mode
    ) {
        let run = RunDescription(verb: "trace", target: nil, method: .udp, mode: mode.rawValue, startedAt: .epoch)
        #expect(run.isUnprivileged == (mode == .unprivileged))
    }

    @Test(arguments: [ProbeTransport.icmp, .udp, .tcp])
    func `Reports know how long the transport headers of probes are`(_ transport: ProbeTransport) {
        #expect(transport.method.headerLength == transport.headerLength)
    }
}
