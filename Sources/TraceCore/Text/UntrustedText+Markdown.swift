extension String {
    /// Text whose hazards are escaped already, safe within a line of Markdown and within a cell of a table.
    package var markdown: String {
        var out = ""
        let scalars = Array(unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            if Self.isMarkup(scalar, at: index, of: scalars) { out.unicodeScalars.append("\\") }
            out.unicodeScalars.append(scalar)
        }
        return out
    }

    private static func isMarkup(_ scalar: Unicode.Scalar, at index: Int, of text: [Unicode.Scalar]) -> Bool {
        switch scalar {
        case "\\", "|", "`", "*", "_", "[", "]", "<", ">", "&", "~", "#", "$", "!": true
        // GitHub makes links of addresses that stand in the text alone.
        case ":": index + 1 < text.count && text[index + 1] == "/"
        case ".": index >= 3 && text[(index - 3)..<index].allSatisfy { $0 == "w" || $0 == "W" }
        // At the beginning of a line they make lists and headings.
        case "-", "+", "=": index == 0
        default: false
        }
    }
}

extension UntrustedText {
    /// The escaped form for Markdown, safe within a line and within a cell of a table.
    public var markdown: String { description.markdown }
}
