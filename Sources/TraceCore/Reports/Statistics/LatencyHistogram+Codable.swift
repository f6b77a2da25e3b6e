/// The coded form names each bucket by its shortest latency in whole nanoseconds, so that it can be read
/// without knowing how this type numbers its buckets.
extension LatencyHistogram: Codable {
    private enum CodingKeys: String, CodingKey {
        case lowerNs, counts, clamped
    }

    /// Writes the buckets that hold samples, as their lower bounds and their counts.
    package func encode(to encoder: any Encoder) throws {
        var lower: [UInt64] = []
        var counts: [UInt32] = []
        forEachBucket { bucket, samples in
            lower.append(bucket.lower)
            counts.append(samples)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(lower, forKey: .lowerNs)
        try container.encode(counts, forKey: .counts)
        if clampedCount > 0 { try container.encode(clampedCount, forKey: .clamped) }
    }

    /// Reads a histogram, refusing one whose buckets are not those of this type, in ascending order.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let lower = try container.decode([UInt64].self, forKey: .lowerNs)
        let counts = try container.decode([UInt32].self, forKey: .counts)
        let clamped = try container.decodeIfPresent(Int.self, forKey: .clamped) ?? 0

        func refuse(_ key: CodingKeys, _ reason: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: container, debugDescription: reason)
        }
        guard lower.count == counts.count else {
            throw refuse(.counts, "\(lower.count) buckets but \(counts.count) counts")
        }
        var buckets: [(BucketIndex, UInt32)] = []
        var previous: UInt64?
        for (bound, samples) in zip(lower, counts) {
            let bucket = BucketIndex(nanoseconds: bound)
            guard bucket.lower == bound, bucket.octave < UInt32.bitWidth else {
                throw refuse(.lowerNs, "no bucket starts at \(bound) ns")
            }
            if let previous, previous >= bound {
                throw refuse(.lowerNs, "\(bound) ns follows \(previous) ns; bounds must ascend")
            }
            guard samples > 0 else { throw refuse(.counts, "the bucket at \(bound) ns is empty") }
            buckets.append((bucket, samples))
            previous = bound
        }
        self.init(restoring: buckets, clampedCount: clamped)
        guard (0...count).contains(clamped) else {
            throw refuse(.clamped, "\(clamped) of \(count) samples cannot have been clamped")
        }
    }
}
