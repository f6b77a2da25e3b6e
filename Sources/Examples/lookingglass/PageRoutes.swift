import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP
import TraceCorePages
import TraceCoreServer

extension LookingGlass {
    /// What the page was asked: fields of a request, and where it is to be made.
    struct Asked {
        /// The fields as the form has them.
        var query: [(key: String, value: String)] = []
        /// The names of vantage points.
        var from: [String] = []
        var isWhole = false
        var isEmbedded = false
        /// The names of results that are to be shown again.
        var kept: [String] = []

        init(_ items: [(key: String, value: String)]) {
            for (key, value) in items where !value.isEmpty {
                switch key {
                case "whole": isWhole = true
                case "embed": isEmbedded = true
                case "kept": kept.append(value)
                case "from": from.append(value)
                // As webtrace has it.
                case "action": query.append(("verb", value.lowercased() == "mtr" ? "monitor" : value.lowercased()))
                case "aftype": query.append(("family", value.lowercased()))
                case "verb" where value == "mtr": query.append(("verb", "monitor"))
                case "target": query.append((key, value.trimmed))
                default: query.append((key, value))
                }
            }
        }

        var target: String? { query.first { $0.key == "target" }?.value }

        /// How results stand beside one another.
        var layout: HTML.Attribute { .class(from.count > 1 ? "several" : "one") }

        /// All of it, for links and for the form.
        var all: [(key: String, value: String)] { query + from.map { ("from", $0) } }
    }

    /// What is asked of each vantage point.
    private func request(_ asked: Asked) throws(RequestError) -> RunRequest {
        var pairs = asked.query
        // The form has one for every method.
        if pairs.contains(where: { $0.key == "method" && $0.value == "icmp" }) { pairs.removeAll { $0.key == "port" } }
        if !pairs.contains(where: { $0.key == "verb" }) { pairs.append(("verb", "monitor")) }
        return try RunRequest(parsing: Self.fitting(pairs), limits: setup.service.limits)
    }

    /// The form has fields for several verbs; those that this one does not have are left out.
    private static func fitting(_ pairs: [(key: String, value: String)]) -> [(key: String, value: String)] {
        let fields: [String: Set<String>] = [
            "ping": ["count", "interval", "size"], "monitor": ["count", "interval", "maxTTL", "size", "flows"],
            "trace": ["queries", "maxTTL", "size"], "paths": ["maxTTL"], "mtu": ["queries", "maxTTL"],
        ]
        let shared: Set = ["count", "interval", "queries", "maxTTL", "size", "flows"]
        guard let verb = pairs.first(where: { $0.key == "verb" })?.value, let own = fields[verb] else { return pairs }
        return pairs.filter { !shared.contains($0.key) || own.contains($0.key) }
    }

    // MARK: The page

    /// Answers what costs nothing: the page before anything is asked, and its files.
    func prompt(_ call: HTTPCall) -> HTTPAnswer? {
        guard settings.hasPage, call.request.method == "GET" else { return nil }
        let path = call.request.target.segments
        if path.count == 2, path[0] == "assets" { return HTTPAnswer(asset: path[1], for: call) }
        guard path.isEmpty, call.request.target.query == nil else { return nil }
        return start.withLock { start in
            if let start { return start }
            let page = document(Asked([]), HTML(.div, .id("result"), .absent))
            start = page
            return page
        }
    }

    /// Answers `/`: the form, and where a target is given, what came of it.
    func page(_ call: HTTPCall) async throws -> HTTPAnswer {
        let asked = Asked(try call.request.target.queryItems())
        guard asked.target != nil else { return document(asked, HTML(.div, .id("result"), .absent)) }
        guard asked.isWhole, call.request.method != "HEAD" else {
            // The script goes on from here; without one, the browser asks for the whole.
            let live = Link(["live"], asked.all.map { ($0.key, $0.value) })
            let whole = Link(
                [], asked.all.map { ($0.key, $0.value) } + [("whole", "1")] + (asked.isEmbedded ? [("embed", "1")] : [])
            )
            return document(
                asked,
                HTML(.div, .id("result"), asked.layout, .data(.live, live.text)),
                unscripted: whole)
        }
        let result: HTML
        do {
            let client = setup.admission.client(of: call)
            let runs = try open(asked, client)
            await follow(runs, for: client, onChange: {})
            result = HTML.Builder.buildArray(runs.map { run, _ in run.view.withLock { $0.html() } })
        } catch {
            result = Self.refused(error)
        }
        return document(asked, HTML(.div, .id("result"), asked.layout) { result })
    }

    private func document(_ asked: Asked, _ result: HTML, unscripted: Link? = nil, status: HTTPStatus = .ok)
        -> HTTPAnswer
    {
        let form = AskForm(
            asked.all, limits: setup.service.limits, vantages: [settings.name] + setup.vantages.map(\.name))
        let page = WebPage(
            title: settings.title, about: settings.about,
            content: HTML(.div) {
                if !asked.isEmbedded { form.html }
                result
            }, footer: footer, isEmbedded: asked.isEmbedded, unscripted: unscripted)
        return HTTPAnswer(page, framedBy: settings.frameAncestors, status)
    }

    private var footer: HTML {
        HTML(.p) {
            "The same for programs: "
            HTML(.a, .href(Link(["openapi.json"]))) { "/openapi.json" }
            ". Limits: "
            HTML(.a, .href(Link(["api", "v1", "limits"]))) { "/api/v1/limits" }
            ". Results are kept for a while under names that nobody guesses; whoever has the link can read them. TraceCore \(Release.version)."
        }
    }

    static func refused(_ error: any Error) -> HTML {
        HTML(.p, .class("refused"), .role("alert")) { Refusal(error).sentence + "." }
    }

    // MARK: Live

    /// Runs, and where each is made.
    private typealias Runs = [(PageRun, VantagePoint?)]

    /// The runs that a page asks for, which have not begun.
    private func open(_ asked: Asked, _ client: Client) throws -> Runs {
        let request = try request(asked)
        var seen: Set<String> = []
        let names = asked.from.isEmpty ? [settings.name] : asked.from.filter { seen.insert($0).inserted }
        guard names.count <= settings.mostVantages else {
            throw RequestError(
                .malformed, field: "from", "at most \(settings.mostVantages) vantage points are asked at a time")
        }
        let vantages = try names.map { name throws(RequestError) in try vantage(named: name) }
        let isSeveral = vantages.count > 1
        try setup.admission.admit(client, runs: names.count)
        return zip(names, vantages).map { name, vantage in
            let run = PageRun(
                request, asked: asked.all, vantage: isSeveral || vantage != nil ? UntrustedText(name) : nil,
                places: places(from: vantage))
            return (run, vantage)
        }
    }

    /// Makes the runs that a page asked for.
    private func follow(_ runs: Runs, for client: Client, onChange: @escaping @Sendable () -> Void) async {
        await withDiscardingTaskGroup { group in
            for (run, vantage) in runs {
                group.addTask {
                    await self.kept.follow(run) {
                        try await self.feed(run.request, from: vantage, for: client)
                    } onChange: {
                        onChange()
                    }
                }
            }
        }
    }

    /// Answers `/live`: patches for the page, a line each.
    func live(_ call: HTTPCall) async throws -> HTTPAnswer {
        let asked = Asked(try call.request.target.queryItems())
        func page(_ html: HTML) -> HTTPAnswer { HTTPAnswer(patches: [Patch(id: "result", html: html)]) }
        if !asked.kept.isEmpty { return page(keptHTML(asked.kept)) }
        if call.request.method == "HEAD" { return HTTPAnswer(patches: []) }
        let runs: Runs
        let client = setup.admission.client(of: call)
        do {
            runs = try open(asked, client)
        } catch {
            let page = page(Self.refused(error))
            var answer = Refusal(error).answer
            for field in page.fields.all { answer.fields.set(field.name, field.value) }
            answer.body = page.body
            return answer
        }
        let frame = HTML.Builder.buildArray(runs.map { run, _ in run.view.withLock { $0.start() } })
        return HTTPAnswer(first: [Patch(id: "result", html: frame)]) {
            runs.flatMap { run, _ in run.view.withLock { $0.patches() } }
        } while: { onChange in
            await self.follow(runs, for: client, onChange: onChange)
        }
    }

    // MARK: What is kept

    private func keptHTML(_ names: [String]) -> HTML {
        var html = HTML()
        var seen: Set<String> = []
        for name in names.prefix(settings.mostVantages) where seen.insert(name).inserted {
            html +=
                kept[name]?.html
                ?? HTML(.p, .class("refused")) { "This result is not kept any more. Ask for it again." }
        }
        return html
    }

    /// Answers `/runs/NAME`: a result as a page, or as a file where the name has an ending.
    func keptRun(_ path: String, _ call: HTTPCall) throws -> HTTPAnswer {
        let parts = path.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let run = kept[parts[0]] else {
            guard parts.count == 1 else { return HTTPAnswer(.notFound, text: "This result is not kept any more.") }
            return document(
                Asked([]),
                HTML(.div, .id("result")) { HTML(.p, .class("refused")) { "This result is not kept any more." } },
                status: .notFound)
        }
        guard parts.count == 2 else {
            let asked = Asked(run.query)
            return document(asked, HTML(.div, .id("result")) { run.html })
        }
        return try run.file(parts[0], parts[1])
    }
}

extension String {
    /// Without blanks around it.
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
