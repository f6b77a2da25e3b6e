internal import TraceCore
internal import TraceCoreCommandLine
internal import TraceCoreHTTP
internal import TraceCorePages
internal import TraceCorePathStore

extension WatchPages {
    /// The span of time that a page shows.
    struct View: Sendable {
        let from: UTCTime?
        let length: Duration
        /// What a link to the same view has.
        let query: [(String, String)]
        var isLive: Bool { from == nil }

        /// The span that a query asks for.
        ///
        /// - Parameter usual: How long it is where the query does not say it.
        init(_ items: [(key: String, value: String)], usual: String = "1h") throws(HTTPFault) {
            var values: [String: String] = [:]
            for item in items where !item.value.isEmpty { values[item.key] = item.value }
            func time(_ name: String) throws(HTTPFault) -> UTCTime? {
                guard let text = values[name] else { return nil }
                if let time = UTCTime(text) { return time }
                guard let second = Int64(text), (0...253_402_300_799).contains(second) else {
                    throw HTTPFault(
                        .badRequest, "\(name) is a time such as 2026-01-31T12:00:00Z, or seconds since 1970")
                }
                return UTCTime(microsecondsSince1970: second * 1_000_000)
            }
            let (from, to) = (try time("from"), try time("to"))
            if let from, let to {
                guard from < to else { throw HTTPFault(.badRequest, "from is before to") }
                (self.from, length) = (from, to - from)
            } else {
                guard let length = Duration(settingText: values["last"] ?? usual), length >= .seconds(60),
                    length <= .seconds(3_660 * 86_400)
                else { throw HTTPFault(.badRequest, "last is a time such as 1h, 24h, 7d or 1y") }
                self.length = length
                self.from = from ?? to.map { $0 - length }
            }
            query = ["last", "from", "to"].compactMap { name in values[name].map { (name, $0) } }
        }

        /// How often the page is made anew.
        var period: Duration { min(max(.seconds(2), length / 360), .seconds(60)) }

        func span(now: UTCTime) -> (from: UTCTime, to: UTCTime) {
            if let from { return (from, from + length) }
            return (now - length, now)
        }
    }

    /// The most columns of a chart.
    private static let columns = 360
    /// The lengths of time for which there are links.
    static let ranges = [("1h", "hour"), ("24h", "day"), ("7d", "week"), ("30d", "month"), ("365d", "year")]

    func parts(of watch: Watch, _ view: View) async -> [Part] {
        let (from, to) = view.span(now: .now)
        do {
            let history = try await history(of: watch, from, to, slots: Self.columns)
            // Columns begin at whole lengths, so that they stay what they are while time goes on. What is shown is said.
            let shown = (history.start ?? from, view.isLive ? to : history.end ?? to)
            let kept = kept(history, of: watch, from: from)
            let chart = kept.chart
            let head = Part("head", .section, [.class("run")], heading(watch, (from, to), shown))
            return [head] + (view.isLive ? bothDirections(of: watch) : []) + [
                Part("chart", .section, [.class("run")], parts: picture(chart, of: history, watch)),
                Part(
                    "hops", .section, [.class("run")], HTML(.h2) { "The path in this time" } + table(chart.report)),
                Part(
                    "changes", .section, [.class("run")],
                    HTML(.h2) { "Changes" } + (await changes(of: watch, from, to))),
            ]
        } catch {
            return [
                Part("head", .section, [.class("run")], heading(watch, (from, to), (from, to))),
                Part("chart", .p, [.class("refused")], HTML("What was kept cannot be read: \(error)")),
            ]
        }
    }

    /// A chart, with what the script has to know of its axis of time.
    func picture(_ chart: MonitorReport.Chart, of history: PathHistory, _ watch: Watch) -> [Part] {
        let link = Link(["targets", watch.target.name])
        let figure = Figures.wideChart("picture") { width in
            [
                .data(.page, link.text),
                .data(.from, "\((history.start ?? .epoch).second)"),
                .data(.to, "\(((history.start ?? .epoch) + chart.end(inWidth: width)).second)"),
            ]
        } svg: { width in
            chart.svg(width: width)
        }
        return [
            figure, Part("hint", .p, [.class("soft scripted")], HTML("Drag along the chart to look closer.")),
        ]
    }

    func history(of watch: Watch, _ from: UTCTime, _ to: UTCTime, slots: Int) async throws(StoreError) -> PathHistory {
        try await daemon.store.read { [id = watch.id] (reader) throws(StoreError) in
            try reader.history(of: id, from: from, to: to, slots: slots)
        }
    }

    func kept(_ history: PathHistory, of watch: Watch, from: UTCTime) -> MonitorReport.Kept {
        MonitorReport.Kept(
            history, of: watch.target.host, watch.target.request, address: watch.address, from: from, names: watch.names
        )
    }

    /// The path in exactly this time.
    func report(of watch: Watch, _ from: UTCTime, _ to: UTCTime) async throws(StoreError) -> MonitorReport {
        kept(try await history(of: watch, from, to, slots: 1), of: watch, from: from).report
    }

    private func heading(
        _ watch: Watch, _ asked: (from: UTCTime, to: UTCTime), _ shown: (from: UTCTime, to: UTCTime)
    ) -> HTML {
        let target = watch.target
        let now = watch.address.map { $0.description == target.host ? "" : " (\($0))" } ?? ""
        let (from, to) = asked
        func link(_ from: UTCTime, _ to: UTCTime, _ file: [String] = []) -> Link {
            Link(["targets", target.name] + file, [("from", "\(from.secondText)Z"), ("to", "\(to.secondText)Z")])
        }
        let length = to - from
        let middle = from + length / 2
        return HTML(.h2) { UntrustedText(target.name) }
            + HTML(.p) {
                UntrustedText(target.host)
                "\(now), by \(target.request.transport.method.rawValue.uppercased())"
                target.from.map { " from \(UntrustedText($0).escaped)" } ?? ""
                target.labels.sorted { $0.key < $1.key }.map { ", \($0.key)=\(UntrustedText($0.value).escaped)" }
                    .joined()
            }
            + HTML(.p, .class("ways")) {
                for range in Self.ranges {
                    HTML(.a, .href(Link(["targets", target.name], [("last", range.0)]))) { "Last \(range.1)" }
                }
                HTML(.a, .href(link(from - length, from))) { "Earlier" }
                HTML(.a, .href(link(to, to + length))) { "Later" }
                if length >= .seconds(10) {
                    HTML(.a, .href(link(middle - length / 4, middle + length / 4))) { "Closer" }
                }
                HTML(.a, .href(link(middle - length, middle + length))) { "Wider" }
            }
            + HTML(.p) {
                "From \(shown.from.shown) to \(shown.to.shown). As "
                for (index, form) in ["csv", "json", "ndjson", "txt"].enumerated() {
                    if index > 0 { ", " }
                    HTML(.a, .href(link(shown.from, shown.to, ["history.\(form)"]))) { form }
                }
                "."
            }
    }

    /// The hops of a path as mtr has them, each with its place where that is known.
    func table(_ report: MonitorReport, _ places: [IPAddress: String]? = nil) -> HTML {
        let places = places ?? self.places?.places(on: report).summaries ?? [:]
        guard !report.hops.isEmpty else { return HTML(.p) { "Nothing was watched in this time." } }
        return HTML(.div, .class("scroll"), .focusable, .role("region"), .label("Hops")) {
            HTML(.table, .class("hops mtr")) {
                HTML(.thead) {
                    HTML(.tr) {
                        for name in ["Hop", "Host"] { HTML(.th, .scope("col")) { name } }
                        for name in ["Loss", "Snt", "Median", "Avg", "Best", "Wrst", "StDev"] {
                            HTML(.th, .scope("col"), .class("number")) { name }
                        }
                    }
                }
                HTML(.tbody) {
                    for hop in report.hops { HTML(.tr) { row(hop, places) } }
                }
            }
        }
    }

    private func row(_ hop: MonitorReport.Hop, _ places: [IPAddress: String]) -> HTML {
        let figures: [(String, String)] = [
            ("Loss", hop.lossPercent.map(Figures.percent) ?? "–"), ("Snt", "\(hop.sent)"),
            ("Median", hop.rtt.map { Figures.number($0.p50) } ?? "–"),
            ("Avg", hop.rtt.map { Figures.number($0.average) } ?? "–"),
            ("Best", hop.rtt.map { Figures.number($0.min) } ?? "–"),
            ("Wrst", hop.rtt.map { Figures.number($0.max) } ?? "–"),
            ("StDev", hop.rtt?.standardDeviation.map(Figures.number) ?? "–"),
        ]
        return HTML(.th, .scope("row")) { "\(hop.ttl)" }
            + HTML(.td) {
                for address in hop.addresses {
                    HTML(.div, .class("responder")) {
                        address.name ?? UntrustedText("\(address.address)")
                        if address.name != nil { HTML(.span, .class("address")) { " \(address.address)" } }
                        if hop.addresses.count > 1 {
                            HTML(.span, .class("share")) { " \(address.answered) of \(hop.answered)" }
                        }
                        if let place = places[address.address], !place.isEmpty {
                            HTML(.span, .class("place")) { place }
                        }
                    }
                }
                if hop.addresses.isEmpty { HTML(.span, .class("silent")) { "no answer" } }
            }
            + HTML.Builder.buildArray(
                figures.map { name, value in
                    HTML(.td, .class("number"), .data(.column, name)) { value }
                })
    }
}

extension PathHistory {
    /// When the first slot begins.
    var start: UTCTime? { slots.first?.start }
    /// When the last slot ends.
    var end: UTCTime? { slots.last.map { $0.start + slotLength } }
}
