extension Duration {
    /// The duration as a statistics sample: whole nanoseconds, rounded down, between 0 and about 2.6 hours.
    ///
    /// Dividing 128 bits of attoseconds costs more than all the rest of a statistics update. 10⁹ is 2⁹ · 5⁹,
    /// so the nine bits are shifted out first, and what is left fits 64 bits for every duration below 2⁷³
    /// attoseconds; longer ones are no round trip on any network, and count as that.
    @inline(__always)
    var sampleNanoseconds: UInt64 {
        let shifted = attoseconds >> 9
        guard shifted >= 0 else { return 0 }
        let word = shifted > Int128(UInt64.max) ? UInt64.max : UInt64(truncatingIfNeeded: shifted)
        return word / 1_953_125
    }

    /// What `sampleNanoseconds` is at most, a little more than 2⁴³.
    static let longestSampleNanoseconds = UInt64.max / 1_953_125
}
