/// One line of a topology text, read from left to right.
///
/// Bytes and not characters: everything that has a meaning is ASCII, and what is quoted is passed through.
struct TopologyLine {
    private let bytes: [UInt8]
    private let number: Int
    private var index = 0

    init(_ bytes: [UInt8], number: Int) {
        self.bytes = bytes
        self.number = number
    }

    /// A word: `key`, or `key=value`, each with the place where it begins.
    struct Word {
        let key: String
        let position: TopologyPosition
        let value: String?
        let valuePosition: TopologyPosition

        /// The word as it was written, for messages.
        var text: String { value.map { "\(key)=\($0)" } ?? key }
    }

    /// A sign or a name of a path.
    enum PathToken: Equatable {
        case name(String)
        case sign(Character)
        case end
    }

    var position: TopologyPosition { TopologyPosition(line: number, column: index + 1) }

    /// Whether nothing but spaces and a comment is left.
    var isAtEnd: Bool {
        mutating get {
            while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
            return index == bytes.count || bytes[index] == UInt8(ascii: "#")
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// The next word, or nil at the end.
    mutating func word() throws(TopologyMistake) -> Word? {
        guard !isAtEnd else { return nil }
        let start = position
        var key: [UInt8] = []
        while index < bytes.count, !Self.isSpace(bytes[index]), bytes[index] != UInt8(ascii: "=") {
            key.append(bytes[index])
            index += 1
        }
        let name = String(decoding: key, as: UTF8.self)
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
            return Word(key: name, position: start, value: nil, valuePosition: start)
        }
        index += 1
        let valueStart = position
        let value = try text()
        return Word(key: name, position: start, value: value, valuePosition: valueStart)
    }

    /// The next word, which must be there and have no value.
    mutating func name(_ what: String) throws(TopologyMistake) -> Word {
        guard let word = try word() else {
            throw TopologyMistake("The line ends here", at: position, expected: what)
        }
        guard word.value == nil else {
            throw TopologyMistake("\"\(word.text)\" cannot stand here", at: word.position, expected: what)
        }
        return word
    }

    /// The next part of a path.
    mutating func pathToken() -> (token: PathToken, position: TopologyPosition) {
        guard !isAtEnd else { return (.end, position) }
        let start = position
        if Self.isSign(bytes[index]) {
            defer { index += 1 }
            return (.sign(Character(Unicode.Scalar(bytes[index]))), start)
        }
        var name: [UInt8] = []
        while index < bytes.count, !Self.isSpace(bytes[index]), !Self.isSign(bytes[index]) {
            name.append(bytes[index])
            index += 1
        }
        return (.name(String(decoding: name, as: UTF8.self)), start)
    }

    private static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "|"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: ":"), UInt8(ascii: "*"):
            true
        default: false
        }
    }

    /// A value: up to the next space, or in quotes, where escapes stand for what cannot be typed.
    private mutating func text() throws(TopologyMistake) -> String {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
            let start = index
            while index < bytes.count, !Self.isSpace(bytes[index]) { index += 1 }
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }
        let start = position
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try appendEscape(to: &text)
            default: text.append(byte)
            }
        }
        throw TopologyMistake("The quote that begins here does not end", at: start, expected: "a closing \"")
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(TopologyMistake) {
        let start = TopologyPosition(line: number, column: index)
        let letter = index < bytes.count ? bytes[index] : 0
        index += 1
        switch letter {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): text.append(letter)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "e"): text.append(0x1B)
        case UInt8(ascii: "0"): text.append(0)
        case UInt8(ascii: "u"):
            guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")),
                bytes[index] == UInt8(ascii: "{"),
                let value = UInt32(String(decoding: bytes[(index + 1)..<end], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(value)
            else { throw TopologyMistake("No character has this number", at: start, expected: "\\u{…}") }
            text.append(contentsOf: Array(String(Character(scalar)).utf8))
            index = end + 1
        default:
            throw TopologyMistake(
                "Unknown escape", at: start, expected: "\\\\, \\\", \\n, \\r, \\t, \\e, \\0 or \\u{…}")
        }
    }
}
