import BenchmarkKit
import TraceCore

extension Benchmark {
    static var folds: [Benchmark] {
        [
            Benchmark("fold-trace", setup: { try await PathOfFifteenHops.events() }) { events, iterations in
                for _ in 0..<iterations { keep(try TraceFold.replay(events)) }
            }
        ]
    }
}
