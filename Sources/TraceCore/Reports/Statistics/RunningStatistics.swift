/// The statistics of a series of round trips: extremes, mean, deviation, jitter, percentiles.
///
/// It takes samples one at a time in constant memory. Sums are kept as integers of 128 bits, so mean and
/// deviation carry no error from the order, number or size of the samples. A negative sample counts as 0,
/// and one beyond 2.6 hours as that.
package struct RunningStatistics: Sendable, Equatable {
    /// The number of samples.
    package internal(set) var count = 0

    var firstNs: UInt64 = 0
    var lastNs: UInt64 = 0
    var minNs = UInt64.max
    var maxNs: UInt64 = 0

    /// Below 2⁴⁴ ns a sample, these have room for 2⁴⁰ of the longest ones.
    var sumNs: UInt128 = 0
    var sumOfSquares: UInt128 = 0

    /// J of RFC 3550, section 6.4.1, not yet rounded.
    var jitterNs = 0.0
    var lastDifferenceNs: UInt64 = 0
    var maxDifferenceNs: UInt64 = 0
    var sumOfDifferencesNs: UInt128 = 0

    var geometric = GeometricMean()

    /// The distribution of the samples.
    package internal(set) var histogram = LatencyHistogram()

    /// Statistics of no sample yet.
    package init() {}

    /// Takes in the next sample of the series.
    package mutating func add(_ sample: Duration) {
        let nanoseconds = sample.sampleNanoseconds
        if count > 0 {
            addDifference(to: nanoseconds)
        } else {
            firstNs = nanoseconds
        }
        count &+= 1
        lastNs = nanoseconds
        minNs = Swift.min(minNs, nanoseconds)
        maxNs = Swift.max(maxNs, nanoseconds)
        sumNs &+= UInt128(nanoseconds)
        sumOfSquares &+= UInt128(nanoseconds) &* UInt128(nanoseconds)
        // No answer comes within a nanosecond, and a single 0 would make the whole geometric mean 0.
        geometric.add(Double(Swift.max(1, nanoseconds)))
        histogram.add(nanoseconds: nanoseconds)
    }

    @inline(__always)
    private mutating func addDifference(to nanoseconds: UInt64) {
        let difference = nanoseconds > lastNs ? nanoseconds &- lastNs : lastNs &- nanoseconds
        lastDifferenceNs = difference
        maxDifferenceNs = Swift.max(maxDifferenceNs, difference)
        sumOfDifferencesNs &+= UInt128(difference)
        jitterNs += (Double(difference) - jitterNs) * 0.0625
    }
}

extension RunningStatistics {
    /// Takes in all samples of another series, as if each had been added after those of this one.
    ///
    /// Count, extremes, means, deviation and percentiles do not depend on which series comes first; jitter
    /// and the differences do, and see the step from the last sample here to the first one there.
    package mutating func merge(_ other: RunningStatistics) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        mergeDifferences(other)
        count &+= other.count
        lastNs = other.lastNs
        minNs = Swift.min(minNs, other.minNs)
        maxNs = Swift.max(maxNs, other.maxNs)
        sumNs &+= other.sumNs
        sumOfSquares &+= other.sumOfSquares
        geometric.merge(other.geometric)
        histogram.merge(other.histogram)
    }

    private mutating func mergeDifferences(_ other: RunningStatistics) {
        let step = other.firstNs > lastNs ? other.firstNs - lastNs : lastNs - other.firstNs
        lastDifferenceNs = other.count > 1 ? other.lastDifferenceNs : step
        maxDifferenceNs = Swift.max(maxDifferenceNs, step, other.maxDifferenceNs)
        sumOfDifferencesNs &+= UInt128(step) &+ other.sumOfDifferencesNs

        // J ← J·15/16 + |D|/16 is linear: what J was before the other series has faded by 15/16 for each of
        // its differences, and the rest is the J which that series had by itself.
        let jitterBefore = jitterNs + (Double(step) - jitterNs) * 0.0625
        jitterNs = jitterBefore * Self.fading(over: other.count - 1) + other.jitterNs
    }

    /// (15/16)ⁿ, by repeated squaring.
    private static func fading(over differences: Int) -> Double {
        var result = 1.0
        var power = 0.9375
        var remaining = differences
        while remaining > 0 {
            if remaining & 1 == 1 { result *= power }
            power *= power
            remaining >>= 1
        }
        return result
    }
}

/// The results. Computed values are rounded to whole nanoseconds.
extension RunningStatistics {
    /// The shortest sample, or nil while there is none.
    package var min: Duration? { count > 0 ? .nanoseconds(Int64(minNs)) : nil }

    /// The longest sample, or nil while there is none.
    package var max: Duration? { count > 0 ? .nanoseconds(Int64(maxNs)) : nil }

    /// The first sample of the series, or nil while there is none.
    package var first: Duration? { count > 0 ? .nanoseconds(Int64(firstNs)) : nil }

    /// The latest sample of the series, or nil while there is none.
    package var last: Duration? { count > 0 ? .nanoseconds(Int64(lastNs)) : nil }

    /// The arithmetic mean, or nil while there is no sample.
    package var mean: Duration? {
        guard count > 0 else { return nil }
        return .nanoseconds(Int64(truncatingIfNeeded: roundedMean.quotient))
    }

    /// The geometric mean, which one slow reply among many hardly moves, or nil while there is no sample.
    package var geometricMean: Duration? {
        count > 0 ? Duration(roundingNanoseconds: geometric.value(count: count)) : nil
    }

    /// The sample standard deviation (n − 1), or nil for fewer than two samples.
    package var standardDeviation: Duration? {
        guard count > 1 else { return nil }
        return Duration(roundingNanoseconds: Logarithm.squareRoot(sumOfSquaredDeviations / Double(count - 1)))
    }

    /// The interarrival jitter of RFC 3550: differences between neighbours, smoothed over about 16 of them.
    package var jitter: Duration { Duration(roundingNanoseconds: jitterNs) }

    /// How far the latest sample was from the one before it, or nil for fewer than two samples.
    package var lastDifference: Duration? { count > 1 ? .nanoseconds(Int64(lastDifferenceNs)) : nil }

    /// The greatest distance between neighbouring samples, or nil for fewer than two samples.
    package var maxDifference: Duration? { count > 1 ? .nanoseconds(Int64(maxDifferenceNs)) : nil }

    /// The mean distance between neighbouring samples, or nil for fewer than two samples.
    package var meanDifference: Duration? {
        guard count > 1 else { return nil }
        return Duration(roundingNanoseconds: Double(sumOfDifferencesNs) / Double(count - 1))
    }

    /// The sample that the given share of all samples did not exceed, or nil while there is none.
    ///
    /// It is exact where that is the shortest or the longest sample, and within 1 % elsewhere.
    package func quantile(_ share: Double) -> Duration? {
        guard let estimate = histogram.quantileNanoseconds(share) else { return nil }
        let rank = histogram.rank(of: share)
        if rank == 1 { return min }
        if rank == histogram.count { return max }
        return .nanoseconds(Int64(Swift.max(minNs, Swift.min(maxNs, estimate))))
    }
}

extension RunningStatistics {
    /// The mean to the nearest nanosecond and what is then left of the sum.
    private var roundedMean: (quotient: Int128, remainder: Int128) {
        let samples = Int128(count)
        let sum = Int128(truncatingIfNeeded: sumNs)
        let quotient = (sum &+ samples / 2) / samples
        return (quotient, sum &- quotient &* samples)
    }

    /// Σ(x − mean)², with one rounding at the end.
    ///
    /// The textbook Σx² − (Σx)²/n loses everything to cancellation in floating point. In integers, the sum
    /// around the rounded mean q is exact: with Σx = nq + r it is Σx² − q(Σx + r). What is left to take off is
    /// r²/n, and because |r| ≤ n/2 and the deviations are whole, that is at most half of it.
    var sumOfSquaredDeviations: Double {
        let (mean, remainder) = roundedMean
        let sum = Int128(truncatingIfNeeded: sumNs)
        let aroundMean = Int128(truncatingIfNeeded: sumOfSquares) &- mean &* (sum &+ remainder)
        let correction = Double(remainder) * Double(remainder) / Double(count)
        return Swift.max(0, Double(aroundMean) - correction)
    }
}

extension Duration {
    /// Rounds to the nearest whole number of nanoseconds.
    init(roundingNanoseconds nanoseconds: Double) {
        self = .nanoseconds(Int64(nanoseconds + 0.5))
    }
}
