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
            let runs = try open(asked, setup.admission.client(of: call))
            await withDiscardingTaskGroup { group in
                for run in runs { group.addTask { await self.follow(run, onChange: {}) } }
            }
            result = HTML.Builder.buildArray(runs.map { run in run.view.withLock { $0.html() } })
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

    /// A run of the page.
    private final class LiveRun: Sendable {
        let request: RunRequest
        let query: [(String, String)]
        let vantage: VantagePoint?
        let client: Client
        /// The name under which it is kept.
        let name: String
        let view: Lock<RunView>

        init(
            _ request: RunRequest, _ query: [(String, String)], at vantage: VantagePoint?, for client: Client,
            as name: String,
            _ view: RunView
        ) {
            self.request = request
            self.query = query
            self.vantage = vantage
            self.client = client
            self.name = name
            self.view = Lock(view)
        }
    }

    /// The runs that a page asks for, which have not begun.
    private func open(_ asked: Asked, _ client: Client) throws -> [LiveRun] {
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
        return zip(names, vantages).map { place in
            let name = KeptRuns.name()
            let query = asked.all.map { ($0.key, $0.value) }
            let view = RunView(
                request, id: "run-\(name)", vantage: isSeveral || place.1 != nil ? UntrustedText(place.0) : nil,
                places: places(from: place.1), links: RunLinks(target: request.targets[0], query: query, kept: name))
            return LiveRun(request, query, at: place.1, for: client, as: name, view)
        }
    }

    /// Makes a run, and keeps what it was.
    private func follow(_ run: LiveRun, onChange: @escaping @Sendable () -> Void) async {
        let lines = Lock<[UInt8]>([])
        let isTooLarge = Lock(false)
        let task = Task {
            do {
                let feed = try await feed(run.request, from: run.vantage, for: run.client)
                try await feed.forEachBatch { events in
                    run.view.withLock { view in for event in events { view.apply(event) } }
                    if !isTooLarge.withLock({ $0 }) {
                        let more: [UInt8] = events.flatMap { ((try? JSON.encode($0)) ?? []) + [0x0A] }
                        if lines.withLock({ $0.count }) + more.count <= kept.largest, kept.grow(by: more.count) {
                            lines.withLock { $0 += more }
                        } else {
                            isTooLarge.withLock { $0 = true }
                        }
                    }
                    onChange()
                }
            } catch {
                run.view.withLock { $0.fail(Refusal(error).sentence) }
                onChange()
            }
        }
        kept.begin(run.name) { task.cancel() }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        kept.end(run.name)
        let recorded = lines.withLock { $0 }
        kept.shrink(by: recorded.count)
        // What nobody was there to see has no link that leads to it.
        guard !recorded.isEmpty, !Task.isCancelled else { return }
        let html = run.view.withLock { view in
            view.settle(isKept: true)
            return view.html()
        }
        let isKept =
            !isTooLarge.withLock { $0 }
            && kept.keep(
                KeptRuns.Run(request: run.request, query: run.query, lines: recorded, html: html), as: run.name)
        run.view.withLock { $0.settle(isKept: isKept) }
        onChange()
    }

    /// Answers `/live`: patches for the page, a line each.
    func live(_ call: HTTPCall) async throws -> HTTPAnswer {
        let asked = Asked(try call.request.target.queryItems())
        func page(_ html: HTML) -> HTTPAnswer { HTTPAnswer(patches: [Patch(id: "result", html: html)]) }
        if !asked.kept.isEmpty { return page(keptHTML(asked.kept)) }
        if call.request.method == "HEAD" { return HTTPAnswer(patches: []) }
        let runs: [LiveRun]
        do {
            runs = try open(asked, setup.admission.client(of: call))
        } catch {
            let page = page(Self.refused(error))
            var answer = Refusal(error).answer
            for field in page.fields.all { answer.fields.set(field.name, field.value) }
            answer.body = page.body
            return answer
        }
        let frame = HTML.Builder.buildArray(runs.map { run in run.view.withLock { $0.start() } })
        return HTTPAnswer(first: [Patch(id: "result", html: frame)]) {
            runs.flatMap { run in run.view.withLock { $0.patches() } }
        } while: { onChange in
            await withDiscardingTaskGroup { group in
                for run in runs { group.addTask { await self.follow(run, onChange: onChange) } }
            }
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
            let asked = Asked(run.query.map { (key: $0.0, value: $0.1) })
            return document(asked, HTML(.div, .id("result")) { run.html })
        }
        let verb = run.request.work.verb
        let output: RunOutput? =
            switch parts[1] {
            case "ndjson": RunOutput(.events, of: run.request)
            case "txt": RunOutput(.text, of: run.request)
            case "json": RunOutput("application/json", RunOutput.report(of: verb, style: .pretty))
            case "md": RunOutput.markdown(of: verb).map { RunOutput("text/markdown; charset=utf-8", $0) }
            default: nil
            }
        guard let output else { return HTTPAnswer(.notFound, text: "There is no such form of a result.") }
        var fields = HTTPFields(["Cache-Control": "no-store", "Content-Type": output.type])
        guard parts[1] == "ndjson" else { return HTTPAnswer(.ok, fields, body: .bytes(try output.whole(run.events))) }
        fields.add("Content-Disposition", "attachment; filename=\"\(parts[0]).ndjson\"")
        return HTTPAnswer(.ok, fields, body: .bytes(run.lines))
    }
}

extension String {
    /// Without blanks around it.
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
