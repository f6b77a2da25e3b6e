/// Text as roff source, in which backslashes, leading dots and hyphens would mean something else.
enum Roff {
    /// A text whose backquoted parts are bold.
    static func text(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        let marked = parts.enumerated().map { index, part in
            index.isMultiple(of: 2) ? escaped(part, hyphen: "-") : bold(part)
        }
        return guarded(marked.joined())
    }

    /// What is typed: bold, with hyphens that can be copied and searched for.
    static func bold(_ text: some StringProtocol) -> String { "\\fB\(escaped(text, hyphen: "\\-"))\\fR" }

    /// A word that stands for something else.
    static func italic(_ text: some StringProtocol) -> String { "\\fI\(escaped(text, hyphen: "\\-"))\\fR" }

    /// The argument of a macro, in quotes; a date among them keeps its plain hyphens.
    static func argument(_ text: String) -> String {
        "\"\(escaped(text, hyphen: "-").replacing("\"", with: "\\(dq"))\""
    }

    /// A line of a display, as it is.
    static func verbatim(_ text: String) -> String { guarded(escaped(text, hyphen: "\\-")) }

    private static func escaped(_ text: some StringProtocol, hyphen: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += hyphen
            case "\n": result += " "
            case "\u{A0}": result += "\\~"
            default: result.append(character)
            }
        }
        return result
    }

    /// A line that does not start with what roff takes for a request.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }
}
