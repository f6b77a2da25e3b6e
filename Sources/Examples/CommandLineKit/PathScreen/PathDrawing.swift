internal import TraceCore

/// Draws a path: from what is known of it, how it is looked at and how large the screen is, to a frame.
///
/// It uses no clock and no terminal, so tests can make every picture.
struct PathDrawing {
    /// Screens of fewer rows have no room for more than a title and the columns' headings above the path.
    private static let rowsForDetails = 12
    /// Screens of fewer rows have no room for the list of keys.
    private static let rowsForKeys = 16

    let view: PathView
    let state: PathScreenState
    let size: ScreenSize
    /// The path of the view, made once.
    let report: MonitorReport?
    /// The table that is shown, if it is one; made once, because its heading and its lines are asked for apart.
    private let table: Table?

    /// Lines of figures.
    struct Table {
        /// What stays above them.
        var heading: [ScreenLine]
        var lines: [ScreenLine]
    }

    init(_ view: PathView, _ state: PathScreenState, size: ScreenSize) {
        self.view = view
        self.state = state
        self.size = size
        report = view.report
        table = Self.table(of: report, view, state, columns: size.columns)
    }

    private static func table(
        of report: MonitorReport?, _ view: PathView, _ state: PathScreenState, columns: Int
    ) -> Table? {
        guard state.front == nil, let report else { return nil }
        switch state.display {
        case .latency, .jitter: return PathTable(report, view, state, columns: columns).table
        case .paths: return view.paths.map { PathSetTable($0, view, state, columns: columns).table }
        case .history: return nil
        }
    }

    /// The picture.
    var frame: ScreenFrame {
        let head = head
        let body = body
        let scroll = scroll(body)
        var lines = head + body.dropFirst(scroll).prefix(page)
        while lines.count < size.rows - 1 { lines.append(ScreenLine()) }
        // A screen of one row has room for the title alone.
        if size.rows > 1 { lines.append(footer(lines: body.count, scroll: scroll)) }
        return ScreenFrame(lines, size: size)
    }

    /// How many lines of the path there is room for.
    var page: Int { max(0, size.rows - headRows - 1) }

    private var headRows: Int { 1 + (hasDetails ? 1 : 0) + (hasKeys ? 1 : 0) + (table?.heading.count ?? 0) }

    /// The farthest that the picture can be scrolled.
    var mostScroll: Int { max(0, body.count - page) }

    private func scroll(_ body: [ScreenLine]) -> Int { min(max(0, state.scroll), max(0, body.count - page)) }

    private var hasDetails: Bool { size.rows >= Self.rowsForDetails }
    var hasKeys: Bool { size.rows >= Self.rowsForKeys }

    private var head: [ScreenLine] {
        var lines = [title]
        if hasDetails { lines.append(details) }
        if hasKeys { lines.append(keys) }
        if let table { lines += table.heading }
        return lines
    }

    private var body: [ScreenLine] {
        switch state.front {
        case .help: return help
        case .fields(let letters): return columnList(letters)
        case nil: break
        }
        return table?.lines ?? report.map { history($0) } ?? []
    }
}
