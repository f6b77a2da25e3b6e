/// A column of mtr's table, by the letter that `mtr -o` knows it by.
public enum MTRField: Character, Sendable, Hashable, CaseIterable {
    /// The share of lost probes.
    case loss = "L"
    /// The number of lost probes.
    case dropped = "D"
    /// The number of answered probes.
    case received = "R"
    /// The number of probes that were sent.
    case sent = "S"
    /// The round trip of the newest answer.
    case newest = "N"
    /// The shortest round trip.
    case best = "B"
    /// The mean of the round trips.
    case average = "A"
    /// The longest round trip.
    case worst = "W"
    /// The standard deviation of the round trips.
    case deviation = "V"
    /// The geometric mean of the round trips.
    case geometricMean = "G"
    /// How far the newest round trip is from the one before.
    case jitter = "J"
    /// The mean distance between neighbouring round trips, as mtr takes it.
    case jitterMean = "M"
    /// The greatest distance between neighbouring round trips.
    case jitterWorst = "X"
    /// The interarrival jitter, sixteen times that of RFC 3550.
    case interarrivalJitter = "I"
    /// A gap between two columns; in CSV, mtr has the lost probes there.
    case gap = " "

    /// The heading of the column, which is its key in JSON too.
    public var title: String {
        switch self {
        case .loss: "Loss%"
        case .dropped: "Drop"
        case .received: "Rcv"
        case .sent: "Snt"
        case .newest: "Last"
        case .best: "Best"
        case .average: "Avg"
        case .worst: "Wrst"
        case .deviation: "StDev"
        case .geometricMean: "Gmean"
        case .jitter: "Jttr"
        case .jitterMean: "Javg"
        case .jitterWorst: "Jmax"
        case .interarrivalJitter: "Jint"
        case .gap: " "
        }
    }

    /// What the column shows, for people who choose.
    public var meaning: String {
        switch self {
        case .loss: "share of lost probes"
        case .dropped: "lost probes"
        case .received: "answered probes"
        case .sent: "sent probes"
        case .newest: "newest round trip"
        case .best: "shortest round trip"
        case .average: "mean round trip"
        case .worst: "longest round trip"
        case .deviation: "standard deviation"
        case .geometricMean: "geometric mean"
        case .jitter: "jitter now"
        case .jitterMean: "mean jitter"
        case .jitterWorst: "worst jitter"
        case .interarrivalJitter: "interarrival jitter"
        case .gap: "a gap"
        }
    }
}

/// What a column has to show.
public enum MTRValue: Sendable, Hashable {
    /// A number of probes.
    case count(Int)
    /// A share in percent.
    case percent(Double)
    /// A time.
    case time(Duration)
}

extension MTRField {
    /// The column's value at a hop, or nil where nobody has answered or no probe is decided yet.
    public func value(of hop: PathReport.Hop) -> MTRValue? {
        switch self {
        case .loss: hop.lossPercent.map(MTRValue.percent)
        case .dropped, .gap: .count(hop.lost)
        case .received: .count(hop.answered)
        case .sent: .count(hop.sent)
        case .newest: hop.last.map(MTRValue.time)
        case .best: hop.rtt.map { .time($0.min) }
        case .average: hop.rtt.map { .time($0.average) }
        case .worst: hop.rtt.map { .time($0.max) }
        case .deviation: hop.rtt.map { .time($0.standardDeviation ?? .zero) }
        case .geometricMean: hop.geometricMean.map(MTRValue.time)
        case .jitter: hop.rtt.map { _ in .time(hop.differences?.last ?? .zero) }
        case .jitterMean: hop.rtt.map { _ in .time(Self.jitterMean(of: hop)) }
        case .jitterWorst: hop.rtt.map { _ in .time(hop.differences?.max ?? .zero) }
        case .interarrivalJitter: hop.rtt.map { .time($0.jitter * 16) }
        }
    }

    /// mtr counts a difference of 0 for the first answer, so that its mean is lower.
    private static func jitterMean(of hop: PathReport.Hop) -> Duration {
        guard let mean = hop.differences?.mean, hop.answered > 0 else { return .zero }
        return mean * (hop.answered - 1) / hop.answered
    }

    /// What one of several who share a hop has to show in the column, or nil where only the hop has a value.
    public func value(of address: PathReport.Address) -> MTRValue? {
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
