import Foundation
import TraceCore

extension Case {
    static let service = Case("service", "1,000 pings of one service, 2,000 probes a second") { laboratory, name in
        let words = [Programs.me, "--service", "1000", "2000", "10"]
        let command = InsidePlan.Command(name: "service", words: words)
        let result = try laboratory.run([command], in: Topologies.fifteenHops, rounds: 1, warmUps: 0, isExact: false)
        let shown = "`ProbeService` with 1,000 × `Pinger(.icmp)` that want 10 probes a second each"
        guard let run = result.runs.first, run.failure == nil,
            let found = try? JSONDecoder().decode(ServiceProgram.Found.self, from: Data(run.output.utf8))
        else {
            let reason = result.runs.first.map { $0.failure ?? $0.output + $0.errors } ?? "it did not run"
            return [
                Row(name: name, target: "", ours: "\(shown): not yet: \(reason)", peer: "none", ratio: "", verdict: nil)
            ]
        }
        func row(_ target: String, _ ours: String, _ isMet: Bool) -> Row {
            Row(name: name, target: target, ours: "\(shown): \(ours)", peer: "none", ratio: "", verdict: isMet)
        }
        let fair = found.sent / found.runs
        return [
            row(
                "at most 200 sent in any 100 ms", "at most \(found.mostInWindow), \(found.sent) in all",
                found.mostInWindow <= 200),
            row(
                "each its share within a fifth", "\(found.least) to \(found.most) probes, \(fair) each on average",
                found.least * 5 >= fair * 4 && found.most * 5 <= fair * 6),
            row(
                "all ended within 50 ms when they are cancelled", "the last after \(found.cancelMs.short) ms",
                found.cancelMs <= 50),
        ]
    }
}

/// The program of the case: many pings through one service at once, which are all cancelled in the end.
struct ServiceProgram {
    /// What it came to.
    struct Found: Codable {
        var runs = 0
        var sent = 0
        /// The most probes that left in any 100 ms.
        var mostInWindow = 0
        /// The fewest and the most probes of one run.
        var least = Int.max
        var most = 0
        /// How long it took from cancelling to the end of the last run.
        var cancelMs = 0.0
    }

    let count: Int
    let rate: Int
    let seconds: Int

    func run() async throws -> Int32 {
        let service = ProbeService(
            policy: .all, limits: .none,
            quotas: .init(
                probesPerSecond: rate, runs: count, runsPerClient: count, runsPerTarget: count, lookUpsPerSecond: nil),
            prober: { LiveProber($0.transport, options: $0.live) })
        let found = try await withThrowingTaskGroup(of: ([UTCTime], ContinuousClock.Instant).self) { group in
            for index in 0..<count {
                let settings = PingSettings(count: nil, interval: .milliseconds(100))
                let request = RunRequest("10.0.\(index >> 8).\(index & 255)", .ping(settings), names: false)
                group.addTask {
                    let stream = try await service.events(for: request, client: "198.51.100.7")
                    var times: [UTCTime] = []
                    var began: UTCTime?
                    for try await batch in stream.batches {
                        for event in batch {
                            if case .started(let run) = event.fact { began = run.startedAt }
                            if case .sent = event.fact, let began { times.append(began + event.at) }
                        }
                    }
                    return (times, .now)
                }
            }
            try await Task.sleep(for: .seconds(seconds))
            let cancelled = ContinuousClock.now
            group.cancelAll()
            var all: [UTCTime] = []
            var found = Found()
            for try await (times, ended) in group {
                found.cancelMs = max(found.cancelMs, cancelled.duration(to: ended) / .milliseconds(1))
                found.runs += 1
                found.least = min(found.least, times.count)
                found.most = max(found.most, times.count)
                all += times
            }
            found.sent = all.count
            found.mostInWindow = Self.mostInWindow(all.sorted())
            return found
        }
        print(String(decoding: try JSONEncoder().encode(found), as: UTF8.self))
        return 0
    }

    private static func mostInWindow(_ times: [UTCTime]) -> Int {
        var (most, first) = (0, 0)
        for (index, time) in times.enumerated() {
            // Both ends are known to the microsecond.
            while times[first] + .microseconds(99_998) <= time { first += 1 }
            most = max(most, index - first + 1)
        }
        return most
    }
}
