internal import TraceCore

extension PathDrawing {
    /// Room for what is said of a silent hop.
    private static let leastHost = 15

    /// The latest round trips of all hops as bars on one scale.
    func history(_ report: PathReport) -> [ScreenLine] {
        let hops = report.hops.map { hop in
            (hop, HopLines(hop, state, lastRound: view.lastRound, isTarget: hop.ttl == report.hops.last?.ttl).lines)
        }
        let wanted = hops.flatMap(\.1).filter(\.isFirst).map { $0.text(size.columns).columns }.max() ?? 0
        let host = min(wanted, max(Self.leastHost, size.columns / 3))
        let bars = min(RecentSamples.limit, max(0, size.columns - host - 1))
        let scale = RoundTripBars.Scale(report.hops.flatMap { RoundTripBars($0, view).samples(bars) })
        var lines = hops.flatMap { hop, own in
            own.map { line in
                var drawn = line.text(line.address == nil && !line.isFirst ? size.columns : host)
                guard line.isFirst, let scale else { return drawn }
                drawn.pad(to: host + 1)
                drawn.append(RoundTripBars(hop, view).shared(bars, scale))
                return drawn
            }
        }
        lines += [ScreenLine(), legend(scale)]
        return lines
    }

    /// What the bars mean.
    private func legend(_ scale: RoundTripBars.Scale?) -> ScreenLine {
        var line = ScreenLine()
        if let scale {
            line.append("\(Sparkline.bars[0]) \(scale.least.millisecondsText(decimals: 1)) … ", .dim)
            line.append("\(Sparkline.bars[7]) \(scale.greatest.millisecondsText(decimals: 1)) ms  ", .dim)
        }
        line.append(String(Sparkline.lost), .alarm)
        line.append(" lost  \(Sparkline.out) waiting  ", .dim)
        line.append(String(Sparkline.failed), .alarm)
        line.append(" not sent", .dim)
        return line
    }
}
