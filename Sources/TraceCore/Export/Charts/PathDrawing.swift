/// The picture of a path, a row for each hop.
struct PathDrawing {
    private let chart: TraceReport.Chart
    private let width: Int

    init(_ chart: TraceReport.Chart, width: Int) {
        self.chart = chart
        self.width = width
    }

    var document: String {
        var canvas = ChartCanvas(width: width)
        let heading = ChartHeading("Path to", chart.run, facts: facts)
        let top = heading.draw(on: &canvas) + 22
        let table = PathTable(rows: chart.rows, canvas: canvas, top: top)
        table.draw(on: &canvas)
        let bottom = legend.draw(on: &canvas, top: table.bottom + ChartPlot.timeRoom + 6)
        return canvas.document(
            height: bottom + ChartCanvas.margin, title: heading.title, figures: heading.figures + figures)
    }

    private var facts: [String] {
        let facts = [ChartText.count(chart.rows.count, "hop")]
        return facts + (chart.remark.map { [$0] } ?? [])
    }

    private var legend: ChartLegend {
        var legend = ChartLegend()
        if chart.rows.contains(where: { $0.times != nil }) {
            legend.add(.median, "median")
            legend.add(.areas([("narrow", 0.8)]), chart.range)
            legend.add(.line("whisker"), "shortest to longest")
        }
        if chart.rows.contains(where: { $0.responders.isEmpty }) { legend.add(.line("silent"), "no answer") }
        return legend
    }

    private var figures: [String] {
        chart.rows.map { row in
            let who = row.responders.map { responder in
                (responder.name.map { $0.word + " " } ?? "") + "(\(responder.address))"
            }
            var parts = [who.isEmpty ? "no answer" : who.joined(separator: ", ")]
            if let mark = row.mark { parts.append("says \(mark)") }
            if let times = row.times {
                parts.append(
                    "median \(ChartText.time(times.median)), from \(ChartText.time(times.shortest)) "
                        + "to \(ChartText.time(times.longest))")
            }
            if row.lossPercent != nil { parts.append("loss \(ChartText.percent(row.lossPercent))") }
            return "Hop \(row.ttl): " + (parts + ["\(row.sent) sent"]).joined(separator: "; ") + "."
        }
    }
}

/// The rows of a path and the scale below them.
///
/// On a wide picture the bars are beside the names, on a narrow one below them.
private struct PathTable {
    private let rows: [TraceReport.Chart.Row]
    private let top: Double
    private let rowHeight: Double
    private let barDrop: Double
    private let left: Double
    private let who: Double
    private let whoRoom: Double
    private let medianEnd: Double
    private let lossEnd: Double
    private let plot: ChartPlot

    init(rows: [TraceReport.Chart.Row], canvas: ChartCanvas, top: Double) {
        self.rows = rows
        self.top = top
        let isStacked = canvas.width < 680
        rowHeight = isStacked ? 42 : 26
        barDrop = isStacked ? 18 : 0
        left = ChartCanvas.margin
        who = left + (rows.map { ChartText.width("\($0.ttl)") }.max() ?? 0) + 8
        lossEnd = canvas.right
        let lossRoom =
            (rows.map { ChartText.width(Self.loss($0), isBold: true) } + [ChartText.width("loss")]).max() ?? 0
        medianEnd = lossEnd - lossRoom - 14
        let medianRoom =
            (rows.compactMap { $0.times.map { ChartText.width(ChartText.time($0.median)) } } + [
                ChartText.width("median")
            ]).max() ?? 0
        let end = medianEnd - medianRoom - 12
        whoRoom = isStacked ? end - who : min(430, (end - who) * 0.5)
        let barLeft = isStacked ? who + 4 : who + whoRoom + 16
        plot = ChartPlot(
            left: barLeft, top: top, width: (isStacked ? canvas.right - 14 : end - 14) - barLeft,
            height: Double(rows.count) * rowHeight, start: 0, end: Self.limit(rows),
            scale: .unknown)
    }

    var bottom: Double { plot.bottom }

    /// The longest bar fits. A whisker may not.
    private static func limit(_ rows: [TraceReport.Chart.Row]) -> Int64 {
        let bars = rows.compactMap { $0.times.map { Double($0.high.sampleNanoseconds) } }.max() ?? 0
        let whiskers = rows.compactMap { $0.times.map { Double($0.longest.sampleNanoseconds) } }.max() ?? 0
        return Int64(max(1000, whiskers > bars * 2 ? bars * 1.3 : whiskers) * 1.02)
    }

    private static func loss(_ row: TraceReport.Chart.Row) -> String { ChartText.percent(row.lossPercent) }

    private func x(_ time: Duration) -> Double { plot.x(Int64(time.sampleNanoseconds)) }

    func draw(on canvas: inout ChartCanvas) {
        canvas.text("median", at: [medianEnd, top - 6], anchor: .end, classes: "soft")
        canvas.text("loss", at: [lossEnd, top - 6], anchor: .end, classes: "soft")
        drawScale(on: &canvas)
        for (index, row) in rows.enumerated() {
            let middle = top + Double(index) * rowHeight + 13
            draw(row, on: &canvas, middle: middle)
        }
    }

    private func drawScale(on canvas: inout ChartCanvas) {
        var lines = PathData()
        var taken = ChartCanvas.margin
        for tick in ChartTicks.latency(upTo: plot.end, count: max(2, Int(plot.width / 70))) {
            let x = plot.x(tick.nanoseconds)
            if barDrop > 0 {
                // Not through the names above the bars.
                for row in rows.indices {
                    let bar = top + Double(row) * rowHeight + 13 + barDrop
                    lines.add([[x, bar - 9], [x, bar + 9]])
                }
            } else {
                lines.add([[x, top], [x, plot.bottom]])
            }
            let half = ChartText.width(tick.label) / 2
            let middle = max(ChartCanvas.margin + half, min(x, canvas.right - half))
            guard middle - half >= taken else { continue }
            canvas.text(tick.label, at: [middle, plot.bottom + 15], anchor: .middle, classes: "soft")
            taken = middle + half + 6
        }
        canvas.path(lines, classes: "grid")
    }

    private func draw(_ row: TraceReport.Chart.Row, on canvas: inout ChartCanvas, middle: Double) {
        canvas.text("\(row.ttl)", at: [who - 8, middle + 4], anchor: .end)
        let bar = middle + barDrop
        let loss = Self.loss(row)
        canvas.text(
            loss, at: [lossEnd, middle + 4], anchor: .end,
            classes: row.lossPercent ?? 0 > 0 && !row.responders.isEmpty ? "strong" : "soft")
        if let first = row.responders.first {
            let mark = row.mark.map { " " + $0 } ?? ""
            let room = whoRoom - ChartText.width(mark)
            let text = ChartText.who(first.name, first.address, others: row.responders.count - 1, room: room)
            canvas.text(text + mark, at: [who, middle + 4])
        } else {
            canvas.text(row.sent == 0 ? "not asked" : "no answer", at: [who, middle + 4], classes: "soft")
        }
        guard let times = row.times else {
            var line = PathData()
            line.add([[plot.left, bar], [plot.right, bar]])
            canvas.path(line, classes: "silent")
            return
        }
        canvas.text(ChartText.time(times.median), at: [medianEnd, middle + 4], anchor: .end)
        ChartBar(
            low: x(times.low), high: x(times.high), shortest: x(times.shortest), longest: x(times.longest),
            median: x(times.median)
        ).draw(on: &canvas, middle: bar)
        if Int64(times.longest.sampleNanoseconds) > plot.end {
            var arrow = PathData()
            arrow.add([[plot.right + 7, bar], [plot.right, bar - 4], [plot.right, bar + 4]], closed: true)
            canvas.path(arrow, classes: "beyond")
        }
    }
}
