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
        try container.encode(milliseconds: min, forKey: .min)
        try container.encode(milliseconds: average, forKey: .average)
        try container.encode(milliseconds: max, forKey: .max)
        try container.encodeIfPresent(milliseconds: standardDeviation, forKey: .standardDeviation)
        try container.encode(milliseconds: p50, forKey: .p50)
        try container.encode(milliseconds: p90, forKey: .p90)
        try container.encode(milliseconds: p95, forKey: .p95)
        try container.encode(milliseconds: p99, forKey: .p99)
        try container.encode(milliseconds: jitter, forKey: .jitter)
    }

    /// Reads a summary, each figure to the nanosecond it was written with.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func checked(_ duration: Duration, _ key: CodingKeys) throws -> Duration {
            guard duration >= .zero else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container,
                    debugDescription: "\(duration.inMilliseconds) ms is not a time that a packet can take.")
            }
            return duration
        }
        func figure(_ key: CodingKeys) throws -> Duration {
            try checked(container.decodeMilliseconds(forKey: key), key)
        }
        min = try figure(.min)
        average = try figure(.average)
        max = try figure(.max)
        standardDeviation = try container.decodeMillisecondsIfPresent(forKey: .standardDeviation)
            .map { try checked($0, .standardDeviation) }
        p50 = try figure(.p50)
        p90 = try figure(.p90)
        p95 = try figure(.p95)
        p99 = try figure(.p99)
        jitter = try figure(.jitter)
    }
}
