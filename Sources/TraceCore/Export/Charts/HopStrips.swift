/// A strip for each hop of a watched path: how slow it was, and what it lost, over time.
struct HopStrips {
    let report: MonitorReport
    let slots: ChartSlots
    let plot: ChartPlot
    let top: Double
    let rowHeight: Double

    /// The room for the loss of a row at its right end.
    static let lossRoom = ChartText.width("100 %", isBold: true) + 8

    /// From how many milliseconds on a slot is slower than the hop at its best, for each shade.
    private static let slower = [0.0, 5, 20, 100]

    /// What a shade means.
    static func slowerText(_ shade: Int) -> String {
        switch shade {
        case 0: "up to 5 ms above the hop's best"
        case slower.count - 1: "more than \(Int(slower[shade])) ms"
        default: "\(Int(slower[shade])) to \(Int(slower[shade + 1])) ms"
        }
    }

    var bottom: Double { top + Double(report.hops.count) * rowHeight }

    /// Whether a change has a mark.
    var hasChanges: Bool { !changes.isEmpty }

    private var changes: [MonitorReport.Change] {
        let shown = Set(report.hops.map(\.ttl))
        return report.changes.filter { shown.contains($0.ttl) }
    }

    /// The room that the names of the hops need on the left, within reason.
    static func labelRoom(_ report: MonitorReport, _ canvas: ChartCanvas) -> Double {
        let most = min(canvas.room * 0.36, 300)
        // A hair more than the longest needs: sums of widths are not exact.
        return min(most, (report.hops.map { ChartText.width(label($0, room: most - 8)) }.max() ?? 0) + 8.01)
    }

    private static func label(_ hop: MonitorReport.Hop, room: Double) -> String {
        let number = "\(hop.ttl)  "
        let left = room - ChartText.width(number)
        guard let first = hop.addresses.first else { return number + ChartText.cut("no answer", room: left) }
        // The name alone: there is little room, and the addresses are in the figures.
        let others = hop.addresses.count - 1
        let more = others > 0 ? " +\(others)" : ""
        let name = UntrustedText(first.name?.raw ?? "\(first.address)")
        return number + ChartText.cut(name, room: left - ChartText.width(more)) + more
    }

    /// Whether a hop has never answered.
    var hasSilent: Bool { report.hops.contains { $0.addresses.isEmpty } }

    /// Draws the strips, and returns the shades that they have.
    func draw(on canvas: inout ChartCanvas) -> (slower: Set<Int>, losses: Set<Int>) {
        var shades = Array(repeating: PathData(), count: ChartStyle.slowerShades)
        var bars = LossBars()
        var silent = PathData()
        for (row, hop) in report.hops.enumerated() {
            let y = top + Double(row) * rowHeight
            let middle = y + rowHeight / 2 + 4
            canvas.text(
                Self.label(hop, room: plot.left - ChartCanvas.margin - 8), at: [ChartCanvas.margin, middle],
                classes: hop.addresses.isEmpty ? "soft" : "")
            canvas.text(
                ChartText.percent(hop.lossPercent), at: [canvas.right, middle], anchor: .end,
                classes: hop.lossPercent ?? 0 > 0 && !hop.addresses.isEmpty ? "strong" : "soft")
            guard !hop.addresses.isEmpty else {
                // That a router keeps silent says nothing about the path, so it must not look like loss.
                silent.add([[plot.left, y + rowHeight / 2], [plot.right, y + rowHeight / 2]])
                continue
            }
            guard hop.ttl >= 1, hop.ttl <= slots.hops.count else { continue }
            add(slots.hops[hop.ttl - 1], from: y + 2, to: y + rowHeight - 2, shades: &shades, bars: &bars)
        }
        for (index, path) in shades.enumerated() { canvas.path(path, classes: "s\(index)") }
        bars.draw(on: &canvas)
        canvas.path(silent, classes: "silent")
        drawChanges(on: &canvas)
        return (Set(shades.indices.filter { !shades[$0].text.isEmpty }), bars.shades)
    }

    private func add(
        _ row: [HopSlot], from top: Double, to bottom: Double, shades: inout [PathData], bars: inout LossBars
    ) {
        let best = row.lazy.map { $0.shortest }.min() ?? 0
        var index = 0
        while index < row.count {
            guard let shade = Self.shade(of: row[index], best: best) else {
                index += 1
                continue
            }
            // Neighbours of one shade are one box, which is shorter and has no seams.
            var next = index + 1
            while next < row.count, Self.shade(of: row[next], best: best) == shade { next += 1 }
            let left = SlotPlace.range(index, of: slots, plot).0
            shades[shade].add(box: [left, top], to: [SlotPlace.range(next - 1, of: slots, plot).1, bottom])
            index = next
        }
        for (index, slot) in row.enumerated() {
            let (left, right) = SlotPlace.range(index, of: slots, plot)
            bars.add(slot.loss, left: left, right: right, top: top, bottom: bottom)
        }
    }

    /// The shade of a slot, or nil if nothing was measured in it.
    private static func shade(of slot: HopSlot, best: Double) -> Int? {
        guard let mean = slot.mean else { return slot.loss.lost > 0 ? 0 : nil }
        return slower.lastIndex { mean - best >= $0 * 1_000_000 } ?? 0
    }

    private func drawChanges(on canvas: inout ChartCanvas) {
        var marks = ChartMarks()
        for change in changes {
            guard let row = report.hops.firstIndex(where: { $0.ttl == change.ttl }) else { continue }
            marks.add(.diamond, at: [plot.x(change.at), top + (Double(row) + 0.5) * rowHeight])
        }
        marks.draw(on: &canvas)
    }
}

/// Bars of loss: as high as the share that was lost, and darker for more.
struct LossBars {
    /// The shares up to which each shade goes.
    private static let ends = [0.05, 0.2, 0.5, 1]
    private var paths = Array(repeating: PathData(), count: ChartStyle.lossShades)

    /// The shades of the bars.
    var shades: Set<Int> { Set(paths.indices.filter { !paths[$0].text.isEmpty }) }

    /// What a shade means.
    static func text(_ shade: Int) -> String { "loss up to " + "\(Int(ends[shade] * 100)) %" }

    /// The height of a sample of a shade.
    static func example(_ shade: Int) -> Double { height(ends[shade]) }

    /// A little loss must be seen too.
    private static func height(_ share: Double) -> Double { max(0.2, share) }

    mutating func add(_ loss: LossCount, left: Double, right: Double, top: Double, bottom: Double) {
        guard let share = loss.ratio, share > 0 else { return }
        let shade = Self.ends.firstIndex { share <= $0 } ?? Self.ends.count - 1
        paths[shade].add(box: [left, bottom - (bottom - top) * Self.height(share)], to: [right, bottom])
    }

    func draw(on canvas: inout ChartCanvas) {
        for (index, path) in paths.enumerated() { canvas.path(path, classes: "l\(index)") }
    }
}
