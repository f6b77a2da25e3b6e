import BenchmarkKit
import TraceCore

extension Benchmark {
    static var statistics: [Benchmark] {
        [
            Benchmark("statistics-update", setup: { (RunningStatistics(), roundTrips) }) {
                state, iterations in
                for index in 0..<iterations { state.0.add(state.1[index & 1_023]) }
                keep(state.0)
            },
            Benchmark("histogram-quantile", setup: { filledHistogram() }) { histogram, iterations in
                for index in 0..<iterations { keep(histogram.quantile(Double(index & 127) / 127)) }
            },
        ]
    }

    /// 1,024 round trips of 20 to 60 ms, in no order that a branch predictor could learn.
    private static var roundTrips: [Duration] {
        (0..<1_024).map { index in .nanoseconds(20_000_000 + index * 7_919 * 104_729 % 40_000_000) }
    }

    private static func filledHistogram() -> LatencyHistogram {
        roundTrips.reduce(into: LatencyHistogram()) { $0.add($1) }
    }
}
