extension RTTSummary: Codable {
    private enum CodingKeys: String, CodingKey {
        case min = "minMs"
        case average = "avgMs"
        case max = "maxMs"
        case standardDeviation = "stddevMs"
        case p50 = "p50Ms"
        case p90 = "p90Ms"
        case p95 = "p95Ms"
        case p99 = "p99Ms"
        case jitter = "jitterMs"
    }

    /// Writes each figure as a number of milliseconds, and no `stddevMs` where there is no deviation.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(min.milliseconds, forKey: .min)
        try container.encode(average.milliseconds, forKey: .average)
        try container.encode(max.milliseconds, forKey: .max)
        try container.encodeIfPresent(standardDeviation?.milliseconds, forKey: .standardDeviation)
        try container.encode(p50.milliseconds, forKey: .p50)
        try container.encode(p90.milliseconds, forKey: .p90)
        try container.encode(p95.milliseconds, forKey: .p95)
        try container.encode(p99.milliseconds, forKey: .p99)
        try container.encode(jitter.milliseconds, forKey: .jitter)
    }

    /// Reads a summary, each figure to the nanosecond it was written with.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func figure(_ key: CodingKeys) throws -> Duration {
            let milliseconds = try container.decode(Double.self, forKey: key)
            guard milliseconds >= 0, milliseconds < 9e12 else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container,
                    debugDescription: "\(milliseconds) ms is not a time that a packet can take")
            }
            return .nanoseconds(Int64(milliseconds * 1e6 + 0.5))
        }
        min = try figure(.min)
        average = try figure(.average)
        max = try figure(.max)
        standardDeviation =
            container.contains(.standardDeviation) ? try figure(.standardDeviation) : nil
        p50 = try figure(.p50)
        p90 = try figure(.p90)
        p95 = try figure(.p95)
        p99 = try figure(.p99)
        jitter = try figure(.jitter)
    }
}

extension Duration {
    /// The whole nanoseconds as milliseconds: the nearest `Double` rounds back to the same nanosecond.
    fileprivate var milliseconds: Double { Double(Int64(attoseconds / 1_000_000_000)) / 1e6 }
}
