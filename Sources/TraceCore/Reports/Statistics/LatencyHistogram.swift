/// A compact record of many latencies that answers any quantile to within 1 % of the true sample.
///
/// It is log-linear: every octave (a doubling of the latency) is cut into 64 buckets of equal width, so a
/// quantile, given as the middle of its bucket, is off by at most 1/128 of itself; below 128 ns it is exact.
/// An octave costs 256 bytes from its first sample on, so a series of ordinary round trips stays under
/// a kilobyte, and no series exceeds 8 KiB. Histograms of different runs add up without further loss.
package struct LatencyHistogram: Sendable, Equatable {
    /// The longest latency that has a bucket of its own; longer ones count as this one.
    package static let longestLatency = Duration.nanoseconds(longestNanoseconds)

    /// The number of samples that `quantile(_:)` draws on.
    package private(set) var count = 0

    /// The number of samples that were negative or longer than `longestLatency`, and so were moved to the
    /// nearest bucket there is.
    package private(set) var clampedCount = 0

    /// One bit for each octave in use.
    private var octaves: UInt32 = 0
    /// 64 counts for each octave in use, in order. 32 bits are 136 years of a probe each second.
    private var counts: [UInt32] = []

    /// An empty histogram.
    package init() {}

    /// Counts one latency.
    package mutating func add(_ latency: Duration) {
        let nanoseconds = latency.sampleNanoseconds
        add(nanoseconds: nanoseconds)
        if latency < .zero { clampedCount += 1 }
    }

    /// Counts one latency that is known not to be negative.
    @inline(__always)
    mutating func add(nanoseconds: UInt64) {
        if nanoseconds > UInt64(Self.longestNanoseconds) { clampedCount += 1 }
        add(1, to: BucketIndex(nanoseconds: min(nanoseconds, UInt64(Self.longestNanoseconds))))
    }

    /// Adds all samples of another histogram; the result is the same in whichever order it is done.
    package mutating func merge(_ other: LatencyHistogram) {
        other.forEachBucket { bucket, samples in add(samples, to: bucket) }
        clampedCount += other.clampedCount
    }

    /// The latency that the given share of the samples did not exceed, or nil while there is no sample.
    ///
    /// This is the nearest rank: of `n` samples, `quantile(0.95)` is the smallest that at least
    /// `0.95 * n` of them reach or stay below, and not an interpolation between two.
    /// A share outside `0...1` is taken as the nearer end.
    package func quantile(_ share: Double) -> Duration? {
        quantileNanoseconds(share).map { .nanoseconds(Int64($0)) }
    }

    func quantileNanoseconds(_ share: Double) -> UInt64? {
        guard count > 0 else { return nil }
        var remaining = rank(of: share)
        var octavesLeft = octaves
        var page = 0
        while octavesLeft != 0 {
            let octave = octavesLeft.trailingZeroBitCount
            for position in 0..<BucketIndex.perOctave {
                let samples = Int(counts[page + position])
                if samples >= remaining { return BucketIndex(octave: octave, position: position).middle }
                remaining -= samples
            }
            page += BucketIndex.perOctave
            octavesLeft &= octavesLeft - 1
        }
        return nil
    }

    /// The place, from 1, of the sample that bounds `share` of all of them.
    func rank(of share: Double) -> Int { Self.rank(of: share, among: count) }

    /// The place, from 1, of the sample that bounds `share` of a number of samples.
    static func rank(of share: Double, among count: Int) -> Int {
        // 0.07 * 100 is 7.000000000000001 in binary: a few units in the last place must not cost a rank.
        let exact = Double(count) * max(0, min(1, share)) * (1 - 0x1p-50)
        let whole = Int(exact)
        return max(1, min(count, Double(whole) < exact ? whole + 1 : whole))
    }

    /// Visits the buckets that hold samples, from the shortest latency up.
    func forEachBucket(_ visit: (BucketIndex, UInt32) -> Void) {
        var octavesLeft = octaves
        var page = 0
        while octavesLeft != 0 {
            let octave = octavesLeft.trailingZeroBitCount
            for position in 0..<BucketIndex.perOctave where counts[page + position] > 0 {
                visit(BucketIndex(octave: octave, position: position), counts[page + position])
            }
            page += BucketIndex.perOctave
            octavesLeft &= octavesLeft - 1
        }
    }

    @inline(__always)
    mutating func add(_ samples: UInt32, to bucket: BucketIndex) {
        let bit = UInt32(1) << UInt32(truncatingIfNeeded: bucket.octave)
        let page = (octaves & (bit - 1)).nonzeroBitCount * BucketIndex.perOctave
        if octaves & bit == 0 {
            openOctave(at: page)
            octaves |= bit
        }
        let (sum, overflow) = counts[page + bucket.position].addingReportingOverflow(samples)
        // A full bucket stays full, and `count` stays the sum of the buckets.
        let added = overflow ? UInt32.max - counts[page + bucket.position] : samples
        counts[page + bucket.position] = overflow ? .max : sum
        count += Int(added)
    }

    /// Makes room for an octave's counts, and for no more: `insert` would double the storage.
    @inline(never)
    private mutating func openOctave(at page: Int) {
        var grown: [UInt32] = []
        grown.reserveCapacity(counts.count + BucketIndex.perOctave)
        grown += counts[..<page]
        grown += repeatElement(0, count: BucketIndex.perOctave)
        grown += counts[page...]
        counts = grown
    }

    /// 2³⁷ − 1, about 137 s: the last of the 32 octaves that the bits of `octaves` stand for.
    private static let longestNanoseconds: Int64 = (1 << 37) - 1
}

extension LatencyHistogram {
    init(restoring buckets: [(BucketIndex, UInt32)], clampedCount: Int) {
        for (bucket, samples) in buckets { add(samples, to: bucket) }
        self.clampedCount = clampedCount
    }
}

extension LatencyHistogram {
    /// Where a latency is counted: an octave, and one of the 64 buckets in it.
    struct BucketIndex: Equatable {
        static let perOctave = 64

        /// 0 for latencies below 64 ns; octave `k` starts at `32 << k` ns.
        let octave: Int
        let position: Int

        init(octave: Int, position: Int) {
            self.octave = octave
            self.position = position
        }

        @inline(__always)
        init(nanoseconds: UInt64) {
            octave = 58 - (nanoseconds | 63).leadingZeroBitCount
            position = Int(truncatingIfNeeded: nanoseconds >> UInt64(Self.shift(octave))) & 63
        }

        /// The shortest latency of the bucket, in nanoseconds.
        var lower: UInt64 {
            octave == 0 ? UInt64(position) : UInt64(Self.perOctave + position) << UInt64(octave - 1)
        }

        /// The number of different latencies, in nanoseconds, that share the bucket.
        var width: UInt64 { 1 << UInt64(Self.shift(octave)) }

        /// The latency that stands for the bucket: at most half a width from each in it.
        var middle: UInt64 { lower + width / 2 }

        /// The first two octaves both have buckets of 1 ns.
        @inline(__always)
        private static func shift(_ octave: Int) -> Int { max(0, octave &- 1) }
    }
}

extension LatencyHistogram {
    /// One bar of the histogram: a range of latencies and how many samples fell into it.
    package struct Bucket: Sendable, Hashable {
        /// The shortest latency that falls into the bucket.
        package let lowerBound: Duration
        /// The shortest latency that is too long for the bucket.
        package let upperBound: Duration
        /// The number of samples in the bucket, at least one.
        package let count: Int
    }

    /// The buckets that hold samples, from the shortest latency up, as one would draw them.
    package var buckets: [Bucket] {
        var found: [Bucket] = []
        forEachBucket { index, samples in
            found.append(
                Bucket(
                    lowerBound: .nanoseconds(Int64(index.lower)),
                    upperBound: .nanoseconds(Int64(index.lower + index.width)),
                    count: Int(samples)))
        }
        return found
    }
}
