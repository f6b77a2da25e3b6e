/// What the samples amount to. Values that are computed are rounded to whole nanoseconds.
extension RunningStatistics {
    /// The shortest sample, or nil while there is none.
    public var min: Duration? { count > 0 ? .nanoseconds(Int64(minNs)) : nil }

    /// The longest sample, or nil while there is none.
    public var max: Duration? { count > 0 ? .nanoseconds(Int64(maxNs)) : nil }

    /// The first sample of the series, or nil while there is none.
    public var first: Duration? { count > 0 ? .nanoseconds(Int64(firstNs)) : nil }

    /// The latest sample of the series, or nil while there is none.
    public var last: Duration? { count > 0 ? .nanoseconds(Int64(lastNs)) : nil }

    /// The arithmetic mean, or nil while there is no sample.
    public var mean: Duration? {
        guard count > 0 else { return nil }
        return .nanoseconds(Int64(truncatingIfNeeded: roundedMean.quotient))
    }

    /// The geometric mean, which one slow reply among many hardly moves, or nil while there is no sample.
    public var geometricMean: Duration? {
        count > 0 ? Duration(roundingNanoseconds: geometric.value(count: count)) : nil
    }

    /// The sample standard deviation (n − 1), or nil for fewer than two samples.
    public var standardDeviation: Duration? {
        guard count > 1 else { return nil }
        return Duration(roundingNanoseconds: Logarithm.squareRoot(sumOfSquaredDeviations / Double(count - 1)))
    }

    /// The interarrival jitter of RFC 3550: differences between neighbours, smoothed over about 16 of them.
    public var jitter: Duration { Duration(roundingNanoseconds: jitterNs) }

    /// How far the latest sample was from the one before it, or nil for fewer than two samples.
    public var lastDifference: Duration? { count > 1 ? .nanoseconds(Int64(lastDifferenceNs)) : nil }

    /// The greatest distance between neighbouring samples, or nil for fewer than two samples.
    public var maxDifference: Duration? { count > 1 ? .nanoseconds(Int64(maxDifferenceNs)) : nil }

    /// The mean distance between neighbouring samples, or nil for fewer than two samples.
    public var meanDifference: Duration? {
        guard count > 1 else { return nil }
        return Duration(roundingNanoseconds: Double(sumOfDifferencesNs) / Double(count - 1))
    }

    /// The sample that the given share of all samples did not exceed, or nil while there is none.
    ///
    /// It is exact where that is the shortest or the longest sample, and within 1 % elsewhere.
    public func quantile(_ share: Double) -> Duration? {
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
    /// The nearest whole number of nanoseconds, for what statistics of samples come to.
    init(roundingNanoseconds nanoseconds: Double) {
        self = .nanoseconds(Int64(nanoseconds + 0.5))
    }
}
