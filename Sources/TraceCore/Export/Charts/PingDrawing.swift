/// The picture of a ping.
struct PingDrawing {
    private let chart: PingReport.Chart
    private let points: [PingReport.Chart.Point]
    private let width: Int
    private let roundTrips: SortedSamples

    init(_ chart: PingReport.Chart, width: Int) {
        self.chart = chart
        self.width = width
        points = chart.points.sorted { ($0.sentAt, $0.sequence) < ($1.sentAt, $1.sequence) }
        roundTrips = SortedSamples(
            points.compactMap { if case .answered(let rtt) = $0.fate { rtt } else { nil } })
    }

    /// The room below the round trips in which lost probes have their marks.
    private static let foot = 25.0

    var document: String {
        var canvas = ChartCanvas(width: width)
        let heading = ChartHeading("Ping of", report.run, facts: facts)
        let top = heading.draw(on: &canvas) + 4
        let plot = plot(on: canvas, top: top)
        plot.drawTimeAxis(
            on: &canvas, downTo: plot.bottom + Self.foot, within: plot.left - 30...canvas.right)
        if report.rtt != nil { plot.drawLatencyAxis(on: &canvas) }
        let marks = drawPoints(on: &canvas, plot)
        drawPercentiles(on: &canvas, plot)
        let bottom = legend(marks, plot).draw(
            on: &canvas, top: plot.bottom + Self.foot + ChartPlot.timeRoom + 4)
        return canvas.document(
            height: bottom + ChartCanvas.margin, title: heading.title, figures: heading.figures + figures)
    }

    private var report: PingReport { chart.report }

    private var facts: [String] {
        var facts = [ChartText.count(report.sent, "probe") + " sent"]
        if report.lossPercent != nil { facts.append("loss \(ChartText.percent(report.lossPercent))") }
        if report.failed > 0 { facts.append("\(report.failed) could not be sent") }
        if let rtt = report.rtt {
            facts += [
                "shortest \(ChartText.time(rtt.min))", "median \(ChartText.time(percentiles[0].value))",
                "longest \(ChartText.time(rtt.max))",
            ]
        } else {
            facts.append("no answer")
        }
        return facts
    }

    // MARK: - The plot

    private var percentiles: [(name: String, value: Duration)] {
        guard let rtt = report.rtt else { return [] }
        // Few round trips have no percentiles worth a line.
        let all = [("p50", 0.5, rtt.p50), ("p90", 0.9, rtt.p90), ("p99", 0.99, rtt.p99)].map { name, share, estimate in
            // Of what is no longer drawn, only the estimate is known.
            (name: name, value: chart.isCut ? estimate : roundTrips.quantile(share) ?? estimate)
        }
        return report.received >= 10 ? all : [all[0]]
    }

    private func label(_ percentile: (name: String, value: Duration)) -> String {
        "\(percentile.name) \(ChartText.time(percentile.value))"
    }

    private func plot(on canvas: ChartCanvas, top: Double) -> ChartPlot {
        let height = report.rtt == nil ? 60.0 : canvas.isNarrow ? 200 : 260
        let scale =
            report.rtt.map { rtt in
                ChartPlot.Scale(
                    shortest: Double(rtt.min.sampleNanoseconds), usual: Double(rtt.p90.sampleNanoseconds),
                    longest: Double(rtt.max.sampleNanoseconds))
            } ?? .unknown
        let left =
            ChartCanvas.margin
            + max(ChartPlot.labelRoom(scale, height: height), ChartText.width("lost") + 8)
        let room = (percentiles.map { ChartText.width(label($0)) }.max() ?? 0) + 6
        // A recording that has lost its beginning does not begin with the run.
        let isPart = chart.isCut || report.run.startedAt == nil
        let start = isPart ? points.first?.sentAt.wholeNanoseconds ?? 0 : 0
        return ChartPlot(
            left: left, top: top + 6, width: canvas.right - room - left, height: height, start: start,
            end: points.last?.sentAt.wholeNanoseconds ?? 0, scale: scale)
    }

    private func drawPoints(on canvas: inout ChartCanvas, _ plot: ChartPlot) -> ChartMarks {
        var marks = ChartMarks()
        let foot = plot.bottom + Self.foot / 2 + 2
        for point in points {
            let x = plot.x(point.sentAt)
            switch point.fate {
            case .answered(let rtt):
                if plot.isBeyond(rtt) {
                    marks.add(.arrow, at: [x, plot.top])
                } else {
                    marks.add(.dot, at: [x, plot.y(rtt)])
                }
            case .late(let rtt): marks.add(.ring, at: [x, plot.y(rtt)])
            case .lost: marks.add(.stroke, at: [x, foot])
            case .refused: marks.add(.cross, at: [x, foot])
            }
        }
        if report.rtt == nil {
            let text = ChartText.cut("There was no answer in time.", room: plot.width - 16)
            canvas.text(text, at: [plot.left + 8, plot.top + plot.height / 2], classes: "soft")
        }
        canvas.text("lost", at: [plot.left - 6, foot + 4], anchor: .end, classes: "soft")
        marks.draw(on: &canvas)
        return marks
    }

    private func drawPercentiles(on canvas: inout ChartCanvas, _ plot: ChartPlot) {
        // From the bottom up; a label too close to the one below moves up.
        var free = plot.bottom + 4
        for percentile in percentiles {
            let y = plot.y(percentile.value)
            var line = PathData()
            line.add([[plot.left, y], [plot.right, y]])
            canvas.path(line, classes: percentile.name)
            let place = min(y + 4, free)
            canvas.text(label(percentile), at: [plot.right + 6, place])
            free = place - 14
        }
    }

    private func legend(_ marks: ChartMarks, _ plot: ChartPlot) -> ChartLegend {
        var legend = ChartLegend()
        if marks.has(.dot) { legend.add(.mark(.dot), "round trip") }
        if marks.has(.arrow) { legend.add(.mark(.arrow), "longer than the scale") }
        for percentile in percentiles {
            let meaning = ["p50": "median", "p90": "90 % took no longer", "p99": "99 % took no longer"]
            legend.add(.line(percentile.name), meaning[percentile.name] ?? "")
        }
        if marks.has(.ring) { legend.add(.mark(.ring), "late answer") }
        if marks.has(.stroke) { legend.add(.mark(.stroke), "lost") }
        if marks.has(.cross) { legend.add(.mark(.cross), "refused by a router") }
        legend.note(plot.scale)
        return legend
    }

    // MARK: - Figures

    /// The most lines of figures: a listener has to bear them.
    private static let lineLimit = 40

    private var figures: [String] {
        var lines: [String] = []
        if let rtt = report.rtt {
            lines.append(
                "Round trips: average \(ChartText.time(rtt.average)), jitter \(ChartText.time(rtt.jitter)); "
                    + percentiles.map { label($0) }.joined(separator: ", ") + ".")
        }
        let size = max(1, (points.count + Self.lineLimit - 1) / Self.lineLimit)
        for first in stride(from: 0, to: points.count, by: size) {
            lines.append(Self.figures(of: points[first..<min(first + size, points.count)]))
        }
        return lines
    }

    private static func figures(of points: ArraySlice<PingReport.Chart.Point>) -> String {
        var statistics = RunningStatistics()
        var (lost, refused, late) = (0, 0, 0)
        for point in points {
            switch point.fate {
            case .answered(let rtt): statistics.add(rtt)
            case .late: late += 1
            case .lost: lost += 1
            case .refused: refused += 1
            }
        }
        var parts: [String] = []
        if let rtt = RTTSummary(statistics) {
            parts.append(
                statistics.count == 1
                    ? ChartText.time(rtt.p50)
                    : "median of \(statistics.count) \(ChartText.time(rtt.p50)), from \(ChartText.time(rtt.min)) "
                        + "to \(ChartText.time(rtt.max))")
        }
        if lost > 0 { parts.append("\(lost) lost") }
        if refused > 0 { parts.append("\(refused) refused") }
        if late > 0 { parts.append("\(late) late") }
        let time = (points.first?.sentAt ?? .zero).secondsText(decimals: 1)
        return "At \(time) s: " + parts.joined(separator: ", ") + "."
    }
}
