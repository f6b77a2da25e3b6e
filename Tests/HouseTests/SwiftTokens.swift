/// The words and signs of a Swift source, without its comments and the text of its string literals.
///
/// What an interpolation holds is code, and stays.
struct SwiftTokens {
    /// A word, a number or a sign, and the line that it is in.
    struct Token: Equatable {
        let text: String
        let line: Int
        /// Whether nothing stands between it and the token before.
        let isAttached: Bool

        /// Whether it can be the name of a type.
        var isTypeName: Bool { text.first?.isUppercase ?? false }
    }

    private(set) var tokens: [Token] = []
    /// The lines that hold a comment.
    private(set) var commentLines: Set<Int> = []

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    /// The position behind the last token.
    private var end = 0

    init(_ source: String) {
        bytes = Array(source.utf8)
        readCode(isInterpolation: false)
    }

    private func byte(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    /// Adds a token that began at a position.
    private mutating func append(_ text: String, from start: Int) {
        tokens.append(Token(text: text, line: line, isAttached: start == end && start > 0))
        end = start + text.utf8.count
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count {
            if byte() == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    /// Reads to the end of the source, or to the parenthesis that closes an interpolation.
    private mutating func readCode(isInterpolation: Bool) {
        var open = 0
        while let byte = byte() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): advance()
            case UInt8(ascii: "/") where self.byte(1) == UInt8(ascii: "/"): skipLineComment()
            case UInt8(ascii: "/") where self.byte(1) == UInt8(ascii: "*"): skipBlockComment()
            case UInt8(ascii: "\""): readString(hashes: 0)
            case UInt8(ascii: "#"): readHash()
            case UInt8(ascii: "`"): readQuotedName()
            case _ where Self.isWord(byte): readWord()
            default:
                if byte == UInt8(ascii: "(") { open += 1 }
                if byte == UInt8(ascii: ")") {
                    if open == 0, isInterpolation { return advance() }
                    open -= 1
                }
                append(String(UnicodeScalar(byte)), from: position)
                advance()
            }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private mutating func readWord() {
        let start = position
        while let byte = byte(), Self.isWord(byte) { position += 1 }
        append(String(decoding: bytes[start..<position], as: UTF8.self), from: start)
    }

    /// A name between backquotes; such names of tests are sentences.
    private mutating func readQuotedName() {
        position += 1
        let start = position
        while let byte = byte(), byte != UInt8(ascii: "`"), byte != UInt8(ascii: "\n") { position += 1 }
        append(String(decoding: bytes[start..<position], as: UTF8.self), from: start)
        position += 1
    }

    // MARK: - Comments

    private mutating func skipLineComment() {
        commentLines.insert(line)
        while let byte = byte(), byte != UInt8(ascii: "\n") { position += 1 }
    }

    /// Block comments can be nested.
    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            commentLines.insert(line)
            if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                depth += 1
                advance(2)
            } else if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
                depth -= 1
                advance(2)
            } else {
                advance()
            }
        } while depth > 0 && position < bytes.count
    }

    // MARK: - Literals

    /// A raw string, or the sign before a directive or a macro.
    private mutating func readHash() {
        var hashes = 0
        while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
        if byte(hashes) == UInt8(ascii: "\"") {
            position += hashes
            readString(hashes: hashes)
        } else {
            append("#", from: position)
            position += 1
        }
    }

    private mutating func readString(hashes: Int) {
        append("\"", from: position)
        let quote = UInt8(ascii: "\"")
        // Text over several lines begins on the line after its quotes.
        let isLong = byte(1) == quote && byte(2) == quote && byte(3) == UInt8(ascii: "\n")
        let quotes = isLong ? 3 : 1
        advance(quotes)
        while let byte = byte() {
            if byte == UInt8(ascii: "\\"), isFollowed(by: hashes, from: 1) {
                let isInterpolation = self.byte(1 + hashes) == UInt8(ascii: "(")
                advance(2 + hashes)
                if isInterpolation { readCode(isInterpolation: true) }
            } else if byte == quote, (0..<quotes).allSatisfy({ self.byte($0) == quote }),
                isFollowed(by: hashes, from: quotes)
            {
                return advance(quotes + hashes)
            } else {
                advance()
            }
        }
    }

    private func isFollowed(by hashes: Int, from offset: Int) -> Bool {
        (0..<hashes).allSatisfy { byte(offset + $0) == UInt8(ascii: "#") }
    }
}
