internal import TraceCore
internal import TraceCoreCommandLine
package import TraceCoreHTTP
internal import TraceCorePages
internal import TraceCorePathStore
internal import TraceCoreReceivers
internal import TraceCoreServer

/// The pages of a daemon: what is watched, how it went at any time, and what was told. They change nothing.
package struct WatchPages: Sendable {
    private let daemon: WatchDaemon

    /// The pages of a daemon.
    package init(_ daemon: WatchDaemon) { self.daemon = daemon }

    /// Answers a request.
    package func answer(_ call: HTTPCall) async throws -> HTTPAnswer {
        let path = call.request.target.segments
        guard ["GET", "HEAD"].contains(call.request.method) else {
            var answer = HTTPAnswer(.methodNotAllowed, text: "These pages are read only; GET is for them.")
            answer.fields.add("Allow", "GET, HEAD")
            return answer
        }
        let query = try call.request.target.queryItems()
        switch (path.first, path.count) {
        case (nil, _): return page("", [overview], live: Link(["live"]))
        case ("live", 1): return HTTPAnswer(every: .seconds(2)) { [overview] }
        case ("live", 2):
            guard let watch = daemon.watch(path[1]) else { break }
            let view = try View(query)
            return HTTPAnswer(every: view.period) { await parts(of: watch, view) }
        case ("targets", 2):
            guard let watch = daemon.watch(path[1]) else { break }
            let view = try View(query)
            return page(
                watch.target.name, await parts(of: watch, view),
                live: view.isLive ? Link(["live", watch.target.name], view.query) : nil)
        case ("targets", 3):
            guard let watch = daemon.watch(path[1]) else { break }
            if path[2] == "change" { return try await change(of: watch, query) }
            return try await export(watch, path[2], try View(query))
        case ("changes", 1): return page("Changes", [await changes(nil, try View(query))], live: nil)
        case ("alerts", 1): return page("Alerts", [await alerts()], live: nil)
        case ("api", 3) where path[1] == "v1" && path[2] == "targets": return HTTPAnswer(json: targetsJSON)
        case ("api", 3) where path[1] == "v1" && path[2] == "alerts": return HTTPAnswer(json: daemon.alerts)
        case ("assets", 2): return HTTPAnswer(asset: path[1], for: call)
        default: break
        }
        return page(
            "Not here", [Part("none", .p, [.class("refused")], HTML("There is nothing here."))], live: nil, .notFound)
    }

    private func page(_ name: String, _ parts: [Part], live: Link?, _ status: HTTPStatus = .ok) -> HTTPAnswer {
        let content = HTML(.div) {
            HTML(.p, .class("ways")) {
                HTML(.a, .href(Link([]))) { "All paths" }
                HTML(.a, .href(Link(["changes"]))) { "Changes" }
                HTML(.a, .href(Link(["alerts"]))) { "Alerts" }
            }
            HTML(.div, [.id("result"), live.map { .data(.live, $0.text) }], HTML.Builder.buildArray(parts.map(\.html)))
        }
        let title = daemon.settings.title
        return HTTPAnswer(
            WebPage(
                title: name.isEmpty ? title : "\(UntrustedText(name).escaped) – \(title)", content: content,
                footer: HTML(.p) { "Times are UTC. TraceCore \(Release.version)." }), framedBy: "'none'", status)
    }

    // MARK: All targets

    private var overview: Part {
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

    // MARK: One target

    /// The span of time that a page shows.
    struct View: Sendable {
        let from: UTCTime?
        let length: Duration
        /// What a link to the same view has.
        let query: [(String, String)]
        var isLive: Bool { from == nil }

        init(_ items: [(key: String, value: String)]) throws(HTTPFault) {
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
                guard let length = Duration(settingText: values["last"] ?? "1h"), length >= .seconds(60),
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

    private func parts(of watch: Watch, _ view: View) async -> [Part] {
        let (from, to) = view.span(now: .now)
        let head = Part("head", .section, [.class("run")], heading(watch, view, from, to))
        do {
            let chart = try await kept(watch, from, to, slots: Self.columns).chart
            return [
                head,
                Part(
                    "chart", .section, [.class("run")],
                    parts: [Figures.wideChart("picture") { width in chart.svg(width: width) }]),
                Part("hops", .section, [.class("run")], HTML(.h2) { "The path in this time" } + table(chart.report)),
                await changes(watch, view),
            ]
        } catch {
            return [head, Part("chart", .p, [.class("refused")], HTML("What was kept cannot be read: \(error)"))]
        }
    }

    private func kept(_ watch: Watch, _ from: UTCTime, _ to: UTCTime, slots: Int) async throws(StoreError)
        -> MonitorReport.Kept
    {
        let history = try await daemon.store.read { [id = watch.id] (reader) throws(StoreError) in
            try reader.history(of: id, from: from, to: to, slots: slots)
        }
        return MonitorReport.Kept(
            history, of: watch.target.host, watch.target.request, address: watch.address, from: from, names: watch.names
        )
    }

    private func heading(_ watch: Watch, _ view: View, _ from: UTCTime, _ to: UTCTime) -> HTML {
        let target = watch.target
        let now = watch.address.map { $0.description == target.host ? "" : " (\($0))" } ?? ""
        let ranges = [("1h", "hour"), ("24h", "day"), ("7d", "week"), ("30d", "month"), ("365d", "year")]
        func link(_ from: UTCTime, _ to: UTCTime) -> Link {
            Link(["targets", target.name], [("from", "\(from.secondText)Z"), ("to", "\(to.secondText)Z")])
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
                for range in ranges {
                    HTML(.a, .href(Link(["targets", target.name], [("last", range.0)]))) { "Last \(range.1)" }
                }
                HTML(.a, .href(link(from - length, from))) { "Earlier" }
                HTML(.a, .href(link(to, to + length))) { "Later" }
                HTML(.a, .href(link(middle - length / 4, middle + length / 4))) { "Closer" }
                HTML(.a, .href(link(middle - length, middle + length))) { "Wider" }
            }
            + HTML(.p) {
                "From \(from.shown) to \(to.shown). As "
                for (index, form) in ["csv", "json", "ndjson", "txt"].enumerated() {
                    if index > 0 { ", " }
                    HTML(
                        .a,
                        .href(
                            Link(
                                ["targets", target.name, "history.\(form)"],
                                [("from", "\(from.secondText)Z"), ("to", "\(to.secondText)Z")]))
                    ) { form }
                }
                "."
            }
    }

    private func table(_ report: MonitorReport) -> HTML {
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
                    for hop in report.hops { HTML(.tr) { row(hop) } }
                }
            }
        }
    }

    private func row(_ hop: MonitorReport.Hop) -> HTML {
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
                    }
                }
                if hop.addresses.isEmpty { HTML(.span, .class("silent")) { "no answer" } }
            }
            + HTML.Builder.buildArray(
                figures.map { name, value in
                    HTML(.td, .class("number"), .data(.column, name)) { value }
                })
    }

    // MARK: Changes

    private func changes(_ watch: Watch?, _ view: View) async -> Part {
        let (from, to) = view.span(now: .now)
        let all = try? await daemon.store.read { [id = watch?.id] (reader) throws(StoreError) in
            try reader.changes(of: id, from: watch == nil ? to - .seconds(30 * 86_400) : from, to: to, limit: 200)
        }
        let names = Dictionary(daemon.watches.map { ($0.id, $0.target.name) }, uniquingKeysWith: { $1 })
        return Part(
            "changes", .section, [.class("run")], HTML(.h2) { "Changes" } + Self.list(all, names, isOne: watch != nil))
    }

    private static func list(_ all: [StoredChange]?, _ names: [Int64: String], isOne: Bool) -> HTML {
        guard let all else { return HTML(.p) { "What was kept cannot be read." } }
        guard !all.isEmpty else { return HTML(.p) { "None in this time." } }
        return HTML(.ul, .class("events")) {
            for change in all {
                HTML(.li) {
                    HTML(
                        .a,
                        .href(
                            Link(
                                ["targets", names[change.target] ?? "", "change"],
                                [("at", "\(change.at.microsecondsSince1970 / 1_000_000)")]))
                    ) { "\(change.at.shown)" }
                    " "
                    if !isOne { UntrustedText(names[change.target] ?? "a target that is gone") }
                    if !isOne { ": " }
                    (try? JSON.decode(ChangeReport.Change.self, from: change.body))?.sentence ?? change.kind.rawValue
                }
            }
        }
    }

    /// The path before and after a moment, side by side.
    private func change(of watch: Watch, _ query: [(key: String, value: String)]) async throws -> HTTPAnswer {
        guard let second = query.first(where: { $0.key == "at" }).flatMap({ Int64($0.value) }),
            (0...253_402_300_799).contains(second)
        else { throw HTTPFault(.badRequest, "at is a time in seconds since 1970") }
        let at = UTCTime(microsecondsSince1970: second * 1_000_000)
        let span = Duration.seconds(300)
        let before = try await kept(watch, at - span, at, slots: 1).report
        let after = try await kept(watch, at, at + span, slots: 1).report
        let around = try View([
            ("from", "\((at - span).microsecondsSince1970 / 1_000_000)"),
            ("to", "\((at + span).microsecondsSince1970 / 1_000_000)"),
        ])
        let sides = HTML(.div, .class("sides")) {
            HTML(.section, .class("run")) {
                HTML(.h2) { "Before \(at.shown)" }
                table(before)
            }
            HTML(.section, .class("run")) {
                HTML(.h2) { "After" }
                table(after)
            }
        }
        let chart = try await kept(watch, at - span, at + span, slots: 120).chart
        return page(
            watch.target.name,
            [
                Part(
                    "head", .p, [],
                    HTML(.a, .href(Link(["targets", watch.target.name]))) { UntrustedText(watch.target.name) }
                        + HTML(": five minutes before and after \(at.shown)")),
                Part("sides", .div, [], sides),
                Part(
                    "chart", .section, [.class("run")],
                    parts: [Figures.wideChart("picture") { width in chart.svg(width: width) }]),
                await changes(watch, around),
            ], live: nil)
    }

    // MARK: Alerts

    private func alerts() async -> Part {
        let now = UTCTime.now
        let kept = try? await daemon.store.read { (reader) throws(StoreError) in
            try reader.alerts(from: now - .seconds(30 * 86_400), to: now + .seconds(60), limit: 200).map {
                (alert) throws(StoreError) in (alert, try reader.deliveries(about: alert.id))
            }
        }
        let silences =
            (try? await daemon.store.read { (reader) throws(StoreError) in try reader.silences(from: now) }) ?? []
        let list = (kept ?? []).map { alert, deliveries in
            HTML(.li) {
                let told = try? JSON.decode(Alert.self, from: alert.body)
                HTML(.p) {
                    HTML(.span, .class(alert.resolved == nil ? "lossy" : "soft")) {
                        alert.resolved == nil ? "wrong since \(alert.since.shown): " : "\(alert.since.shown): "
                    }
                    told?.summary ?? alert.rule
                    for detail in told?.details ?? [] { HTML(.span, .class("soft")) { " \(detail)" } }
                }
                if !deliveries.isEmpty {
                    HTML(.p, .class("soft")) {
                        deliveries.map { "\(UntrustedText($0.receiver).escaped): \(Self.words(of: $0))" }.joined(
                            separator: "; ")
                    }
                }
            }
        }
        return Part(
            "alerts", .section, [.class("run")],
            HTML(.h2) { "Alerts of the last 30 days" }
                + (kept == nil ? HTML(.p) { "What was kept cannot be read." } : HTML())
                + (list.isEmpty ? HTML(.p) { "None." } : HTML(.ul, [.class("events")], HTML.Builder.buildArray(list)))
                + (silences.isEmpty
                    ? HTML()
                    : HTML(.p) {
                        "Silences: "
                        silences.map {
                            "until \($0.until.shown) by \(UntrustedText($0.by).escaped): \(UntrustedText($0.why).escaped)"
                        }
                        .joined(separator: "; ")
                    }))
    }

    private static func words(of delivery: TraceCorePathStore.Delivery) -> String {
        let words = delivery.words.map { " (\($0))" } ?? ""
        return switch delivery.state {
        case .taken: "told\(words)"
        case .givenUp: "given up\(words)"
        case .waiting(let until): delivery.tries == 0 ? "on its way" : "again at \(until.shown)\(words)"
        }
    }

    // MARK: For programs

    private var targetsJSON: JSON.Value {
        .array(
            daemon.watches.map { watch in
                let last = watch.lastRound
                let end = last?.answers.last { $0.isTarget }
                return .object([
                    .init("name", .string(watch.target.name)), .init("host", .string(watch.target.host)),
                    .init("address", watch.address.map { .string("\($0)") } ?? .null),
                    .init(
                        "labels",
                        .object(watch.target.labels.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
                    ),
                    .init("lastRound", last.map { .string("\($0.at)") } ?? .null),
                    .init("rttMs", end.map { .double($0.roundTrip.inMilliseconds) } ?? .null),
                    .init("silentRounds", .integer(Int64(watch.silentRounds))),
                    .init("failure", watch.failure.map { .string($0) } ?? .null),
                ])
            })
    }

    private func export(_ watch: Watch, _ name: String, _ view: View) async throws -> HTTPAnswer {
        let (from, to) = view.span(now: .now)
        let fields = { (type: String) in HTTPFields(["Content-Type": type, "Cache-Control": "no-store"]) }
        switch name {
        case "history.json":
            return HTTPAnswer(json: try await kept(watch, from, to, slots: 1).report)
        case "history.txt":
            let report = try await kept(watch, from, to, slots: 1).report
            let lines = MTRReport(report, showsLabels: false).textLines(isWide: true)
            return HTTPAnswer(.ok, text: lines.joined(separator: "\n"))
        case "history.csv", "history.ndjson":
            let isCSV = name.hasSuffix("csv")
            let rounds = daemon.store.rounds(of: watch.id, from: from, to: to)
            return HTTPAnswer(
                .ok, fields(isCSV ? "text/csv; charset=utf-8" : "application/x-ndjson"),
                body: .stream { writer in
                    if isCSV { try await writer.write(Array((RoundLines.csvHead + "\n").utf8)) }
                    for try await hour in rounds {
                        let lines = hour.flatMap { isCSV ? RoundLines.csv($0) : [RoundLines.json($0)] }
                        if !lines.isEmpty { try await writer.write(Array((lines.joined(separator: "\n") + "\n").utf8)) }
                    }
                })
        default:
            return HTTPAnswer(.notFound, text: "There is history.csv, history.json, history.ndjson and history.txt.")
        }
    }

    /// Adds what is known of the paths.
    package func addMetrics(to metrics: inout Metrics) {
        let watches = daemon.watches
        func labels(_ watch: Watch) -> [Metrics.Label] {
            [("target", watch.target.name), ("host", watch.target.host), ("ip", watch.address.map { "\($0)" } ?? "")]
        }
        metrics.add(
            .gauge, "tracecore_path_up", "Whether the target answered the last round.",
            watches.map { (labels($0), $0.lastRound != nil && $0.silentRounds == 0 ? 1 : 0) })
        metrics.add(
            .gauge, "tracecore_path_silent_rounds", "Rounds without an answer of the target, up to now.",
            watches.map { (labels($0), Double($0.silentRounds)) })
        metrics.add(
            .counter, "smokeping_requests_total", "Rounds that were sent.",
            watches.map { (labels($0), Double($0.totals.requests)) })
        metrics.add(
            "smokeping_response_duration_seconds", "Round trips of the target.",
            watches.map { (labels($0), $0.totals.roundTrips) })
        // A thousand paths have fifteen thousand hops; a bound keeps a scrape small.
        var hops: [(labels: [Metrics.Label], value: Double)] = []
        for watch in watches {
            for answer in watch.lastRound?.answers ?? [] where hops.count < 5_000 {
                guard let address = answer.address else { continue }
                hops.append(
                    (
                        [("target", watch.target.name), ("hop", "\(answer.ttl)"), ("address", "\(address)")],
                        answer.roundTrip / .seconds(1)
                    ))
            }
        }
        metrics.add(
            .gauge, "tracecore_hop_round_trip_seconds", "The last round trip of each hop.", hops)
        metrics.add(.gauge, "tracecore_alerts_firing", "Alerts that are going on.", Double(daemon.alerts.count))
        let trouble = daemon.trouble
        metrics.add(
            .gauge, "tracecore_store_failing", "Whether the store takes nothing.", trouble.error == nil ? 0 : 1)
        metrics.add(
            .counter, "tracecore_store_lost_rounds_total", "Rounds that were lost because the store took nothing.",
            Double(trouble.lost))
    }
}

/// Rounds as lines, for spreadsheets and programs.
enum RoundLines {
    /// The names of the columns.
    static let csvHead = "time,flow,hop,address,rtt_ms,is_target"

    /// A line for each hop of a round.
    static func csv(_ round: Round) -> [String] {
        round.answers.map { answer in
            let time = answer.address == nil ? "" : answer.roundTrip.millisecondsText(decimals: 3)
            return
                "\(round.at),\(round.flow),\(answer.ttl),\(answer.address.map { "\($0)" } ?? ""),\(time),\(answer.isTarget ? 1 : 0)"
        }
    }

    /// An object for a round.
    static func json(_ round: Round) -> String {
        let hops = round.answers.map { answer -> JSON.Value in
            var members: [JSON.Value.Member] = [.init("ttl", .integer(Int64(answer.ttl)))]
            if let address = answer.address {
                members.append(.init("address", .string("\(address)")))
                members.append(.init("rttMs", .double(answer.roundTrip.inMilliseconds)))
                if answer.isTarget { members.append(.init("isTarget", .bool(true))) }
            }
            return .object(members)
        }
        let value = JSON.Value.object([
            .init("time", .string("\(round.at)")), .init("flow", .integer(Int64(round.flow))),
            .init("hops", .array(hops)),
        ])
        return (try? JSON.text(value)) ?? ""
    }
}

extension UTCTime {
    /// The date and the time of day, for people.
    var shown: String { String(secondText).replacing("T", with: " ") }
}
