/// A case with its measurement, its threshold and what comes of comparing them.
struct Outcome: Sendable {
    let name: String
    let measurement: Measurement
    let threshold: Thresholds.Threshold

    init(name: String, measurement: Measurement, threshold: Thresholds.Threshold) {
        self.name = name
        self.measurement = measurement
        self.threshold = threshold
    }

    var verdict: Verdict { Verdict(measurement, against: threshold) }
}

extension Outcome: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name, medianNs, minNs, maxNs, slowdown, allocations, thresholdNs, thresholdAllocations, verdict
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(measurement.median, forKey: .medianNs)
        try container.encode(measurement.min, forKey: .minNs)
        try container.encode(measurement.max, forKey: .maxNs)
        try container.encode(measurement.slowdown, forKey: .slowdown)
        try container.encode(measurement.allocations, forKey: .allocations)
        try container.encode(threshold.nanoseconds, forKey: .thresholdNs)
        try container.encode(threshold.allocations, forKey: .thresholdAllocations)
        try container.encode(verdict, forKey: .verdict)
    }
}
