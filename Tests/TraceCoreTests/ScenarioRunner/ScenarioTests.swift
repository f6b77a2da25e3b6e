import Testing

@testable import TraceCore

@Suite struct `Scenarios over simulated internets` {
    @Test func `there are at least sixty-six of them`() { #expect(Scenario.all.count >= 66) }

    @Test(arguments: Scenario.all) func `every run shows what its scenario says`(_ file: String) async throws {
        let scenario = try Scenario(file: file)
        let internet = try SimulatedInternet(parsing: scenario.topology, name: scenario.name)
        for (number, run) in scenario.runs.enumerated() {
            let events = try await events(for: run, in: scenario, over: internet)
            var outcome = ScenarioOutcome(events)
            try judgeAsReports(events, run, &outcome)
            try judgeAsLog(events)
            try ScenarioDigests.compare(events, of: "\(scenario.name) \(number + 1)")
            for expectation in run.expectations {
                let place = "\(scenario.name):\(expectation.line)"
                let judge = ScenarioJudge(outcome: outcome, place: place)
                if let verdict = try judge.verdict(on: expectation.words) {
                    Issue.record("\(place): \(expectation.words.joined(separator: " ")): \(verdict)")
                }
            }
            // The same run again gives the same events, to the nanosecond.
            #expect(try await self.events(for: run, in: scenario, over: internet) == events)
        }
    }

    private func events(
        for run: Scenario.Run, in scenario: Scenario, over internet: SimulatedInternet
    ) async throws -> [ProbeEvent] {
        var settings = ScenarioSettings(run, in: scenario)
        let family: IPAddress.Family? = settings.text("family").map { $0 == "v6" ? .v6 : .v4 }
        let options = RunOptions(family: family, deadline: try settings.duration("deadline"))
        let prober = try prober(run, in: scenario, over: internet, &settings)
        let events: RunStream<ProbeEvent>
        switch run.verb {
        case "trace":
            events = PathTracer(prober, settings: try TraceSettings(&settings), options: options).events(
                for: run.target)
        case "mtu":
            let trace = try TraceSettings(&settings)
            events = MTUFinder(prober, settings: PathMTUSettings(trace: trace), options: options)
                .events(for: run.target)
        case "ping":
            events = Pinger(prober, settings: try PingSettings(&settings), options: options).events(for: run.target)
        case "monitor":
            events = PathMonitor(prober, settings: try MonitorSettings(&settings), options: options)
                .events(for: run.target)
        case "sweep":
            guard let network = IPNetwork(run.target), let hosts = network.hosts.indexed else {
                throw Scenario.Mistake(description: "\(scenario.name):\(run.line): a sweep takes a network")
            }
            events = Sweeper(prober, settings: try SweepSettings(&settings)).events(for: hosts)
        default: throw Scenario.Mistake(description: "\(scenario.name):\(run.line): no such run: \(run.verb)")
        }
        try settings.finish()
        var list: [ProbeEvent] = []
        for try await event in events { list.append(event) }
        return list
    }

    private func prober(
        _ run: Scenario.Run, in scenario: Scenario, over internet: SimulatedInternet,
        _ settings: inout ScenarioSettings
    ) throws -> SimulatedProber<ManualClock> {
        let port = try settings.integer("port").map { UInt16($0) }
        let transport: ProbeTransport
        switch run.method {
        case "icmp": transport = .icmp
        case "udp": transport = .udp(port: port ?? 33434)
        case "tcp": transport = .tcp(port: port ?? 80)
        default: throw Scenario.Mistake(description: "\(scenario.name):\(run.line): no such method: \(run.method)")
        }
        var options = SimulatedInternet.Options(vantage: settings.text("vantage"))
        if let value = try settings.duration("at") { options.startingAt = value }
        if settings.text("identity") == "classic" { options.packets.identity = .classic }
        if let value = try settings.integer("class") { options.packets.trafficClass = UInt8(value) }
        if let value = try settings.integer("payload") { options.packets.payloadSize = UInt16(value) }
        options.packets.dontFragment = settings.text("df") == "on"
        return SimulatedProber(transport, internet, options: options)
    }

    /// Replaying the run's events gives its report, and the report survives JSON.
    private func judgeAsReports(
        _ events: [ProbeEvent], _ run: Scenario.Run, _ outcome: inout ScenarioOutcome
    ) throws {
        switch run.verb {
        case "trace": outcome.trace = try judge(TraceReport.Fold.self, events)
        case "mtu": outcome.mtu = try judge(PathMTUReport.Fold.self, events)
        case "ping": outcome.ping = try judge(PingReport.Fold.self, events)
        case "monitor": outcome.path = try judge(MonitorReport.Fold.self, events)
        default: outcome.sweep = try judge(SweepReport.Fold.self, events)
        }
    }

    private func judge<Fold: EventFold>(
        _ fold: Fold.Type, _ events: [ProbeEvent]
    ) throws -> Fold.Report where Fold.Report: Codable & Equatable {
        let report = try Fold.replay(events)
        let bytes = try JSON.encode(report)
        #expect(try JSON.decode(Fold.Report.self, from: bytes) == report)
        return report
    }

    /// The events survive being written and read, and say nothing that cannot be.
    private func judgeAsLog(_ events: [ProbeEvent]) throws {
        let writer = JSON.Lines()
        for event in events { try writer.write(event) }
        #expect(try EventLog.events(from: writer.bytes) == events)

        var out: Set<Probe.ID> = []
        var known: Set<Probe.ID> = []
        for event in events {
            switch event.fact {
            case .sent(let probe):
                #expect(known.insert(probe.id).inserted)
                out.insert(probe.id)
            case .reply(let probe, _), .timedOut(let probe): #expect(out.remove(probe.id) != nil)
            case .late(let probe, _), .duplicate(let probe, _):
                #expect(known.contains(probe.id) && !out.contains(probe.id))
            case .sendFailed(let probe, _): #expect(known.insert(probe.id).inserted)
            case .started: #expect(event == events.first)
            case .ended: #expect(event == events.last)
            case .named: break
            }
        }
        if case .started = events.first?.fact {} else { Issue.record("the first event is not the start") }
        if case .ended = events.last?.fact {} else { Issue.record("the last event is not the end") }
    }
}
