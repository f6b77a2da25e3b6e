/// The coded form is the exact state, from which a later process can go on adding and merging; what a person
/// reads is `RTTSummary`. Sums beyond the 53 bits that JSON keeps exact are written as decimal text.
extension RunningStatistics: Codable {
    private enum CodingKeys: String, CodingKey {
        case count, firstNs, lastNs, minNs, maxNs
        case sum, sumOfSquares
        case jitterNs, lastDifferenceNs, maxDifferenceNs, sumOfDifferences
        case product, productExponent
        case histogram
    }

    /// Writes the whole state, or only a count of 0 when there is no sample.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        guard count > 0 else { return }
        try container.encode(firstNs, forKey: .firstNs)
        try container.encode(lastNs, forKey: .lastNs)
        try container.encode(minNs, forKey: .minNs)
        try container.encode(maxNs, forKey: .maxNs)
        try container.encode(String(sumNs), forKey: .sum)
        try container.encode(String(sumOfSquares), forKey: .sumOfSquares)
        try container.encode(jitterNs, forKey: .jitterNs)
        try container.encode(lastDifferenceNs, forKey: .lastDifferenceNs)
        try container.encode(maxDifferenceNs, forKey: .maxDifferenceNs)
        try container.encode(String(sumOfDifferencesNs), forKey: .sumOfDifferences)
        try container.encode(geometric.product, forKey: .product)
        try container.encode(geometric.exponent, forKey: .productExponent)
        try container.encode(histogram, forKey: .histogram)
    }

    /// Reads a state, refusing one that no series of samples leads to.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init()

        func refuse(_ key: CodingKeys, _ reason: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: container, debugDescription: reason)
        }
        count = try container.decode(Int.self, forKey: .count)
        guard count != 0 else { return }
        guard (1...Self.mostCodedSamples).contains(count) else {
            throw refuse(.count, "\(count) is not a number of samples")
        }
        minNs = try container.decode(UInt64.self, forKey: .minNs)
        maxNs = try container.decode(UInt64.self, forKey: .maxNs)
        guard minNs <= maxNs, maxNs <= Duration.longestSampleNanoseconds else {
            throw refuse(.maxNs, "samples cannot lie between \(minNs) and \(maxNs) ns")
        }
        let samples = minNs...maxNs
        let differences = 0...(maxNs - minNs)
        func nanoseconds(_ key: CodingKeys, in range: ClosedRange<UInt64>) throws -> UInt64 {
            let value = try container.decode(UInt64.self, forKey: key)
            guard range.contains(value) else { throw refuse(key, "\(value) ns is not in \(range)") }
            return value
        }
        /// A sum of `number` values which each lie in `range`.
        func sum(_ key: CodingKeys, of number: Int, in range: ClosedRange<UInt128>) throws -> UInt128 {
            let text = try container.decode(String.self, forKey: key)
            let possible = range.lowerBound * UInt128(number)...range.upperBound * UInt128(number)
            guard let value = UInt128(text), possible.contains(value) else {
                throw refuse(key, "“\(text)” is not a sum of \(number) values in \(range)")
            }
            return value
        }
        firstNs = try nanoseconds(.firstNs, in: samples)
        lastNs = try nanoseconds(.lastNs, in: samples)
        lastDifferenceNs = try nanoseconds(.lastDifferenceNs, in: differences)
        maxDifferenceNs = try nanoseconds(.maxDifferenceNs, in: differences)

        let low = UInt128(minNs)
        let high = UInt128(maxNs)
        sumNs = try sum(.sum, of: count, in: low...high)
        sumOfSquares = try sum(.sumOfSquares, of: count, in: low * low...high * high)
        sumOfDifferencesNs = try sum(.sumOfDifferences, of: count - 1, in: 0...UInt128(maxDifferenceNs))

        jitterNs = try container.decode(Double.self, forKey: .jitterNs)
        guard jitterNs >= 0, jitterNs <= Double(maxDifferenceNs) * (1 + 1e-9) else {
            throw refuse(.jitterNs, "\(jitterNs) is not between 0 and the greatest difference")
        }
        let product = try container.decode(Double.self, forKey: .product)
        let exponent = try container.decode(Int.self, forKey: .productExponent)
        guard let geometric = GeometricMean(coded: product, exponent: exponent),
            (Double(minNs) - 1...Double(maxNs) + 1).contains(geometric.value(count: count))
        else {
            throw refuse(.product, "\(product) · 2^\(exponent) is not a product of such samples")
        }
        self.geometric = geometric
        histogram = try container.decode(LatencyHistogram.self, forKey: .histogram)
        guard histogram.count <= count else {
            throw refuse(.histogram, "the histogram has \(histogram.count) of \(count) samples")
        }
    }

    /// 2⁴⁰ samples of at most 2⁴⁴ ns keep the sum of squares within 128 bits: 35,000 years of one a second.
    private static let mostCodedSamples = 1 << 40
}
