import GeoKit
import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP
import TraceCorePages
import TraceCoreServer

/// The server: what is asked by which path, and who answers.
final class LookingGlass: Sendable {
    /// What is read again on SIGHUP.
    struct Setup: Sendable {
        let service: ProbeService
        let places: PlaceFinder?
        let vantages: [VantagePoint]
        let admission: Admission
    }

    typealias Client = Admission.Client

    let settings: Settings
    let kept: KeptRuns
    /// The page before anything is asked, once it has been made.
    let start = Lock<HTTPAnswer?>(nil)
    private let current: Lock<Setup>

    init(_ settings: Settings, _ setup: Setup) {
        self.settings = settings
        kept = KeptRuns(limit: settings.keptBytes)
        current = Lock(setup)
    }

    var setup: Setup { current.withLock { $0 } }

    /// Takes other settings from now on. What runs by the old ones goes on.
    func replace(_ setup: Setup) {
        current.withLock { $0 = setup }
        start.withLock { $0 = nil }
    }

    // MARK: What is asked

    /// Answers a request.
    func answer(_ call: HTTPCall) async throws -> HTTPAnswer {
        let method = call.request.method
        let path = call.request.target.segments
        let isRead = method == "GET" || method == "HEAD"
        if isRead {
            switch path {
            case ["api", "v1", "run"]: return try await run(call)
            case ["api", "v1", "limits"]: return limits()
            case ["api", "v1", "vantage-points"]: return vantagePoints()
            case ["openapi.json"]: return openAPI()
            case ["mtr"], ["trace"], ["ping"], ["traceroute"]: return try await old(path[0], call)
            case [] where settings.hasPage: return try await page(call)
            case []:
                return HTTPAnswer(.ok, text: "A looking glass without a page. What it answers is in /openapi.json.")
            default: break
            }
            if settings.hasPage, path == ["live"] { return try await live(call) }
            if settings.hasPage, path.count == 2 {
                switch path[0] {
                case "runs": return try keptRun(path[1], call)
                case "assets": return HTTPAnswer(asset: path[1], for: call)
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

    private static let missing = HTTPAnswer(.notFound, text: "There is nothing here.")

    private func missing(_ path: [String], _ method: String) -> HTTPAnswer {
        let known: [String: String] = [
            "api/v1/run": "GET, HEAD, POST", "api/v1/limits": "GET, HEAD", "api/v1/vantage-points": "GET, HEAD",
            "openapi.json": "GET, HEAD", "mtr": "GET, HEAD", "trace": "GET, HEAD", "ping": "GET, HEAD",
            "traceroute": "GET, HEAD", "": "GET, HEAD", "live": "GET, HEAD", "metrics": "GET, HEAD",
        ]
        guard let allowed = known[path.joined(separator: "/")], settings.hasPage || path != ["live"] else {
            return Self.missing
        }
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
            return try await RunFeed(setup.service.events(for: request, client: client.name))
        }
        let relayed = try setup.service.relay(request, client: client.name)
        let feed = try await vantage.feed(
            request, for: client.name, within: setup.service.limits.deadline(of: request))
        return RunFeed { body in
            try await relayed.run {
                try await feed.forEachBatch { events in
                    try relayed.take(events)
                    try await body(events)
                }
            }
        }
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

    /// Where the places of addresses come from, for probes from a vantage point.
    func places(from vantage: VantagePoint?) -> PlaceFinder? {
        guard let vantage else { return setup.places }
        return setup.places?.from(vantage.place)
    }
}
