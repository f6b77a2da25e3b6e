import Testing

@testable import TraceCore

/// Logs that no run has written: a fold may make nothing sensible of them, but it must come to an end.
@Suite struct `A log that a stranger wrote` {
    private static let target = IPAddress(192, 0, 2, 99)

    private func started(_ parameters: RunDescription.Parameters, verb: Verb = .trace) -> ProbeEvent {
        ProbeEvent(
            at: .zero,
            .started(
                RunDescription(
                    verb: verb, target: ProbeTarget(address: Self.target),
                    method: ProbeMethod(rawValue: "\u{1B}[2J"), mode: "\u{1B}]0;owned\u{7}", startedAt: .epoch,
                    parameters: parameters)))
    }

    private static let extremes = [Int.min, -1, 0, 1, 255, 256, 1 << 40, Int.max - 1, Int.max]

    private func events(_ parameters: RunDescription.Parameters, sequence: Int, ttl: UInt8) -> [ProbeEvent] {
        let probe = Probe(id: sequence, target: Self.target, ttl: ttl, sequence: sequence)
        let response = ProbeReply(from: Self.target, rtt: .seconds(-1), kind: .echoReply, size: .max, mtu: .min)
        let error = ProbeError(.network, "\u{1B}[2J", remedy: "\u{9B}")
        return [
            started(parameters), ProbeEvent(at: .zero, .sent(probe)), ProbeEvent(at: .zero, .reply(probe, response)),
            ProbeEvent(at: .zero, .late(probe, response)), ProbeEvent(at: .zero, .duplicate(probe, response)),
            ProbeEvent(at: .zero, .timedOut(probe)), ProbeEvent(at: .zero, .sendFailed(probe, error)),
            ProbeEvent(at: .zero, .sent(probe)), ProbeEvent(at: .zero, .reply(probe, response)),
        ]
    }

    private func tellAsFping(_ events: [ProbeEvent]) throws {
        for content in [FpingOutput.Style.Content.targets, .answers, .values] {
            for isJSON in [false, true] {
                var output = FpingOutput(
                    FpingOutput.Style(
                        content: content, isJSON: isJSON, showsTimes: true, showsStatistics: true, nameWidth: 20)
                )
                var lines = FpingOutput.Lines()
                for event in events { output.apply(event, to: &lines) }
                output.summary(to: &lines)
                let text = String(decoding: lines.results + lines.messages, as: UTF8.self)
                #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isHazardous })
            }
        }
    }

    @Test(arguments: extremes, [0, 1, 255] as [UInt8])
    func `makes no fold trap or grow`(extreme: Int, ttl: UInt8) throws {
        let parameters = [
            RunDescription.Parameters(firstTTL: extreme), RunDescription.Parameters(maxTTL: extreme),
            RunDescription.Parameters(firstTTL: 1, queries: extreme, gapLimit: extreme, untilReply: false),
            RunDescription.Parameters(
                firstTTL: extreme, maxTTL: extreme, queries: extreme, count: extreme, gapLimit: extreme),
        ]
        for parameters in parameters {
            for reason in RunEnd.Reason.allCases {
                for sequence in [0, extreme] {
                    let error = ProbeError(.network, "\u{1B}[2J")
                    let events =
                        events(parameters, sequence: sequence, ttl: ttl)
                        + [ProbeEvent(at: .zero, .ended(RunEnd(reason, error: error)))]
                    #expect(try TraceReport.Fold.replay(events).hops.count <= 256)
                    #expect(try MonitorReport.Fold.replay(events).hops.count <= 256)
                    #expect(try PathMTUReport.Fold.replay(events).hops.count <= 256)
                    _ = try PingReport.Fold.replay(events)
                    _ = try SweepReport.Fold.replay(events)
                    try tellAsFping(events)
                    let lines =
                        TraceReport.Text().lines(of: events)
                        + PingReport.Text().lines(of: events)
                        + PathMTUReport.Text().lines(of: events)
                        + (try TraceReport.Fold.replay(events)).packetChangeLines
                    #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { !$0.isHazardous } })
                }
                // A log that ends before anything was sent.
                let empty = [started(parameters), ProbeEvent(at: .zero, .ended(RunEnd(reason)))]
                #expect(try TraceReport.Fold.replay(empty).hops.isEmpty)
                #expect(try MonitorReport.Fold.replay(empty).hops.isEmpty)
            }
        }
    }

    @Test func `is refused in words that write nothing to the terminal`() {
        let error = #expect(throws: ProbeError.self) {
            try EventLog.events(from: Array(#"{"schemaVersion":1,"atMs":0,"event":"\u001b]0;owned\u0007"}"#.utf8))
        }
        #expect(error?.description.unicodeScalars.allSatisfy { !$0.isHazardous } == true)
    }

    @Test func `is refused at once even where a long text is not UTF-8`() throws {
        let text = String(repeating: "\u{E9}", count: 1_000_000)
        let bytes = [UInt8(ascii: "\"")] + Array(text.utf8) + [0xFF, UInt8(ascii: "\"")]
        let clock = ContinuousClock()
        let time = clock.measure {
            let error = #expect(throws: JSON.Failure.self) { try JSON.Value(parsing: bytes) }
            #expect(error?.offset == 2_000_001)
        }
        // Quadratic, it took some minutes.
        #expect(time < .seconds(30))
    }
}
