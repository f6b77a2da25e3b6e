package import GeoKit
internal import TraceCore
internal import TraceCoreCommandLine
package import TraceCoreFleet
package import TraceCoreHTTP
internal import TraceCorePages
internal import TraceCoreServer

/// The pages of a daemon: what is watched, how it went at any time, and what was told. They change nothing but silences, and
/// those only for who has a token.
package final class WatchPages: Sendable {
    let daemon: WatchDaemon
    private let known: Lock<BearerTokens?>
    private let live = LivePages()
    private let finder = Lock<PlaceFinder?>(nil)
    /// This machine's own store, and a larger one that is asked for all places.
    let own: KeptArchive
    let archive: (any PathArchive)?
    /// What was asked for all places a moment ago, or is being asked.
    let asked = Lock<[String: Asked]>([:])
    /// Who counts packets between agents, where somebody does.
    let mesh: Mesh?

    /// The pages of a daemon.
    ///
    /// - Parameters:
    ///   - tokens: The tokens of those who may look, and make silences; nil where everybody may look.
    ///   - own: What is asked of the daemon's own store for all places.
    ///   - archive: What is asked instead, where there is a larger one.
    ///   - mesh: Who counts packets between agents, where somebody does.
    package init(
        _ daemon: WatchDaemon, tokens: BearerTokens? = nil, own: KeptArchive? = nil,
        archive: (any PathArchive)? = nil, mesh: Mesh? = nil
    ) {
        (self.daemon, self.mesh, self.archive) = (daemon, mesh, archive)
        self.own = own ?? KeptArchive(daemon.store, agent: daemon.settings.name ?? "here")
        known = Lock(tokens)
    }

    /// The tokens of those who may look.
    var tokens: BearerTokens? { known.withLock { $0 } }

    /// Takes other tokens. Pages that are being shown ask again.
    package func follow(tokens: BearerTokens?) {
        known.withLock { $0 = tokens }
        live.end(forGood: false)
    }

    /// Where addresses are.
    var places: PlaceFinder? { finder.withLock { $0 } }

    /// Takes places from other databases, and the place of the probes from another source.
    package func locate(by locators: [any Geolocator], from source: Place?) {
        finder.withLock { $0 = PlaceFinder(locators, from: source) }
    }

    /// Ends the pages that show what goes on.
    package func end() { live.end() }

    /// Why a call gets no answer: a token is wanted, and it has none.
    package func refusal(of call: HTTPCall) -> HTTPAnswer? { tokens?.refusal(of: call, in: "pathwatch") }

    /// Answers a request.
    package func answer(_ call: HTTPCall) async throws -> HTTPAnswer {
        if let refusal = refusal(of: call) { return refusal }
        let path = call.request.target.segments
        if let answer = try await silence(call) { return answer }
        guard ["GET", "HEAD"].contains(call.request.method) else {
            var answer = HTTPAnswer(.methodNotAllowed, text: "GET is for this.")
            answer.fields.add("Allow", "GET, HEAD")
            return answer
        }
        let query = try call.request.target.queryItems()
        switch (path.first, path.count) {
        case (nil, _): return page("", [overview], live: Link(["live"]))
        case ("live", 1): return live.answer(every: .seconds(2)) { [self.overview] }
        case ("live", 2):
            guard let watch = daemon.watch(path[1]) else { break }
            let view = try View(query)
            return live.answer(every: view.period) { await self.parts(of: watch, view) }
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
        case ("changes", 1):
            return page("Changes", [await allChanges(try View(query, usual: "30d"))], live: nil)
        case ("fleet", 1), ("fleet", 2), ("fleet", 3):
            guard let answer = try await fleet(Array(path.dropFirst()), try View(query)) else { break }
            return answer
        case ("alerts", 1): return page("Alerts", await alerts(try View(query, usual: "30d")), live: nil)
        case ("alerts", 2):
            guard let parts = await alert(path[1]) else { break }
            return page("Alert", parts, live: nil)
        case ("api", 3) where path[1] == "v1" && path[2] == "targets": return HTTPAnswer(json: targetsJSON)
        case ("api", 3) where path[1] == "v1" && path[2] == "mesh": return HTTPAnswer(json: meshJSON)
        case ("api", 3) where path[1] == "v1" && path[2] == "alerts": return HTTPAnswer(json: daemon.alerts)
        case ("assets", 2): return HTTPAnswer(asset: path[1], for: call)
        default: break
        }
        return page(
            "Not here", [Part("none", .p, [.class("refused")], HTML("There is nothing here."))], live: nil, .notFound)
    }

    /// A page of parts.
    ///
    /// - Parameter live: Where what changes in it comes from.
    func page(_ name: String, _ parts: [Part], live: Link?, _ status: HTTPStatus = .ok) -> HTTPAnswer {
        let content = HTML(.div) {
            HTML(.p, .class("ways")) {
                HTML(.a, .href(Link([]))) { "All paths" }
                HTML(.a, .href(Link(["fleet"]))) { "All places" }
                HTML(.a, .href(Link(["changes"]))) { "Changes" }
                HTML(.a, .href(Link(["alerts"]))) { "Alerts" }
            }
            HTML(
                .div, [.id("result"), live.map { .data(.live, $0.text) }, live.map { _ in .data(.lasting, "") }],
                HTML.Builder.buildArray(parts.map(\.html)))
        }
        let title = daemon.settings.title
        return HTTPAnswer(
            WebPage(
                title: name.isEmpty ? title : "\(UntrustedText(name).escaped) – \(title)", content: content,
                footer: HTML(.p) { "Times are UTC. TraceCore \(Release.version)." }), framedBy: "'none'", status)
    }
}

extension UTCTime {
    /// The date and the time of day, for people.
    var shown: String { String(secondText).replacing("T", with: " ") }
    /// The second, for links.
    var second: Int64 { microsecondsSince1970 / 1_000_000 }
}
