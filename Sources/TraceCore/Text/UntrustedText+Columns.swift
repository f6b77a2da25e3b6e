extension UntrustedText {
    /// As much of the escaped form as fits into that many columns of a terminal, with an ellipsis, or another ending of one column, where
    /// some is missing.
    ///
    /// An escape is shown whole or not at all: half of one would read as something else.
    package func escaped(columns limit: Int, ending: Unicode.Scalar = "\u{2026}") -> String {
        let text = escaped
        guard text.columns > limit else { return text }
        guard limit > 0 else { return "" }
        let scalars = text.unicodeScalars
        var end = scalars.startIndex
        var columns = 0
        while end < scalars.endIndex {
            let next = Self.endOfSign(in: scalars, from: end)
            columns += scalars[end..<next].reduce(0) { $0 + $1.columns }
            // One column is for the ending.
            if columns > limit - 1 { break }
            end = next
        }
        return String(scalars[..<end]) + String(ending)
    }

    /// Where what begins at an index ends: an escape, or a single scalar.
    private static func endOfSign(
        in scalars: String.UnicodeScalarView, from start: String.Index
    ) -> String.Index {
        let second = scalars.index(after: start)
        guard scalars[start] == "\\", second < scalars.endIndex else { return second }
        // A doubled backslash, or `\u{1b}`.
        if scalars[second] == "\\" { return scalars.index(after: second) }
        guard let brace = scalars[second...].firstIndex(of: "}") else { return scalars.endIndex }
        return scalars.index(after: brace)
    }
}
