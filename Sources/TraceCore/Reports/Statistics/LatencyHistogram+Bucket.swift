extension LatencyHistogram {
    /// One bar of the histogram: a range of latencies and how many samples fell into it.
    public struct Bucket: Sendable, Hashable {
        /// The shortest latency that falls into the bucket.
        public let lowerBound: Duration
        /// The shortest latency that is too long for the bucket.
        public let upperBound: Duration
        /// The number of samples in the bucket, at least one.
        public let count: Int
    }

    /// The buckets that hold samples, from the shortest latency up, as one would draw them.
    public var buckets: [Bucket] {
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
