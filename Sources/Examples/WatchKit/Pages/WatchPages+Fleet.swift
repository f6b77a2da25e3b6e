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
        func ask(_ archive: any PathArchive) async throws -> HTML {
            try await FleetAnswer(question, of: archive, from: from, to: to).html {
                Link(["fleet", "targets", $0], view.query)
            }
        }
        var found = HTML()
        var status = HTTPStatus.ok
        do {
            found = try await ask(archive)
        } catch {
            found = HTML(.p, .class("refused"), .role("alert")) { UntrustedText("It cannot be asked: \(error)") }
            status = HTTPStatus(502)
            // What is here is better than nothing.
            if !(archive is KeptArchive), let own = try? await ask(own) {
                found += HTML(.h2) { "What this vantage point has itself" } + own
            }
        }
        return page(title, [Part("fleet", .section, [.class("run")], head + found)], live: nil, status)
    }
}
