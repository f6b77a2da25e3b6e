internal import TraceCore

extension PathDrawing {
    /// What is going on, the most important first; the keys to begin with where nothing is.
    func footer(lines: Int, scroll: Int) -> ScreenLine {
        switch state.front {
        case .fields(let letters): return prompt("columns", letters)
        case .setting(let setting, let text):
            return prompt("\(setting.title) (now \(setting.text(in: scene.settings)))", text)
        case .help, nil: break
        }
        var parts: [(String, CellStyle)] = []
        if let note = state.note { parts.append((note, .warning)) }
        if let failure = scene.failure, report != nil { parts.append((failure, .alarm)) }
        if state.isPaused { parts.append(("paused: space goes on", CellStyle(isInverse: true))) }
        if let end = report?.end { parts.append(Self.words(for: end)) }
        if let failures { parts.append((failures, .alarm)) }
        if lines > page, page > 0, state.display != .map {
            parts.append(("lines \(scroll + 1)-\(min(lines, scroll + page)) of \(lines), + and - turn", .dim))
        }
        if let change { parts.append((change, .warning)) }
        if report == nil, scene.failure == nil { parts.append(("waiting for the run to begin", .dim)) }
        if parts.isEmpty, !hasKeys { parts.append(("h help  q quit", .dim)) }
        var line = ScreenLine()
        for (index, part) in parts.enumerated() {
            if index > 0 { line.append(" · ", .dim) }
            // The words of an error may have come from a recording, and so from a stranger.
            line.append(UntrustedText(part.0), part.1, upTo: size.columns - line.columns)
        }
        return line
    }

    private static func words(for end: RunEnd) -> (String, CellStyle) {
        switch end.reason {
        case .completed: ("all rounds are done: q quits, r starts again", .good)
        case .cancelled: ("the run was cancelled", .warning)
        case .failed: ("the run failed: \(end.error?.description ?? "no reason is known")", .alarm)
        case .reached, .unreachable, .hopLimit, .gap, .deadline: ("the run is over: \(end.reason.rawValue)", .warning)
        }
    }

    /// The probes that could not be sent, and why.
    private var failures: String? {
        guard let report else { return nil }
        let count = report.hops.map(\.failed).reduce(0, +)
        guard count > 0 else { return nil }
        return "\(count) not sent: \(report.failure?.message ?? "no reason is known")"
    }

    /// The last change of the path.
    private var change: String? {
        guard let change = report?.changes.last else { return nil }
        let count = report?.changes.count ?? 0
        let more = count > 1 ? ", the last of \(count) changes" : ""
        return "hop \(change.ttl) went from \(change.before) to \(change.after) in round \(change.round + 1)\(more)"
    }

    /// The line in which something is typed.
    private func prompt(_ title: String, _ text: String) -> ScreenLine {
        var line = ScreenLine("\(title): ", .bold)
        line.append(text)
        line.append(" ", CellStyle(isInverse: true))
        line.append("  ")
        guard line.columns < size.columns - 10 else { return line }
        if case .setting? = state.front, state.note != nil { return line }
        line.append(state.note ?? "Enter takes it, Esc does not", state.note == nil ? .dim : .warning)
        return line
    }
}
