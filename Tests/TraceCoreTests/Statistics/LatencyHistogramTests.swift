import Foundation
import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct LatencyHistogramTests {
    static let shares = [0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1]

    @Test(arguments: 1...20)
    func `every quantile is within one percent of the sample it stands for`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let samples = generator.latencies(Int(seed) * 97, octaves: 10..<36)
        var histogram = LatencyHistogram()
        for sample in samples { histogram.add(.nanoseconds(sample)) }

        let sorted = samples.sorted()
        for share in Self.shares {
            let rank = max(1, Int((share * Double(sorted.count)).rounded(.up)))
            let exact = Double(sorted[rank - 1])
            let estimate = try #require(histogram.quantile(share)) / .nanoseconds(1)
            #expect(abs(estimate - exact) <= exact / 128, "quantile \(share)")
        }
        #expect(histogram.count == samples.count)
        #expect(histogram.clampedCount == 0)
    }

    @Test(arguments: [0, 1, 63, 64, 100, 127])
    func `latencies below 128 nanoseconds are exact`(nanoseconds: Int64) {
        var histogram = LatencyHistogram()
        histogram.add(.nanoseconds(nanoseconds))
        #expect(histogram.quantile(0.5) == .nanoseconds(nanoseconds))
    }

    @Test func `every bucket starts where the one before it ends`() {
        var end: UInt64 = 0
        for octave in 0..<32 {
            for position in 0..<64 {
                let bucket = LatencyHistogram.BucketIndex(octave: octave, position: position)
                #expect(bucket.lower == end)
                end += bucket.width
                #expect(LatencyHistogram.BucketIndex(nanoseconds: bucket.lower) == bucket)
                #expect(LatencyHistogram.BucketIndex(nanoseconds: end - 1) == bucket)
            }
        }
        #expect(.nanoseconds(Int64(end - 1)) == LatencyHistogram.longestLatency)
        #expect(LatencyHistogram.longestLatency > .seconds(100))
    }

    @Test func `a quantile is the nearest rank`() {
        var histogram = LatencyHistogram()
        for nanoseconds in Int64(1)...100 { histogram.add(.nanoseconds(nanoseconds)) }
        for percent in Int64(1)...100 {
            #expect(histogram.quantile(Double(percent) / 100) == .nanoseconds(percent))
        }
        #expect(histogram.quantile(-1) == .nanoseconds(1))
        #expect(histogram.quantile(2) == .nanoseconds(100))
    }

    @Test func `an empty histogram has no quantile`() {
        #expect(LatencyHistogram().quantile(0.5) == nil)
        #expect(LatencyHistogram().buckets.isEmpty)
    }

    @Test func `latencies out of range are counted at its ends and said to be`() {
        var histogram = LatencyHistogram()
        histogram.add(.seconds(-1))
        histogram.add(.milliseconds(10))
        histogram.add(.seconds(3_600))
        #expect(histogram.count == 3)
        #expect(histogram.clampedCount == 2)
        #expect(histogram.quantile(0) == .zero)
        #expect(histogram.quantile(1)! > .seconds(136))
    }

    @Test func `the longest duration there is does not trap`() {
        var histogram = LatencyHistogram()
        histogram.add(.seconds(Int64.max))
        histogram.add(.seconds(Int64.min))
        #expect(histogram.clampedCount == 2)
    }

    @Test(arguments: 1...10)
    func `merging equals adding all samples, in either order`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let left = generator.latencies(200, octaves: 20..<22)
        let right = generator.latencies(300, octaves: 5..<40)
        func histogram(_ samples: [Int64]) -> LatencyHistogram {
            samples.reduce(into: LatencyHistogram()) { $0.add(.nanoseconds($1)) }
        }
        var leftFirst = histogram(left)
        leftFirst.merge(histogram(right))
        var rightFirst = histogram(right)
        rightFirst.merge(histogram(left))
        #expect(leftFirst == histogram(left + right))
        #expect(rightFirst == leftFirst)
    }

    @Test func `a full bucket stays full and the count stays its sum`() throws {
        let full = #"{"lowerNs": [100], "counts": [4294967295]}"#
        var histogram = try JSONDecoder().decode(LatencyHistogram.self, from: Data(full.utf8))
        histogram.merge(histogram)
        #expect(histogram.count == 4_294_967_295)
        #expect(histogram.quantile(1) == .nanoseconds(100))
    }

    @Test func `buckets come in ascending order with their samples`() {
        var histogram = LatencyHistogram()
        for milliseconds in [40, 10, 10] { histogram.add(.milliseconds(milliseconds)) }
        let buckets = histogram.buckets
        #expect(buckets.map(\.count) == [2, 1])
        #expect((buckets[0].lowerBound..<buckets[0].upperBound).contains(.milliseconds(10)))
        #expect((buckets[1].lowerBound..<buckets[1].upperBound).contains(.milliseconds(40)))
    }
}
