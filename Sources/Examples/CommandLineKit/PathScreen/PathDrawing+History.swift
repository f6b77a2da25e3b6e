internal import TraceCore

extension PathDrawing {
    /// Room for what is said of a silent hop.
    private static let leastHost = 15
    /// Room for the least and the greatest round trip, with the space before them.
    private static let rangeWidth = 14
    /// Fewer bars than that make no history.
    private static let leastBars = 20
    /// Narrower screens have no room for them beside the bars.
    private static let columnsForRange = 60

    /// The latest round trips of all hops as bars.
    static func history(
        _ report: MonitorReport, _ view: PathView, _ state: PathScreenState, columns: Int, facts: HopLines.FactColumn?
    ) -> Table {
        let hops = report.hops.map { hop in
            let isTarget = hop.ttl == report.hops.last?.ttl
            return (hop, HopLines(hop, state, lastRound: view.lastRound, isTarget: isTarget, facts: facts).lines)
        }
        let wanted = hops.flatMap(\.1).filter(\.isFirst).map { $0.text(columns).columns }.max() ?? 0
        let host = min(wanted, max(leastHost + (facts?.width ?? 0), columns - leastBars - rangeWidth - 1))
        let hasRange = columns >= columnsForRange
        let room = columns - host - 1 - (hasRange ? rangeWidth : 0)
        let bars = min(RecentSamples.limit, max(0, room))
        var lines = hops.flatMap { hop, own in
            own.map { line in
                var drawn = line.text(line.address == nil && !line.isFirst ? columns : host)
                guard line.isFirst else { return drawn }
                drawn.pad(to: host + 1)
                let picture = RoundTripBars(hop, view, rounds: bars)
                drawn.append(picture.line)
                if hasRange, let range = picture.range {
                    let text =
                        MTRReport.Value.time(range.lowerBound).text + "-" + MTRReport.Value.time(range.upperBound).text
                    drawn.append(text, .dim, rightIn: rangeWidth)
                }
                return drawn
            }
        }
        let ttls: [Int?] = hops.flatMap(\.1).map(\.ttl) + [nil, nil]
        lines += [ScreenLine(), legend]
        return Table(heading: [], lines: lines, hops: ttls)
    }

    /// What the bars mean.
    private static var legend: ScreenLine {
        var line = ScreenLine("\(Sparkline.bars[0]) least  \(Sparkline.bars[7]) greatest  ", .dim)
        line.append(String(Sparkline.lost), .alarm)
        line.append(" lost  \(Sparkline.out) out  ", .dim)
        line.append(String(Sparkline.failed), .alarm)
        line.append(" not sent", .dim)
        return line
    }
}
