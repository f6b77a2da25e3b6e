import GeoKit
import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP
import TraceCorePages

extension LookingGlass {
    /// Answers `/api/v1/run`.
    func run(_ call: HTTPCall) async throws -> HTTPAnswer {
        let client = client(of: call)
        do {
            try checkToken(client)
            guard let kind = RunOutput.Kind(for: call.request.fields) else {
                let kinds = RunOutput.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                return problem(HTTPStatus(406), "A run is given as \(kinds).")
            }
            let verdict = try admit(client, to: "api")
            var pairs = try call.request.target.queryItems()
            let from = take("from", of: &pairs)
            guard from.count < 2 else {
                throw RequestError(
                    .malformed, field: "from", value: from.joined(separator: ","),
                    "one vantage point for each run is wanted")
            }
            let vantage = try vantage(named: from.first)
            let limits = setup.service.limits
            let request =
                call.request.method == "POST"
                ? try Self.request(inBodyOf: call, besides: pairs, limits)
                : try RunRequest(parsing: pairs, limits: limits)
            let output = RunOutput(kind, of: request)
            if call.request.method == "HEAD" { return HTTPAnswer(.ok, HTTPFields(["Content-Type": output.type]), body: .bytes([])) }
            // A browser asks again when a stream is over. The run that it saw is over, too, and another was not asked for.
            if kind == .stream, call.request.fields.first("last-event-id") != nil {
                return HTTPAnswer(HTTPStatus(204), HTTPFields(), body: .bytes([]))
            }
            return stream(output, of: try await feed(request, from: vantage, for: client), verdict)
        } catch {
            return refusal(error)
        }
    }

    private static func request(
        inBodyOf call: HTTPCall, besides pairs: [(key: String, value: String)], _ limits: RunLimits
    ) throws -> RunRequest {
        if let pair = pairs.first {
            throw RequestError(
                .malformed, field: pair.key, value: pair.value,
                "with POST the request is the body; only from is in the query")
        }
        let type =
            call.request.fields.first("content-type")?.split(separator: ";").first.map { $0.lowercased() }
            ?? "application/json"
        switch type {
        case "application/json": return try RunRequest(json: call.body, limits: limits)
        case "application/x-www-form-urlencoded":
            return try RunRequest(parsing: try HTTPTarget.items(of: call.body), limits: limits)
        default: throw HTTPFault(HTTPStatus(415), "A request is application/json or application/x-www-form-urlencoded")
        }
    }

    private func take(_ key: String, of pairs: inout [(key: String, value: String)]) -> [String] {
        let values = pairs.filter { $0.key == key && !$0.value.isEmpty }.map(\.value)
        pairs.removeAll { $0.key == key }
        return values
    }

    /// An answer that is written as the run goes.
    func stream(_ output: RunOutput, of feed: RunFeed, _ verdict: RequestRates.Verdict?) -> HTTPAnswer {
        var fields = HTTPFields(["Content-Type": output.type, "Cache-Control": "no-store", "X-Accel-Buffering": "no"])
        verdict?.add(to: &fields, at: .now)
        return HTTPAnswer(
            .ok, fields,
            body: .stream { writer in
                let output = Lock(output)
                let beat = output.withLock { $0.beat }
                try await withThrowingTaskGroup { group in
                    if let beat {
                        group.addTask {
                            // Whatever stands between does not take the silence for the end.
                            while true {
                                try await Task.sleep(for: .seconds(15))
                                try await writer.write(beat)
                            }
                        }
                    }
                    try await feed.forEachBatch { events in
                        let bytes = output.withLock { $0.bytes(of: events) }
                        if !bytes.isEmpty { try await writer.write(bytes) }
                    }
                    group.cancelAll()
                }
                let rest = try output.withLock { try $0.end() }
                if !rest.isEmpty { try await writer.write(rest) }
            })
    }

    /// Refuses those without a token, where tokens are needed.
    func checkToken(_ client: Client) throws(HTTPFault) {
        guard setup.tokens != nil, !client.hasToken else { return }
        throw HTTPFault(HTTPStatus(401), "A token is wanted: send Authorization: Bearer TOKEN")
    }

    // MARK: What is refused

    /// What an error is for the one who asked: one object of JSON.
    func refusal(_ error: any Error) -> HTTPAnswer {
        switch error {
        case let error as RequestError:
            var answer = problem(HTTPStatus(error.kind.httpStatus), error)
            if let time = error.retryAfter { answer.fields.add("Retry-After", "\(Self.wholeSeconds(time))") }
            return answer
        case let error as RateExceeded:
            var answer = problem(
                HTTPStatus(429), RequestError(.limited, error.sentence, retryAfter: error.verdict.wait))
            error.verdict.add(to: &answer.fields, at: .now)
            return answer
        case let error as HTTPFault:
            var answer = problem(error.status, error.message)
            if error.status.code == 401 { answer.fields.add("WWW-Authenticate", "Bearer") }
            return answer
        case let error as VantagePoint.Failure: return problem(HTTPStatus(502), "\(error)")
        case let error as ProbeError:
            return problem(
                HTTPStatus(error.code == .unknownHost ? 400 : 503),
                RequestError(error.code == .unknownHost ? .malformed : .unavailable, error.message))
        case is CancellationError: return problem(.unavailable, "The request was given up")
        default: return problem(.internalError, "The server failed")
        }
    }

    static func wholeSeconds(_ time: Duration) -> Int64 {
        time.components.seconds + (time.components.attoseconds > 0 ? 1 : 0)
    }

    private func problem(_ status: HTTPStatus, _ message: String) -> HTTPAnswer {
        let kind: RequestError.Kind = status.code < 500 ? .malformed : .unavailable
        return problem(status, RequestError(kind, message))
    }

    private func problem(_ status: HTTPStatus, _ error: RequestError) -> HTTPAnswer {
        json(error, status: status)
    }

    func json(_ value: some Encodable, status: HTTPStatus = .ok) -> HTTPAnswer {
        let bytes = (try? JSON.encode(value)) ?? []
        return HTTPAnswer(
            status, HTTPFields(["Content-Type": "application/json", "Cache-Control": "no-store"]),
            body: .bytes(bytes + [0x0A]))
    }

    // MARK: What the server says of itself

    /// Answers `/api/v1/limits`.
    func limits() throws -> HTTPAnswer {
        let service = setup.service
        func whole(_ value: Int?) -> JSON.Value { value.map { .integer(Int64($0)) } ?? .null }
        func seconds(_ value: Duration?) -> JSON.Value { value.map { .double($0.inMilliseconds / 1_000) } ?? .null }
        return json(
            JSON.Value.object([
                .init("requestsForEachClient", .string(settings.rates)),
                .init(
                    "runs",
                    .object([
                        .init("atOnce", whole(service.quotas.runs)),
                        .init("forEachClient", whole(service.quotas.runsPerClient)),
                        .init("forEachTarget", whole(service.quotas.runsPerTarget)),
                        .init("goingOn", whole(service.runs)),
                    ])),
                .init("probesPerSecond", whole(service.quotas.probesPerSecond)),
                .init("lookUpsPerSecond", whole(service.quotas.lookUpsPerSecond)),
                .init("longestRunInSeconds", seconds(service.limits.longest)),
                .init("mostProbesOfARun", whole(service.limits.mostProbes)),
                .init("needsToken", .bool(setup.tokens != nil)),
                .init("requests", RunRequest.jsonSchema(limits: service.limits)),
            ]))
    }

    /// Answers `/api/v1/vantage-points`.
    func vantagePoints() throws -> HTTPAnswer {
        var points: [JSON.Value] = [
            .object(
                [.init("name", .string(settings.name)), .init("isHere", .bool(true))]
                    + Self.members(setup.places?.source?.coordinate))
        ]
        for vantage in setup.vantages {
            points.append(
                .object(
                    [.init("name", .string(vantage.name)), .init("isHere", .bool(false))]
                        + Self.members(vantage.coordinate)))
        }
        return json(JSON.Value.object([.init("vantagePoints", .array(points))]))
    }

    private static func members(_ point: Coordinate?) -> [JSON.Value.Member] {
        guard let point else { return [] }
        return [.init("latitude", .double(point.latitude)), .init("longitude", .double(point.longitude))]
    }
}

extension RateExceeded {
    var sentence: String {
        let seconds = LookingGlass.wholeSeconds(verdict.wait ?? .seconds(1))
        return
            "You have asked too often: \(rates) are allowed. Try again in \(seconds) \(seconds == 1 ? "second" : "seconds")"
    }
}
