extension String {
    /// The words of the text in lines of at most a width; a longer word keeps a line of its own.
    ///
    /// A no-break space holds two words together, and is shown as a plain one.
    package func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var length = 0
        for word in split(whereSeparator: { " \n".contains($0) }) {
            let wordLength = word.count
            if length > 0, length + 1 + wordLength > width {
                lines.append(line)
                (line, length) = ("", 0)
            }
            if length > 0 {
                line += " "
                length += 1
            }
            line += word.replacing("\u{A0}", with: " ")
            length += wordLength
        }
        return length > 0 ? lines + [line] : lines
    }

    /// The text without the backquotes that mark what is typed.
    var withoutMarks: String { filter { $0 != "`" } }

    /// The text up to its first full stop, where there is room for one line only.
    var firstSentence: String {
        let plain = withoutMarks
        guard let end = plain.firstStop else { return plain }
        return String(plain[..<end])
    }

    /// Where the first full stop that ends a sentence is.
    private var firstStop: Index? {
        indices.first { index in
            guard self[index] == "." else { return false }
            let next = self.index(after: index)
            return next == endIndex || self[next] == " "
        }
    }
}

/// Two columns of a help text: what is typed, and what it does, on the same line where there is room.
struct TwoColumns {
    let width: Int
    let left: Int

    /// The layout for rows whose left sides are these.
    init(width: Int, rows: [String]) {
        // Below 20 columns nothing is readable; past 100, lines are too long to follow.
        self.width = min(max(width, 20), 100)
        let widest = rows.map { $0.count + 4 }.filter { $0 <= 32 }.max() ?? 8
        // A right column under 34 letters breaks after every few words: then it goes below.
        left = self.width - widest >= 34 ? widest : 0
    }

    /// The lines of a row, each with its line end.
    func row(_ term: String, _ text: String) -> String {
        let indent = left > 0 ? left : 6
        let lines = text.withoutMarks.wrapped(to: width - indent)
        let margin = String(repeating: " ", count: indent)
        let head = "  " + term
        if left > 0, head.count + 2 <= left, let first = lines.first {
            let gap = String(repeating: " ", count: left - head.count)
            return "\(head)\(gap)\(first)\n" + lines.dropFirst().map { "\(margin)\($0)\n" }.joined()
        }
        let heads = left > 0 ? [term] : term.wrapped(to: width - 2)
        return heads.map { "  \($0)\n" }.joined() + lines.map { "\(margin)\($0)\n" }.joined()
    }
}
