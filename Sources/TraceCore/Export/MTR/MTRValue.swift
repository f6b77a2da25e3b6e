/// What a column has to show.
public enum MTRValue: Sendable, Hashable {
    /// A number of probes.
    case count(Int)
    /// A share in percent.
    case percent(Double)
    /// A time.
    case time(Duration)
}

extension MTRValue {
    /// The value with one decimal, or without any where that would be too wide for its column.
    public var text: String {
        switch self {
        case .count(let count): return "\(count)"
        case .percent(let percent): return MTRReport.decimal(percent, decimals: 1) + "%"
        case .time(let time): return time.millisecondsText(decimals: time < .milliseconds(999) ? 1 : 0)
        }
    }
}
