internal import TraceCore
internal import TraceCorePages
internal import TraceCorePathStore
internal import TraceCoreReceivers

extension WatchPages {
    var overview: Part {
        let watches = daemon.watches
        let alerts = daemon.alerts
        var wrong: [String: [Alert]] = [:]
        for alert in alerts { for target in alert.targets { wrong[target, default: []].append(alert) } }
        let rows = watches.map { watch in
            Part("row-\(watch.id)", .tr, [], row(watch, wrong[watch.target.name] ?? []))
        }
        let head = HTML(.thead) {
            HTML(.tr) {
                for name in ["Target", "State"] { HTML(.th, .scope("col")) { name } }
                for name in ["Last", "Average", "Loss"] { HTML(.th, .scope("col"), .class("number")) { name } }
                HTML(.th, .scope("col")) { "Last hour" }
            }
        }
        let bad = watches.count { $0.silentRounds >= 3 || $0.failure != nil }
        let sentence =
            "\(watches.count) \(watches.count == 1 ? "path" : "paths"), "
            + (bad == 0 ? "all answer" : "\(bad) without an answer")
            + (alerts.isEmpty ? "; nothing is wrong." : "; \(alerts.count) \(alerts.count == 1 ? "alert" : "alerts").")
        let trouble = daemon.trouble.error.map { "The store takes nothing: \($0)" }
        return Part(
            "overview", .section, [.class("run")],
            parts: [
                Part("sum", .p, [.class(bad == 0 ? "state" : "state failed")], HTML(sentence)),
                Part(
                    "trouble", .p, [.class("refused"), trouble == nil ? .absent : .role("alert")], HTML(trouble ?? "")),
                Part(
                    "table", .div, [.class("scroll"), .focusable, .role("region"), .label("Paths")],
                    parts: [
                        Part(
                            "targets", .table, [.class("targets")], head: head,
                            parts: [Part("rows", .tbody, parts: rows)])
                    ]),
            ])
    }

    private func row(_ watch: Watch, _ alerts: [Alert]) -> HTML {
        let minutes = watch.minutes
        let sent = minutes.reduce(0) { $0 + $1.sent }
        let lost = minutes.reduce(0) { $0 + $1.lost }
        let sum = minutes.reduce(Duration.zero) { $0 + $1.sum }
        let last = watch.lastRound?.answers.last { $0.isTarget }
        let state: String
        let isBad: Bool
        if let failure = watch.failure {
            (state, isBad) = ("not watched: \(UntrustedText(failure).escaped)", true)
        } else if watch.silentRounds >= 3 {
            (state, isBad) = ("no answer for \(watch.silentRounds) rounds", true)
        } else if let alert = alerts.first {
            (state, isBad) = (alert.summary, true)
        } else {
            (state, isBad) = (watch.lastRound == nil ? "not yet known" : "answers", false)
        }
        return HTML(.th, .scope("row")) {
            HTML(.a, .href(Link(["targets", watch.target.name]))) { UntrustedText(watch.target.name) }
        }
            + HTML(.td, .data(.column, "State"), .class(isBad ? "lossy" : "")) { state }
            + HTML(.td, .class("number"), .data(.column, "Last")) { Figures.time(last?.roundTrip) }
            + HTML(.td, .class("number"), .data(.column, "Average")) {
                Figures.time(sent > lost ? sum / (sent - lost) : nil)
            }
            + HTML(.td, .class(lost > 0 ? "number lossy" : "number"), .data(.column, "Loss")) {
                sent > 0 ? Figures.percent(100 * Double(lost) / Double(sent)) : "–"
            }
            + HTML(.td) { spark(minutes) }
    }

    /// A bar for each minute; what was lost is a mark from the top.
    private func spark(_ minutes: [Watch.Minute]) -> HTML {
        let height = 22.0
        let now = UTCTime.now.microsecondsSince1970 / 60_000_000
        let top = minutes.compactMap(\.mean).max() ?? .milliseconds(1)
        var bars = HTML()
        func rect(_ minute: Int64, from y: Double, _ height: Double, _ kind: String) -> HTML {
            HTML(
                .rect,
                [
                    .class(kind), .drawing("x", "\(3 * (59 - (now - minute)))"),
                    .drawing("y", "\((y * 10).rounded() / 10)"), .drawing("width", "2"),
                    .drawing("height", "\((height * 10).rounded() / 10)"),
                ])
        }
        for minute in minutes where now - minute.minute < 60 {
            if let mean = minute.mean {
                let bar = max(1.5, mean / top * height)
                bars += rect(minute.minute, from: height - bar, bar, "bar")
            }
            if minute.lost > 0 {
                bars += rect(minute.minute, from: 0, max(3, height * Double(minute.lost) / Double(minute.sent)), "gone")
            }
        }
        let lost = minutes.reduce(0) { $0 + $1.lost }
        return HTML(
            .svg,
            [
                .class("spark"), .role("img"), .label("\(lost) rounds lost in the last hour"),
                .drawing("viewBox", "0 0 180 22"), .drawing("width", "180"), .drawing("height", "22"),
            ], bars)
    }
}
