import GeoKit
import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP
import TraceCorePages

/// The server: what is asked by which path, and who answers.
final class LookingGlass: Sendable {
    /// What is read again on SIGHUP.
    struct Setup: Sendable {
        let service: ProbeService
        let places: PlaceFinder?
        let vantages: [VantagePoint]
        let tokens: BearerTokens?
        let rates: RequestRates.Limiter
    }

    let settings: Settings
    let kept: KeptRuns
    let meters: Meters
    private let current: Lock<Setup>
    /// How many connections there are.
    let connections: @Sendable () -> Int

    init(_ settings: Settings, _ setup: Setup, meters: Meters, connections: @escaping @Sendable () -> Int) {
        self.settings = settings
        self.meters = meters
        self.connections = connections
        kept = KeptRuns(limit: settings.keptBytes)
        current = Lock(setup)
    }

    var setup: Setup { current.withLock { $0 } }

    /// Takes other settings from now on. What runs by the old ones goes on.
    func replace(_ setup: Setup) { current.withLock { $0 = setup } }

    // MARK: Who asks

    /// Someone who asks: a client by its address, or by the name of its token.
    struct Client: Sendable {
        let name: String
        let hasToken: Bool
    }

    func client(of call: HTTPCall) -> Client {
        if let name = setup.tokens?.name(for: call.request.fields) {
            // The holder of a token says for whom it asks, and is believed.
            let whom = call.request.fields.first("lookingglass-client").map { "/\($0)" } ?? ""
            return Client(name: "token \(name)\(whom)", hasToken: true)
        }
        return Client(name: call.client.map { "\($0)" } ?? "local", hasToken: false)
    }

    // MARK: What is asked

    /// Answers a request of the main listeners.
    func answer(_ call: HTTPCall) async throws -> HTTPAnswer {
        var answer = try await route(call)
        answer.fields.add("X-Content-Type-Options", "nosniff")
        answer.fields.add("Referrer-Policy", "same-origin")
        return answer
    }

    private func route(_ call: HTTPCall) async throws -> HTTPAnswer {
        let method = call.request.method
        let path = call.request.target.segments
        let isRead = method == "GET" || method == "HEAD"
        if isRead {
            switch path {
            case ["api", "v1", "run"]: return try await run(call)
            case ["api", "v1", "limits"]: return try limits()
            case ["api", "v1", "vantage-points"]: return try vantagePoints()
            case ["openapi.json"]: return try openAPI()
            case ["mtr"], ["trace"], ["ping"], ["traceroute"]: return try await old(path[0], call)
            case ["metrics"] where settings.metricsListener == nil: return metrics(call)
            case ["-", "healthy"] where settings.metricsListener == nil: return HTTPAnswer(.ok, text: "healthy")
            case ["-", "ready"] where settings.metricsListener == nil: return HTTPAnswer(.ok, text: "ready")
            case [] where settings.hasPage: return try await page(call)
            case []:
                return HTTPAnswer(.ok, text: "A looking glass without a page. What it answers is in /openapi.json.")
            default: break
            }
            if settings.hasPage, path.count == 2 || path == ["live"] {
                switch path[0] {
                case "live": return try await live(call)
                case "runs": return try keptRun(path[1], call)
                case "assets": return asset(path[1], call)
                default: break
                }
            }
        } else if method == "POST" {
            if path == ["api", "v1", "run"] { return try await run(call) }
            if settings.hasPage, path.count == 3, path[0] == "runs", path[2] == "stop" {
                return kept.stop(path[1]) ? HTTPAnswer(.ok, text: "stopped") : Self.missing
            }
        }
        return missing(path, method)
    }

    /// Answers a request of the listener for metrics.
    func answerForOperators(_ call: HTTPCall) async throws -> HTTPAnswer {
        switch call.request.target.segments {
        case ["metrics"]: metrics(call)
        case ["-", "healthy"]: HTTPAnswer(.ok, text: "healthy")
        case ["-", "ready"]: HTTPAnswer(.ok, text: "ready")
        default: Self.missing
        }
    }

    private static let missing = HTTPAnswer(.notFound, text: "There is nothing here.")

    private func missing(_ path: [String], _ method: String) -> HTTPAnswer {
        let known: [String: String] = [
            "api/v1/run": "GET, HEAD, POST", "api/v1/limits": "GET, HEAD", "api/v1/vantage-points": "GET, HEAD",
            "openapi.json": "GET, HEAD", "mtr": "GET, HEAD", "trace": "GET, HEAD", "ping": "GET, HEAD",
            "traceroute": "GET, HEAD", "": "GET, HEAD", "live": "GET, HEAD", "metrics": "GET, HEAD",
        ]
        guard let allowed = known[path.joined(separator: "/")] else { return Self.missing }
        if method == "OPTIONS" { return HTTPAnswer(HTTPStatus(204), HTTPFields(["Allow": allowed]), body: .bytes([])) }
        var answer = HTTPAnswer(
            .methodNotAllowed, text: "\(UntrustedText(method).word) is not for this path; \(allowed) is.")
        answer.fields.add("Allow", allowed)
        return answer
    }

    // MARK: Runs

    /// The events of a run, made here or elsewhere, which has begun.
    func feed(_ request: RunRequest, from vantage: VantagePoint?, for client: Client) async throws -> RunFeed {
        let setup = setup
        guard let vantage else {
            let events = try await setup.service.events(for: request, client: client.name).opened()
            return RunFeed { body in for try await batch in events.batches { try await body(batch) } }
        }
        try setup.service.limits.check(request)
        return try await vantage.feed(request, for: client.name, within: setup.service.limits.deadline(of: request))
    }

    /// The place that a query names, nil for this machine.
    func vantage(named name: String?) throws(RequestError) -> VantagePoint? {
        guard let name, name != settings.name else { return nil }
        guard let vantage = setup.vantages.first(where: { $0.name == name }) else {
            let names = [settings.name] + setup.vantages.map(\.name)
            throw RequestError(
                .malformed, field: "from", value: name,
                "there is no such vantage point; there is \(names.joined(separator: ", "))")
        }
        return vantage
    }

    /// Counts a request against the rates of its client.
    ///
    /// - Throws: When to come again.
    func admit(_ client: Client, to route: String) throws -> RequestRates.Verdict {
        let verdict = setup.rates.take("\(route) \(client.name)", at: .now)
        if verdict.wait != nil { throw RateExceeded(verdict: verdict, rates: settings.rates) }
        return verdict
    }

    /// Where the places of addresses come from, for probes from a vantage point.
    func places(from vantage: VantagePoint?) -> PlaceFinder? {
        guard let vantage else { return setup.places }
        return setup.places?.from(
            vantage.coordinate.map { Place(source: vantage.name, coordinate: $0, city: UntrustedText(vantage.name)) })
    }
}

/// What gives the events of a run, once.
struct RunFeed: Sendable {
    typealias Body = @Sendable ([ProbeEvent]) async throws -> Void
    /// Hands batches of events over until the run is over.
    let forEachBatch: @Sendable (_ body: Body) async throws -> Void
}

/// That a client has asked too often.
struct RateExceeded: Error {
    let verdict: RequestRates.Verdict
    /// The rates in words.
    let rates: String
}
