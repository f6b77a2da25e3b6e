import BenchmarkKit
import TraceCore

/// Ten thousand paths of fifteen hops that are watched at the same time, one round after another.
///
/// A round is what a second of live watching brings: 150,000 probes sent and 150,000 answers. The paths' events come
/// path by path, and each path's state has gone from the caches until its turn comes again.
struct ManyPaths {
    private static let count = 10_000
    private var folds: [ChangeReport.Fold]
    private var round = 0
    private(set) var changes = 0

    init() {
        let run = RunDescription(
            verb: "monitor", target: ProbeTarget(address: PathOfFifteenHops.host), method: .udp, mode: "benchmark",
            startedAt: .epoch)
        var fold = ChangeReport.Fold()
        fold.apply(ProbeEvent(at: .zero, .started(run)))
        folds = Array(repeating: fold, count: Self.count)
        // Until every figure that a fold keeps is in use.
        for _ in 0..<40 { foldRound() }
    }

    mutating func foldRound() {
        let at = Duration.seconds(round)
        for path in folds.indices {
            for ttl in 1...15 as ClosedRange<UInt8> {
                changes += folds[path].take(ProbeEvent(at: at, .sent(probe(ttl)))).count
            }
            for ttl in 1...15 as ClosedRange<UInt8> {
                let rtt = Duration.microseconds(Int(ttl) * 1000 + (round &* 37 &+ path &* 11) & 127)
                let response = ProbeReply(
                    from: ttl == 15 ? PathOfFifteenHops.host : IPAddress(198, 51, 100, ttl), rtt: rtt,
                    kind: ttl == 15 ? .portUnreachable : .timeExceeded)
                changes += folds[path].take(ProbeEvent(at: at + rtt, .reply(probe(ttl), response))).count
            }
        }
        round += 1
    }

    private func probe(_ ttl: UInt8) -> Probe {
        Probe(id: round * 15 + Int(ttl), target: PathOfFifteenHops.host, ttl: ttl, sequence: round)
    }
}
