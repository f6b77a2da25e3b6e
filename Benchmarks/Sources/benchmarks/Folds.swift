import BenchmarkKit
import TraceCore

extension Benchmark {
    static var folds: [Benchmark] {
        [
            Benchmark("fold-trace", setup: { try await PathOfFifteenHops.events() }) { events, iterations in
                for _ in 0..<iterations { keep(try TraceReport.Fold.replay(events)) }
            },
            Benchmark("fold-changes-10000-paths", setup: { ManyPaths() }) { paths, iterations in
                for _ in 0..<iterations { paths.foldRound() }
                guard paths.changes == 0 else {
                    throw PathOfFifteenHops.WrongResult(description: "\(paths.changes) changes of steady paths")
                }
            },
        ]
    }
}
