/// The picture of a watched path over time.
struct MonitorDrawing {
    private let chart: MonitorReport.Chart
    private let canvasWidth: Int
    /// The slots as they are drawn: long enough to have some round trips each, and wide enough to be seen.
    private let slots: ChartSlots
    /// The loss and the round trips of the target.
    private let target: (loss: Double?, rtt: RTTSummary?)

    init(_ chart: MonitorReport.Chart, width: Int) {
        self.chart = chart
        canvasWidth = width
        let factor = Self.joined(chart, width: width)
        slots = factor > 1 ? chart.slots.merged(by: factor) : chart.slots
        target = Self.target(of: chart, slots)
    }

    /// How many slots of a chart are one column of a picture.
    private static func joined(_ chart: MonitorReport.Chart, width: Int) -> Int {
        let slots = chart.slots
        let room = ChartCanvas(width: width).room * 0.6
        let samples = max(chart.report.rounds, slots.target.reduce(0) { $0 + $1.loss.decided })
        // What was kept of months has as many columns as there is room for, however little was watched.
        let columns = max(1, min(Int(room / 4), chart.clock != nil ? .max : max(20, samples / 6)))
        return max(1, (slots.count + columns - 1) / columns)
    }

    private var report: MonitorReport { chart.report }

    /// The room below the round trips for the loss of the target.
    private static let lossHeight = 18.0
    private static let rowHeight = 20.0

    var document: String {
        var canvas = ChartCanvas(width: canvasWidth)
        let heading = ChartHeading("Path to", report.run, facts: facts)
        let top = heading.draw(on: &canvas) + 10
        let plot = plot(on: canvas, top: top)
        let loss = plot.bottom + 4
        let strips = loss + Self.lossHeight + ChartPlot.timeRoom + 8
        plot.drawTimeAxis(on: &canvas, downTo: loss + Self.lossHeight, within: plot.left - 30...canvas.right)
        if hasRoundTrips { plot.drawLatencyAxis(on: &canvas) }
        drawSmoke(on: &canvas, plot)
        let bars = drawLoss(on: &canvas, plot, top: loss)
        let strip = HopStrips(report: report, slots: slots, plot: plot, top: strips, rowHeight: Self.rowHeight)
        let drawn = strip.draw(on: &canvas)
        let bottom = legend(plot, strip, loss: bars.union(drawn.losses), slower: drawn.slower).draw(
            on: &canvas, top: strip.bottom + 8)
        return canvas.document(
            height: bottom + ChartCanvas.margin, title: heading.title, figures: heading.figures + figures)
    }

    private var facts: [String] {
        var facts = [ChartText.count(report.rounds, "round")]
        if report.isReached {
            facts.append("loss of the target \(ChartText.percent(target.loss))")
            if let rtt = target.rtt {
                facts += [
                    "shortest \(ChartText.time(rtt.min))", "average \(ChartText.time(rtt.average))",
                    "longest \(ChartText.time(rtt.max))",
                ]
            }
        } else {
            facts.append("the target has not answered")
        }
        if !report.changes.isEmpty { facts.append(ChartText.count(report.changes.count, "change")) }
        if let remark = report.end.flatMap(TraceReport.Text.remark) { facts.append(remark) }
        return facts
    }

    // MARK: - The target

    /// The loss and the round trips of the target: those of its hop, or of all times where it was at several, or where what
    /// was kept knows no better.
    private static func target(
        of chart: MonitorReport.Chart, _ slots: ChartSlots
    ) -> (loss: Double?, rtt: RTTSummary?) {
        let report = chart.report
        let ends = report.hops.filter { hop in hop.addresses.contains { $0.kind.isFromTarget } }
        if chart.clock == nil, ends.count == 1, ends[0].ttl == report.hops.last?.ttl {
            return (ends[0].lossPercent, ends[0].rtt)
        }
        let all = slots.target.reduce(into: TargetSlot()) { $0.merge($1) }
        return (all.loss.percent, RTTSummary(all.roundTrips))
    }

    private var hasRoundTrips: Bool { slots.target.contains { $0.roundTrips.count > 0 } }

    private func plot(on canvas: ChartCanvas, top: Double) -> ChartPlot {
        let all = slots.target.reduce(into: LatencyHistogram()) { $0.merge($1.roundTrips) }
        let height = !hasRoundTrips ? 50.0 : canvas.isNarrow ? 150 : 210
        var scale = ChartPlot.Scale.unknown
        if let shortest = all.quantileNanoseconds(0), let usual = all.quantileNanoseconds(0.9),
            let longest = all.quantileNanoseconds(1)
        {
            scale = ChartPlot.Scale(shortest: Double(shortest), usual: Double(usual), longest: Double(longest))
        }
        let left =
            ChartCanvas.margin
            + max(
                ChartPlot.labelRoom(scale, height: height), HopStrips.labelRoom(report, canvas),
                ChartText.width("loss") + 8)
        return ChartPlot(
            left: left, top: top, width: canvas.right - HopStrips.lossRoom - left, height: height,
            start: slots.start, end: end, scale: scale, clock: chart.clock)
    }

    /// The right end of a picture of a chart, in nanoseconds, without drawing it.
    static func end(of chart: MonitorReport.Chart, width: Int) -> Int64 {
        let (slots, factor) = (chart.slots, joined(chart, width: width))
        return end(of: slots, count: (slots.count + factor - 1) / factor * factor)
    }

    /// The end of the last slot in nanoseconds, which the run may not have reached.
    private var end: Int64 { Self.end(of: slots, count: slots.count) }

    private static func end(of slots: ChartSlots, count: Int) -> Int64 {
        let (time, isTooLong) = slots.length.multipliedReportingOverflow(by: Int64(max(1, count)))
        let (end, isTooLate) = slots.start.addingReportingOverflow(time)
        return isTooLong || isTooLate ? .max : end
    }

    private func drawSmoke(on canvas: inout ChartCanvas, _ plot: ChartPlot) {
        guard hasRoundTrips else {
            let text = ChartText.cut("The target has not answered.", room: plot.width - 16)
            canvas.text(text, at: [plot.left + 8, plot.top + plot.height / 2], classes: "soft")
            return
        }
        var (wide, narrow, median) = (PathData(), PathData(), PathData())
        var beyond = ChartMarks()
        var line: [SIMD2<Double>] = []
        for (index, slot) in slots.target.enumerated() {
            let (left, right) = SlotPlace.range(index, of: slots, plot)
            guard let middle = slot.quantile(0.5) else {
                median.add(line)
                line = []
                continue
            }
            func height(_ share: Double) -> Double { plot.y(slot.quantile(share) ?? .zero) }
            wide.add(box: [left, height(0.9) - 0.5], to: [right, height(0.1) + 0.5])
            narrow.add(box: [left, height(0.75) - 0.5], to: [right, height(0.25) + 0.5])
            let y = plot.y(middle)
            line += [[left, y], [right, y]]
            if plot.isBeyond(slot.quantile(0.9) ?? .zero) {
                beyond.add(.arrow, at: [(left + right) / 2, plot.top])
            }
        }
        median.add(line)
        canvas.path(wide, classes: "wide")
        canvas.path(narrow, classes: "narrow")
        canvas.path(median, classes: "middle")
        beyond.draw(on: &canvas)
    }

    /// Draws the loss of the target, and returns the shades that it has.
    private func drawLoss(on canvas: inout ChartCanvas, _ plot: ChartPlot, top: Double) -> Set<Int> {
        canvas.text("loss", at: [plot.left - 6, top + Self.lossHeight / 2 + 4], anchor: .end, classes: "soft")
        var bars = LossBars()
        for (index, slot) in slots.target.enumerated() {
            let (left, right) = SlotPlace.range(index, of: slots, plot)
            bars.add(slot.loss, left: left, right: right, top: top, bottom: top + Self.lossHeight)
        }
        bars.draw(on: &canvas)
        if report.isReached, let percent = target.loss {
            canvas.text(
                ChartText.percent(percent), at: [canvas.right, top + Self.lossHeight / 2 + 4], anchor: .end,
                classes: percent > 0 ? "strong" : "soft")
        }
        return bars.shades
    }

    /// Only what is in the picture, because a phone has little room.
    private func legend(
        _ plot: ChartPlot, _ strips: HopStrips, loss: Set<Int>, slower: Set<Int>
    ) -> ChartLegend {
        var legend = ChartLegend()
        if hasRoundTrips {
            legend.add(.line("middle"), "median")
            legend.add(.areas([("wide", 1), ("narrow", 0.55)]), "smoke: 10 % to 90 %, and the middle half")
        }
        for shade in slower.sorted() {
            legend.add(.areas([("s\(shade)", 1)]), HopStrips.slowerText(shade))
        }
        for shade in loss.sorted() {
            legend.add(.areas([("s0", 1), ("l\(shade)", LossBars.example(shade))]), LossBars.text(shade))
        }
        if strips.hasSilent { legend.add(.line("silent"), "no answer") }
        if strips.hasChanges { legend.add(.mark(.diamond), "another router answers") }
        legend.note(plot.scale)
        return legend
    }

    // MARK: - Figures

    /// The most lines of figures over time: a listener has to bear them.
    private static let lineLimit = 24

    private var figures: [String] {
        var lines = report.hops.map { hop in
            let who = hop.addresses.map { address in
                (address.name.map { $0.word + " " } ?? "") + "(\(address.address))"
            }
            var parts = [who.isEmpty ? "no answer" : who.joined(separator: ", ")]
            if hop.lossPercent != nil { parts.append("loss \(ChartText.percent(hop.lossPercent))") }
            if let rtt = hop.rtt {
                parts.append(
                    "median \(ChartText.time(rtt.p50)), from \(ChartText.time(rtt.min)) to \(ChartText.time(rtt.max))")
            }
            return "Hop \(hop.ttl): " + parts.joined(separator: "; ") + "."
        }
        let factor = max(1, (slots.count + Self.lineLimit - 1) / Self.lineLimit)
        let coarse = slots.merged(by: factor)
        for (index, slot) in coarse.target.enumerated() where slot.loss.decided > 0 {
            let before = coarse.length.multipliedReportingOverflow(by: Int64(index)).partialValue
            let start = Duration.nanoseconds(coarse.start.addingReportingOverflow(before).partialValue)
            var parts = ["Target at \(start.secondsText(decimals: 0)) s"]
            func time(_ share: Double) -> String {
                slot.quantile(share).map { ChartText.time($0) } ?? "none"
            }
            if slot.roundTrips.count > 0 {
                parts.append("median \(time(0.5)), 10 % up to \(time(0.1)), 90 % up to \(time(0.9))")
            }
            parts.append("loss \(ChartText.percent(slot.loss.percent))")
            lines.append(parts.joined(separator: "; ") + ".")
        }
        return lines
    }
}

/// Where a slot is in a picture.
enum SlotPlace {
    /// The left and the right end of a slot.
    static func range(_ index: Int, of slots: ChartSlots, _ plot: ChartPlot) -> (Double, Double) {
        let step = plot.width / Double(max(1, slots.count))
        return (plot.left + step * Double(index), plot.left + step * Double(index + 1))
    }
}
