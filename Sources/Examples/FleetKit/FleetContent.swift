internal import TraceCore
package import TraceCorePages

extension FleetAnswer {
    /// The answer for a page.
    ///
    /// - Parameter link: The page of a target from all places.
    package func html(link: (String) -> Link) -> HTML {
        switch content {
        case .target(let series): html(series)
        case .causes(let causes): html(causes, link)
        case .networks(let networks): html(networks, link)
        case .matrix(let matrix): html(matrix, link)
        }
    }

    private func table(_ head: [(String, isNumber: Bool)], _ classes: String = "figures", rows: HTML) -> HTML {
        HTML(.div, .class("scroll"), .focusable, .role("region"), .label(head[0].0)) {
            HTML(.table, .class(classes)) {
                HTML(.thead) {
                    HTML(.tr) {
                        for (name, isNumber) in head {
                            HTML(.th, .scope("col"), isNumber ? .class("number") : nil) { UntrustedText(name) }
                        }
                    }
                }
                HTML(.tbody) { rows }
            }
        }
    }

    // MARK: One target

    private func html(_ series: [FleetSeries]) -> HTML {
        guard !series.isEmpty else { return HTML(.p) { "Nobody watched it in this time." } }
        let series = series.sorted { $0.path < $1.path }
        let chart = FleetChart(series: series, from: from, to: to)
        let rows = HTML.Builder.buildArray(
            series.map { one in
                let medians = one.slots.compactMap(\.median).sorted()
                let last = one.slots.last
                let isSilent = last.map { $0.sent > 0 && $0.lost == $0.sent } ?? false
                return HTML(.tr) {
                    HTML(.th, .scope("row")) { UntrustedText(one.path.place) }
                    HTML(.td, .class(one.lost > 0 ? "number lossy" : "number")) {
                        Self.percent(one.lost, of: one.sent)
                    }
                    HTML(.td, .class("number")) { Self.time(medians.isEmpty ? nil : medians[medians.count / 2]) }
                    HTML(.td, .class("number")) { Self.time(medians.last) }
                    HTML(.td, .class(isSilent ? "number lossy" : "number")) {
                        isSilent ? "no answer" : Self.time(last?.median)
                    }
                }
            })
        return HTML(.div, .class("chart")) {
            HTML(.div, .class("narrow")) { HTML(drawing: chart.svg(width: 340)) }
            HTML(.div, .class("wide")) { HTML(drawing: chart.svg(width: 1_100)) }
        }
            + table(
                [("From", false), ("Loss", true), ("Median", true), ("Worst median", true), ("Now", true)], rows: rows)
    }

    // MARK: What failures have in common

    private func html(_ causes: FleetCauses, _ link: (String) -> Link) -> HTML {
        var html = HTML(.p, .class(causes.failing + causes.silent == 0 ? "state" : "state failed")) { sum(causes) }
        for cause in causes.causes {
            html += HTML(.h3) { UntrustedText("\(cause.hop)") }
            html += HTML(.p) { sentences(cause).joined(separator: " ") }
            html += failures(cause.failing, link)
        }
        if !causes.unexplained.isEmpty {
            html += HTML(.h3) { "No hop in common" }
            html += failures(causes.unexplained, link)
        }
        return html
    }

    private func failures(_ failures: [FleetCauses.Failure], _ link: (String) -> Link) -> HTML {
        HTML(.ul, .class("events")) {
            let all = Self.byTarget(failures)
            for (target, places) in all.prefix(100) {
                HTML(.li) {
                    HTML(.a, .href(link(target))) { UntrustedText(target) }
                    UntrustedText(" from \(places)")
                }
            }
            if all.count > 100 { HTML(.li) { "and \(all.count - 100) more targets" } }
        }
    }

    // MARK: Networks

    private func html(_ networks: FleetNetworks, _ link: (String) -> Link) -> HTML {
        guard !networks.networks.isEmpty else {
            return HTML(.p) { "No network is known: a vantage point needs a database of networks in its settings." }
        }
        let rows = HTML.Builder.buildArray(
            networks.networks.map { network in
                HTML(.tr) {
                    HTML(.th, .scope("row")) { UntrustedText(name(of: network.system)) }
                    HTML(.td, .class(network.lossPercent >= 0.1 ? "number lossy" : "number")) {
                        Self.percent(network.lossPercent)
                    }
                    HTML(.td, .class("number")) { "\(network.now)" }
                    HTML(.td, .class("number")) { "\(network.ever)" }
                }
            })
        return table([("Network", false), ("Loss", true), ("Paths now", true), ("In this time", true)], rows: rows)
            + HTML(.h3) { "Moved" }
            + (networks.moves.isEmpty
                ? HTML(.p) { "No path moved to other networks." }
                : HTML(.ul, .class("events")) {
                    for move in networks.moves.prefix(200) {
                        HTML(.li) {
                            HTML(.a, .href(link(move.target))) { UntrustedText(move.target) }
                            UntrustedText(" from \(move.place): \(sentence(move, isShort: true))")
                        }
                    }
                })
    }

    // MARK: All against all

    /// Round trips in milliseconds up to which a cell has a shade; what is above the last has one more.
    private static let shades = [20.0, 50, 100, 200, 300]

    private func html(_ matrix: FleetMatrix, _ link: (String) -> Link) -> HTML {
        guard !matrix.targets.isEmpty else { return HTML(.p) { "Nothing was watched in this time." } }
        let rows = HTML.Builder.buildArray(
            zip(matrix.targets, matrix.cells).map { target, cells in
                HTML(.tr) {
                    HTML(.th, .scope("row")) { HTML(.a, .href(link(target))) { UntrustedText(target) } }
                    for cell in cells { Self.cell(cell) }
                }
            })
        return table(
            [("Target", false)] + matrix.places.map { ($0, true) }, "matrix", rows: rows)
            + HTML.Builder.buildArray(more(matrix).filter { !$0.isEmpty }.map { line in HTML(.p) { line } })
            + HTML(.p, .class("soft")) {
                "Milliseconds on average, with loss in percent. × is no answer to the last probes, – not watched."
            }
    }

    private static func cell(_ cell: FleetMatrix.Cell?) -> HTML {
        guard let cell else { return HTML(.td, .class("number")) { "–" } }
        let mean = cell.meanMs ?? .infinity
        let shade = cell.isFailing ? shades.count : shades.count { mean > $0 }
        return HTML(.td, .class("number heat h\(shade)")) { text(cell) }
    }
}

/// A target from several places over time: a line each, and below it what was lost.
struct FleetChart {
    let series: [FleetSeries]
    let from, to: UTCTime

    /// The height of what is drawn for a place.
    private static let row = 54.0

    func svg(width: Int) -> String {
        var canvas = ChartCanvas(width: width)
        let title = "Round trips from each place"
        canvas.text(title, at: [ChartCanvas.margin, 28], size: ChartText.titleSize, classes: "title")
        let label = canvas.isNarrow ? 88.0 : 190.0
        let (left, room) = (ChartCanvas.margin + label, canvas.room - label - 62)
        let top = series.flatMap(\.slots).compactMap { $0.p90 ?? $0.median }.max() ?? .milliseconds(1)
        let span = max(1, Double(to.second - from.second))
        func x(_ time: UTCTime) -> Double {
            left + room * min(1, max(0, Double(time.second - from.second) / span))
        }
        var (grid, lines, bands, losses) = (PathData(), PathData(), PathData(), PathData())
        var figures: [String] = []
        for (index, one) in series.enumerated() {
            let base = 44 + Double(index + 1) * Self.row - 8
            func y(_ time: Duration) -> Double { base - (Self.row - 14) * (time / top) }
            grid.add([[left, base], [left + room, base]])
            var line: [SIMD2<Double>] = []
            for slot in one.slots {
                let (start, end) = (x(slot.start), x(slot.start + one.slotLength))
                if slot.lost > 0, slot.sent > 0 {
                    losses.add(
                        box: [start, base - (Self.row - 14) * Double(slot.lost) / Double(slot.sent)],
                        to: [max(end, start + 1), base])
                }
                guard let median = slot.median else {
                    lines.add(line)
                    line = []
                    continue
                }
                if let p90 = slot.p90 { bands.add(box: [start, y(p90)], to: [max(end, start + 1), y(median)]) }
                line += [[start, y(median)], [end, y(median)]]
            }
            lines.add(line)
            let name = ChartText.cut(UntrustedText(one.path.place), room: label - 8)
            canvas.text(name, at: [left - 8, base - 14], anchor: .end)
            let last = one.slots.last?.median
            canvas.text(FleetAnswer.time(last), at: [left + room + 6, base - 4], classes: "soft")
            figures.append(
                "\(UntrustedText(one.path.place).escaped): now \(FleetAnswer.time(last)), "
                    + "\(FleetAnswer.percent(one.lost, of: one.sent)) lost")
        }
        canvas.path(grid, classes: "grid")
        canvas.path(bands, classes: "wide")
        canvas.path(losses, classes: "l2")
        canvas.path(lines, classes: "p50")
        let bottom = 44 + Double(series.count) * Self.row
        // Where it is narrow, both need all of it.
        let (start, end) =
            canvas.isNarrow ? (ChartCanvas.margin, ChartCanvas.margin + canvas.room) : (left, left + room)
        canvas.text(FleetAnswer.minute(from), at: [start, bottom + 10], classes: "soft")
        canvas.text(FleetAnswer.minute(to), at: [end, bottom + 10], anchor: .end, classes: "soft")
        return canvas.document(height: bottom + 24, title: title, figures: figures)
    }
}
