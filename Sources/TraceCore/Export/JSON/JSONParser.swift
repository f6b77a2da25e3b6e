extension JSON.Value {
    /// How deep objects and lists may be nested.
    public static let depthLimit = 128

    /// The value in bytes, by RFC 8259.
    ///
    /// - Throws: Why the bytes are not JSON, and where.
    public init(parsing bytes: [UInt8]) throws(JSON.Failure) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }
}

/// Reads one JSON document from bytes.
package struct JSONParser {
    package let bytes: [UInt8]
    package private(set) var position = 0

    package init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSON.Failure) -> JSON.Value {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let value = try value(depth: 0)
        try end()
        return value
    }

    /// Throws if something follows.
    package mutating func end() throws(JSON.Failure) {
        skipSpace()
        if position < bytes.count { throw error("the document has ended, and something follows") }
    }

    private mutating func value(depth: Int) throws(JSON.Failure) -> JSON.Value {
        skipSpace()
        guard position < bytes.count else { throw error("expected a value, and the text ends") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        default: throw error("expected a value")
        }
    }

    private mutating func object(depth: Int) throws(JSON.Failure) -> JSON.Value {
        try enter(depth)
        var members: [JSON.Value.Member] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw error("expected the name of a member in quotation marks")
            }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("expected ':' behind the name of a member") }
            members.append(JSON.Value.Member(name, try value(depth: depth + 1)))
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw error("expected ',' or '}' behind a member") }
        }
    }

    private mutating func array(depth: Int) throws(JSON.Failure) -> JSON.Value {
        try enter(depth)
        var values: [JSON.Value] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(values) }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(values) }
            guard take(UInt8(ascii: ",")) else { throw error("expected ',' or ']' behind an element") }
        }
    }

    /// Steps over an opening bracket, unless the nesting is too deep.
    package mutating func enter(_ depth: Int) throws(JSON.Failure) {
        guard depth < JSON.Value.depthLimit else {
            throw error("objects and lists lie more than \(JSON.Value.depthLimit) deep in each other")
        }
        position += 1
    }

    private mutating func word(_ word: StaticString, _ value: JSON.Value) throws(JSON.Failure) -> JSON.Value {
        try expect("\(word)")
        return value
    }

    /// Steps over a word that must be here.
    package mutating func expect(_ word: String) throws(JSON.Failure) {
        guard bytes[position...].starts(with: word.utf8) else { throw error("expected \(word)") }
        position += word.utf8.count
    }

    private mutating func number() throws(JSON.Failure) -> JSON.Value {
        let numeral = try numeral()
        if numeral.isWhole, let whole = numeral.whole {
            if !numeral.isNegative { return Int64(exactly: whole).map { .integer($0) } ?? .unsigned(whole) }
            if whole > 0, whole <= Int64.min.magnitude { return .integer(Int64(truncatingIfNeeded: 0 &- whole)) }
        }
        return .double(try double(numeral))
    }

    /// A number as it is spelled.
    package struct Numeral {
        /// The bytes of the number.
        package let range: Range<Int>
        package let isNegative: Bool
        /// Whether it has neither a point nor an exponent.
        package let isWhole: Bool
        /// The number before the point and without its sign, or nil if it does not fit.
        package let whole: UInt64?
    }

    /// Reads a number without converting it.
    package mutating func numeral() throws(JSON.Failure) -> Numeral {
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        let firstDigit = position
        let whole = digits()
        guard position > firstDigit else { throw error("expected a digit") }
        if bytes[firstDigit] == 0x30, position > firstDigit + 1 {
            throw error("a number does not begin with zeros", at: firstDigit)
        }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            let first = position
            _ = digits()
            if position == first { throw error("expected a digit behind the point") }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            let first = position
            _ = digits()
            if position == first { throw error("expected a digit in the exponent") }
        }
        return Numeral(range: start..<position, isNegative: isNegative, isWhole: isWhole, whole: whole)
    }

    /// The double nearest to a number.
    package func double(_ numeral: Numeral) throws(JSON.Failure) -> Double {
        guard let value = Double(String(decoding: bytes[numeral.range], as: UTF8.self)), value.isFinite else {
            throw error("the number is too large", at: numeral.range.lowerBound)
        }
        return value
    }

    /// Reads digits; their value, or nil if it does not fit.
    private mutating func digits() -> UInt64? {
        var value: UInt64? = 0
        while position < bytes.count, case let digit = bytes[position] &- 0x30, digit <= 9 {
            if let known = value {
                let (product, overflow) = known.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
                value = overflow || carry ? nil : sum
            }
            position += 1
        }
        return value
    }

    package mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    package mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    package func error(_ message: String, at place: Int? = nil) -> JSON.Failure {
        let offset = min(place ?? position, bytes.count)
        let before = bytes[..<offset]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSON.Failure(
            offset: offset, line: before.count { $0 == 0x0A } + 1, column: offset - lineStart + 1,
            message: message)
    }
}

// MARK: - Texts

extension JSONParser {
    /// Reads a text from its opening to its closing quotation mark.
    package mutating func string() throws(JSON.Failure) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let text = try validated(start..<position)
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw error("a control character in a text has to be escaped") }
            position += 1
        }
        throw error("the text ends inside quotation marks")
    }

    private mutating func escapedString(from start: Int) throws(JSON.Failure) -> String {
        var text = try validated(start..<position)
        var plain = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                text += try validated(plain..<position)
                position += 1
                return text
            }
            if byte < 0x20 { throw error("a control character in a text has to be escaped") }
            if byte == UInt8(ascii: "\\") {
                text += try validated(plain..<position)
                text.unicodeScalars.append(try escape())
                plain = position
            } else {
                position += 1
            }
        }
        throw error("the text ends inside quotation marks")
    }

    private func validated(_ range: Range<Int>) throws(JSON.Failure) -> String {
        if let text = String(validating: bytes[range], as: UTF8.self) { return text }
        var offset = range.lowerBound
        // The first character that is not allowed, for the message; its first byte gives its length.
        while offset < range.upperBound {
            let end = offset + max(1, (~bytes[offset]).leadingZeroBitCount)
            guard end <= range.upperBound, String(validating: bytes[offset..<end], as: UTF8.self) != nil else { break }
            offset = end
        }
        throw error("the text is not valid UTF-8", at: offset)
    }

    private mutating func escape() throws(JSON.Failure) -> Unicode.Scalar {
        let start = position
        position += 1
        guard position < bytes.count else { throw error("the text ends inside an escape") }
        position += 1
        switch bytes[position - 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexUnit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            guard unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                throw error("half of a surrogate pair stands alone", at: start)
            }
            let second = try hexUnit()
            guard (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(second) - 0xDC00)
            else { throw error("half of a surrogate pair stands alone", at: start) }
            return scalar
        default: throw error("no such escape", at: start)
        }
    }

    private mutating func hexUnit() throws(JSON.Failure) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard position < bytes.count else { throw error("the text ends inside an escape") }
            let byte = bytes[position]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x37
            case 0x61...0x66: digit = byte - 0x57
            default: throw error("expected four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
