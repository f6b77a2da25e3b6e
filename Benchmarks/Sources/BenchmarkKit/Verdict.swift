/// How a measurement compares with its threshold, once the machine's slowness of the moment is taken out.
enum Verdict: String, Sendable, Encodable {
    /// Within the threshold.
    case ok
    /// Above it, by no more than what a busy machine explains.
    case high
    /// Above it by more than half.
    case failed

    init(_ measurement: Measurement, against threshold: Thresholds.Threshold) {
        func compare(_ value: Double, _ limit: Double) -> Verdict {
            value <= limit ? .ok : value <= limit * 1.5 ? .high : .failed
        }
        let time = compare(measurement.corrected, threshold.nanoseconds)
        let allocations = compare(measurement.allocations, threshold.allocations)
        self =
            [time, allocations].contains(.failed)
            ? .failed : [time, allocations].contains(.high) ? .high : .ok
    }
}
