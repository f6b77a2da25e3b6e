extension RunningStatistics {
    /// Takes in all samples of another series, as if each had been added after those of this one.
    ///
    /// Count, extremes, means, deviation and percentiles do not depend on which series comes first; jitter
    /// and the differences do, and see the step from the last sample here to the first one there.
    public mutating func merge(_ other: RunningStatistics) {
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
