extension MTRReport {
    /// A column of mtr's table, by the letter that `mtr -o` knows it by.
    public enum Field: Character, Sendable, Hashable, CaseIterable {
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
}

extension MTRReport {
    /// The columns of mtr's table in their order, as `mtr -o` takes them: `LS NABWV`.
    public struct Fields: Sendable, Hashable {
        /// The columns, from left to right.
        public let fields: [MTRReport.Field]

        /// What mtr shows unless it is told otherwise: loss and round trips.
        public static let latency = MTRReport.Fields(fields: [
            .loss, .sent, .gap, .newest, .average, .best, .worst, .deviation,
        ])
        /// What mtr shows when it is asked for jitter.
        public static let jitter = MTRReport.Fields(fields: [
            .dropped, .received, .gap, .average, .geometricMean, .jitter, .jitterMean, .jitterWorst, .interarrivalJitter,
        ])

        private init(fields: [MTRReport.Field]) { self.fields = fields }

        /// The columns that letters stand for, or nil for a letter that is none, for one given twice, or for no letter.
        public init?(_ letters: String) {
            var fields: [MTRReport.Field] = []
            for letter in letters {
                guard let field = MTRReport.Field(rawValue: Character(letter.uppercased())) else { return nil }
                // Twice the same key is no JSON that anybody can read.
                if field != .gap, fields.contains(field) { return nil }
                fields.append(field)
            }
            guard fields.contains(where: { $0 != .gap }) else { return nil }
            self.fields = fields
        }
    }
}

extension MTRReport.Fields: CustomStringConvertible {
    /// The letters.
    public var description: String { String(fields.map(\.rawValue)) }
}
