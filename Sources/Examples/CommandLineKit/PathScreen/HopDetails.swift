internal import TraceCore

/// All that is known of one hop: who answers, the figures, a chart of the latest round trips, and how often each occurs.
struct HopDetails {
    /// A chart beside a histogram needs as many columns.
    private static let columnsForBoth = 70
    /// Room for the scale of the chart.
    private static let scaleWidth = 8

    let lines: [ScreenLine]

    init(
        _ hop: MonitorReport.Hop, _ view: PathView, _ state: PathScreenState, _ facts: [IPAddress: PathFacts],
        columns: Int, rows: Int
    ) {
        var lines = [Self.title(of: hop, state, facts, columns: columns), Self.figures(of: hop, columns: columns)]
        let others = Self.others(of: hop, state, columns: columns)
        if rows >= 8, let others { lines.append(others) }
        let left = rows - lines.count
        if left >= 2 {
            if columns >= Self.columnsForBoth {
                let width = columns * 3 / 5
                let chart = Self.chart(of: hop, view, columns: width - 2, rows: left)
                let histogram = Self.histogram(of: hop, view, columns: columns - width, rows: left)
                lines += chart.enumerated().map { index, line in
                    var line = line
                    line.pad(to: width)
                    if index < histogram.count { line.append(histogram[index]) }
                    return line
                }
            } else if left >= 6 {
                lines += Self.chart(of: hop, view, columns: columns, rows: left / 2)
                lines += Self.histogram(of: hop, view, columns: columns, rows: left - left / 2)
            } else {
                lines += Self.chart(of: hop, view, columns: columns, rows: left)
            }
        }
        self.lines = Array(lines.prefix(rows))
    }

    // MARK: Words

    /// Who answers at the hop, in a rule.
    private static func title(
        of hop: MonitorReport.Hop, _ state: PathScreenState, _ facts: [IPAddress: PathFacts], columns: Int
    ) -> ScreenLine {
        var line = ScreenLine("── ", .dim)
        line.append("hop \(hop.ttl) ", .bold)
        if let first = hop.addresses.first {
            line.append(first.address, first.name, .both, .bold, kind: first.kind, upTo: columns)
            if let known = facts[first.address] {
                var words = [known.place].compactMap { $0 }
                if let number = known.number {
                    words.append(known.network.map { "AS\(number) \($0.raw)" } ?? "AS\(number)")
                }
                if let prefix = known.prefix { words.append("\(prefix)") }
                for word in words {
                    line.append("  ")
                    line.append(UntrustedText(word), CellStyle(color: .cyan), upTo: columns - line.columns)
                }
            }
        } else {
            line.append("(no answer)", .dim)
        }
        line.append(" ")
        while line.columns < columns { line.append("─", .dim) }
        return line
    }

    private static func figures(of hop: MonitorReport.Hop, columns: Int) -> ScreenLine {
        var parts = ["sent \(hop.sent)", "lost \(hop.lost)"]
        if hop.late > 0 { parts.append("late \(hop.late)") }
        if hop.duplicates > 0 { parts.append("duplicates \(hop.duplicates)") }
        if hop.failed > 0 { parts.append("not sent \(hop.failed)") }
        if let rtt = hop.rtt {
            let times: KeyValuePairs = [
                "min": rtt.min, "median": rtt.p50, "p90": rtt.p90, "p99": rtt.p99, "max": rtt.max, "jitter": rtt.jitter,
            ]
            parts += times.map { "\($0) \(MTRReport.Value.time($1).text)" }
        }
        var line = ScreenLine()
        for part in parts where line.columns + part.count <= columns {
            line.append(part)
            line.append("  ")
        }
        return line
    }

    /// The others that answer at the hop, with their shares.
    private static func others(of hop: MonitorReport.Hop, _ state: PathScreenState, columns: Int) -> ScreenLine? {
        guard hop.addresses.count > 1 else { return nil }
        let all = hop.addresses.reduce(0) { $0 + $1.answered }
        var line = ScreenLine()
        for address in hop.addresses {
            line.append("\(all > 0 ? address.answered * 100 / all : 0)% ", .dim)
            line.append(address.address, address.name, state.hosts, .plain, upTo: columns)
            line.append("  ")
        }
        return line
    }

    // MARK: Pictures

    /// The latest round trips as columns.
    private static func chart(of hop: MonitorReport.Hop, _ view: PathView, columns: Int, rows: Int) -> [ScreenLine] {
        let bars = RoundTripBars(hop, view, rounds: min(RecentSamples.limit, max(1, columns - scaleWidth)))
        let least = bars.range?.lowerBound.inMilliseconds ?? 0
        // What differs by less than half a millisecond is steady, and looks so.
        let scale = least...max(bars.range?.upperBound.inMilliseconds ?? 0, least + 0.5)
        return (0..<rows).map { row in
            var line = ScreenLine()
            let isTop = row == 0, isBottom = row == rows - 1
            let label = isTop ? scale.upperBound : isBottom ? scale.lowerBound : nil
            line.append(bars.range == nil ? "" : label.map(text) ?? "", .dim, rightIn: scaleWidth - 2)
            line.append(" │", .dim)
            for sample in bars.samples {
                switch sample {
                case .answered(let rtt)?:
                    let share = (rtt.inMilliseconds - scale.lowerBound) / (scale.upperBound - scale.lowerBound)
                    // At least an eighth of a row, so that every answer is seen.
                    let eighths = max(1, Int(share * Double(rows * 8))) - (rows - 1 - row) * 8
                    let style = RoundTripBars.style(of: rtt, usual: bars.usual)
                    line.append(eighths <= 0 ? " " : String(Sparkline.bars[min(eighths, 8) - 1]), style)
                case .lost? where isBottom: line.append(String(Sparkline.lost), .alarm)
                case .failed? where isBottom: line.append(String(Sparkline.failed), .alarm)
                case .out? where isBottom: line.append(String(Sparkline.out), .dim)
                default: line.append(" ")
                }
            }
            return line
        }
    }

    /// How many of the latest round trips lie within each of some ranges.
    private static func histogram(of hop: MonitorReport.Hop, _ view: PathView, columns: Int, rows: Int) -> [ScreenLine]
    {
        let bars = RoundTripBars(hop, view, rounds: RecentSamples.limit)
        let times = bars.samples.compactMap { sample -> Double? in
            guard case .answered(let rtt)? = sample else { return nil }
            return rtt.inMilliseconds
        }
        guard rows > 0, let least = times.min(), let greatest = times.max() else { return [] }
        let step = max((greatest - least) / Double(rows), 0.05)
        var counts = Array(repeating: 0, count: rows)
        for time in times { counts[min(rows - 1, Int((time - least) / step))] += 1 }
        let most = counts.max() ?? 1
        let ends = (0...rows).map { text(least + Double($0) * step) }
        let label = ends.map(\.count).max() ?? 0
        let room = max(1, columns - 2 * label - 3 - "\(most)".count - 1)
        return counts.enumerated().map { index, count in
            var line = ScreenLine()
            line.append(ends[index], .dim, rightIn: label)
            line.append("-", .dim)
            line.append(ends[index + 1], .dim, rightIn: label)
            line.append(" ")
            let style = Duration(milliseconds: least + (Double(index) + 0.5) * step).map {
                RoundTripBars.style(of: $0, usual: bars.usual)
            }
            // A count that is not zero is seen.
            let length = count == 0 ? 0 : max(1, count * room / most)
            line.append(String(repeating: Sparkline.bars[7], count: length), style ?? .good)
            if count > 0 { line.append(" \(count)", .dim) }
            return line
        }
    }

    private static func text(_ milliseconds: Double) -> String {
        Duration(milliseconds: milliseconds).map { MTRReport.Value.time($0).text } ?? ""
    }
}
