internal import TraceCore
internal import TraceCoreFleet
internal import TraceCoreHTTP
internal import TraceCorePages

extension WatchPages {
    /// What all places have seen together. Nil where there is no such page.
    func fleet(_ path: [String], _ view: View) async throws -> HTTPAnswer? {
        let question: FleetQuestion
        let title: String
        switch (path.first, path.count) {
        case (nil, _): (question, title) = (.matrix, "All targets from all places")
        case ("causes", 1): (question, title) = (.causes, "What fails, and what it has in common")
        case ("networks", 1): (question, title) = (.networks, "Networks on the way")
        case ("targets", 2): (question, title) = (.target(path[1]), "\(path[1]) from all places")
        default: return nil
        }
        let (from, to) = view.span(now: .now)
        let links = HTML(.p, .class("ways")) {
            HTML(.a, .href(Link(["fleet"], view.query))) { "All against all" }
            HTML(.a, .href(Link(["fleet", "causes"], view.query))) { "Failures" }
            HTML(.a, .href(Link(["fleet", "networks"], view.query))) { "Networks" }
        }
        let times = HTML(.p, .class("ways")) {
            for range in Self.ranges.prefix(4) {
                HTML(.a, .href(Link(["fleet"] + path, [("last", range.0)]))) { "Last \(range.1)" }
            }
        }
        let head =
            links + times + HTML(.p) { "From \(from.shown) to \(to.shown)." }
        var found = HTML()
        var status = HTTPStatus.ok
        do {
            found = try await ask(question, archive ?? own, view, from, to)
        } catch is Busy {
            found = HTML(.p, .class("refused"), .role("alert")) {
                "Others ask as much as this page can at a time. Ask again in a moment."
            }
            status = HTTPStatus(503)
        } catch {
            found = HTML(.p, .class("refused"), .role("alert")) { UntrustedText("It cannot be asked: \(error)") }
            status = HTTPStatus(502)
            // What is here is better than nothing.
            if archive != nil, let own = try? await ask(question, own, view, from, to, named: "own") {
                found += HTML(.h2) { "What this vantage point has itself" } + own
            }
        }
        return page(title, [Part("fleet", .section, [.class("run")], head + found)], live: nil, status)
    }

    private struct Busy: Error {}

    /// An answer, and when it was asked for.
    struct Asked {
        let began: ContinuousClock.Instant
        let task: Task<HTML, any Error>
        var isOver = false
    }

    /// So many questions are asked at a time, whoever looks, and the answers are good for so long.
    private static let mostAtOnce = 2
    private static let goodFor = Duration.seconds(10)
    /// So many targets are shown of a matrix.
    private static let mostTargets = 200

    /// Asks an archive, for all who look at the same thing at the same time.
    private func ask(
        _ question: FleetQuestion, _ archive: any PathArchive, _ view: View, _ from: UTCTime, _ to: UTCTime,
        named name: String = ""
    ) async throws -> HTML {
        let key = "\(name) \(question) \(view.query)"
        let task = try asked.withLock { asked throws(Busy) in
            asked = asked.filter { !$1.isOver || $1.began + Self.goodFor > .now }
            if let one = asked[key] { return one.task }
            guard asked.values.count(where: { !$0.isOver }) < Self.mostAtOnce else { throw Busy() }
            let task = Task {
                try await FleetAnswer(question, of: archive, from: from, to: to, most: Self.mostTargets).html {
                    Link(["fleet", "targets", $0], view.query)
                }
            }
            asked[key] = Asked(began: .now, task: task)
            return task
        }
        let result = await task.result
        asked.withLock { asked in
            // What went wrong is asked again.
            if case .failure = result { asked[key] = nil } else { asked[key]?.isOver = true }
        }
        return try result.get()
    }
}
