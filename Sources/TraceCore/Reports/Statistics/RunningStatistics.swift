/// What is known of a series of round trips at any moment: extremes, mean, deviation, jitter, percentiles.
///
/// It takes samples one at a time in constant memory. Sums are kept as integers of 128 bits, so mean and
/// deviation carry no error from the order, number or size of the samples. A negative sample counts as 0,
/// and one beyond 2.6 hours as that.
public struct RunningStatistics: Sendable, Equatable {
    /// The number of samples.
    public internal(set) var count = 0

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
    public internal(set) var histogram = LatencyHistogram()

    /// Statistics of no sample yet.
    public init() {}

    /// Takes in the next sample of the series.
    public mutating func add(_ sample: Duration) {
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
        // Nothing comes back within a nanosecond, and one 0 would make the mean of all the others 0.
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
