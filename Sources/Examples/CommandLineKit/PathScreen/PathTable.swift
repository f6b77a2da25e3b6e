internal import TraceCore

/// The table of a path's figures: as many columns as there is room for, and bars where there is still some left.
struct PathTable {
    /// Fewer columns than that say little of who answers.
    private static let leastHost = 20
    /// Beyond that, room for bars is worth more than room for names.
    private static let mostHost = 44
    /// Fewer bars than that show no trend, more no better one.
    private static let bars = 12...60
    /// What is dropped last where the screen is narrow; what is not listed comes behind.
    private static let importance: [MTRReport.Field] = [
        .loss, .newest, .average, .jitterMean, .sent, .received, .dropped, .jitter, .worst, .jitterWorst, .best,
        .deviation, .interarrivalJitter, .geometricMean,
    ]

    /// The names of the columns, and the lines of the hops.
    let table: PathDrawing.Table

    init(_ report: MonitorReport, _ view: PathView, _ state: PathScreenState, columns: Int) {
        let fields = Self.fitting(state.fields.fields, in: columns - Self.leastHost)
        let left = columns - fields.map(\.width).reduce(0, +)
        let hops = report.hops.map { hop in
            (hop, HopLines(hop, state, lastRound: view.lastRound, isTarget: hop.ttl == report.hops.last?.ttl).lines)
        }
        let wanted = hops.flatMap(\.1).filter(\.isFirst).map { $0.text(Self.mostHost).columns }.max() ?? 0
        var bars = left - max(wanted, Self.mostHost / 2) - 1
        bars = bars < Self.bars.lowerBound ? 0 : min(bars, Self.bars.upperBound)
        let host = bars > 0 ? left - bars - 1 : left

        var heading = ScreenLine("    host", .bold)
        heading.pad(to: host)
        for field in fields { heading.append(field == .gap ? "" : field.title, .bold, rightIn: field.width) }
        if bars > 0 { heading.append(" last \(bars) rounds", .bold) }

        let lines = hops.flatMap { hop, own in
            own.map { line in
                // Nothing follows a label, which may fill the line.
                var drawn = line.text(line.address == nil && !line.isFirst ? columns : host)
                guard line.isFirst || line.address != nil else { return drawn }
                drawn.pad(to: host)
                for field in fields { Self.append(field, hop, line, &drawn) }
                if bars > 0, line.isFirst {
                    drawn.append(" ")
                    drawn.append(RoundTripBars(hop, view, rounds: bars).line)
                }
                return drawn
            }
        }
        table = PathDrawing.Table(heading: [heading], lines: lines)
    }

    /// The columns that fit, in their order: the gaps go first, then what is least important.
    private static func fitting(_ fields: [MTRReport.Field], in columns: Int) -> [MTRReport.Field] {
        var fields = fields
        func width() -> Int { fields.map(\.width).reduce(0, +) }
        if width() > columns { fields.removeAll { $0 == .gap } }
        while width() > columns, fields.count > 1 {
            let ranks = fields.map { importance.firstIndex(of: $0) ?? .max }
            guard let last = ranks.indices.max(by: { ranks[$0] < ranks[$1] }) else { break }
            fields.remove(at: last)
        }
        return fields
    }

    private static func append(
        _ field: MTRReport.Field, _ hop: MonitorReport.Hop, _ line: HopLines.Line, _ drawn: inout ScreenLine
    ) {
        guard field != .gap else { return drawn.pad(to: drawn.columns + 1) }
        let value = line.isFirst ? field.value(of: hop) : line.address.flatMap { field.value(of: $0) }
        let isSilent = hop.addresses.isEmpty
        var style: CellStyle = line.isFirst && !isSilent ? .plain : .dim
        if line.isFirst, !isSilent, field == .loss || field == .dropped, hop.lost > 0 {
            style = hop.lossPercent ?? 0 >= 20 ? .alarm : .warning
        }
        drawn.append(value?.text ?? "", style, rightIn: field.width)
    }
}
