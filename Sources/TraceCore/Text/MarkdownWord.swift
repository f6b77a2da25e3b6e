/// A part of a text without spaces, in which GitHub may find something to link, and what keeps it from that.
///
/// Backslashes and entities do not: mail addresses, mentions, issues, commits and emoji are searched for in the text
/// that is shown. In code nothing is searched for, so such a word becomes code as a whole.
struct MarkdownWord {
    private let scalars: ArraySlice<Unicode.Scalar>

    /// The word at the beginning of a text, which has none if it begins with something that code cannot have.
    init(at text: ArraySlice<Unicode.Scalar>) {
        scalars = text.prefix { (0x21...0x7E).contains($0.value) && $0 != "`" && $0 != "\\" && $0 != "|" }
    }

    /// The number of its characters.
    var count: Int { scalars.count }

    /// The word as code.
    var code: String {
        var out = "`"
        out.unicodeScalars.append(contentsOf: scalars)
        return out + "`"
    }

    /// Whether GitHub would make a link, a mention or a picture of a part of the word.
    var isLinked: Bool {
        scalars.indices.contains { index in
            switch scalars[index] {
            case "@": true
            case "#": isDigit(after: index)
            case ":": holds("//", after: index) || isEmoji(from: index)
            case "w", "W": !isWord(before: index) && holds("ww.", after: index)
            case "g", "G": !isWord(before: index) && holds("h-", after: index) && isDigit(after: index + 2)
            default: isCommit(from: index)
            }
        }
    }

    private func isDigit(after index: Int) -> Bool {
        index + 1 < scalars.endIndex && ("0"..."9").contains(scalars[index + 1])
    }

    private func isWord(before index: Int) -> Bool {
        index > scalars.startIndex && Self.isWord(scalars[index - 1])
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic || isNumeral(scalar) }

    private static func isNumeral(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) || scalar == "_" }

    /// Whether a text in lower case follows, in any case.
    private func holds(_ text: String, after index: Int) -> Bool {
        let found = scalars[(index + 1)...].prefix(text.unicodeScalars.count)
        return found.map(\.properties.lowercaseMapping) == text.unicodeScalars.map(String.init)
    }

    /// Whether a name between two colons begins here, as in `:100:`. Only GitHub knows which of them are pictures.
    private func isEmoji(from index: Int) -> Bool {
        let name = scalars[(index + 1)...].prefix { Self.isWord($0) || $0 == "+" || $0 == "-" }
        return !name.isEmpty && name.endIndex < scalars.endIndex && scalars[name.endIndex] == ":"
    }

    /// Whether a number of hexadecimal digits begins here that may be that of a commit, in full or shortened.
    private func isCommit(from index: Int) -> Bool {
        guard !isWord(before: index) else { return false }
        let digits = scalars[index...].prefix(while: \.properties.isASCIIHexDigit)
        return digits.count >= 7 && (digits.endIndex == scalars.endIndex || !Self.isWord(scalars[digits.endIndex]))
    }
}
