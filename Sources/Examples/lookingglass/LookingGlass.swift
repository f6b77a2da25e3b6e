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
    private let elsewhere = RemoteRuns()
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
        let limits = setup.service.limits
        try limits.check(request)
        // A name is judged there, where it is looked up.
        if let address = request.targets.first.flatMap({ IPAddress($0) }),
            let refusal = setup.service.policy.refusal(of: address)
        {
            throw RequestError(
                .refused, field: "target", value: "\(address)", "it is not probed from here: it is in \(refusal.place)")
        }
        let place = try elsewhere.enter(client.name, request.targets.first ?? "", setup.service.quotas)
        let feed = try await vantage.feed(request, for: client.name, within: limits.deadline(of: request))
        return RunFeed { body in
            defer { place.leave() }
            try await feed.forEachBatch(body)
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

/// Counts the runs that vantage points make for us, by the quotas of our own runs.
private final class RemoteRuns: Sendable {
    private let counts = Lock<[String: Int]>([:])

    /// A place for a run, which is given back when the run is over or nobody wants it any more.
    final class Place: Sendable {
        private let keys: Lock<[String]>
        private let runs: RemoteRuns

        init(_ keys: [String], _ runs: RemoteRuns) {
            self.keys = Lock(keys)
            self.runs = runs
        }

        func leave() {
            let keys = keys.withLock { keys in
                defer { keys = [] }
                return keys
            }
            runs.counts.withLock { counts in
                for key in keys { counts[key] = counts[key].flatMap { $0 > 1 ? $0 - 1 : nil } }
            }
        }

        deinit { leave() }
    }

    func enter(_ client: String, _ target: String, _ quotas: ProbeService.Quotas) throws(RequestError) -> Place {
        let places = [
            ("all", quotas.runs, "in all"), ("client \(client)", quotas.runsPerClient, "for you"),
            ("target \(target.lowercased())", quotas.runsPerTarget, "at this host"),
        ]
        try counts.withLock { counts throws(RequestError) in
            for (key, most, whose) in places where counts[key, default: 0] >= most {
                throw RequestError(
                    .limited, "\(most) runs are going on \(whose), which are the most; try again when one is over",
                    retryAfter: .seconds(5))
            }
            for (key, _, _) in places { counts[key, default: 0] += 1 }
        }
        return Place(places.map(\.0), self)
    }
}
