extension Duration {
    /// The duration in whole nanoseconds, rounded towards zero; the nearest `Int64` beyond 292 years.
    public var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, over) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return over || carry ? (seconds < 0 ? .min : .max) : sum
    }

    /// A duration of that many milliseconds, rounded to the nearest nanosecond; nil for what is not a
    /// number or lasts more than 292 years.
    public init?(milliseconds: Double) {
        let nanoseconds = milliseconds * 1e6
        // Without `rounded()`, which needs the C mathematics library that nothing here links. From 2^52 on
        // a Double is whole already; below, the part behind the point is exact.
        guard nanoseconds > -0x1p63, nanoseconds < 0x1p63 else { return nil }
        let towardsZero = Int64(nanoseconds)
        let rest = nanoseconds - Double(towardsZero)
        let nearest = rest >= 0.5 ? towardsZero + 1 : rest <= -0.5 ? towardsZero - 1 : towardsZero
        self = .nanoseconds(nearest)
        if inMilliseconds == milliseconds { return }
        // From 26 days on (2^51 ns) the product may be off by one from the number that the milliseconds were made of.
        let neighbours = [
            nearest &- 1, nearest &+ 1, Int64(exactly: nanoseconds.nextDown), Int64(exactly: nanoseconds.nextUp),
        ]
        for case let count? in neighbours where Double(count) / 1e6 == milliseconds { self = .nanoseconds(count) }
    }

    /// The duration in milliseconds, which ``init(milliseconds:)`` turns back: up to 99 days (2^33 ms) into the same
    /// number of nanoseconds, and beyond, where a `Double` cannot tell them apart, into one with the same milliseconds.
    public var inMilliseconds: Double { Double(wholeNanoseconds) / 1e6 }
}

extension Duration {
    /// The duration as a number of milliseconds with that many decimals (0 to 6), rounded half away from
    /// zero: `12.345`.
    public func millisecondsText(decimals: Int = 3) -> String {
        Self.decimalText(wholeNanoseconds, unitDigits: 6, decimals: decimals)
    }

    /// The duration as a number of seconds with that many decimals (0 to 9), rounded half away from zero.
    public func secondsText(decimals: Int = 3) -> String {
        Self.decimalText(wholeNanoseconds, unitDigits: 9, decimals: decimals)
    }

    /// Nanoseconds in a unit of 10^unitDigits of them, in integers: a binary fraction would round 0.0005
    /// one way or the other as it pleases.
    private static func decimalText(_ nanoseconds: Int64, unitDigits: Int, decimals: Int) -> String {
        let decimals = min(max(decimals, 0), unitDigits)
        var step: UInt64 = 1
        for _ in decimals..<unitDigits { step *= 10 }
        let magnitude = nanoseconds.magnitude
        let rounded = magnitude / step + (magnitude % step >= step - step / 2 && step > 1 ? 1 : 0)

        var digits: [UInt8] = []
        var rest = rounded
        while rest > 0 || digits.count <= decimals {
            digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        }
        if decimals > 0 { digits.insert(UInt8(ascii: "."), at: decimals) }
        // No "-0.000": what rounds to nothing has no sign.
        if nanoseconds < 0, rounded > 0 { digits.append(UInt8(ascii: "-")) }
        return String(decoding: digits.reversed(), as: UTF8.self)
    }
}

extension Duration {
    /// The duration as a statistics sample: whole nanoseconds, rounded down, between 0 and about 2.6 hours.
    ///
    /// Dividing 128 bits of attoseconds costs more than all the rest of a statistics update. 10⁹ is 2⁹ · 5⁹,
    /// so the nine bits are shifted out first, and what is left fits 64 bits for every duration below 2⁷³
    /// attoseconds; longer ones are no round trip on any network, and count as that.
    @inline(__always)
    var sampleNanoseconds: UInt64 {
        let shifted = attoseconds >> 9
        guard shifted >= 0 else { return 0 }
        let word = shifted > Int128(UInt64.max) ? UInt64.max : UInt64(truncatingIfNeeded: shifted)
        return word / 1_953_125
    }

    /// What `sampleNanoseconds` is at most, a little more than 2⁴³.
    static let longestSampleNanoseconds = UInt64.max / 1_953_125
}

// The standard library's operators on `Duration` are calls into it, and its multiplication goes through a witness
// table besides. A run compares and adds times for every probe: inlined here, on the 128 bits underneath, they
// take 2 ns instead of 5 to 30. Within the module these come before the standard library's.
extension Duration {
    @inline(__always) static func < (left: Duration, right: Duration) -> Bool {
        left.attoseconds < right.attoseconds
    }

    @inline(__always) static func <= (left: Duration, right: Duration) -> Bool {
        left.attoseconds <= right.attoseconds
    }

    @inline(__always) static func > (left: Duration, right: Duration) -> Bool {
        left.attoseconds > right.attoseconds
    }

    @inline(__always) static func >= (left: Duration, right: Duration) -> Bool {
        left.attoseconds >= right.attoseconds
    }

    @inline(__always) static func + (left: Duration, right: Duration) -> Duration {
        Duration(attoseconds: left.attoseconds + right.attoseconds)
    }

    @inline(__always) static func - (left: Duration, right: Duration) -> Duration {
        Duration(attoseconds: left.attoseconds - right.attoseconds)
    }

    @inline(__always) static func += (left: inout Duration, right: Duration) { left = left + right }

    @inline(__always) static func * (duration: Duration, factor: Int) -> Duration {
        Duration(attoseconds: duration.attoseconds * Int128(factor))
    }

    @inline(__always) static func nanoseconds(_ count: Int64) -> Duration {
        Duration(attoseconds: Int128(count) * 1_000_000_000)
    }
}

// `Duration` codes itself as a pair of integers; documents carry milliseconds, as every tool of the trade.

extension KeyedEncodingContainer {
    /// Writes a duration as a number of milliseconds, exact to the nanosecond.
    public mutating func encode(milliseconds duration: Duration, forKey key: Key) throws {
        try encode(duration.inMilliseconds, forKey: key)
    }

    /// Writes a duration as a number of milliseconds, and nothing where there is none.
    public mutating func encodeIfPresent(milliseconds duration: Duration?, forKey key: Key) throws {
        try encodeIfPresent(duration?.inMilliseconds, forKey: key)
    }
}

extension KeyedDecodingContainer {
    /// Reads a duration from a number of milliseconds.
    public func decodeMilliseconds(forKey key: Key) throws -> Duration {
        try duration(milliseconds: decode(Double.self, forKey: key), forKey: key)
    }

    /// Reads a duration from a number of milliseconds; nil where the key is missing or null.
    public func decodeMillisecondsIfPresent(forKey key: Key) throws -> Duration? {
        guard let number = try decodeIfPresent(Double.self, forKey: key) else { return nil }
        return try duration(milliseconds: number, forKey: key)
    }

    private func duration(milliseconds: Double, forKey key: Key) throws -> Duration {
        guard let duration = Duration(milliseconds: milliseconds) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self,
                debugDescription: "\(milliseconds) ms is not a time between -292 and 292 years.")
        }
        return duration
    }
}
