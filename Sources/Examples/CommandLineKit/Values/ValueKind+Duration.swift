extension ValueKind where Value == Duration {
    /// A time such as `10ms`, `1.5s` or `2m`; a bare number counts the unit that the option declares.
    ///
    /// The unit is what users of the tool know: ping's `-i` counts seconds, fping's `-p` milliseconds.
    public static func duration(
        unit: Duration, _ range: ClosedRange<Duration> = .zero ... .seconds(1_000_000_000)
    ) -> Self {
        let bounded = range.upperBound < .seconds(1_000_000_000)
        let limits =
            bounded
            ? "a time from \(range.lowerBound.typed) to \(range.upperBound.typed)"
            : range.lowerBound > .zero ? "a time of at least \(range.lowerBound.typed)" : "a time"
        let bare = TimeUnit.all.first { $0.length == unit }?.name ?? unit.typed
        return Self(
            "TIME", expecting: "\(limits), such as 10ms, 1.5s or 2m (a bare number counts \(bare))",
            show: \.typed
        ) { text in
            guard let value = Duration(typed: text, unit: unit), range.contains(value) else { return nil }
            return value
        }
    }
}

/// A unit of time as it is typed, and as it is named in a sentence.
private struct TimeUnit: Sendable {
    let symbols: [String]
    let name: String
    let length: Duration

    /// From the longest to the shortest; `m` is a minute, as in sleep(1).
    static let all = [
        TimeUnit(symbols: ["d"], name: "days", length: .seconds(86_400)),
        TimeUnit(symbols: ["h"], name: "hours", length: .seconds(3_600)),
        TimeUnit(symbols: ["m", "min"], name: "minutes", length: .seconds(60)),
        TimeUnit(symbols: ["s"], name: "seconds", length: .seconds(1)),
        TimeUnit(symbols: ["ms"], name: "milliseconds", length: .milliseconds(1)),
        // Both code points of the letter: the micro sign and the Greek mu look the same.
        TimeUnit(symbols: ["us", "\u{B5}s", "\u{3BC}s"], name: "microseconds", length: .microseconds(1)),
        TimeUnit(symbols: ["ns"], name: "nanoseconds", length: .nanoseconds(1)),
    ]
}

extension Duration {
    /// The time that a text stands for, computed without rounding.
    fileprivate init?(typed text: String, unit bare: Duration) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let symbol = text.dropFirst(number.count)
        guard
            let unit = symbol.isEmpty
                ? bare : TimeUnit.all.first(where: { $0.symbols.contains(String(symbol)) })?.length
        else { return nil }

        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = parts.first ?? ""
        let fraction = parts.count > 1 ? parts[1] : ""
        guard !(whole.isEmpty && fraction.isEmpty), let units = Int64(whole.isEmpty ? "0" : whole),
            fraction.count <= 18, let rest = Int64(fraction.isEmpty ? "0" : fraction)
        else { return nil }

        var total = Int128(units).multipliedReportingOverflow(by: unit.attoseconds)
        guard !total.overflow else { return nil }
        var scale: Int128 = 1
        for _ in fraction { scale *= 10 }
        let share = Int128(rest).multipliedReportingOverflow(by: unit.attoseconds)
        guard !share.overflow else { return nil }
        total = total.partialValue.addingReportingOverflow(share.partialValue / scale)
        guard !total.overflow, total.partialValue < Int128(Int64.max) * 1_000_000_000_000_000_000
        else { return nil }
        self.init(attoseconds: total.partialValue)
    }

    /// The time as it would be typed, in the longest unit that needs no fraction.
    fileprivate var typed: String {
        guard self != .zero else { return "0s" }
        for unit in TimeUnit.all where attoseconds % unit.length.attoseconds == 0 {
            return "\(attoseconds / unit.length.attoseconds)\(unit.symbols[0])"
        }
        return "\(attoseconds / 1_000_000_000)ns"
    }
}
