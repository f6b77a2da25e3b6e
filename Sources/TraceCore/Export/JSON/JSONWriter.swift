/// The buffer that all containers of an encoding write into, and the objects and arrays that are open in it.
///
/// A container knows its frame by position and serial number. Writing to it closes what was opened inside; a
/// container that was closed that way refuses to be written to again.
final class JSONWriter {
    struct Frame {
        let isObject: Bool
        let serial: Int
        var count = 0
        /// The key that is being encoded, for error messages.
        var key = ""
    }

    private(set) var bytes: [UInt8] = []
    private var frames: [Frame] = []
    private var serial = 0
    private let isPretty: Bool

    init(style: JSON.Style) {
        isPretty = style == .pretty
        bytes.reserveCapacity(512)
    }

    func removeAll() { bytes.removeAll(keepingCapacity: true) }

    func newline() { bytes.append(UInt8(ascii: "\n")) }

    /// Writes one whole value; an error leaves the buffer as it was.
    func writeDocument(_ value: some Encodable) throws {
        let start = bytes.count
        do {
            try encode(value, level: 0)
        } catch {
            bytes.removeLast(bytes.count - start)
            frames.removeAll()
            throw error
        }
    }

    // MARK: Frames

    /// The path to where the writer is.
    var path: [any CodingKey] {
        frames.map { $0.isObject ? JSONPathKey($0.key) : JSONPathKey(index: max(0, $0.count - 1)) }
    }

    /// Opens an object or an array at a level, or finds the one that the same value has opened there before.
    func open(isObject: Bool, level: Int) -> (serial: Int, isNew: Bool) {
        if frames.count > level {
            close(to: level + 1)
            if frames[level].isObject == isObject { return (frames[level].serial, false) }
        }
        serial += 1
        bytes.append(UInt8(ascii: isObject ? "{" : "["))
        frames.append(Frame(isObject: isObject, serial: serial))
        return (serial, true)
    }

    /// Closes what is open above a level.
    func close(to level: Int) {
        while frames.count > level, let frame = frames.popLast() {
            if isPretty, frame.count > 0 { indent(frames.count) }
            bytes.append(UInt8(ascii: frame.isObject ? "}" : "]"))
        }
    }

    /// Makes ready for the next value of an object.
    func beginMember(_ key: String, level: Int, serial: Int) throws {
        try beginElement(level: level, serial: serial)
        frames[level].key = key
        write(string: key)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(UInt8(ascii: " ")) }
    }

    /// Makes ready for the next value of an array.
    func beginElement(level: Int, serial: Int) throws {
        if frames.count != level + 1 {
            if frames.count > level + 1 { close(to: level + 1) }
            guard frames.count == level + 1 else { throw closedContainer() }
        }
        guard frames[level].serial == serial else { throw closedContainer() }
        if frames[level].count > 0 { bytes.append(UInt8(ascii: ",")) }
        frames[level].count += 1
        if isPretty { indent(level + 1) }
    }

    func count(level: Int) -> Int { level < frames.count ? frames[level].count : 0 }

    private func closedContainer() -> EncodingError {
        .invalidValue(
            "",
            .init(codingPath: path, debugDescription: "A container was written to after its value had ended"))
    }

    private func indent(_ level: Int) {
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<level {
            bytes.append(UInt8(ascii: " "))
            bytes.append(UInt8(ascii: " "))
        }
    }

    // MARK: Values

    /// Writes a value of any type at a level, and closes what it opened.
    func encode(_ value: some Encodable, level: Int) throws {
        let start = bytes.count
        try value.encode(to: JSONValueEncoder(writer: self, level: level))
        guard bytes.count > start else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: path, debugDescription: "The value encoded nothing at all"))
        }
        close(to: level)
    }

    func writeNull() { bytes.append(contentsOf: [0x6E, 0x75, 0x6C, 0x6C]) }

    func write(_ value: Bool) { bytes.append(contentsOf: (value ? "true" : "false").utf8) }

    func write(_ value: some FixedWidthInteger) {
        if let small = UInt64(exactly: value) {
            write(digits: small)
        } else if let small = Int64(exactly: value) {
            bytes.append(UInt8(ascii: "-"))
            write(digits: small.magnitude)
        } else {
            bytes.append(contentsOf: value.description.utf8)
        }
    }

    private func write(digits value: UInt64) {
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
    func write(_ value: some BinaryFloatingPoint & CustomStringConvertible) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: path, debugDescription: "JSON has no form for \(value)"))
        }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, whole != 0 || value.sign == .plus {
            write(whole)
        } else {
            bytes.append(contentsOf: value.description.utf8)
        }
    }

    func write(string: String) {
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

    private func write(escaping string: String) {
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\r": bytes.append(contentsOf: "\\r".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            case " ": bytes.append(0x20)
            case _ where scalar.isHazardous:
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

/// A step of the path to a value: a member's name or an element's number.
struct JSONPathKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) {
        stringValue = name
        intValue = nil
    }

    init(index: Int) {
        stringValue = "\(index)"
        intValue = index
    }

    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { self.init(index: intValue) }
}
