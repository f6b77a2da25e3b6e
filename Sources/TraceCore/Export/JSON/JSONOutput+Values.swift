extension JSONOutput {
    mutating func writeNull() { bytes.append(contentsOf: [0x6E, 0x75, 0x6C, 0x6C]) }

    mutating func write(_ value: Bool) { bytes.append(contentsOf: (value ? "true" : "false").utf8) }

    mutating func write(_ value: some FixedWidthInteger) {
        if let small = UInt64(exactly: value) {
            write(digits: small)
        } else if let small = Int64(exactly: value) {
            write(small)
        } else {
            bytes.append(contentsOf: value.description.utf8)
        }
    }

    package mutating func write(_ value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        write(digits: value.magnitude)
    }

    private mutating func write(digits value: UInt64) {
        guard value >= 10 else {
            bytes.append(UInt8(truncatingIfNeeded: value) + 0x30)
            return
        }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var rest = value
        var first = 20
        while rest > 0 {
            first -= 1
            digits[first] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
            rest /= 10
        }
        for index in first..<20 { bytes.append(digits[index]) }
    }

    /// Writes the shortest text that reads back as the same number; whole numbers lose their `.0`.
    mutating func write(_ value: some BinaryFloatingPoint & CustomStringConvertible) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: path, debugDescription: "JSON has no form for \(value)"))
        }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, whole != 0 || value.sign == .plus {
            write(whole)
        } else if let millionths = Self.millionths(of: Double(value)) {
            write(millionths: millionths)
        } else {
            bytes.append(contentsOf: value.description.utf8)
        }
    }

    /// A number in millionths, where it is one of at most 15 digits.
    ///
    /// Milliseconds with their nanoseconds are; and no two numbers of so few digits are the same Double, so
    /// these digits are the shortest text. Finding that text for any Double takes five times as long.
    private static func millionths(of value: Double) -> UInt64? {
        guard value >= 0.001, value < 1e9 else { return nil }
        let millionths = UInt64(value * 1e6 + 0.5)
        return Double(millionths) / 1e6 == value ? millionths : nil
    }

    private mutating func write(millionths value: UInt64) {
        write(digits: value / 1_000_000)
        bytes.append(UInt8(ascii: "."))
        var rest = value % 1_000_000
        var step: UInt64 = 100_000
        while rest > 0 {
            bytes.append(UInt8(truncatingIfNeeded: rest / step) + 0x30)
            rest %= step
            step /= 10
        }
    }

    /// Writes an address: its text is ASCII without anything to escape.
    package mutating func write(_ address: IPAddress) {
        bytes.append(UInt8(ascii: "\""))
        address.appendText(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func write(string: String) {
        bytes.append(UInt8(ascii: "\""))
        let span = string.utf8Span.span
        var isPlain = true
        for index in span.indices {
            let byte = span[index]
            if byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                isPlain = false
                break
            }
        }
        if isPlain { bytes.append(contentsOf: string.utf8) } else { write(escaping: string) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func write(escaping string: String) {
        var marks = MarkCount()
        for scalar in string.unicodeScalars {
            let isTooMuch = marks.isTooMuch(scalar)
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\r": bytes.append(contentsOf: "\\r".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            case " ": bytes.append(0x20)
            case _ where isTooMuch || scalar.isHazardous:
                for unit in UTF16.encode(scalar) ?? Unicode.UTF16.encodedReplacementCharacter {
                    bytes.append(contentsOf: "\\u".utf8)
                    for shift in stride(from: 12, through: 0, by: -4) {
                        let digit = UInt8(truncatingIfNeeded: unit >> UInt16(shift)) & 0xF
                        bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
                    }
                }
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }
}
