internal import TraceCore

/// Draws a path: from what is known of it, how it is looked at and how large the screen is, to a frame.
///
/// It uses no clock and no terminal, so tests can make every picture.
struct PathDrawing {
    /// Screens of fewer rows have no room for more than a title and the columns' headings above the path.
    private static let rowsForDetails = 12
    /// Screens of fewer rows have no room for the list of keys.
    private static let rowsForKeys = 16
    /// Where fewer rows are left for the path, what is said of one hop takes its place.
    private static let rowsForBoth = 14

    /// What there is around the path.
    struct Scene {
        /// A watched host.
        struct Host {
            var name: String
            /// The end of its path, or nil where nothing is known yet.
            var target: MonitorReport.Hop?
            var isFailed = false
        }

        /// How the path is asked.
        var settings: PathSettings
        /// Hosts around the one that is shown, in their order.
        var hosts: [Host] = []
        /// How many come before them.
        var first = 0
        /// The place in them of the one that is shown.
        var shown = 0
        /// What knows networks and places.
        var geography: (any PathGeography)?
        /// What the host was called.
        var name = ""
        /// Why it cannot be asked.
        var failure: String?
        /// Whether it can be asked in another way; a recording cannot.
        var canBeAsked = false
    }

    let view: PathView
    let state: PathScreenState
    let scene: Scene
    let size: ScreenSize
    /// The path of the view, made once.
    let report: MonitorReport?
    /// What is known of its addresses, where it is shown.
    let facts: [IPAddress: PathFacts]
    /// The table that is shown, if it is one; made once, because its heading and its lines are asked for apart.
    private let table: Table?

    /// Lines of hops.
    struct Table {
        /// What stays above them.
        var heading: [ScreenLine]
        var lines: [ScreenLine]
        /// The TTL of the hop that each line belongs to.
        var hops: [Int?]
    }

    init(_ view: PathView, _ state: PathScreenState, _ scene: Scene, size: ScreenSize) {
        self.view = view
        self.state = state
        self.scene = scene
        self.size = size
        report = view.report
        let isAsked = state.fact != nil || state.showsDetails || state.display == .map
        facts = isAsked ? report.flatMap { scene.geography?.facts(of: $0) } ?? [:] : [:]
        table = Self.table(of: report, view, state, facts, columns: size.columns)
    }

    private static func table(
        of report: MonitorReport?, _ view: PathView, _ state: PathScreenState, _ facts: [IPAddress: PathFacts],
        columns: Int
    ) -> Table? {
        guard state.isOnPath, let report else { return nil }
        let column = state.fact.map { HopLines.FactColumn($0, facts, report) }
        switch state.display {
        case .latency, .jitter: return PathTable(report, view, state, columns: columns, facts: column).table
        case .paths: return view.paths.map { PathSetTable($0, view, state, columns: columns).table }
        case .history: return history(report, view, state, columns: columns, facts: column)
        case .map: return nil
        }
    }

    /// The picture.
    var frame: ScreenFrame {
        let body = body
        let scroll = scroll(body)
        var lines = head + body.dropFirst(scroll).prefix(page)
        if paneRows > 0 {
            while lines.count < headRows + page { lines.append(ScreenLine()) }
            lines += pane
        }
        while lines.count < size.rows - 1 { lines.append(ScreenLine()) }
        if let refusal, size.rows > refusal.count + 1 {
            lines.replaceSubrange(size.rows - 1 - refusal.count..<size.rows - 1, with: refusal)
        }
        // A screen of one row has room for the title alone.
        if size.rows > 1 { lines.append(footer(lines: body.count, scroll: scroll)) }
        return ScreenFrame(lines, size: size)
    }

    /// The hops that can be chosen.
    var hops: [Int] { report?.hops.map(\.ttl) ?? [] }

    /// How many lines of the path there is room for.
    var page: Int { max(0, size.rows - headRows - 1 - paneRows) }

    private var headRows: Int {
        1 + (hasHosts ? 1 : 0) + (hasDetails ? 1 : 0) + (hasKeys ? 1 : 0) + (table?.heading.count ?? 0)
    }

    /// The farthest that the picture can be scrolled.
    var mostScroll: Int { max(0, body.count - page) }

    /// How far the picture has to be scrolled so that the chosen hop is in it.
    var scrollToChosen: Int {
        guard let table, let chosen = state.chosen, let first = table.hops.firstIndex(of: chosen),
            let last = table.hops.lastIndex(of: chosen)
        else { return state.scroll }
        return min(first, max(state.scroll, last + 1 - page))
    }

    private func scroll(_ body: [ScreenLine]) -> Int { min(max(0, state.scroll), max(0, body.count - page)) }

    private var hasDetails: Bool { size.rows >= Self.rowsForDetails }
    var hasKeys: Bool { size.rows >= Self.rowsForKeys }
    private var hasHosts: Bool { scene.hosts.count > 1 }

    private var head: [ScreenLine] {
        var lines = [title]
        if hasHosts { lines.append(hosts) }
        if hasDetails { lines.append(details) }
        if hasKeys { lines.append(keys) }
        if let table { lines += table.heading }
        return lines
    }

    private var body: [ScreenLine] {
        switch state.front {
        case .help: return help
        case .fields(let letters): return columnList(letters)
        case .setting, nil: break
        }
        if state.display == .map, let report, let geography = scene.geography {
            return PathMap(report, facts, geography, state, columns: size.columns, rows: page).lines
        }
        if let failure = scene.failure, report == nil {
            return [ScreenLine()]
                + UntrustedText(failure).escaped.wrapped(to: max(10, size.columns - 4)).map {
                    ScreenLine("  \($0)", .alarm)
                }
                + [ScreenLine(), ScreenLine("  r tries it again", .dim)]
        }
        return table?.lines ?? []
    }

    /// Why what was typed is not taken, in as many lines as it needs above the line that it was typed in.
    private var refusal: [ScreenLine]? {
        guard let note = state.note, case .setting? = state.front else { return nil }
        return note.wrapped(to: size.columns).map { ScreenLine($0, .warning) }
    }

    // MARK: The chosen hop

    /// The hop of which all is shown, if there is one.
    private var chosenHop: MonitorReport.Hop? {
        guard state.isOnPath, state.showsDetails, state.display != .paths else { return nil }
        return report?.hops.first { $0.ttl == state.chosen }
    }

    /// How many rows it takes: the lower half, or all where that is little.
    private var paneRows: Int {
        guard chosenHop != nil else { return 0 }
        let rows = max(0, size.rows - headRows - 1)
        return rows < Self.rowsForBoth ? rows : min(16, rows / 2)
    }

    private var pane: [ScreenLine] {
        guard let hop = chosenHop else { return [] }
        return HopDetails(hop, view, state, facts, columns: size.columns, rows: paneRows).lines
    }
}

extension PathScreenState {
    /// Whether the path is seen, and no list lies over it.
    fileprivate var isOnPath: Bool {
        switch front {
        case .help, .fields: false
        case .setting, nil: true
        }
    }
}
