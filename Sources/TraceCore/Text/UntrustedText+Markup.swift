extension String {
    /// Text whose hazards are escaped already, safe as an element's text and inside a quoted attribute.
    package var markup: String {
        var out = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}

extension UntrustedText {
    /// The escaped form for HTML, safe as an element's text and inside a quoted attribute.
    public var html: String { description.markup }

    /// The escaped form as one CSV field (RFC 4180), quoted where that is needed.
    ///
    /// Text that a spreadsheet would run as a formula is given an apostrophe in front.
    public var csvField: String {
        let text = escaped
        let isFormula = text.unicodeScalars.first { $0 != " " }.map(Self.startsFormula) ?? false
        // The semicolon and the tab separate fields where the comma is the decimal mark; a tab is already
        // escaped. Spaces at either end are lost by some readers unless quoted.
        let needsQuotes =
            isFormula || text.first == " " || text.last == " "
            || text.utf8.contains {
                $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "\"")
            }
        guard needsQuotes else { return text }
        var out = isFormula ? "\"'" : "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { out += "\"" }
            out.unicodeScalars.append(scalar)
        }
        return out + "\""
    }

    // The full-width forms count too: some spreadsheets fold them before they look.
    private static func startsFormula(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
        default: false
        }
    }

    /// Whether the text is a host name of ASCII letters, digits, hyphens and underscores, in labels of at
    /// most 63, at most 253 in all, with or without the final dot.
    public var isPlainASCIIHostname: Bool {
        var label = 0
        var total = 0
        var previous = UInt8(ascii: ".")
        for byte in raw.utf8 {
            total += 1
            switch byte {
            case UInt8(ascii: "."):
                guard label > 0, previous != UInt8(ascii: "-") else { return false }
                label = 0
            case UInt8(ascii: "-"):
                guard label > 0 else { return false }
                label += 1
            // Routers are named with underscores, against RFC 952.
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                label += 1
            default:
                return false
            }
            guard label <= 63, total <= 254 else { return false }
            previous = byte
        }
        guard total > 0, previous != UInt8(ascii: "-") else { return false }
        return previous == UInt8(ascii: ".") || total <= 253
    }
}

extension String {
    /// Text whose hazards are escaped already, safe within a line of Markdown and within a cell of a table.
    ///
    /// Words of which GitHub would make links are code.
    package var markdown: String {
        var out = ""
        let scalars = Array(unicodeScalars)
        var index = 0
        while index < scalars.count {
            let word = MarkdownWord(at: scalars[index...])
            if word.isLinked {
                out += word.code
                index += word.count
                continue
            }
            for _ in 0..<max(1, word.count) {
                if Self.isMarkup(scalars[index], at: index, of: scalars) { out.unicodeScalars.append("\\") }
                out.unicodeScalars.append(scalars[index])
                index += 1
            }
        }
        return out
    }

    private static func isMarkup(_ scalar: Unicode.Scalar, at index: Int, of text: [Unicode.Scalar]) -> Bool {
        switch scalar {
        case "\\", "|", "`", "*", "_", "[", "]", "<", ">", "&", "~", "#", "$", "!": true
        // At the beginning of a line they make lists and headings.
        case "-", "+", "=": index == 0
        case ".", ")":
            index > 0 && text[..<index].allSatisfy { ("0"..."9").contains($0) }
                && (index + 1 == text.count || text[index + 1] == " ")
        default: false
        }
    }
}

extension UntrustedText {
    /// The escaped form for Markdown, safe within a line and within a cell of a table.
    ///
    /// Words of which GitHub would make a link, a mention or a picture are code: mail addresses, `@name`, `#123`,
    /// numbers of commits, `:emoji:`.
    public var markdown: String { description.markdown }
}
