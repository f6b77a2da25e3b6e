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
