import Foundation
import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct RunningStatisticsTests {
    static func statistics(ms samples: [Int]) -> RunningStatistics {
        samples.reduce(into: RunningStatistics()) { $0.add(.milliseconds($1)) }
    }

    @Test func `no sample has no values`() {
        let none = RunningStatistics()
        #expect(none.count == 0)
        #expect(none.min == nil && none.max == nil && none.first == nil && none.last == nil)
        #expect(none.mean == nil && none.geometricMean == nil && none.standardDeviation == nil)
        #expect(none.meanDifference == nil && none.maxDifference == nil && none.lastDifference == nil)
        #expect(none.quantile(0.5) == nil)
        #expect(none.jitter == .zero)
    }

    @Test func `one sample is its own mean and has no deviation`() {
        let one = Self.statistics(ms: [10])
        #expect(one.mean == .milliseconds(10))
        #expect(one.geometricMean == .milliseconds(10))
        #expect(one.quantile(0.5) == .milliseconds(10))
        #expect(one.standardDeviation == nil)
        #expect(one.maxDifference == nil)
        #expect(one.jitter == .zero)
    }

    @Test func `10 and 20 ms deviate by 7,071 ms`() {
        let two = Self.statistics(ms: [10, 20])
        #expect(two.mean == .milliseconds(15))
        #expect(two.standardDeviation == .nanoseconds(7_071_068))
        #expect(two.geometricMean == .nanoseconds(14_142_136))
        #expect(two.jitter == .microseconds(625))
    }

    @Test func `a constant 100 ms has no jitter and no deviation`() {
        let constant = Self.statistics(ms: Array(repeating: 100, count: 1_000))
        #expect(constant.jitter == .zero)
        #expect(constant.standardDeviation == .zero)
        #expect(constant.geometricMean == .milliseconds(100))
        #expect(constant.quantile(0.5) == .milliseconds(100))
        #expect(constant.maxDifference == .zero)
    }

    @Test func `alternating 10 and 20 ms converges to 10 ms of jitter`() {
        let alternating = Self.statistics(ms: (0..<1_000).map { $0.isMultiple(of: 2) ? 10 : 20 })
        #expect(alternating.jitter == .milliseconds(10))
        #expect(alternating.meanDifference == .milliseconds(10))
        #expect(alternating.maxDifference == .milliseconds(10))
    }

    @Test func `a deviation of a nanosecond survives a mean of an hour`() {
        var statistics = RunningStatistics()
        for index in 0..<100_000 { statistics.add(.seconds(3_600) + .nanoseconds(index % 2 * 2)) }
        #expect(statistics.standardDeviation == .nanoseconds(1))
        #expect(statistics.mean == .seconds(3_600) + .nanoseconds(1))
    }

    @Test(arguments: 1...20)
    func `values agree with those computed from all samples at once`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let samples = generator.latencies(Int(seed) * 53 + 2, octaves: 12..<36)
        let exact = ExactStatistics(samples)
        let running = samples.reduce(into: RunningStatistics()) { $0.add(.nanoseconds($1)) }

        #expect(running.count == samples.count)
        #expect(running.min == .nanoseconds(exact.sorted[0]))
        #expect(running.max == .nanoseconds(exact.sorted[samples.count - 1]))
        #expect(running.first == .nanoseconds(samples[0]))
        #expect(running.last == .nanoseconds(samples[samples.count - 1]))
        func agrees(_ value: Duration?, _ expected: Double, _ name: Comment) throws {
            let nanoseconds = try #require(value) / .nanoseconds(1)
            #expect(abs(nanoseconds - expected) <= 0.5 + expected * 1e-12, name)
        }
        try agrees(running.mean, exact.mean, "mean")
        try agrees(running.standardDeviation, exact.standardDeviation, "standard deviation")
        try agrees(running.geometricMean, exact.geometricMean, "geometric mean")
        try agrees(running.jitter, exact.jitter, "jitter")
        try agrees(running.meanDifference, exact.meanDifference, "mean difference")
        try agrees(running.maxDifference, exact.maxDifference, "greatest difference")
        #expect(abs(running.geometric.value(count: samples.count) / exact.geometricMean - 1) < 1e-12)
        for share in [0.5, 0.9, 0.95, 0.99] {
            let sample = Double(exact.quantile(share))
            let estimate = try #require(running.quantile(share)) / .nanoseconds(1)
            #expect(abs(estimate - sample) <= sample / 100)
        }
    }

    @Test func `the geometric mean of a million samples is exact to nine digits`() throws {
        var generator = SeededGenerator(seed: 3)
        var statistics = RunningStatistics()
        var logarithms = 0.0
        for sample in generator.latencies(1_000_000, octaves: 18..<28) {
            statistics.add(.nanoseconds(sample))
            logarithms += Foundation.log(Double(sample))
        }
        let exact = Foundation.exp(logarithms / 1_000_000)
        #expect(abs(statistics.geometric.value(count: 1_000_000) / exact - 1) < 1e-9)
    }

    @Test func `samples out of range are taken as the nearest in it`() {
        var statistics = RunningStatistics()
        statistics.add(.seconds(-1))
        statistics.add(.seconds(Int64.max))
        #expect(statistics.min == .zero)
        #expect(statistics.max == .nanoseconds(Int64(Duration.longestSampleNanoseconds)))
        #expect(statistics.standardDeviation != nil)
        #expect(statistics.geometricMean != nil)
    }

    @Test func `the shortest and the longest sample are exact as quantiles`() {
        let four = Self.statistics(ms: [10, 20, 30, 40])
        #expect(four.quantile(0.25) == .milliseconds(10))
        #expect(four.quantile(0.95) == .milliseconds(40))
    }

    @Test func `a quantile never leaves the range of the samples`() {
        var statistics = RunningStatistics()
        for _ in 0..<3 { statistics.add(.nanoseconds(10_000_001)) }
        #expect(statistics.quantile(0) == .nanoseconds(10_000_001))
        #expect(statistics.quantile(1) == .nanoseconds(10_000_001))
    }
}
