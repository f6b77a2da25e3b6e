/// Jitter in the terms of mtr, for output that is to agree with it column by column.
///
/// mtr's Jttr and Jmax are `lastDifference` and `maxDifference`, and its Gmean is `geometricMean`.
extension RunningStatistics {
    /// mtr's Javg: as `meanDifference`, but mtr counts a difference of 0 for the first reply.
    public var mtrJavg: Duration {
        count > 0 ? Duration(roundingNanoseconds: Double(sumOfDifferencesNs) / Double(count)) : .zero
    }

    /// mtr's Jint: sixteen times the jitter of RFC 3550, because mtr leaves out the last division.
    public var mtrJint: Duration { Duration(roundingNanoseconds: jitterNs * 16) }
}
