extension MTRReport {
    /// A column of mtr's table, with its letter for `mtr -o`.
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
        /// The difference between the newest round trip and the one before.
        case jitter = "J"
        /// The mean difference between neighbouring round trips, as mtr computes it.
        case jitterMean = "M"
        /// The largest difference between neighbouring round trips.
        case jitterWorst = "X"
        /// The interarrival jitter, sixteen times that of RFC 3550.
        case interarrivalJitter = "I"
        /// A gap between two columns; in CSV, mtr has the lost probes there.
        case gap = " "

        /// The heading of the column, which is also its key in JSON.
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

        /// The meaning of the column, for a menu.
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
    /// The columns of mtr's table in their order, by the letters of `mtr -o`: `LS NABWV`.
    public struct Fields: Sendable, Hashable {
        /// The columns, from left to right.
        public let fields: [MTRReport.Field]

        /// mtr's usual columns: loss and round trips.
        public static let latency = MTRReport.Fields(fields: [
            .loss, .sent, .gap, .newest, .average, .best, .worst, .deviation,
        ])
        /// mtr's columns for jitter.
        public static let jitter = MTRReport.Fields(fields: [
            .dropped, .received, .gap, .average, .geometricMean, .jitter, .jitterMean, .jitterWorst,
            .interarrivalJitter,
        ])

        private init(fields: [MTRReport.Field]) { self.fields = fields }

        /// The columns of some letters, or nil for an unknown letter, for a letter that is given twice, or for none.
        public init?(_ letters: String) {
            var fields: [MTRReport.Field] = []
            for letter in letters {
                guard let field = MTRReport.Field(rawValue: Character(letter.uppercased())) else { return nil }
                // JSON with the same key twice cannot be read.
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
