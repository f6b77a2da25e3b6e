/// How large a screen is.
struct ScreenSize: Sendable, Hashable {
    /// The columns, at least 1.
    let columns: Int
    /// The rows, at least 1.
    let rows: Int

    init(columns: Int, rows: Int) {
        self.columns = max(1, columns)
        self.rows = max(1, rows)
    }
}

/// All that a screen shows at a moment: a cell for every place.
struct ScreenFrame: Sendable, Hashable {
    let size: ScreenSize
    /// The cells of each row; the second half of a wide one is a cell of no columns.
    let rows: [[Cell]]

    /// A frame of lines, which are cut and filled up to its size.
    init(_ lines: [ScreenLine], size: ScreenSize) {
        self.size = size
        rows = (0..<size.rows).map { row in
            row < lines.count ? Self.fit(lines[row].cells, size.columns) : Self.empty(size.columns)
        }
    }

    /// What the frame shows, without how it looks.
    var text: [String] {
        rows.map { row in
            String(row.map(\.text).joined().reversed().drop { $0 == " " }.reversed())
        }
    }

    private static func empty(_ columns: Int) -> [Cell] { Array(repeating: .blank, count: columns) }

    private static func fit(_ cells: [Cell], _ columns: Int) -> [Cell] {
        var row: [Cell] = []
        row.reserveCapacity(columns)
        for cell in cells {
            guard row.count + cell.columns <= columns else { break }
            row.append(cell)
            if cell.columns == 2 { row.append(.rightHalf) }
        }
        while row.count < columns { row.append(.blank) }
        return row
    }
}
