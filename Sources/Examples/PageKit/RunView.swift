public import TraceCore

/// What a page shows of a run: a fold over its events, and the parts that come of it.
public struct RunView: Sendable {
    /// The names of its parts begin with this.
    private let id: String
    private let verb: RunRequest.Verb
    private let vantage: UntrustedText?
    private var links: RunLinks
    /// Whether it is decided that the result is kept, or that it is not.
    private var isSettled = false
    private var content: any RunContent
    private var sights: PathSights
    private var description: RunDescription?
    private var end: RunEnd?
    private var failure: String?
    private var shown: Part?

    /// A view that has seen nothing.
    ///
    /// - Parameters:
    ///   - request: What was asked for.
    ///   - id: The beginning of the names of its parts, where a page shows several runs.
    ///   - vantage: Where the run is made, where that is not here.
    ///   - places: Where addresses are.
    ///   - links: Where the results of the run are kept.
    public init(
        _ request: RunRequest, id: String = "run", vantage: UntrustedText? = nil, places: PlaceFinder? = nil,
        links: RunLinks
    ) {
        self.id = id
        self.vantage = vantage
        self.links = links
        verb = request.work.verb
        sights = PathSights(places)
        content =
            switch request.work.verb {
            case .ping, .sweep: PingContent()
            case .trace: TraceContent()
            case .monitor: MonitorContent()
            case .paths: PathsContent()
            case .mtu: MTUContent()
            }
    }

    /// Takes in the next event.
    public mutating func apply(_ event: ProbeEvent) {
        switch event.fact {
        case .started(let run): description = run
        case .ended(let end): self.end = end
        default: break
        }
        content.apply(event)
        sights.apply(event)
    }

    /// Takes note that the run could not begin, or not go on.
    public mutating func fail(_ reason: String) { failure = reason }

    /// Takes note that nothing more comes, and whether the result is kept. Links to it are shown from then on.
    public mutating func settle(isKept: Bool) {
        isSettled = true
        links.isKept = isKept
    }

    /// The whole of it.
    public mutating func html() -> HTML { part().html }

    /// The whole of it, for a page that shows changes from now on.
    public mutating func start() -> HTML {
        let part = part()
        shown = part
        return part.html
    }

    /// What a page has to replace since the last time.
    public mutating func patches() -> [Patch] {
        let part = part()
        defer { shown = part }
        return part.patches(since: shown)
    }

    // MARK: Its parts

    private mutating func part() -> Part {
        let sight = sights.sight()
        let context = PartContext(id: id, sight: sight, links: links)
        let isOver = end != nil || failure != nil
        let status = HTML(.p, .class("state \(state)"), .role("status")) { sentence } + (isOver ? HTML() : links.stop)
        var parts = [Part("\(id)-state", .div, [.class("status")], status)]
        if description != nil {
            parts += content.parts(context)
            if let map = sight.map { parts.append(Part("\(id)-map", .div, [.class("map"), .data(.zoom, "map")], map)) }
            if isSettled { parts.append(Part("\(id)-take", .div, [.class("take")], links.html(of: verb))) }
        }
        // Attributes of the outermost part are not patched, so its label has nothing that becomes known later.
        let label = "\(what) \(links.target)" + (vantage.map { " from \($0)" } ?? "")
        return Part(
            id, .section, [.class("run \(verb.rawValue)"), .label(label)], head: HTML(.h2) { title }, parts: parts)
    }

    private var what: String {
        switch verb {
        case .monitor: "mtr to"
        case .trace: "Trace to"
        case .ping: "Ping of"
        case .paths: "All paths to"
        case .mtu: "Path MTU to"
        case .sweep: "Sweep of"
        }
    }

    private var title: String {
        let target = description?.target.map { target in
            target.name.map { "\(UntrustedText($0)) (\(target.address))" } ?? "\(target.address)"
        }
        return "\(what) \(target ?? "\(links.target)")" + (vantage.map { " from \($0)" } ?? "")
    }

    private var state: String {
        if failure != nil || end?.error != nil { return "failed" }
        return end == nil ? "running" : "done"
    }

    /// How it stands, in a sentence.
    private var sentence: String {
        if let failure { return failure }
        guard let description else { return "Looking the host up" }
        guard let end else {
            let method = description.method.map { " by \($0.rawValue.uppercased())" } ?? ""
            return "Asking\(method)" + (content.progress.map { ": \($0)" } ?? "")
        }
        let outcome = content.outcome ?? "Done"
        switch end.reason {
        case .cancelled: return "Stopped. \(outcome)"
        case .deadline: return "Stopped: the time of a run was over. \(outcome)"
        default: return end.remark.map { "Ended: \($0)" } ?? outcome
        }
    }
}

/// What the parts of a run are made with.
struct PartContext {
    let id: String
    let sight: PathSights.Sight
    let links: RunLinks

    /// A host that a click makes the next target.
    func host(_ address: IPAddress, _ name: UntrustedText?) -> HTML {
        HTML(.span, .class("host")) {
            if let name, !name.raw.isEmpty {
                HTML(.a, .href(links.again(at: "\(address)")), .data(.target, "\(address)")) { name }
                " "
                HTML(.span, .class("address")) { "\(address)" }
            } else {
                HTML(.a, .href(links.again(at: "\(address)")), .data(.target, "\(address)")) { "\(address)" }
            }
        }
    }

    /// Where an address is, and in which network.
    func place(_ address: IPAddress) -> HTML {
        guard let summary = sight.summaries[address], !summary.isEmpty else { return HTML() }
        return HTML(.span, .class("place")) { summary }
    }

    /// The labels of a path of MPLS, a line for each.
    func labels(_ labels: [MPLSLabel]) -> HTML {
        guard !labels.isEmpty else { return HTML() }
        return HTML(.ul, .class("labels")) { for label in labels { HTML(.li) { label.mtrText } } }
    }
}

/// What a page shows of one kind of run.
protocol RunContent: Sendable {
    mutating func apply(_ event: ProbeEvent)
    /// How far it is, in words that follow a colon.
    var progress: String? { get }
    /// What came of it, as a sentence.
    var outcome: String? { get }
    mutating func parts(_ context: PartContext) -> [Part]
}

/// Where a run can be had again, and what came of it.
public struct RunLinks: Sendable {
    /// Who was asked.
    public let target: UntrustedText
    /// The query that asks the same of another host.
    private let query: [(String, String)]
    /// The name under which the run can be stopped, and its result is kept.
    private let kept: String?
    fileprivate var isKept = true

    /// Links.
    ///
    /// - Parameters:
    ///   - target: Who was asked.
    ///   - query: What else was asked, in the order of the form; without the target.
    ///   - kept: The name under which the result is kept.
    public init(target: String, query: [(String, String)], kept: String?) {
        self.target = UntrustedText(target)
        self.query = query.filter { $0.0 != "target" }
        self.kept = kept
    }

    /// The page that asks the same of another host.
    func again(at target: String) -> Link { Link([], [("target", target)] + query) }

    /// A button that ends the run.
    fileprivate var stop: HTML {
        guard let kept else { return HTML() }
        return HTML(.button, .type("button"), .class("plain"), .data(.stop, Link(["runs", kept, "stop"]).text)) {
            "Stop"
        }
    }

    /// How the result can be taken along.
    func html(of verb: RunRequest.Verb) -> HTML {
        HTML(.p, isKept ? kept.map { .data(.kept, $0) } : nil) {
            HTML(.a, .href(again(at: target.raw))) { "Run it again" }
            if !isKept { " There was no room to keep this result." }
            if let kept, isKept {
                for (ending, name) in [("txt", "text"), ("md", "Markdown"), ("json", "JSON")]
                where ending != "md" || verb == .ping || verb == .trace || verb == .monitor {
                    " "
                    HTML(.a, .href(Link(["runs", "\(kept).\(ending)"])), .data(.copy, name)) { "Copy as \(name)" }
                }
                " "
                HTML(.a, .href(Link(["runs", "\(kept).ndjson"])), .download("\(kept).ndjson")) { "Download the events" }
                " "
                HTML(.a, .href(Link(["runs", kept]))) { "Link to this result" }
            }
        }
    }
}
