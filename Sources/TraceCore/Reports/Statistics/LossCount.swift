/// How many of the decided probes were answered, and how many were lost.
///
/// A probe that is still out counts in neither, so the loss does not jump while answers are on their way.
struct LossCount: Sendable, Hashable {
    /// The number of probes that were answered in time.
    private(set) var answered: Int

    /// The number of probes that were given up.
    private(set) var lost: Int

    /// A count of probes already decided, none by default; negative numbers count as 0.
    init(answered: Int = 0, lost: Int = 0) {
        self.answered = max(0, answered)
        self.lost = max(0, lost)
    }

    /// The number of probes whose fate is decided.
    var decided: Int { answered + lost }

    /// The lost share of the decided probes from 0 to 1, or nil while none is decided.
    var ratio: Double? { decided > 0 ? Double(lost) / Double(decided) : nil }

    /// The lost share of the decided probes in percent, or nil while none is decided.
    var percent: Double? { decided > 0 ? 100 * Double(lost) / Double(decided) : nil }

    /// Counts one probe that was answered.
    mutating func addAnswered() { answered += 1 }

    /// Counts one probe that was lost.
    mutating func addLost() { lost += 1 }

    /// Adds the probes of another count.
    mutating func merge(_ other: LossCount) {
        answered += other.answered
        lost += other.lost
    }
}

extension LossCount: Codable {
    private enum CodingKeys: String, CodingKey {
        case answered, lost
    }

    /// Reads a count, refusing negative numbers and those beyond what JSON keeps exact.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            answered: try container.decodeCount(forKey: .answered), lost: try container.decodeCount(forKey: .lost))
    }
}
