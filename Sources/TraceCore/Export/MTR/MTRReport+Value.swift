extension MTRReport {
    /// The value of a column.
    public enum Value: Sendable, Hashable {
        /// A number of probes.
        case count(Int)
        /// A share in percent.
        case percent(Double)
        /// A time.
        case time(Duration)
    }
}

extension MTRReport.Value {
    /// The value with one decimal, or with none where that would be too wide for the column.
    public var text: String {
        switch self {
        case .count(let count): return "\(count)"
        case .percent(let percent): return MTRReport.decimal(percent, decimals: 1) + "%"
        case .time(let time): return time.millisecondsText(decimals: time < .milliseconds(999) ? 1 : 0)
        }
    }
}

extension MTRReport.Field {
    /// The value of the column at a hop, or nil if nothing has answered or no probe is decided.
    public func value(of hop: MonitorReport.Hop) -> MTRReport.Value? {
        switch self {
        case .loss: hop.lossPercent.map(MTRReport.Value.percent)
        case .dropped, .gap: .count(hop.lost)
        case .received: .count(hop.answered)
        case .sent: .count(hop.sent)
        case .newest: hop.last.map(MTRReport.Value.time)
        case .best: hop.rtt.map { .time($0.min) }
        case .average: hop.rtt.map { .time($0.average) }
        case .worst: hop.rtt.map { .time($0.max) }
        case .deviation: hop.rtt.map { .time($0.standardDeviation ?? .zero) }
        case .geometricMean: hop.geometricMean.map(MTRReport.Value.time)
        case .jitter: hop.rtt.map { _ in .time(hop.differences?.last ?? .zero) }
        case .jitterMean: hop.rtt.map { _ in .time(Self.jitterMean(of: hop)) }
        case .jitterWorst: hop.rtt.map { _ in .time(hop.differences?.max ?? .zero) }
        case .interarrivalJitter: hop.rtt.map { .time($0.jitter * 16) }
        }
    }

    /// mtr counts a difference of 0 for the first answer, so its mean is lower.
    private static func jitterMean(of hop: MonitorReport.Hop) -> Duration {
        guard let mean = hop.differences?.mean, hop.answered > 0 else { return .zero }
        return mean * (hop.answered - 1) / hop.answered
    }

    /// The value of the column for one of several responders at a hop, or nil if only the hop has a value.
    public func value(of address: MonitorReport.Address) -> MTRReport.Value? {
        switch self {
        case .received: .count(address.answered)
        case .newest: .time(address.last)
        case .best: .time(address.rtt.min)
        case .average: .time(address.rtt.average)
        case .worst: .time(address.rtt.max)
        case .deviation: .time(address.rtt.standardDeviation ?? .zero)
        case .interarrivalJitter: .time(address.rtt.jitter * 16)
        case .loss, .dropped, .sent, .geometricMean, .jitter, .jitterMean, .jitterWorst, .gap: nil
        }
    }
}
