internal import TraceCore

/// A watched path: a table that changes in place, with what the last rounds were at each hop, and a chart.
struct MonitorContent: RunContent {
    /// So many rounds fit into the small chart of a hop.
    private static let recent = 30

    private var fold = MonitorReport.Fold()
    private var chart = MonitorReport.Chart.Fold()
    private var samples = RecentSamples()
    private var round = 0
    private var drawn: (rounds: Int, chart: Part?) = (0, nil)

    mutating func apply(_ event: ProbeEvent) {
        fold.apply(event)
        chart.apply(event)
        samples.apply(event)
        if case .sent(let probe) = event.fact { round = max(round, probe.sequence) }
    }

    var progress: String? {
        fold.report().map { report in
            "round \(report.rounds)" + (report.run.parameters.count.map { " of \($0)" } ?? "")
        }
    }

    var outcome: String? {
        fold.report().map { report in
            let reached =
                report.isReached
                ? "the target answers from \(report.hops.last?.ttl ?? 0) hops away" : "the target does not answer"
            return "\(report.rounds) rounds: \(reached)"
        }
    }

    mutating func parts(_ context: PartContext) -> [Part] {
        guard let report = fold.report() else { return [] }
        let scale = report.hops.compactMap { $0.rtt?.max }.max() ?? .milliseconds(1)
        let head = HTML(.tr) {
            for name in ["Hop", "Host"] { HTML(.th, .scope("col")) { name } }
            for (name, meaning) in Self.columns {
                HTML(.th, .scope("col"), .class("number")) { HTML(.abbr, .title(meaning)) { name } }
            }
            HTML(.th, .scope("col")) { "Last rounds" }
        }
        let rows = report.hops.map { hop in
            Part("\(context.id)-hop-\(hop.ttl)", .tr, [], row(hop, context, scale, isOver: report.end != nil))
        }
        var parts = [
            Part(
                "\(context.id)-table", .div, [.class("scroll"), .focusable, .role("region"), .label("Hops")],
                parts: [
                    Part(
                        "\(context.id)-hops", .table, [.class("hops mtr")], head: HTML(.thead) { head },
                        parts: [Part("\(context.id)-rows", .tbody, parts: rows)])
                ])
        ]
        if !report.changes.isEmpty {
            let lines = report.changes.suffix(20).map { change in
                "round \(change.round), hop \(change.ttl): \(change.before) became \(change.after)"
            }
            parts.append(
                Part(
                    "\(context.id)-changes", .pre, [.class("lines"), .focusable, .label("Changes of the path")],
                    HTML(lines: lines)))
        }
        // A chart costs more than the table, and is made anew with each round only.
        if drawn.rounds != report.rounds || report.end != nil, let chart = chart.report(), report.rounds > 1 {
            drawn = (report.rounds, Figures.chart("\(context.id)-chart") { chart.svg(width: $0) })
        }
        if let chart = drawn.chart { parts.append(chart) }
        return parts
    }

    private static let columns = [
        ("Loss", "probes without an answer"), ("Snt", "probes sent"), ("Last", "last round trip in milliseconds"),
        ("Avg", "average round trip"), ("Best", "shortest round trip"), ("Wrst", "longest round trip"),
        ("StDev", "standard deviation"),
    ]

    private func row(
        _ hop: MonitorReport.Hop, _ context: PartContext, _ scale: Duration, isOver: Bool
    ) -> HTML {
        // After the end, probes without a decision are neither lost nor answered.
        let sent = isOver ? hop.answered + hop.lost : hop.sent
        let isLossy = (hop.lossPercent ?? 0) > 0 && hop.answered > 0
        return HTML(.th, .scope("row")) { "\(hop.ttl)" }
            + HTML(.td) {
                for address in hop.addresses {
                    HTML(.div, .class("responder")) {
                        context.host(address.address, address.name)
                        if hop.addresses.count > 1 {
                            HTML(.span, .class("share")) { "\(address.answered) of \(hop.answered)" }
                        }
                        context.place(address.address)
                        context.labels(address.labels)
                    }
                }
                if hop.addresses.isEmpty { HTML(.span, .class("silent")) { "no answer" } }
            }
            + zip(Self.columns, values(hop, sent)).reduce(into: HTML()) { cells, cell in
                let isBad = isLossy && cell.0.0 == "Loss"
                cells += HTML(.td, .class(isBad ? "number lossy" : "number"), .data(.column, cell.0.0)) { cell.1 }
            }
            + HTML(.td) { spark(hop, scale) }
    }

    /// What is in the columns.
    private func values(_ hop: MonitorReport.Hop, _ sent: Int) -> [String] {
        let times = [hop.last, hop.rtt?.average, hop.rtt?.min, hop.rtt?.max, hop.rtt?.standardDeviation]
        return [hop.lossPercent.map(Figures.percent) ?? "–", "\(sent)"] + times.map { $0.map(Figures.number) ?? "–" }
    }

    /// A bar for each of the last rounds; one that was lost is a mark from top to bottom in another colour.
    private func spark(_ hop: MonitorReport.Hop, _ scale: Duration) -> HTML {
        let all = samples.samples(ttl: hop.ttl, count: Self.recent, through: round)
        let height = 22.0
        var lost = 0
        let bars = HTML.Builder.buildArray(
            all.enumerated().map { index, sample in
                switch sample {
                case .answered(let time):
                    let bar = max(1.5, (time / scale * height * 10).rounded() / 10)
                    return rect(index, from: height - bar, bar, "bar")
                case .lost:
                    lost += 1
                    return rect(index, from: 0, height, "gone")
                default: return HTML()
                }
            })
        let count = all.count { if case .answered = $0 { true } else { $0 == .lost } }
        return HTML(
            .svg,
            [
                .class("spark"), .role("img"), .label("\(lost) of the last \(count) lost"),
                .drawing("viewBox", "0 0 \(4 * Self.recent) \(Int(height))"), .drawing("width", "\(4 * Self.recent)"),
                .drawing("height", "\(Int(height))"),
            ], bars)
    }

    private func rect(_ index: Int, from top: Double, _ height: Double, _ kind: String) -> HTML {
        HTML(
            .rect,
            [
                .class(kind), .drawing("x", "\(4 * index)"), .drawing("y", "\(top)"), .drawing("width", "3"),
                .drawing("height", "\(height)"),
            ])
    }
}
