import TraceCore

extension Situation {
    /// The settings of the fold.
    var changeSettings: ChangeReport.Fold.Settings {
        get throws { ChangeReport.Fold.Settings(limit: try duration("limit")) }
    }

    /// The time between two rounds, or two runs: no change can be placed more exactly.
    var round: Duration { get throws { try duration("every") ?? duration("interval") ?? .seconds(1) } }

    /// The events of all runs, one after another, as chance has it with a seed.
    func events(seed: UInt64) async throws -> [ProbeEvent] {
        let internet = try SimulatedInternet(parsing: topology, name: name)
        var events: [ProbeEvent] = []
        for run in 0..<(try integer("runs") ?? 1) {
            var options = SimulatedInternet.Options(seed: seed &+ UInt64(run) &* 1_000_003)
            options.startingAt = try (duration("every") ?? .zero) * Double(run)
            if text("identity") == "classic" { options.packets.identity = .classic }
            let stream = try stream(SimulatedProber(transport, internet, options: options))
            for try await event in stream { events.append(event) }
        }
        return events
    }

    private var transport: ProbeTransport {
        get throws {
            switch method {
            case "icmp": .icmp
            case "udp": .udp(port: 33434)
            case "tcp": .tcp(port: 80)
            default: throw Mistake(description: "\(name): no such method: \(method)")
            }
        }
    }

    private func stream(_ prober: SimulatedProber<ManualClock>) throws -> RunStream<ProbeEvent> {
        switch verb {
        case "monitor":
            var settings = MonitorSettings(rounds: try integer("rounds") ?? 120)
            settings.interval = try duration("interval") ?? settings.interval
            settings.timeout = try duration("timeout") ?? settings.timeout
            return PathMonitor(prober, settings: settings).events(for: target)
        case "trace":
            var settings = TraceSettings()
            settings.queries = try integer("queries") ?? 3
            return PathTracer(prober, settings: settings).events(for: target)
        default: throw Mistake(description: "\(name): no such run: \(verb)")
        }
    }

    /// What is wrong with the changes that were told of: false alarms, and what was missed.
    func verdict(on changes: [ChangeReport.Change], start: UTCTime) throws -> [String] {
        var left = changes
        var wrong: [String] = []
        let round = try round
        for expected in expected {
            // What a round shows comes up to two round trips later, and one of the last of those before it was earlier.
            let error = expected.within ?? round
            let (earliest, latest) = (expected.at - error, expected.at + error + .milliseconds(500))
            let index = left.firstIndex { change in
                let at = change.at - start
                return change.kind == expected.kind && expected.hop ?? change.hop == change.hop
                    && earliest <= at && at <= latest
            }
            if let index { left.remove(at: index) } else { wrong.append("missed: \(expected)") }
        }
        return wrong + left.map { "false alarm: \($0.kind) hop \($0.hop) at \($0.at - start): \($0.text)" }
    }
}
