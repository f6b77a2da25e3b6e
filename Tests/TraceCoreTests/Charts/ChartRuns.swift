import TraceCoreFuzzChecks

@testable import TraceCore

/// Runs for charts: from the simulated internet, and from a generator of strange ones.
enum ChartRuns {
    /// What a chart can be of.
    enum Kind: String, CaseIterable, Sendable {
        case ping, trace, watched, monitor
    }

    /// The picture of a run.
    static func svg(_ kind: Kind, _ events: [ProbeEvent], width: Int = 800) throws -> String {
        switch kind {
        case .ping: try PingReport.Chart.Fold.replay(events).svg(width: width)
        case .trace: TraceReport.Chart(try TraceReport.Fold.replay(events)).svg(width: width)
        case .watched: TraceReport.Chart(try MonitorReport.Fold.replay(events)).svg(width: width)
        case .monitor: try MonitorReport.Chart.Fold.replay(events).svg(width: width)
        }
    }

    /// A run over the demo.
    static func demo(_ kind: Kind) async throws -> [ProbeEvent] {
        var events: [ProbeEvent] = []
        switch kind {
        case .ping:
            let pinger = Pinger(SimulatedProber(.icmp, .demo), settings: PingSettings(count: 60))
            for try await event in pinger.events(for: "nairobi.example") { events.append(event) }
        case .trace:
            for try await event in PathTracer(SimulatedProber(.udp, .demo)).events(for: "losangeles.example") {
                events.append(event)
            }
        case .watched, .monitor:
            let monitor = PathMonitor(SimulatedProber(.icmp, .demo), settings: MonitorSettings(rounds: 240))
            for try await event in monitor.events(for: "nairobi.example") { events.append(event) }
        }
        return events
    }

    /// A run that no network would make: any times, any order, names of attackers.
    static func strange(seed: UInt64) -> [ProbeEvent] {
        var random = SeededGenerator(seed: seed)
        var names = HostileNames(seed: seed)
        let hops = 1 + random.below([1, 4, 12, 40][random.below(4)])
        let rounds = random.below([1, 3, 40, 200][random.below(4)])
        let scale = [1, 1000, 1_000_000, 40_000_000, 5_000_000_000, Int.max / 4][random.below(6)]
        let interval = [1, 1_000_000, 1_000_000_000, 3_600_000_000_000][random.below(4)]
        let loss = [0, 1, 30, 100][random.below(4)]
        func address(_ number: Int) -> IPAddress { IPAddress(198, 51, 100, UInt8(truncatingIfNeeded: number)) }
        let target = address(250)
        let run = RunDescription(
            verb: "monitor",
            target: ProbeTarget(name: names.next().map { UntrustedText(decoding: $0).raw }, address: target),
            method: ProbeMethod(rawValue: random.below(2) == 0 ? "udp" : "<script>&\u{1b}"), mode: "raw",
            startedAt: UTCTime(microsecondsSince1970: Int64(bitPattern: random.next()) / 4),
            parameters: .init(firstTTL: 1, interval: random.below(2) == 0 ? .nanoseconds(Int64(interval)) : nil))
        var events = [ProbeEvent(at: .zero, .started(run))]
        var id = 0
        for round in 0..<rounds {
            for ttl in 1...hops {
                let at = Duration.nanoseconds(Int64(round)) * interval
                let probe = Probe(id: id, target: target, ttl: UInt8(ttl), sequence: round)
                id += 1
                events.append(ProbeEvent(at: at, .sent(probe)))
                if random.below(100) < loss || ttl % 7 == 3 {
                    if random.below(10) > 0 { events.append(ProbeEvent(at: at + .seconds(2), .timedOut(probe))) }
                    continue
                }
                let rtt = Duration.nanoseconds(Int64(random.below(scale)))
                let from = ttl == hops && seed % 3 > 0 ? target : address(ttl * 3 + random.below(3))
                let kinds: [ReplyKind] = [.hostUnreachable, .timeExceeded, .timeExceeded, .timeExceeded, .other]
                let kind: ReplyKind =
                    from == target ? .echoReply : kinds[random.below(20) == 0 ? 0 : 1 + random.below(4)]
                let reply = ProbeReply(from: from, rtt: rtt, kind: kind)
                events.append(
                    ProbeEvent(at: at + rtt, random.below(30) == 0 ? .late(probe, reply) : .reply(probe, reply)))
                if random.below(5) == 0 {
                    events.append(
                        ProbeEvent(at: at + rtt, .named(from, names.next().map { UntrustedText(decoding: $0) })))
                }
            }
        }
        let error = ProbeError(.network, "The network <failed> with a message that is longer than one line of a phone")
        let ends = [RunEnd(.completed), RunEnd(.gap), RunEnd(.failed, error: error)]
        return events + [ProbeEvent(at: .seconds(1) * rounds, .ended(ends[random.below(3)]))]
    }
}
