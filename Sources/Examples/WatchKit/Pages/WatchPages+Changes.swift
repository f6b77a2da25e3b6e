internal import TraceCore
internal import TraceCoreCommandLine
internal import TraceCoreHTTP
internal import TraceCorePages
internal import TraceCorePathStore

extension WatchPages {
    /// So many changes or alerts are on a page.
    static let most = 200

    /// What changed on all paths.
    func allChanges(_ view: View) async -> Part {
        let (from, to) = view.span(now: .now)
        return Part(
            "changes", .section, [.class("run")],
            HTML(.h2) { "Changes from \(from.shown) to \(to.shown)" } + Self.ways("changes")
                + (await changes(of: nil, from, to)))
    }

    /// Links to the same page for other lengths of time.
    static func ways(_ page: String) -> HTML {
        HTML(.p, .class("ways")) {
            for range in ranges.dropFirst() {
                HTML(.a, .href(Link([page], [("last", range.0)]))) { "Last \(range.1)" }
            }
        }
    }

    /// What changed on a path, or on all, in a span of time.
    func changes(of watch: Watch?, _ from: UTCTime, _ to: UTCTime) async -> HTML {
        let read = try? await daemon.store.read { [id = watch?.id] (reader) throws(StoreError) in
            (
                try reader.changes(of: id, from: from, to: to, limit: Self.most),
                id == nil ? try reader.targets().map { ($0.id, $0.name) } : []
            )
        }
        guard let (all, targets) = read else { return HTML(.p) { "What was kept cannot be read." } }
        guard !all.isEmpty else { return HTML(.p) { "None in this time." } }
        let names = Dictionary(targets, uniquingKeysWith: { $1 })
        let list = HTML(.ul, .class("events")) {
            for change in all {
                HTML(.li) {
                    let name = watch?.target.name ?? names[change.target]
                    if let name, daemon.watch(name) != nil {
                        HTML(.a, .href(Self.link(to: change.at, of: name))) { change.at.shown }
                    } else {
                        change.at.shown
                    }
                    " "
                    if watch == nil {
                        UntrustedText(name ?? "a target that is gone")
                        ": "
                    }
                    (try? JSON.decode(ChangeReport.Change.self, from: change.body))?.sentence ?? change.kind.rawValue
                }
            }
        }
        return list + (all.count < Self.most ? HTML() : HTML(.p) { "These are the newest \(Self.most) of them." })
    }

    /// The page of a change.
    static func link(to time: UTCTime, of target: String) -> Link {
        Link(["targets", target, "change"], [("at", "\(time)")])
    }

    /// The path before and after a moment, side by side.
    func change(of watch: Watch, _ query: [(key: String, value: String)]) async throws -> HTTPAnswer {
        guard let text = query.first(where: { $0.key == "at" })?.value,
            let at = UTCTime(text)
                ?? Int64(text).flatMap({
                    (0...253_402_300_799).contains($0) ? UTCTime(microsecondsSince1970: $0 * 1_000_000) : nil
                })
        else { throw HTTPFault(.badRequest, "at is a time such as 2026-01-31T12:00:00Z, or seconds since 1970") }
        let (before, after, grain) = try await daemon.store.read { [id = watch.id] (reader) throws(StoreError) in
            let (start, length) = try reader.slot(at: at)
            // What a round shows at its last hop, it shows later than it began; the round before is the last of the old path.
            let round = try reader.rounds(
                of: id, from: at - max(.seconds(2), watch.target.interval), to: at + .microseconds(1)
            ).last?.at
            return (length > .zero ? start : round ?? at, length > .zero ? start + length : round ?? at, length)
        }
        // Of a slot that has both paths, nothing is shown.
        let span = max(.seconds(300), grain)
        let isExact = grain == .zero
        let sides = [
            (
                "before", isExact ? "Before \(at.shown)" : "From \((before - span).shown) to \(before.shown)",
                try await report(of: watch, before - span, before)
            ),
            (
                "after", isExact ? "From then on" : "From \(after.shown) to \((after + span).shown)",
                try await report(of: watch, after, after + span)
            ),
        ].map { id, title, report in
            let known = places?.places(on: report)
            let map = known?.map.map { Part("map-\(id)", .div, [.class("map"), .data(.zoom, "map")], $0) }
            return Part(
                id, .section, [.class("run")], head: HTML(.h2) { title },
                parts: (map.map { [$0] } ?? [])
                    + [Part("hops-\(id)", .div, [], table(report, known?.summaries ?? [:]))])
        }
        let around = try await history(of: watch, at - span, at + span, slots: 120)
        return page(
            watch.target.name,
            [
                Part(
                    "head", .p, [],
                    HTML(.a, .href(Link(["targets", watch.target.name]))) { UntrustedText(watch.target.name) }
                        + HTML(
                            ": \(span.settingText == "5m" ? "five minutes" : span.settingText) before and after \(at.shown)"
                        )),
                Part("sides", .div, [.class("sides")], parts: sides),
                Part(
                    "chart", .section, [.class("run")],
                    parts: picture(kept(around, of: watch, from: at - span).chart, of: around, watch)),
                Part(
                    "changes", .section, [.class("run")],
                    HTML(.h2) { "Changes" } + (await changes(of: watch, at - span, at + span))),
            ], live: nil)
    }
}
