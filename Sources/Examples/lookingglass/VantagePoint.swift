import GeoKit
import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP

/// Another looking glass that makes runs for this one.
struct VantagePoint: Sendable {
    let name: String
    let url: String
    let token: String?
    let coordinate: Coordinate?
    private let http: HTTPClient

    /// A flood is not a run.
    private static let mostBytes = 256 << 20
    /// An error of a vantage point is a line or two.
    private static let mostErrorBytes = 65_536

    /// Why a vantage point did not make a run.
    struct Failure: Error, CustomStringConvertible {
        let name: String
        let reason: String
        /// What only the operator is told, such as where the vantage point is.
        var detail: String?

        var description: String { "The vantage point \(UntrustedText(name).word) \(reason)" }
    }

    private struct Entry: Decodable {
        let name: String
        let url: String
        let token: String?
        let latitude: Double?
        let longitude: Double?
    }

    /// The vantage points of a file: a JSON array of objects with `name`, `url`, and perhaps `token`, `latitude` and
    /// `longitude`.
    static func list(in path: String) throws -> [VantagePoint] {
        let input = Input(path, limit: 1 << 20)
        let entries: [Entry]
        do {
            entries = try JSON.decode([Entry].self, from: try input.bytes())
        } catch let error as InputError {
            throw error
        } catch {
            let reason = (error as? DecodingError)?.explanation ?? "\(error)"
            throw ProbeError(
                .badInput, "\(UntrustedText(path)) has no list of vantage points: \(reason)",
                remedy:
                    #"Write [{"name": "tokyo", "url": "https://lg.example", "token": "…", "latitude": 35.7, "longitude": 139.7}]"#
            )
        }
        guard !entries.isEmpty else { return [] }
        let http: HTTPClient
        do {
            http = try HTTPClient()
        } catch {
            throw ProbeError(.unsupported, error.message, remedy: error.remedy)
        }
        var names: Set<String> = []
        return try entries.map { entry in
            guard entry.url.hasPrefix("http://") || entry.url.hasPrefix("https://") else {
                throw ProbeError(
                    .badInput,
                    "\(UntrustedText(path)): \(UntrustedText(entry.url).word) is no address of a looking glass",
                    remedy: "Give one that begins with https:// or http://")
            }
            guard !entry.name.isEmpty, names.insert(entry.name).inserted else {
                throw ProbeError(
                    .badInput,
                    "\(UntrustedText(path)): the name \(UntrustedText(entry.name).debugDescription) is empty, or there twice"
                )
            }
            var coordinate: Coordinate?
            if let latitude = entry.latitude, let longitude = entry.longitude {
                coordinate = Coordinate(latitude: latitude, longitude: longitude)
            }
            return VantagePoint(
                name: entry.name, url: entry.url.hasSuffix("/") ? String(entry.url.dropLast()) : entry.url,
                token: entry.token,
                coordinate: coordinate, http: http)
        }
    }

    /// The events of a run that is made there, which has begun. When the reader leaves, it ends there too.
    func feed(_ request: RunRequest, for client: String, within time: Duration?) async throws -> RunFeed {
        var asked = HTTPClient.Request(url + "/api/v1/run", method: "POST", body: try JSON.encode(request))
        asked.fields.add("Content-Type", "application/json")
        asked.fields.add("Accept", "application/x-ndjson")
        asked.fields.add("LookingGlass-Client", client)
        if let token { asked.fields.add("Authorization", "Bearer \(token)") }
        // A little longer than a run may last: its own limit says more.
        asked.time = time.map { $0 + .seconds(15) }
        let response: HTTPClient.Response
        do {
            response = try await http.send(asked)
        } catch {
            throw failure("cannot be reached", detail: "\(error)")
        }
        guard response.status == .ok else { throw await refusal(response) }
        let name = name
        return RunFeed { body in
            var reader = EventLog.Reader<ProbeEvent>(name: name)
            var count = 0
            var isWhole = false
            do {
                for try await bytes in response.body {
                    count += bytes.count
                    guard count <= Self.mostBytes else { throw failure("sends more than a run can have") }
                    let events = try reader.add(bytes)
                    for event in events { if case .ended = event.fact { isWhole = true } }
                    if !events.isEmpty { try await body(events) }
                }
                let rest = try reader.finish()
                if !rest.isEmpty { try await body(rest) }
                for event in rest { if case .ended = event.fact { isWhole = true } }
            } catch let error as HTTPClient.Failure {
                if Task.isCancelled { throw CancellationError() }
                throw failure("broke off", detail: "\(error)")
            } catch let error as ProbeError {
                throw failure("does not send events: \(error.message)")
            }
            if !isWhole { throw failure("ended before the run did") }
        }
    }

    private struct Refusal: Decodable {
        let kind: RequestError.Kind
        let field: UntrustedText?
        let value: UntrustedText?
        let message: String
    }

    /// What it says is wrong with the request is what is wrong with it here.
    private func refusal(_ response: HTTPClient.Response) async -> any Error {
        guard let bytes = try? await response.body.bytes(atMost: Self.mostErrorBytes),
            let refusal = try? JSON.decode(Refusal.self, from: bytes), response.status.code != 401
        else {
            return failure(
                response.status.code == 401 ? "does not know our token" : "answers with status \(response.status.code)")
        }
        return RequestError(
            refusal.kind, field: refusal.field?.raw, value: refusal.value?.raw,
            "\(UntrustedText(refusal.message)) (says \(UntrustedText(name).word))")
    }

    private func failure(_ reason: String, detail: String? = nil) -> Failure {
        let failure = Failure(name: name, reason: reason, detail: detail)
        Output.error.print("lookingglass: \(failure)\(detail.map { ": \($0)" } ?? "")")
        return failure
    }
}
