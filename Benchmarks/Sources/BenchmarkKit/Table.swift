/// The outcomes as lines of text, one at a time as they come.
struct Table: Sendable {
    private let nameWidth: Int

    init(names: [String]) {
        nameWidth = names.map(\.count).max().map { Swift.max($0, 4) } ?? 4
    }

    var header: String {
        row("case", "ns/op", "min", "max", "slowed", "quiet", "limit", "allocs/op", "limit", "verdict")
    }

    func line(_ outcome: Outcome) -> String {
        let measured = outcome.measurement
        return row(
            outcome.name, Self.number(measured.median), Self.number(measured.min), Self.number(measured.max),
            Self.number(measured.slowdown), Self.number(measured.corrected),
            Self.number(outcome.threshold.nanoseconds),
            Self.number(measured.allocations),
            Self.number(outcome.threshold.allocations), outcome.verdict.rawValue)
    }

    private func row(_ name: String, _ columns: String...) -> String {
        let padded = columns.dropLast().map { String(repeating: " ", count: max(0, 10 - $0.count)) + $0 }
        let first = name + String(repeating: " ", count: nameWidth - name.count)
        return first + padded.joined() + "  " + (columns.last ?? "")
    }

    /// Whole numbers as such, and otherwise as many decimals as make three digits.
    static func number(_ value: Double) -> String {
        let decimals: Double = value >= 100 || value == value.rounded() ? 1 : value >= 10 ? 10 : 100
        let rounded = (value * decimals).rounded() / decimals
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}
