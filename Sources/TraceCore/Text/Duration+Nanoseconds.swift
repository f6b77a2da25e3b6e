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
