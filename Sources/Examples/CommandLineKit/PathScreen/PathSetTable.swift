internal import TraceCore

/// The table of the paths that flows take: for each of them who answers where not all are alike, and its figures.
struct PathSetTable {
    /// Fewer columns than that say little of who answers.
    private static let leastHost = 20

    /// A column.
    private enum Column: CaseIterable {
        case flows, loss, sent, average, best, worst, deviation

        var title: String {
            switch self {
            case .flows: "Flows"
            case .loss: MTRReport.Field.loss.title
            case .sent: MTRReport.Field.sent.title
            case .average: MTRReport.Field.average.title
            case .best: MTRReport.Field.best.title
            case .worst: MTRReport.Field.worst.title
            case .deviation: MTRReport.Field.deviation.title
            }
        }

        /// As wide as in the table of hops.
        var width: Int { self == .loss ? MTRReport.Field.loss.width : MTRReport.Field.sent.width }

        func value(of path: PathSetReport.Path) -> MTRReport.Value? {
            switch self {
            case .flows: .count(path.flows.count)
            case .loss: path.loss.map { .percent($0 * 100) }
            case .sent: .count(path.sent)
            case .average: path.rtt.map { .time($0.average) }
            case .best: path.rtt.map { .time($0.min) }
            case .worst: path.rtt.map { .time($0.max) }
            case .deviation: path.rtt.map { .time($0.standardDeviation ?? .zero) }
            }
        }
    }

    /// How many paths there are and the names of the columns, and the lines of the paths.
    let table: PathDrawing.Table

    init(_ report: PathSetReport, _ view: PathView, _ state: PathScreenState, columns: Int) {
        // The least important column is at the right and is dropped first.
        var fitting = Column.allCases
        while fitting.count > 1, fitting.map(\.width).reduce(Self.leastHost, +) > columns { fitting.removeLast() }
        let host = max(0, columns - fitting.map(\.width).reduce(0, +))
        let isAlone = report.paths.count == 1

        var heading = ScreenLine(isAlone ? "    end" : "    differing hops", .bold)
        heading.pad(to: host)
        for column in fitting { heading.append(column.title, .bold, rightIn: column.width) }

        // In a stable order, whichever path has more flows by now.
        let paths = zip(report.paths, report.differences).sorted { $0.0.flows.lexicographicallyPrecedes($1.0.flows) }
        var lines = paths.flatMap { path, differences in
            let spots = differences.isEmpty ? report.end(of: path).map { [$0] } ?? [] : differences
            return spots.enumerated().map { index, spot in
                var line = ScreenLine((spot.ttl < 10 ? " " : "") + "\(spot.ttl). ")
                let room = index == 0 ? host : columns
                if let address = spot.address {
                    let style: CellStyle = index > 0 ? .dim : isAlone ? .bold : .plain
                    line.append(address, view.name(of: address), state.hosts, style, upTo: room)
                } else {
                    line.append(
                        UntrustedText(spot.isDealt ? "by packet" : "(no answer)"), .dim, upTo: room - line.columns)
                }
                guard index == 0 else { return line }
                line.pad(to: host)
                for column in fitting {
                    line.append(
                        column.value(of: path)?.text ?? "", Self.style(of: column, path), rightIn: column.width)
                }
                return line
            }
        }
        // In its first round a watch of several flows has seen one, too.
        if isAlone, view.flows.count == 1, report.rounds > 1 {
            lines.append(ScreenLine())
            lines += Self.advice.wrapped(to: columns).map { ScreenLine($0) }
        }
        if !report.dealt.isEmpty {
            lines.append(ScreenLine())
            for hop in report.dealt { lines += hop.text.wrapped(to: columns).map { ScreenLine($0) } }
        }
        table = PathDrawing.Table(
            heading: [Self.headline(report, view, columns: columns)] + (paths.isEmpty ? [] : [heading]), lines: lines,
            hops: [])
    }

    private static let advice = "Start with --flows 16 to see more than one path."

    /// What is known of how many paths there are, in as many words as there is room for.
    private static func headline(_ report: PathSetReport, _ view: PathView, columns: Int) -> ScreenLine {
        var text = report.headline
        if report.paths.isEmpty, report.end == nil {
            text = "no path yet"
        } else if report.paths.count == 1, view.flows.count == 1 {
            // Of one flow alone nothing can be told about others.
            text = report.rounds > 1 ? "one path, that of the one flow" : "one path so far"
        } else if text.count > columns, let paths = text.split(separator: ",").first {
            text = "\(paths), \(Int(report.confidence * 100)) % sure of no other"
        }
        var line = ScreenLine()
        line.append(UntrustedText(text), .plain, upTo: columns)
        return line
    }

    private static func style(of column: Column, _ path: PathSetReport.Path) -> CellStyle {
        guard column == .loss, path.lost > 0, let loss = path.loss else { return .plain }
        return loss >= 0.2 ? .alarm : .warning
    }
}
