extension UTCTime: LosslessStringConvertible {
    private static let microsecondsInDay: Int64 = 86_400_000_000

    /// ISO 8601 in UTC with microseconds, `2026-01-01T00:00:00.000000Z`; a year outside 0 to 9999 is
    /// written with its sign and six digits.
    public var description: String {
        let days = microsecondsSince1970.dividedFloor(by: Self.microsecondsInDay)
        let date = CivilDate(daysSince1970: Int(days))
        // Subtracting after the remainder keeps the earliest times from overflowing.
        let remainder = microsecondsSince1970 % Self.microsecondsInDay
        let microsecond = Int(remainder < 0 ? remainder + Self.microsecondsInDay : remainder)
        let second = microsecond / 1_000_000

        var text: [UInt8] = []
        text.reserveCapacity(30)
        if !(0...9999).contains(date.year) {
            text.append(date.year < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        }
        Self.append(abs(date.year), width: (0...9999).contains(date.year) ? 4 : 6, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(date.month, width: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(date.day, width: 2, to: &text)
        text.append(UInt8(ascii: "T"))
        Self.append(second / 3600, width: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(second / 60 % 60, width: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(second % 60, width: 2, to: &text)
        text.append(UInt8(ascii: "."))
        Self.append(microsecond % 1_000_000, width: 6, to: &text)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// The date and the time of day to the second, without what says that it is UTC.
    package var secondText: Substring { description.prefix { $0 != "." } }

    private static func append(_ number: Int, width: Int, to text: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// The time that an ISO 8601 text spells, in UTC (`Z`) or with an offset (`+02:00`).
    ///
    /// Up to nine fraction digits are read, and what is finer than a microsecond is dropped. Nil for any
    /// other form, a date that does not exist, or a leap second.
    public init?(_ text: String) {
        guard let micros = Self.parse(text.utf8Span.span) else { return nil }
        self.init(microsecondsSince1970: micros)
    }

    private static func parse(_ text: Span<UInt8>) -> Int64? {
        var index = 0
        func digits(_ count: Int) -> Int? {
            guard index + count <= text.count else { return nil }
            var value = 0
            for position in index..<index + count {
                let digit = Int(text[position]) - Int(UInt8(ascii: "0"))
                guard digit >= 0, digit <= 9 else { return nil }
                value = value * 10 + digit
            }
            index += count
            return value
        }
        func take(_ byte: UInt8) -> Bool {
            guard index < text.count, text[index] == byte else { return false }
            index += 1
            return true
        }

        let sign = take(UInt8(ascii: "-")) ? -1 : take(UInt8(ascii: "+")) ? 1 : 0
        guard let year = digits(sign == 0 ? 4 : 6), sign >= 0 || year > 0,
            take(UInt8(ascii: "-")), let month = digits(2), take(UInt8(ascii: "-")), let day = digits(2),
            let date = CivilDate(year: sign < 0 ? -year : year, month: month, day: day),
            take(UInt8(ascii: "T")) || take(UInt8(ascii: "t")) || take(UInt8(ascii: " ")),
            let hour = digits(2), hour < 24, take(UInt8(ascii: ":")),
            let minute = digits(2), minute < 60, take(UInt8(ascii: ":")),
            let second = digits(2), second < 60
        else { return nil }

        var fraction = 0
        if take(UInt8(ascii: ".")) || take(UInt8(ascii: ",")) {
            var places = 0
            while places < 9, let digit = digits(1) {
                if places < 6 { fraction = fraction * 10 + digit }
                places += 1
            }
            guard places > 0 else { return nil }
            for _ in min(places, 6)..<6 { fraction *= 10 }
        }

        var offset = 0
        if !take(UInt8(ascii: "Z")), !take(UInt8(ascii: "z")) {
            let isWest = take(UInt8(ascii: "-"))
            guard isWest || take(UInt8(ascii: "+")), let hours = digits(2), hours < 24 else { return nil }
            _ = take(UInt8(ascii: ":"))
            guard let minutes = digits(2), minutes < 60 else { return nil }
            offset = (hours * 60 + minutes) * (isWest ? -60 : 60)
        }
        guard index == text.count else { return nil }

        // Done in 128 bits: the earliest and the latest time fit, their day alone may not.
        let seconds = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Int64(exactly: Int128(seconds) * 1_000_000 + Int128(fraction))
    }
}
