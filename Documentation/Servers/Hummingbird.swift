// A server on Hummingbird that streams traces. It is no part of the package, which depends on nothing: put it into a package of
// your own that depends on hummingbird (2.26.0 was used) and on TraceCore, as Sources/Server/main.swift, with
// TraceEndpoint.swift beside it.
//
// `PORT=8080 PACE=real swift run -c release Server`, and then
// `Tests/Conformance/crowd.py 8080 PID '/trace/tokyo.example?queries=3&sendInterval=0.1' /health`.

import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import TraceCore

// PORT: where it listens, on 127.0.0.1. PACE=real: answers take as long as they say; otherwise the time of each run jumps.
let environment = ProcessInfo.processInfo.environment
let port = environment["PORT"].flatMap { Int($0) } ?? 8080
let isPaced = environment["PACE"] == "real"

var limits = RunLimits()
limits.numbers[.count] = 1...1_000_000
limits.mostProbes = nil
let service = ProbeService(
    policy: .all, limits: limits,
    quotas: .init(
        probesPerSecond: nil, runs: 10_000, runsPerClient: 10_000, runsPerTarget: 10_000, lookUpsPerSecond: nil),
    prober: { request in
        if isPaced { return SimulatedProber(request.transport, .demo, clock: ContinuousClock()) }
        return SimulatedProber(request.transport, .demo)
    })

struct Context: RequestContext {
    var coreContext: CoreRequestContextStorage
    let client: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        client = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}

let endpoint = TraceEndpoint(service: service)
let router = Router(context: Context.self)
router.get("health") { _, _ in "ok" }
router.get("trace/:host") { request, context -> Response in
    var query = [(key: "target", value: try context.parameters.require("host"))]
    query += request.uri.queryParameters.map { (key: String($0.key), value: String($0.value)) }
    let answer = try await endpoint.answer(query, from: context.client)
    var headers: HTTPFields = [.contentType: answer.type]
    if let time = answer.retryAfter { headers[.retryAfter] = "\(time.components.seconds + 1)" }
    return Response(
        status: .init(code: answer.status), headers: headers,
        body: .init { writer in
            // Without this a client that leaves is noticed by the next write only; with it, the connection is not reused.
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                try await answer.body { try await writer.write(ByteBuffer(bytes: $0)) }
            }
            try await writer.finish(nil)
        })
}

/// The last service of a group is shut down first: runs end before the server waits for its connections.
struct Runs: Service {
    let service: ProbeService

    func run() async throws {
        await withGracefulShutdownHandler {
            await service.run()
        } onGracefulShutdown: {
            service.shutdown()
        }
    }
}

var logger = Logger(label: "server")
logger.logLevel = .warning
let app = Application(
    router: router, configuration: .init(address: .hostname("127.0.0.1", port: port), backlog: 1024), logger: logger)
let group = ServiceGroup(
    configuration: .init(
        services: [app, Runs(service: service)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
try await group.run()
