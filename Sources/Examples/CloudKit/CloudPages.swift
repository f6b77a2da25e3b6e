internal import TraceCore
internal import TraceCoreCommandLine
package import TraceCoreHTTP
internal import TraceCorePages
internal import TraceCorePathStore
internal import TraceCoreServer

/// The pages of a desk: what goes on, what waits, what was found, and two runs compared.
package final class CloudPages: Sendable {
    private struct Sight {
        let id: String
        let made: ContinuousClock.Instant
        let found: HTML
    }

    let desk: CloudDesk
    private let live = LivePages()
    private let known: Lock<BearerTokens?>
    /// Whether only this machine may ask, which then needs no token.
    private let isPrivate: Bool
    /// The vantage points that can be chosen beside this machine.
    let vantages: Lock<[String]>
    /// What all who watch a run see of its regions: it is made once for them, every other second.
    private let sight = Lock<Sight?>(nil)

    /// - Parameters:
    ///   - tokens: Those of people who may ask, where they need one.
    ///   - vantages: The names of vantage points that can be chosen beside this machine.
    ///   - isPrivate: Whether only this machine may ask.
    package init(_ desk: CloudDesk, tokens: BearerTokens?, vantages: [String] = [], isPrivate: Bool) {
        (self.desk, self.isPrivate) = (desk, isPrivate)
        known = Lock(tokens)
        self.vantages = Lock(vantages)
    }

    /// The tokens of those who may look, and start runs.
    private var tokens: BearerTokens? { known.withLock { $0 } }

    /// Takes other tokens and vantage points. Pages that are being shown ask again.
    package func follow(tokens: BearerTokens?, vantages: [String] = []) {
        known.withLock { $0 = tokens }
        self.vantages.withLock { $0 = vantages }
        live.end(forGood: false)
    }

    /// Ends the pages that show what goes on.
    package func end() { live.end() }

    /// Answers a request.
    package func answer(_ call: HTTPCall) async throws -> HTTPAnswer {
        if let refusal = refusal(of: call) { return refusal }
        let path = call.request.target.segments
        if call.request.method == "POST" { return try await change(call, path) }
        guard ["GET", "HEAD"].contains(call.request.method) else {
            var answer = HTTPAnswer(.methodNotAllowed, text: "GET and POST are for this.")
            answer.fields.add("Allow", "GET, HEAD, POST")
            return answer
        }
        switch (path.first, path.count) {
        case (nil, _): return page("", [await overview()], live: Link(["live"]))
        case ("live", 1): return live.answer(every: .seconds(1)) { [await self.overview()] }
        case ("live", 2): return live.answer(every: .seconds(1)) { [id = path[1]] in await self.parts(of: id) ?? [] }
        case ("runs", 2):
            guard let parts = await parts(of: path[1]) else { break }
            return page("A run", parts, live: isOpen(path[1]) ? Link(["live", path[1]]) : nil)
        case ("runs", 3):
            guard let matrix = try await matrix(path[1]), let answer = try download(matrix, path[2]) else { break }
            return answer
        case ("compare", 1):
            let query = try call.request.target.queryItems()
            func value(_ name: String) -> String { query.first { $0.key == name }?.value ?? "" }
            guard let before = try await matrix(value("before")), let after = try await matrix(value("after")) else {
                return page("Compare", [refused("Choose two runs to compare.")], live: nil, HTTPStatus(400))
            }
            return page("Compare", comparisons(after, since: before), live: nil)
        case ("assets", 2): return HTTPAnswer(asset: path[1], for: call)
        default: break
        }
        return page("Not here", [refused("There is nothing here.")], live: nil, .notFound)
    }

    // MARK: Changes

    private func change(_ call: HTTPCall, _ path: [String]) async throws -> HTTPAnswer {
        try mayChange(call)
        switch (path.first, path.count) {
        case ("runs", 1):
            let job: CloudDesk.Job
            do throws(HTTPFault) { job = try self.job(try HTTPTarget.items(of: call.body), desk.catalogue) } catch {
                return page("", [refused("Not started: \(error.message)."), await overview()], live: nil, error.status)
            }
            guard try await desk.ask(job) else {
                return page(
                    "", [refused("Not started: \(CloudDesk.most) runs wait already."), await overview()], live: nil,
                    HTTPStatus(503))
            }
            return HTTPAnswer(HTTPStatus(303), HTTPFields(["Location": "/runs/\(job.id)"]), body: .bytes([]))
        case ("runs", 3) where path[2] == "cancel":
            guard try await desk.cancel(path[1]) else {
                throw HTTPFault(.notFound, "there is no such run, or it is over")
            }
            return HTTPAnswer(HTTPStatus(303), HTTPFields(["Location": "/"]), body: .bytes([]))
        default: throw HTTPFault(.notFound, "there is nothing here")
        }
    }

    private func mayChange(_ call: HTTPCall) throws(HTTPFault) {
        guard !call.isFromElsewhere() else {
            throw HTTPFault(HTTPStatus(403), "this comes from a page of another site")
        }
        // Whoever comes this far has a token, where there are any.
        guard tokens != nil || isPrivate else {
            throw HTTPFault(
                HTTPStatus(403),
                "nothing can be started here: others than this machine can ask, and there are no --tokens")
        }
    }

    /// Why a call gets no answer: a token is wanted, and it has none.
    package func refusal(of call: HTTPCall) -> HTTPAnswer? { tokens?.refusal(of: call, in: "cloudbench") }

    // MARK: What is known

    private func isOpen(_ id: String) -> Bool { desk.present.waiting.contains { $0.id == id } }

    private func matrix(_ id: String) async throws -> CloudMatrix? {
        if let current = desk.present.current, current.job.id == id { return current.fold.matrix() }
        if let run = desk.unkept.first(where: { $0.id == id }) { return try? CloudMatrix.reading(run.report) }
        guard let run = try await desk.store.read({ (reader) throws(StoreError) in try reader.run(id) }),
            run.verb == "cloud"
        else { return nil }
        return try CloudMatrix.reading(run.report)
    }

    private func download(_ matrix: CloudMatrix, _ form: String) throws -> HTTPAnswer? {
        func file(_ type: String, _ bytes: [UInt8]) -> HTTPAnswer {
            HTTPAnswer(
                .ok,
                HTTPFields([
                    "Content-Type": type, "Content-Disposition": "attachment; filename=\"cloudbench.\(form)\"",
                    "Cache-Control": "no-store",
                ]), body: .bytes(bytes))
        }
        switch form {
        case "json": return file("application/json", Array(try matrix.json(style: .pretty).utf8))
        case "csv": return file("text/csv; charset=utf-8", Array((matrix.csv.joined(separator: "\r\n") + "\r\n").utf8))
        case "html": return file("text/html; charset=utf-8", Array(CloudMatrixPage(matrix).html.utf8))
        default: return nil
        }
    }

    // MARK: Pages

    private func page(_ name: String, _ parts: [Part], live: Link?, _ status: HTTPStatus = .ok) -> HTTPAnswer {
        let content = HTML(.div) {
            HTML(.p, .class("ways")) { HTML(.a, .href(Link([]))) { "All runs" } }
            if name.isEmpty { form }
            HTML(
                .div, [.id("result"), live.map { .data(.live, $0.text) }, live.map { _ in .data(.lasting, "") }],
                HTML.Builder.buildArray(parts.map(\.html)))
        }
        let title = places == ["here"] ? "Clouds from here" : "Clouds from here and elsewhere"
        return HTTPAnswer(
            WebPage(
                title: name.isEmpty ? title : "\(name) – \(title)", content: content,
                footer: HTML(.p) { "Times are UTC. TraceCore \(Release.version)." }), framedBy: "'none'", status)
    }

    private func refused(_ text: String) -> Part {
        Part("refused", .p, [.class("refused"), .role("alert")], HTML(text))
    }

    /// What goes on, what waits and what there was.
    private func overview() async -> Part {
        let (current, waiting) = desk.present
        let runs = (try? await desk.store.read { (reader) throws(StoreError) in try reader.runs(limit: 200) }) ?? []
        let unkept = desk.unkept
        let list = HTML(.section, .class("run")) {
            HTML(.h2) { "Now" }
            if waiting.isEmpty { HTML(.p) { "Nothing is measured." } }
            HTML(.ul, .class("events")) {
                for (index, job) in waiting.enumerated() {
                    HTML(.li, .class("silence")) {
                        HTML(.span) {
                            HTML(.a, .href(Link(["runs", job.id]))) { UntrustedText(job.text) }
                            HTML(.span, .class("soft")) {
                                current?.job.id == job.id
                                    ? " \(Self.state(current))" : " waits, \(index) before it"
                            }
                        }
                        cancel(job)
                    }
                }
            }
        }
        let history = HTML(.section, .class("run")) {
            HTML(.h2) { "Before" }
            if !unkept.isEmpty {
                HTML(.p, .class("refused"), .role("alert")) {
                    "\(unkept.count) results could not be kept, and are lost when the program ends: see its messages."
                }
            }
            if runs.isEmpty, unkept.isEmpty { HTML(.p) { "There was no run yet." } }
            if !runs.isEmpty || !unkept.isEmpty { table(unkept.reversed() + runs.filter { $0.verb == "cloud" }) }
        }
        return Part("overview", .div, [], list + history)
    }

    private func table(_ runs: [StoredRun]) -> HTML {
        HTML(.form, .class("plain"), .action(Link(["compare"]))) {
            HTML(.div, .class("scroll"), .focusable) {
                HTML(.table) {
                    HTML(.thead) {
                        HTML(.tr) {
                            for name in ["When", "What", "Before", "After"] { HTML(.th, .scope("col")) { name } }
                        }
                    }
                    HTML(.tbody) {
                        for (index, run) in runs.enumerated() {
                            let time = Self.shown(run.created)
                            HTML(.tr) {
                                HTML(.td, .class("times")) { HTML(.a, .href(Link(["runs", run.id]))) { time } }
                                HTML(.td) { UntrustedText(run.target) }
                                for (name, place) in [("before", 1), ("after", 0)] {
                                    HTML(.td) {
                                        HTML(
                                            .input, .type("radio"), .name(name), .value(run.id),
                                            .label("\(name) \(time)"),
                                            index == place ? .checked : nil)
                                    }
                                }
                            }
                        }
                    }
                }
            }
            if runs.count > 1 { HTML(.p) { HTML(.button, .type("submit"), .class("plain")) { "Compare" } } }
        }
    }

    private static func shown(_ time: UTCTime) -> String { String(time.secondText).replacing("T", with: " ") }

    private func cancel(_ job: CloudDesk.Job) -> HTML {
        HTML(.form, .action(Link(["runs", job.id, "cancel"])), .post) {
            HTML(.button, .type("submit"), .class("plain")) { "Cancel" }
        }
    }

    private static func state(_ current: CloudDesk.Current?) -> String {
        guard let current else { return "" }
        let (done, all) = current.fold.progress
        return "\(current.fold.step.words): \(done) of \(all)"
    }

    /// A run: while it waits, while it goes on, and when it is over. Nil if there is none.
    private func parts(of id: String) async -> [Part]? {
        let (current, waiting) = desk.present
        if let current, current.job.id == id {
            return show(current)
        }
        if let place = waiting.firstIndex(where: { $0.id == id }) {
            return Self.frame(
                HTML(.p, .class("state")) { "Waits in line: \(place) before it." } + cancel(waiting[place]), log: [],
                found: HTML())
        }
        guard let matrix = try? await matrix(id) else { return nil }
        let links = HTML(.p, .class("ways")) {
            for form in ["json", "csv", "html"] {
                HTML(.a, .href(Link(["runs", id, form])), .download("cloudbench.\(form)")) { form.uppercased() }
            }
        }
        return Self.frame(Self.outcome(of: matrix) + links, log: [], found: Self.found(CloudMatrixPage(matrix).parts))
    }

    /// How a run ended, from each of its vantage points where that differs.
    private static func outcome(of matrix: CloudMatrix) -> HTML {
        let took = matrix.reports.map(\.tookMs).max() ?? 0
        let open = matrix.reports.filter { $0.unfinished != nil }
        guard let first = open.first?.unfinished else {
            return HTML(.p, .class("state done")) { "Done in \(Int((took / 1_000).rounded())) s." }
        }
        if open.count == matrix.reports.count, open.allSatisfy({ $0.unfinished == first }) {
            return HTML(.p, .class("state failed")) { UntrustedText("Not finished: \(first).") }
        }
        return HTML.Builder.buildArray(
            open.map { report in
                HTML(.p, .class("state failed")) {
                    UntrustedText("From \(report.run.place), not finished: \(report.unfinished ?? "").")
                }
            })
    }

    private func show(_ current: CloudDesk.Current) -> [Part] {
        let now = ContinuousClock.now
        let known = sight.withLock {
            $0.flatMap { $0.id == current.job.id && $0.made + .seconds(2) > now ? $0.found : nil }
        }
        let found =
            known ?? current.fold.matrix().map { Self.found(CloudMatrixPage($0, rows: 40).summary) } ?? HTML()
        if known == nil { sight.withLock { $0 = Sight(id: current.job.id, made: now, found: found) } }
        let state = HTML(.p, .class("state running")) { Self.state(current) } + cancel(current.job)
        return Self.frame(state, log: current.log, found: found)
    }

    private static func found(_ parts: [HTML]) -> HTML { HTML.Builder.buildArray(parts) }

    /// The same parts at any time, so that a page can follow from one state to the next.
    private static func frame(_ state: HTML, log: [String], found: HTML) -> [Part] {
        let lines = HTML(.ul, .class("events")) {
            for line in log.prefix(12) { HTML(.li) { UntrustedText(line) } }
        }
        return [
            Part("state", .section, [.class("run")], state),
            Part("found", .div, [], found),
            Part(
                "log", .section, log.isEmpty ? [.class("run"), .absent] : [.class("run")],
                HTML(.h2) { "What happens" } + lines),
        ]
    }

    private func comparisons(_ after: CloudMatrix, since before: CloudMatrix) -> [Part] {
        let comparisons = after.comparisons(since: before)
        guard !comparisons.isEmpty else { return [refused("No vantage point is in both runs.")] }
        return comparisons.enumerated().map { index, comparison in
            let place = comparison.from.map { ", from \($0)" } ?? ""
            return Part(
                index == 0 ? "comparison" : "comparison-\(index)", .section, [.class("run")],
                HTML(.h2) {
                    UntrustedText("From \(Self.shown(comparison.before)) to \(Self.shown(comparison.after))\(place)")
                }
                    + HTML(.ul, .class("events")) {
                        for line in comparison.lines { HTML(.li) { UntrustedText(line) } }
                    })
        }
    }
}
