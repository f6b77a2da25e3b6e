internal import TraceCore

extension PathDrawing {
    /// What the keys do.
    var help: [ScreenLine] {
        let lines = PathScreenState.keys.map { key, meaning in
            var line = ScreenLine("  ")
            line.append(key, .bold)
            line.pad(to: 9)
            line.append(meaning)
            return line
        }
        guard size.columns >= 2 * Self.helpWidth else { return lines }
        let half = (lines.count + 1) / 2
        return lines.prefix(half).enumerated().map { index, line in
            var line = line
            line.pad(to: Self.helpWidth)
            if half + index < lines.count { line.append(lines[half + index]) }
            return line
        }
    }

    /// As wide is a column of the list of keys.
    private static let helpWidth = 40

    /// The columns that there are, those that are chosen standing out.
    func columnList(_ letters: String) -> [ScreenLine] {
        MTRReport.Field.allCases.map { field in
            var line = ScreenLine("  ")
            let style: CellStyle = letters.contains(field.rawValue) ? .bold : .plain
            line.append(field == .gap ? "space" : String(field.rawValue), .bold)
            line.pad(to: 9)
            line.append(field == .gap ? "" : field.title, style)
            line.pad(to: 16)
            line.append(field.meaning, style)
            return line
        }
    }
}
