public import GeoKit
public import TraceCore
public import TraceCoreCommandLine
internal import TraceCoreHTTP

/// What gives the events of a run, once.
public struct RunFeed: Sendable {
    /// Takes batches of events.
    public typealias Body = @Sendable ([ProbeEvent]) async throws -> Void
    /// Hands batches of events over until the run is over.
    public let forEachBatch: @Sendable (_ body: @escaping Body) async throws -> Void

    /// The events that a function hands over.
    public init(_ forEachBatch: @escaping @Sendable (_ body: @escaping Body) async throws -> Void) {
        self.forEachBatch = forEachBatch
    }

    /// The events of a run that is made here. It begins now, so what keeps it from beginning is known.
    public init(_ run: RunStream<ProbeEvent>) async throws(ProbeError) {
        let events = try await run.opened()
        self.init { body in for try await batch in events.batches { try await body(batch) } }
    }
}

/// A looking glass elsewhere that makes runs for this program.
public struct VantagePoint: Sendable {
    /// Its name.
    public let name: String
    /// Where it is, if that is known.
    public let place: Place?
    private let url: String
    private let token: String?
    private let http: HTTPClient
    private let complain: @Sendable (Failure) -> Void

    /// The field by which a program says for whom it asks.
    static let clientField = "lookingglass-client"

    /// A flood is not a run.
    private static let mostBytes = 256 << 20
    /// An error of a vantage point is a line or two.
    private static let mostErrorBytes = 65_536

    /// Why a vantage point did not make a run.
    public struct Failure: Error, CustomStringConvertible {
        let name: String
        let reason: String
        let detail: String?

        /// What strangers are told.
        public var description: String { "The vantage point \(UntrustedText(name).word) \(reason)" }
        /// What the operator is told: also where the vantage point is.
        public var explanation: String { description + (detail.map { ": \($0)" } ?? "") }
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
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - complain: Takes what went wrong with them, for the operator.
    public static func list(
        in path: String, complain: @escaping @Sendable (Failure) -> Void = { _ in }
    ) throws -> [VantagePoint] {
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
        let http = try client()
        var names: Set<String> = []
        return try entries.map { entry in
            guard !entry.name.isEmpty, names.insert(entry.name).inserted else {
                throw ProbeError(
                    .badInput,
                    "\(UntrustedText(path)): the name \(UntrustedText(entry.name).debugDescription) is empty, or there twice"
                )
            }
            do throws(ProbeError) {
                return try VantagePoint(entry, http, complain)
            } catch {
                throw ProbeError(error.code, "\(UntrustedText(path)): \(error.message)", remedy: error.remedy)
            }
        }
    }

    /// The vantage point of a name, of those in a file.
    ///
    /// - Throws: That there is none, with the names that there are.
    public static func named(_ name: String, of points: [VantagePoint], in path: String) throws(UsageError)
        -> VantagePoint
    {
        guard let point = points.first(where: { $0.name == name }) else {
            let names = points.map { UntrustedText($0.name).word }.joined(separator: ", ")
            throw UsageError(
                "--from: \(Input(path).name) has no \(UntrustedText(name).word); there is \(names.isEmpty ? "none" : names)"
            )
        }
        return point
    }

    /// A vantage point that is known by its address.
    ///
    /// - Throws: That the address is none, or that there is no client of HTTP.
    package init(name: String, url: String, token: String?) throws(ProbeError) {
        let entry = Entry(name: name, url: url, token: token, latitude: nil, longitude: nil)
        try self.init(entry, try Self.client(), { _ in })
    }

    private init(
        _ entry: Entry, _ http: HTTPClient, _ complain: @escaping @Sendable (Failure) -> Void
    ) throws(ProbeError) {
        guard let end = entry.url.firstRange(of: "://"), ["http", "https"].contains(entry.url[..<end.lowerBound]),
            end.upperBound < entry.url.endIndex
        else {
            throw ProbeError(
                .badInput, "\(UntrustedText(entry.url).word) is no address of a looking glass",
                remedy: "Give one that begins with https:// or http://")
        }
        var place: Place?
        if let latitude = entry.latitude, let longitude = entry.longitude {
            place = Coordinate(latitude: latitude, longitude: longitude).map {
                Place(source: entry.name, coordinate: $0, city: UntrustedText(entry.name))
            }
        }
        (name, self.place, token, self.http, self.complain) = (entry.name, place, entry.token, http, complain)
        url = entry.url.hasSuffix("/") ? String(entry.url.dropLast()) : entry.url
    }

    private static func client() throws(ProbeError) -> HTTPClient {
        do {
            return try HTTPClient()
        } catch {
            throw ProbeError(.unsupported, error.message, remedy: error.remedy)
        }
    }

    /// The events of a run that is made there, which has begun. When the reader leaves, it ends there too.
    ///
    /// - Parameters:
    ///   - request: What is run.
    ///   - client: For whom, where this program asks for another.
    ///   - time: How long the run may take, if that is known.
    /// - Throws: That the vantage point fails, or its refusal.
    public func feed(
        _ request: RunRequest, for client: String? = nil, within time: Duration? = nil
    ) async throws -> RunFeed {
        var asked = HTTPClient.Request(url + "/api/v1/run", method: "POST", body: try JSON.encode(request))
        asked.fields.add("Content-Type", "application/json")
        asked.fields.add("Accept", "application/x-ndjson")
        if let client { asked.fields.add(Self.clientField, client) }
        if let token { asked.fields.add("Authorization", "Bearer \(token)") }
        // A little longer than a run may last: its own limit says more.
        asked.time = time.map { $0 + .seconds(15) }
        // A run may be silent for a minute between two probes, and for ten seconds more.
        asked.stallTime = .seconds(90)
        let response: HTTPClient.Response
        do {
            response = try await http.send(asked)
        } catch {
            if error.code == .cancelled { throw CancellationError() }
            throw failure("cannot be reached", detail: "\(error)")
        }
        guard response.status == .ok else { throw await refusal(response) }
        let name = name
        return RunFeed { body in
            var reader = EventLog.Reader<ProbeEvent>(name: name)
            var count = 0
            var last: ProbeEvent?
            func hand(over events: [ProbeEvent]) async throws {
                for event in events {
                    guard case .started(let run) = event.fact, !run.fits(request) else { continue }
                    throw failure("answers with another run than it was asked for")
                }
                if !events.isEmpty { try await body(events) }
                last = events.last ?? last
            }
            do {
                for try await bytes in response.body {
                    count += bytes.count
                    guard count <= Self.mostBytes else { throw failure("sends more than a run can have") }
                    try await hand(over: try reader.add(bytes))
                }
                try await hand(over: try reader.finish())
            } catch let error as HTTPClient.Failure {
                guard Task.isCancelled else { throw failure("broke off", detail: "\(error)") }
                guard let last else { throw CancellationError() }
                // As a run that is made here says it.
                return try await body([ProbeEvent(at: last.at, .ended(RunEnd(.cancelled)))])
            } catch let error as ProbeError {
                throw failure("does not send events: \(error.message)")
            }
            guard case .ended? = last?.fact else { throw failure("ended before the run did") }
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
        complain(failure)
        return failure
    }
}

extension RunDescription {
    /// Whether it is what was asked for: the same verb, and the same address where one was given. A sweep has many.
    fileprivate func fits(_ request: RunRequest) -> Bool {
        guard verb.rawValue == request.work.verb.rawValue else { return false }
        guard request.work.verb != .sweep else { return true }
        guard let address = request.targets.first.flatMap({ IPAddress($0) }) else { return true }
        return target?.address == address
    }
}
