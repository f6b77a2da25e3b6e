import Foundation

/// The same figures by their definitions, from all samples at once: what the running ones are held against.
struct ExactStatistics {
    let samples: [Double]
    let sorted: [Int64]

    init(_ nanoseconds: [Int64]) {
        samples = nanoseconds.map(Double.init)
        sorted = nanoseconds.sorted()
    }

    var mean: Double { samples.reduce(0, +) / Double(samples.count) }

    var standardDeviation: Double {
        let mean = self.mean
        return (samples.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(samples.count - 1))
            .squareRoot()
    }

    var geometricMean: Double { exp(samples.map { log($0) }.reduce(0, +) / Double(samples.count)) }

    var differences: [Double] { zip(samples, samples.dropFirst()).map { abs($1 - $0) } }

    var jitter: Double { differences.reduce(0) { $0 + ($1 - $0) / 16 } }

    var meanDifference: Double { differences.reduce(0, +) / Double(differences.count) }

    var maxDifference: Double { differences.max() ?? 0 }

    func quantile(_ share: Double) -> Int64 {
        sorted[max(1, Int((share * Double(sorted.count)).rounded(.up))) - 1]
    }
}
