/// A Markdown table whose columns also align as plain text.
struct MarkdownTable {
    /// A column: its heading, and whether it has numbers.
    struct Column {
        let title: String
        var isNumber = false
    }

    let columns: [Column]
    /// Cells, which are Markdown already.
    var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// The lines of the table.
    var lines: [String] {
        let widths = columns.indices.map { index in
            rows.reduce(max(3, columns[index].title.columns)) { max($0, $1[index].columns) }
        }
        let rule = zip(columns, widths).map { column, width in
            column.isNumber ? String(repeating: "-", count: width - 1) + ":" : String(repeating: "-", count: width)
        }
        return [line(columns.map(\.title), widths), "| " + rule.joined(separator: " | ") + " |"]
            + rows.map { line($0, widths) }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = columns.indices.map { index in
            let space = String(repeating: " ", count: max(0, widths[index] - cells[index].columns))
            return columns[index].isNumber ? space + cells[index] : cells[index] + space
        }
        return "| " + padded.joined(separator: " | ") + " |"
    }
}

extension RunDescription {
    /// The head of a report in Markdown: the target and the method.
    ///
    /// - Parameter what: What was done, such as `Trace to`.
    func markdownHead(_ what: String) -> String {
        var line = what
        if let target {
            line += " **\(UntrustedText(target.name ?? "\(target.address)").markdown)**"
            if target.name != nil { line += " (\(target.address.markdown))" }
        }
        if let source { line += " from \(source.markdown)" }
        if let method { line += " by \(UntrustedText(method.rawValue).markdown)" }
        if let mode { line += " (\(UntrustedText(mode).markdown))" }
        return line + (startText.map { ", \($0)" } ?? "")
    }
}

extension IPAddress {
    /// The text of the address; GitHub would see an emoji in `2001:db8:100::1`.
    var markdown: String { description.markdown }
}

extension Duration {
    /// The milliseconds of a cell.
    var cell: String { millisecondsText(decimals: 3) }
}

extension Double? {
    /// The percentage of a cell; empty if there is none.
    var percentCell: String { map { "\(PingReport.Text.percent($0)) %" } ?? "" }
}
