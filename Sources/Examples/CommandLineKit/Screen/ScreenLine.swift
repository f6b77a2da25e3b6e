internal import TraceCore

/// A line of the screen while it is put together from left to right.
struct ScreenLine: Sendable, Hashable {
    private(set) var cells: [Cell] = []
    /// How many columns are taken.
    private(set) var columns = 0

    /// An empty line.
    init() {}

    /// A line with a text of our own.
    init(_ text: String, _ style: CellStyle = .plain) { append(text, style) }

    /// Adds a text of our own.
    mutating func append(_ text: String, _ style: CellStyle = .plain) { append(Cell.cells(of: text, style)) }

    /// Adds an untrusted text, cut to a number of columns.
    mutating func append(_ text: UntrustedText, _ style: CellStyle = .plain, upTo limit: Int = .max) {
        append(Cell.cells(of: text, style, upTo: max(0, limit)))
    }

    /// Adds a text of our own so that it ends at the right of a column of that width.
    mutating func append(_ text: String, _ style: CellStyle = .plain, rightIn width: Int) {
        let cells = Cell.cells(of: text, style)
        pad(to: columns + width - cells.reduce(0) { $0 + $1.columns })
        append(cells)
    }

    /// Adds another line behind this one.
    mutating func append(_ line: ScreenLine) { append(line.cells) }

    /// Adds spaces up to a column.
    mutating func pad(to column: Int) {
        while columns < column { append(CollectionOfOne(Cell.blank)) }
    }

    private mutating func append(_ more: some Collection<Cell>) {
        cells += more
        columns += more.reduce(0) { $0 + $1.columns }
    }

    /// What the line shows as plain text.
    var text: String { cells.map(\.text).joined() }
}
