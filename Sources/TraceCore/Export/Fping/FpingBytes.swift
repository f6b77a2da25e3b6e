// Lines are built as bytes: a sweep has hundreds of thousands a second, and a String for each part of a line would take
// longer than the sweep itself.
extension [UInt8] {
    mutating func add(_ text: String) { append(contentsOf: text.utf8) }

    mutating func add(_ number: Int) { add("\(number)") }

    mutating func add(_ address: IPAddress) { address.appendText(to: &self) }

    mutating func endLine() { append(UInt8(ascii: "\n")) }

    /// Adds spaces until the text since `start` is `width` columns wide.
    mutating func pad(from start: Int, to width: Int) {
        while count - start < width { append(UInt8(ascii: " ")) }
    }
}

extension [UInt8] {
    /// Adds milliseconds with three significant digits, as fping writes them: 0.044, 5.12, 91.7, 280.
    mutating func add(_ time: Duration) {
        let microseconds = time.wholeNanoseconds / 1000
        let decimals = microseconds < 1_000 ? 3 : microseconds < 10_000 ? 2 : microseconds < 100_000 ? 1 : 0
        guard microseconds >= 0 else { return add(time.millisecondsText(decimals: decimals)) }
        var step: Int64 = 1_000_000
        for _ in 0..<decimals { step /= 10 }
        let nanoseconds = time.wholeNanoseconds
        var rest = nanoseconds / step + (nanoseconds % step >= step / 2 ? 1 : 0)
        // Written from the last digit to the first, then reversed.
        let start = count
        var written = 0
        while rest > 0 || written <= decimals {
            if written == decimals, decimals > 0 { append(UInt8(ascii: ".")) }
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
            written += 1
        }
        self[start...].reverse()
    }
}

extension Duration {
    /// The milliseconds as fping writes them.
    var fpingText: String {
        var bytes: [UInt8] = []
        bytes.add(self)
        return String(decoding: bytes, as: UTF8.self)
    }
}
