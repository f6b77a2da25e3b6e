internal import TraceCore

/// A ping: its lines, its sums and a chart.
struct PingContent: RunContent {
    private var fold = PingReport.Fold()
    private var chart = PingReport.Chart.Fold()
    private var text = PingReport.Text(PingReport.Text.Style(showsMissing: false, isVerbose: true))
    private var lines: [String] = []

    mutating func apply(_ event: ProbeEvent) {
        fold.apply(event)
        chart.apply(event)
        let new = text.apply(event)
        // The sums have a table of their own.
        if case .ended = event.fact { return }
        lines += new
    }

    var progress: String? { fold.report().map { "\($0.received) of \($0.sent) answered" } }

    var outcome: String? {
        fold.report().map { report in
            report.received == 0 ? "No answer came" : "\(report.received) of \(report.sent) answered"
        }
    }

    func parts(_ context: PartContext) -> [Part] {
        guard let report = fold.report() else { return [] }
        var parts = [
            Part("\(context.id)-lines", .pre, [.class("lines"), .focusable, .label("Answers")], HTML(lines: lines))
        ]
        if let place = report.target.flatMap({ context.sight.summaries[$0.address] }), !place.isEmpty {
            parts.append(Part("\(context.id)-place", .p, [.class("place")], HTML(place)))
        }
        parts.append(
            Part(
                "\(context.id)-sums", .dl, [.class("sums")],
                Figures.list([
                    ("Sent", "\(report.sent)"), ("Received", "\(report.received)"),
                    ("Loss", report.lossPercent.map { Figures.percent($0) } ?? "–"),
                    ("Shortest", Figures.time(report.rtt?.min)), ("Average", Figures.time(report.rtt?.average)),
                    ("95 %", Figures.time(report.rtt?.p95)), ("Longest", Figures.time(report.rtt?.max)),
                    ("Jitter", Figures.time(report.rtt?.jitter)),
                ])))
        if let chart = chart.report() { parts.append(Figures.chart("\(context.id)-chart") { chart.svg(width: $0) }) }
        return parts
    }
}

/// How numbers and charts stand in pages.
package enum Figures {
    /// A time in milliseconds with its unit, or a dash.
    package static func time(_ time: Duration?) -> String { time.map { "\(number($0)) ms" } ?? "–" }

    /// A time in milliseconds without its unit, for columns.
    package static func number(_ time: Duration) -> String {
        time.millisecondsText(decimals: time < .milliseconds(10) ? 2 : time < .milliseconds(1_000) ? 1 : 0)
    }

    package static func percent(_ share: Double) -> String {
        let rounded = (share * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded)) %" : "\(rounded) %"
    }

    /// Terms and what they are.
    package static func list(_ terms: [(String, String)]) -> HTML {
        HTML.Builder.buildArray(
            terms.map { term, value in
                HTML(.div) {
                    HTML(.dt) { term }
                    HTML(.dd) { value }
                }
            })
    }

    /// A chart in two widths, of which the style sheet shows the one that there is room for.
    package static func chart(_ id: String, _ svg: (Int) -> String) -> Part {
        Part(
            id, .div, [.class("chart")],
            HTML(.div, .class("narrow")) { HTML(drawing: svg(340)) }
                + HTML(.div, .class("wide")) {
                    HTML(drawing: svg(760))
                })
    }

    /// A chart that is as wide as the page, in three widths, each with attributes.
    package static func wideChart(
        _ id: String, _ attributes: (Int) -> [HTML.Attribute], svg: (Int) -> String
    ) -> Part {
        Part(
            id, .div, [.class("chart full")],
            HTML.Builder.buildArray(
                [("narrow", 340), ("wide", 760), ("widest", 1_240)].map { name, width in
                    HTML(.div, [.class(name)] + attributes(width), HTML(drawing: svg(width)))
                }))
    }
}

extension HTML {
    package static func + (left: HTML, right: HTML) -> HTML {
        var both = left
        both += right
        return both
    }
}
