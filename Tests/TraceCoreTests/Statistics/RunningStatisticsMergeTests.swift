import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct RunningStatisticsMergeTests {
    static func statistics(_ samples: some Sequence<Int64>) -> RunningStatistics {
        samples.reduce(into: RunningStatistics()) { $0.add(.nanoseconds($1)) }
    }

    @Test(arguments: 1...20)
    func `merging a later series equals adding its samples`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let samples = generator.latencies(300, octaves: 10..<36)
        let cut = Int.random(in: 0...samples.count, using: &generator)
        let all = Self.statistics(samples)
        var merged = Self.statistics(samples[..<cut])
        merged.merge(Self.statistics(samples[cut...]))

        #expect(abs(merged.jitterNs / all.jitterNs - 1) < 1e-12)
        let mean = all.geometric.value(count: all.count)
        #expect(abs(merged.geometric.value(count: all.count) / mean - 1) < 1e-12)
        // All else is integers, and must be equal to the last one.
        merged.jitterNs = all.jitterNs
        merged.geometric = all.geometric
        #expect(merged == all)
    }

    @Test(arguments: [[1, 2], [2, 1], [1, 1], [3, 0], [0, 3]])
    func `differences see the step between the two series`(lengths: [Int]) {
        let samples: [Int64] = [10_000_000, 30_000_000, 60_000_000]
        var merged = Self.statistics(samples.prefix(lengths[0]))
        merged.merge(Self.statistics(samples.dropFirst(lengths[0]).prefix(lengths[1])))
        let all = Self.statistics(samples.prefix(lengths[0] + lengths[1]))
        #expect(merged.lastDifference == all.lastDifference)
        #expect(merged.maxDifference == all.maxDifference)
        #expect(merged.meanDifference == all.meanDifference)
        #expect(merged.jitter == all.jitter)
    }

    @Test func `merging two empty ones stays empty`() {
        var none = RunningStatistics()
        none.merge(RunningStatistics())
        #expect(none == RunningStatistics())
    }
}
