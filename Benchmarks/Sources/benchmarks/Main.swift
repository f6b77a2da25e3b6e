import BenchmarkKit
import Foundation

/// All cases, in the order of the table. Those of one part of the library are in a file of its name.
private var benchmarks: [Benchmark] {
    Benchmark.statistics + Benchmark.wire + Benchmark.addresses + Benchmark.json + Benchmark.folds
        + Benchmark.runs + Benchmark.sweeps + Benchmark.service
}

@main enum Main {
    static func main() async {
        let thresholds = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Thresholds.txt").standardizedFileURL.path
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(await Runner(benchmarks, thresholdsPath: thresholds).run(arguments))
    }
}
