import TraceCore

extension Verdict.Reason: CustomStringConvertible {
    /// The numbers on a line: `16,500 km in 12 ms`.
    public var description: String {
        let other = hop.map { "hop \($0)" } ?? "another hop"
        return switch rule {
        case .answer: "\(way) in \(duration)"
        case .laterAnswer: "\(way), and \(other) behind it answers in \(duration)"
        case .otherHop: "\(way) from \(other), with \(duration) to both together"
        case .roundTrip: "\(way) round by \(other), which answers in \(duration)"
        }
    }

    /// Two or three digits are enough for what is wrong by thousands.
    private var way: String {
        let step = kilometres >= 1000 ? 100 : kilometres >= 100 ? 10 : 1
        let rounded = (kilometres + step / 2) / step * step
        guard rounded >= 1000 else { return "\(rounded) km" }
        let rest = String(rounded % 1000)
        return "\(rounded / 1000),\(String(repeating: "0", count: 3 - rest.utf8.count))\(rest) km"
    }

    private var duration: String {
        let text = time.millisecondsText(decimals: time < .milliseconds(1) ? 2 : time < .milliseconds(100) ? 1 : 0)
        return "\(text.hasSuffix(".0") ? String(text.dropLast(2)) : text) ms"
    }
}
