/// How finely samples are kept.
enum Tier: Int64, CaseIterable, Comparable {
    case rounds, minutes, quarters, days

    static func < (left: Tier, right: Tier) -> Bool { left.rawValue < right.rawValue }

    /// The length of a slot in microseconds; rounds have none.
    var slot: Int64 {
        switch self {
        case .rounds: 1
        case .minutes: 60_000_000
        case .quarters: 900_000_000
        case .days: 86_400_000_000
        }
    }

    /// What a row has of a target, in microseconds: a minute, an hour, a day, 32 days.
    var row: Int64 {
        switch self {
        case .rounds: 60_000_000
        case .minutes: 3_600_000_000
        case .quarters: 86_400_000_000
        case .days: 32 * 86_400_000_000
        }
    }

    /// What is folded at once, in microseconds.
    var fold: Int64 { self == .days ? Tier.quarters.row : row }

    var finer: Tier? { Tier(rawValue: rawValue - 1) }

    // Statements are kept by their texts, so the texts are constant.

    /// The text that finds a row.
    var select: String {
        switch self {
        case .rounds: "SELECT rounds FROM block WHERE id = ?"
        case .minutes: "SELECT slots FROM minutes WHERE id = ?"
        case .quarters: "SELECT slots FROM quarters WHERE id = ?"
        case .days: "SELECT slots FROM days WHERE id = ?"
        }
    }

    /// The text that finds a row, or the next one.
    var selectNext: String {
        switch self {
        case .rounds: "SELECT id, rounds FROM block WHERE id >= ? ORDER BY id LIMIT 1"
        case .minutes: "SELECT id, slots FROM minutes WHERE id >= ? ORDER BY id LIMIT 1"
        case .quarters: "SELECT id, slots FROM quarters WHERE id >= ? ORDER BY id LIMIT 1"
        case .days: "SELECT id, slots FROM days WHERE id >= ? ORDER BY id LIMIT 1"
        }
    }

    var table: String {
        switch self {
        case .rounds: "block"
        case .minutes: "minutes"
        case .quarters: "quarters"
        case .days: "days"
        }
    }
}

/// The keys of rows: in the order of time, and of targets at the same time.
enum Period {
    /// Targets have smaller numbers.
    static let targetLimit: Int64 = 1 << 24

    static func key(_ period: Int64, _ target: Int64) -> Int64 { period << 24 | target }
    static func period(of key: Int64) -> Int64 { key >> 24 }
    static func target(of key: Int64) -> Int64 { key & (targetLimit - 1) }
}
