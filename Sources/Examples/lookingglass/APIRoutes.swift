import GeoKit
import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP
import TraceCorePages
import TraceCoreServer

extension LookingGlass {
    /// Answers `/api/v1/run`.
    func run(_ call: HTTPCall) async throws -> HTTPAnswer {
        let admission = setup.admission
        let client = admission.client(of: call)
        do {
            try admission.checkToken(client)
            let kind = try RunOutput.Kind(for: call.request.fields)
            let verdict = try admission.admit(client)
            var pairs = try call.request.target.queryItems()
            let from = pairs.filter { $0.key == "from" && !$0.value.isEmpty }.map(\.value)
            pairs.removeAll { $0.key == "from" }
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
            if call.request.method == "HEAD" {
                return HTTPAnswer(.ok, HTTPFields(["Content-Type": output.type]), body: .stream { _ in })
            }
            // A browser asks again when a stream is over. The run that it saw is over, too, and another was not asked for.
            if kind == .stream, call.request.fields.first("last-event-id") != nil {
                return HTTPAnswer(HTTPStatus(204), HTTPFields(), body: .bytes([]))
            }
            return output.answer(try await feed(request, from: vantage, for: client), verdict)
        } catch {
            return Refusal(error).answer
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
            call.request.fields.first("content-type")?.split(separator: ";").first.map {
                String($0).trimmed.lowercased()
            }
            ?? "application/json"
        switch type {
        case "application/json": return try RunRequest(json: call.body, limits: limits)
        case "application/x-www-form-urlencoded":
            return try RunRequest(parsing: try HTTPTarget.items(of: call.body), limits: limits)
        default: throw HTTPFault(HTTPStatus(415), "A request is application/json or application/x-www-form-urlencoded")
        }
    }

    // MARK: What the server says of itself

    /// Answers `/api/v1/limits`.
    func limits() -> HTTPAnswer {
        let service = setup.service
        func whole(_ value: Int?) -> JSON.Value { value.map { .integer(Int64($0)) } ?? .null }
        return HTTPAnswer(
            json: [
                "requestsForEachClient": .string(setup.admission.rates),
                "runs": [
                    "atOnce": whole(service.quotas.runs), "forEachClient": whole(service.quotas.runsPerClient),
                    "forEachTarget": whole(service.quotas.runsPerTarget), "goingOn": whole(service.runs),
                ],
                "probesPerSecond": whole(service.quotas.probesPerSecond),
                "lookUpsPerSecond": whole(service.quotas.lookUpsPerSecond),
                "longestRunInSeconds": service.limits.longest.map { .double($0.inMilliseconds / 1_000) } ?? .null,
                "mostProbesOfARun": whole(service.limits.mostProbes),
                "needsToken": .bool(setup.admission.tokens != nil),
                "requests": RunRequest.jsonSchema(limits: service.limits),
            ] as JSON.Value)
    }

    /// Answers `/api/v1/vantage-points`.
    func vantagePoints() -> HTTPAnswer {
        func point(_ name: String, isHere: Bool, _ place: Place?) -> JSON.Value {
            var members: [JSON.Value.Member] = [.init("name", .string(name)), .init("isHere", .bool(isHere))]
            if let point = place?.coordinate {
                members += [.init("latitude", .double(point.latitude)), .init("longitude", .double(point.longitude))]
            }
            return .object(members)
        }
        let points = [point(settings.name, isHere: true, setup.places?.source)]
        return HTTPAnswer(
            json: [
                "vantagePoints": .array(points + setup.vantages.map { point($0.name, isHere: false, $0.place) })
            ] as JSON.Value)
    }
}
