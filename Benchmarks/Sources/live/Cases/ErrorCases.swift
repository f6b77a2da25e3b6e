import Foundation
import TraceCore

// How far the round-trip times of tools are from the simulator's own.
extension Case {
    static let errorsIdle = Case("errors-idle", "round-trip error, idle") { laboratory, name in
        try errors(laboratory, name, hogs: 0, figure: "median") { ours, peers in ours.median <= peers.median }
    }

    static let errorsBusy = Case("errors-busy", "round-trip error, every processor busy") { laboratory, name in
        let hogs = ProcessInfo.processInfo.activeProcessorCount
        return try errors(laboratory, name, hogs: hogs, figure: "p99") { ours, peers in
            ours.median <= peers.median && ours.p99 < peers.p99
        }
    }

    /// Errors in microseconds.
    struct Errors {
        let count: Int
        let median: Double
        let p99: Double

        init?(_ errors: [Double]) {
            guard let median = errors.median, let p99 = errors.quantile(0.99) else { return nil }
            (count, self.median, self.p99) = (errors.count, median, p99)
        }

        var text: String { "median \(median.short) µs, p99 \(p99.short) µs of \(count)" }
    }

    private static func errors(
        _ laboratory: Laboratory, _ name: String, hogs: Int, figure: String,
        _ isMet: (_ ours: Errors, _ peers: (median: Double, p99: Double)) -> Bool
    ) throws -> [Row] {
        let gauges = Gauge.all(laboratory.programs)
        let result = try laboratory.run(
            gauges.compactMap(\.command), in: Topologies.near, rounds: max(laboratory.rounds, 20), hogs: hogs,
            isLogged: true)
        var measured: [(gauge: Gauge, errors: Errors?, reason: String)] = []
        for gauge in gauges {
            let runs = result.runs(of: Duel.name(of: gauge.entry))
            let errors = runs.flatMap { run in gauge.errors(run.output, Array(result.packets(of: run))) }
            let reason = gauge.entry.path == nil ? gauge.entry.reason : runs.compactMap(\.failure).first ?? "no answers"
            measured.append((gauge, Errors(errors), reason))
        }
        let peers = measured.filter { !$0.gauge.entry.isOurs }
        let peerText = peers.map { "\($0.gauge.shown): \($0.errors?.text ?? $0.reason)" }.joined(separator: "; ")
        let best = peers.compactMap(\.errors)
        let bound = (median: best.map(\.median).min() ?? 0, p99: best.map(\.p99).min() ?? 0)
        return measured.filter(\.gauge.entry.isOurs).enumerated().map { index, ours in
            let target =
                figure == "median"
                ? "median no worse than the best peer's" : "the same, and p99 better than all peers'"
            let ratio = ours.errors.map { figure == "median" ? $0.median / bound.median : $0.p99 / bound.p99 }
            return Row(
                name: name, target: target,
                ours: "\(ours.gauge.shown): \(ours.errors?.text ?? "not yet: \(ours.reason)")",
                peer: index == 0 ? peerText : "the same",
                ratio: best.isEmpty ? "" : ratio?.short ?? "",
                verdict: best.isEmpty ? nil : ours.errors.map { isMet($0, bound) })
        }
    }
}

/// A tool whose round-trip times can be held against the log: how it is run, and how its figures find their packets.
struct Gauge {
    let entry: Programs.Entry
    let arguments: [String]
    var repeats = 1
    /// The differences in microseconds between what a run says and what was.
    let errors: (_ output: String, _ packets: [SimulatedLink.Record]) -> [Double]

    var command: InsidePlan.Command? {
        entry.path.map {
            InsidePlan.Command(name: Duel.name(of: entry), words: [$0] + arguments, repeats: repeats)
        }
    }

    var shown: String { "`\(([entry.name] + arguments).joined(separator: " "))`" }

    /// All that can be run, each with some thirty probes in a round.
    static func all(_ programs: Programs) -> [Gauge] {
        let target = Topologies.target
        let echoes = ["-n", "-c", "30", "-i", "0.002"]
        return [
            Gauge(entry: programs.our("ping"), arguments: echoes + ["--json", target]) { output, packets in
                errors(EchoOutput(json: output), packets, firstNumber: 0)
            },
            Gauge(entry: programs.our("trace"), arguments: ["-I", "-n", "--json", target]) { output, packets in
                errors(PathOutput(json: output), packets)
            },
            Gauge(entry: programs.peer("ping"), arguments: echoes + [target]) { output, packets in
                errors(EchoOutput(text: output), packets, firstNumber: 1)
            },
            Gauge(entry: programs.peer("traceroute"), arguments: ["-I", "-n", target]) { output, packets in
                errors(PathOutput(text: output), packets)
            },
            Gauge(
                entry: programs.peer("scamper"),
                arguments: ["-O", "json", "-I", "trace -P icmp-paris \(target)"], repeats: 3
            ) { output, packets in
                output.split(separator: "\n").flatMap { errors(PathOutput(scamper: $0), packets) }
            },
            Gauge(
                entry: programs.peer("mtr"), arguments: ["--raw", "-n", "-c", "3", "-i", "0.1", "-G", "0.5", target]
            ) { output, packets in
                let rtts = EchoOutput(mtr: output).rttMs
                return packets.compactMap { packet in
                    rtts[Int(packet.sequence)].flatMap { error($0, packet) }
                }
            },
        ]
    }

    /// What a figure is off by; nil for a packet that was not answered.
    private static func error(_ rttMs: Double, _ packet: SimulatedLink.Record) -> Double? {
        guard packet.outcome == .answered, let written = packet.writtenNs else { return nil }
        return abs(rttMs * 1000 - Double(written - packet.sentNs) / 1000)
    }

    /// Echoes are sent in the order of their numbers.
    private static func errors(_ output: EchoOutput?, _ packets: [SimulatedLink.Record], firstNumber: Int) -> [Double] {
        let echoes = packets.filter { $0.outcome != .again }
        return (output?.rttMs ?? [:]).compactMap { number, rtt in
            let index = number - firstNumber
            return echoes.indices.contains(index) ? error(rtt, echoes[index]) : nil
        }
    }

    /// The probes of one hop are sent in their order.
    private static func errors(_ output: PathOutput?, _ packets: [SimulatedLink.Record]) -> [Double] {
        let probes = Dictionary(grouping: packets.filter { $0.outcome != .again }) { Int($0.ttl) }
        return (output?.hops ?? [:]).flatMap { ttl, answers in
            zip(answers, probes[ttl] ?? []).compactMap { answer, packet in
                answer.flatMap { error($0.rttMs, packet) }
            }
        }
    }
}
