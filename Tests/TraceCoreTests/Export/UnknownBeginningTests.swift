import Testing

@testable import TraceCore

/// Runs that do not say when and how they asked, as the rest of a log whose beginning is missing.
@Suite struct `A run whose beginning is not known` {
    private static func head(_ verb: Verb, at time: Duration = .zero) -> ProbeEvent {
        let target = ProbeTarget(address: SmallRuns.target)
        return ProbeEvent(
            at: time, .started(RunDescription(verb: verb, target: target, method: nil, mode: nil, startedAt: nil)))
    }

    private static let ping = [head("ping")] + SmallRuns.ping.dropFirst()
    private static let trace = [head("trace")] + SmallRuns.trace.dropFirst()

    /// What all texts of such runs must not have.
    private func expectNothingInvented(_ text: String, _ place: SourceLocation = #_sourceLocation) {
        for invented in ["1970", "by icmp", "by udp", "UTC", "nil", "Optional"] {
            #expect(!text.contains(invented), "\(invented) in \(text)", sourceLocation: place)
        }
    }

    @Test func `has no key for what is not known, and is read back as it was`() throws {
        let event = Self.head("ping")
        let line = try JSON.text(event)
        #expect(
            line == #"{"schemaVersion":2,"event":"started","atMs":0,"run":{"verb":"ping","#
                + #""target":{"address":"203.0.113.7"},"parameters":{}}}"#)
        #expect(try EventLog.events(from: Array(line.utf8)) == [event])
        let report = try PingReport.Fold.replay(Self.ping)
        let text = try JSON.text(report)
        #expect(text.hasPrefix(#"{"schemaVersion":2,"target":{"address":"203.0.113.7"},"parameters":{},"sent":5,"#))
        #expect(try JSON.decode(PingReport.self, from: Array(text.utf8)).run == report.run)
        let path = try MonitorReport.Fold.replay(Self.trace)
        #expect(try JSON.decode(MonitorReport.self, from: JSON.encode(path)).run == path.run)
    }

    @Test func `is told in every text without a time or a method`() throws {
        var lines: [String] = []
        var ping = PingReport.Text(PingReport.Text.Style(showsTimes: true, isVerbose: true))
        for event in Self.ping { lines += ping.apply(event) }
        #expect(lines.first == "PING 203.0.113.7")
        #expect(lines.contains { $0.hasPrefix("64 bytes from 203.0.113.7: icmp_seq=1 ") }, "\(lines)")
        var trace = TraceReport.Text()
        for event in Self.trace { lines += trace.apply(event) }
        #expect(lines.contains("trace to 203.0.113.7"))
        let (report, path) = (try PingReport.Fold.replay(Self.ping), try MonitorReport.Fold.replay(Self.trace))
        lines += report.markdownLines + path.markdownLines + (try TraceReport.Fold.replay(Self.trace)).markdownLines
        #expect(lines.contains("Ping of **203.0.113.7**"))
        lines += MTRReport(path).textLines() + MTRReport(path).csvLines() + MTRReport(path).xmlLines
        #expect(lines.contains("Start: unknown"))
        #expect(lines.contains { $0.hasPrefix("MTR.TraceCore,,OK,203.0.113.7,1,") })
        lines.append(try PingReport.Chart.Fold.replay(Self.ping).svg())
        lines.append(try MonitorReport.Chart.Fold.replay(Self.trace).svg())
        lines.append(TraceReport.Chart(try TraceReport.Fold.replay(Self.trace)).svg())
        for line in lines { expectNothingInvented(line) }
    }

    @Test func `is a result of Atlas and a trace of scamper without a time or a method`() throws {
        let record = try TraceRecord.Fold.replay(Self.trace)
        let documents = [
            try JSON.text(Atlas.Ping(PingReport.Fold.replay(Self.ping))), try JSON.text(Atlas.Traceroute(record)),
            try JSON.text(ScamperTrace(record)),
        ]
        for document in documents {
            for key in ["timestamp", "endtime", "proto", "method", "start", "tx"] {
                #expect(!document.contains("\"\(key)\":"), "\(document)")
            }
            expectNothingInvented(document)
        }
        _ = try JSON.decode(Atlas.Ping.self, from: Array(documents[0].utf8))
        _ = try JSON.decode(Atlas.Traceroute.self, from: Array(documents[1].utf8))
        _ = try JSON.decode(ScamperTrace.self, from: Array(documents[2].utf8))
    }

    @Test(arguments: [false, true]) func `has no time in the lines of fping`(_ isJSON: Bool) {
        let style = FpingOutput.Style(
            content: .answers, isJSON: isJSON, showsTimes: true, showsStatistics: true,
            interimInterval: .seconds(1))
        var output = FpingOutput(style)
        var lines = FpingOutput.Lines()
        for event in Self.ping { output.apply(event, to: &lines) }
        let text = String(decoding: lines.results + lines.messages, as: UTF8.self)
        #expect(!text.contains("\"time\"") && !text.split(separator: "\n").contains { $0.hasPrefix("[") }, "\(text)")
        #expect(isJSON || text.contains("probes sent"), "\(text)")
        expectNothingInvented(text)
    }

    @Test func `lists lost probes from the first answer on, not from a first probe that nobody knows`() throws {
        let report = try PingReport.Fold.replay(
            [Self.head("ping")]
                + [7, 8, 9].flatMap { sequence -> [ProbeEvent] in
                    let probe = Probe(id: sequence, target: SmallRuns.target, sequence: sequence)
                    let reply = ProbeReply(from: SmallRuns.target, rtt: .milliseconds(1), kind: .echoReply)
                    let at = Duration.seconds(sequence)
                    return [
                        ProbeEvent(at: at, .sent(probe)),
                        ProbeEvent(at: at, sequence == 8 ? .timedOut(probe) : .reply(probe, reply)),
                    ]
                })
        let fates = report.outcomes.map { if case .answered(let reply) = $0 { reply.sequence } else { -1 } }
        #expect(fates == [7, -1, 9])
    }

    @Test func `counts rounds and hops from the first ones that are known`() throws {
        let events =
            [Self.head("monitor", at: .seconds(500))]
            + (500...502).flatMap { round in
                (5...6).map { ttl in
                    let probe = Probe(
                        id: round * 2 + ttl, target: SmallRuns.target, ttl: UInt8(ttl), sequence: round)
                    return ProbeEvent(at: .seconds(round), .sent(probe))
                }
            }
        let report = try MonitorReport.Fold.replay(events)
        #expect(report.rounds == 3)
        #expect(report.hops.map(\.ttl).first ?? 5 == 5)
        #expect(try PathSetReport.Fold.replay(events).rounds == 3)
        var text = PingReport.Text()
        for event in [Self.head("ping", at: .seconds(500)), ProbeEvent(at: .seconds(502), .ended(RunEnd(.completed)))] {
            _ = text.apply(event)
        }
        #expect(text.summary().contains { $0.hasSuffix("time 2000ms") }, "\(text.summary())")
    }

    @Test func `has no changes, for each has a time`() throws {
        var fold = ChangeReport.Fold()
        for event in Self.trace { #expect(fold.take(event).isEmpty) }
        #expect(fold.report() == nil)
        let state = try JSON.decode(ChangeReport.Fold.self, from: JSON.encode(fold))
        #expect(state == fold)
        for event in SmallRuns.trace { fold.apply(event) }
        #expect(fold.report()?.run.startedAt == UTCTime(microsecondsSince1970: 1_700_000_000_250_000))
    }
}
