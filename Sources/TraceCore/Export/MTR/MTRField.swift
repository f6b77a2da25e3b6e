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
