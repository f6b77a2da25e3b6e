/// The buckets by numbers, for those who keep histograms in a form of their own.
extension LatencyHistogram {
    /// The number of buckets; their numbers begin at 0, with the shortest latencies.
    package static var bucketCount: Int { UInt32.bitWidth * BucketIndex.perOctave }

    /// The number of the bucket in which a latency is counted.
    package static func bucket(ofNanoseconds nanoseconds: UInt64) -> Int {
        let index = BucketIndex(nanoseconds: min(nanoseconds, UInt64(longestLatency.sampleNanoseconds)))
        return index.octave * BucketIndex.perOctave + index.position
    }

    /// Counts samples in buckets; a number that no bucket has counts as the nearest.
    package mutating func add(_ buckets: [(number: Int, samples: UInt32)]) {
        for (number, samples) in buckets { add(samples, inBucket: number) }
    }

    /// Counts samples in a bucket; a number that no bucket has counts as the nearest.
    @inline(__always)
    package mutating func add(_ samples: UInt32, inBucket number: Int) {
        let number = min(max(number, 0), Self.bucketCount - 1)
        let (octave, position) = (number / BucketIndex.perOctave, number % BucketIndex.perOctave)
        add(samples, to: BucketIndex(octave: octave, position: position))
    }

    /// Visits the buckets that hold samples, from the shortest latency up.
    package func forEachBucketNumber(_ visit: (_ number: Int, _ samples: UInt32) -> Void) {
        forEachBucket { visit($0.octave * BucketIndex.perOctave + $0.position, $1) }
    }
}
