import BenchmarkKit
import TraceCore

extension Benchmark {
    /// Whole runs over a simulated path of 15 hops: plan, packets, network, matching, events and report.
    static var runs: [Benchmark] {
        [
            trace("trace-15-hops-sparing", .sparing),
            trace("trace-15-hops", TraceSettings()),
            Benchmark(
                "monitor-round-15-hops",
                setup: { PathMonitor(SimulatedProber(.udp, try await PathOfFifteenHops.internet())) }
            ) { monitor, rounds in
                let report = try await monitor.watch(PathOfFifteenHops.host, rounds: rounds)
                guard report.hops.count == 15, report.rounds == rounds else {
                    throw PathOfFifteenHops.WrongResult(description: "\(report)")
                }
            },
            Benchmark("monitor-plan-round-15-hops", setup: { () }) { _, rounds in
                var plan = try MonitorPlan(
                    target: PathOfFifteenHops.host, settings: MonitorSettings(rounds: rounds + 1))
                try keep(PathOfFifteenHops.drive(&plan))
            },
        ]
    }

    private static func trace(_ name: String, _ settings: TraceSettings) -> Benchmark {
        Benchmark(
            name,
            setup: {
                let tracer = PathTracer(
                    SimulatedProber(.udp, try await PathOfFifteenHops.internet()), settings: settings)
                try PathOfFifteenHops.check(try await tracer.trace(PathOfFifteenHops.host))
                return tracer
            }
        ) { tracer, iterations in
            for _ in 0..<iterations { keep(try await tracer.trace(PathOfFifteenHops.host)) }
        }
    }
}
