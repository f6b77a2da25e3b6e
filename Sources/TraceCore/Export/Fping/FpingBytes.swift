// Lines are put together as bytes: hundreds of thousands of them come in a second, and a String for each part of
// each would cost more than the sweep.
extension [UInt8] {
    mutating func add(_ text: String) { append(contentsOf: text.utf8) }

    mutating func add(_ number: Int) { add("\(number)") }

    mutating func add(_ address: IPAddress) { address.appendText(to: &self) }

    mutating func endLine() { append(UInt8(ascii: "\n")) }

    /// Adds spaces until something that began at a position takes so many columns.
    mutating func pad(from start: Int, to width: Int) {
        while count - start < width { append(UInt8(ascii: " ")) }
    }
}

extension Duration {
    /// The milliseconds with three digits that count, as fping writes them: 0.044, 5.12, 91.7, 280.
    var fpingText: String {
        let microseconds = wholeNanoseconds / 1000
        let decimals = microseconds < 1_000 ? 3 : microseconds < 10_000 ? 2 : microseconds < 100_000 ? 1 : 0
        return millisecondsText(decimals: decimals)
    }
}
