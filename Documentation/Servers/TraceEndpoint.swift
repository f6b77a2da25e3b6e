import TraceCore

/// What a server answers: a head, and what writes the body.
struct TraceAnswer: Sendable {
    var status = 200
    var type = "application/json"
    var retryAfter: Duration?
    let body: @Sendable (_ write: ([UInt8]) async throws -> Void) async throws -> Void
}

struct TraceEndpoint {
    let service: ProbeService

    func answer(_ query: [(key: String, value: String)], from client: String) async throws -> TraceAnswer {
        do {
            let request = try RunRequest(parsing: query, as: .trace, limits: service.limits)
            let events = try await service.events(for: request, client: client).opened()
            return TraceAnswer(type: "application/x-ndjson") { write in
                let lines = JSON.Lines()
                for try await batch in events.batches {
                    for event in batch { try lines.write(event) }
                    try await write(lines.bytes)
                    lines.removeAll()
                }
            }
        } catch let error as RequestError {
            let body = try JSON.encode(error)
            return TraceAnswer(status: error.kind.httpStatus, retryAfter: error.retryAfter) { try await $0(body) }
        } catch let error as ProbeError {
            let body = try JSON.encode(error)
            return TraceAnswer(status: 503) { try await $0(body) }
        }
    }
}
