internal import TraceCore

/// The table of a path's figures: as many columns as there is room for, and bars where there is still some left.
struct PathTable {
    /// Fewer columns than that say little of who answers.
    private static let leastHost = 20
    /// Beyond that, room for bars is worth more than room for names.
    private static let mostHost = 60
    /// Fewer bars than that show no trend.
    private static let leastBars = 16
    /// What is dropped last where the screen is narrow; what is not listed comes behind.
    private static let importance: [MTRReport.Field] = [
        .loss, .newest, .average, .jitterMean, .sent, .received, .dropped, .jitter, .worst, .jitterWorst, .best,
        .deviation, .interarrivalJitter, .geometricMean,
    ]

    /// A column with the width that it takes, the space before it included.
    private struct Column {
        var field: MTRReport.Field
        var width: Int
    }

    /// The names of the columns, and the lines of the hops.
    let table: PathDrawing.Table

    init(
        _ report: MonitorReport, _ view: PathView, _ state: PathScreenState, columns: Int,
        facts: HopLines.FactColumn? = nil
    ) {
        let hops = report.hops.map { hop in
            let isTarget = hop.ttl == report.hops.last?.ttl
            return (hop, HopLines(hop, state, lastRound: view.lastRound, isTarget: isTarget, facts: facts).lines)
        }
        let named = hops.flatMap(\.1).filter { $0.address != nil || $0.isFirst }
        // Figures stand behind the longest name; each has a space before it.
        let wanted = min(named.map { $0.text(columns).columns }.max() ?? 0, Self.mostHost + (facts?.width ?? 0))
        let least = Self.leastHost + (facts?.width ?? 0)
        let fitting = Self.fitting(state.fields.fields, report.hops, in: columns, host: (least, wanted))
        let left = columns - fitting.map(\.width).reduce(0, +)
        let bars = left - max(wanted, least) - 1 >= Self.leastBars ? left - max(wanted, least) - 1 : 0
        let host = bars > 0 ? max(wanted, least) : left

        var heading = ScreenLine("    ", .bold)
        if let facts {
            heading.append(facts.fact.title, .bold)
            heading.pad(to: 4 + facts.width)
        }
        heading.append("host", .bold)
        heading.pad(to: host)
        for column in fitting {
            heading.append(column.field == .gap ? "" : column.field.title, .bold, rightIn: column.width)
        }
        let rounds = min(bars, RecentSamples.limit)
        if bars > 0 { heading.append(" last \(rounds) rounds", .bold) }

        var lines: [ScreenLine] = []
        for (hop, own) in hops {
            for line in own {
                // Nothing follows a label, which may fill the line.
                var drawn = line.text(line.address == nil && !line.isFirst ? columns : host)
                if line.isFirst || line.address != nil {
                    drawn.pad(to: host)
                    for column in fitting { Self.append(column, hop, line, &drawn) }
                    if bars > 0, line.isFirst {
                        drawn.append(" ")
                        drawn.append(RoundTripBars(hop, view, rounds: rounds).line)
                    }
                }
                lines.append(drawn)
            }
        }
        table = PathDrawing.Table(heading: [heading], lines: lines, hops: hops.flatMap(\.1).map(\.ttl))
    }

    /// The columns that fit, in their order. Before a name is cut, columns give up their blanks; then the gaps go, then
    /// what is least important.
    private static func fitting(
        _ fields: [MTRReport.Field], _ hops: [MonitorReport.Hop], in columns: Int, host: (least: Int, wanted: Int)
    ) -> [Column] {
        var fitting = fields.map { Column(field: $0, width: $0.width) }
        func room() -> Int { columns - fitting.map(\.width).reduce(0, +) }
        if room() < host.wanted {
            fitting.removeAll { $0.field == .gap }
            for index in fitting.indices {
                let field = fitting[index].field
                let texts = hops.map { field.value(of: $0)?.text.count ?? 0 }
                fitting[index].width = max(field.title.count, texts.max() ?? 0) + 1
            }
        }
        while room() < host.least, fitting.count > 1 {
            let ranks = fitting.map { importance.firstIndex(of: $0.field) ?? .max }
            guard let last = ranks.indices.max(by: { ranks[$0] < ranks[$1] }) else { break }
            fitting.remove(at: last)
        }
        return fitting
    }

    private static func append(
        _ column: Column, _ hop: MonitorReport.Hop, _ line: HopLines.Line, _ drawn: inout ScreenLine
    ) {
        let field = column.field
        guard field != .gap else { return drawn.pad(to: drawn.columns + 1) }
        let value = line.isFirst ? field.value(of: hop) : line.address.flatMap { field.value(of: $0) }
        let style = line.isFirst && !hop.addresses.isEmpty ? Self.style(of: field, value, hop) : .dim
        drawn.append(value?.text ?? "", style, rightIn: column.width)
    }

    /// What deserves a look stands out: loss by its share, times by how far they are from what is usual at the hop.
    private static func style(of field: MTRReport.Field, _ value: MTRReport.Value?, _ hop: MonitorReport.Hop)
        -> CellStyle
    {
        switch (field, value) {
        case (.loss, _), (.dropped, _):
            guard hop.lost > 0, let percent = hop.lossPercent else { return .plain }
            return percent >= 20 ? CellStyle(color: .red, isBold: true) : percent >= 5 ? .alarm : .warning
        case (.newest, .time(let time)?), (.average, .time(let time)?), (.best, .time(let time)?),
            (.worst, .time(let time)?):
            let grade = RoundTripBars.style(of: time, usual: hop.rtt?.p50)
            return grade == .good ? .plain : grade
        default: return .plain
        }
    }
}
