// A server on Vapor that streams traces. It is no part of the package, which depends on nothing: put it into a package of your
// own that depends on vapor (4.122.0 was used) and on TraceCore, as Sources/Server/main.swift, with TraceEndpoint.swift
// beside it. A folder that is named `vapor` itself would be taken for the dependency.
//
// `PORT=8080 PACE=real swift run -c release Server`, and then
// `Tests/Conformance/crowd.py 8080 PID '/trace/tokyo.example?queries=3&sendInterval=0.1' /health`.

import Foundation
import TraceCore
import Vapor

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

let app = try await Application.make(Environment(name: "production", arguments: ["Server"]))
app.logger.logLevel = .warning
app.http.server.configuration.hostname = "127.0.0.1"
app.http.server.configuration.port = port
app.http.server.configuration.backlog = 1024

app.get("health") { _ in "ok" }
let endpoint = TraceEndpoint(service: service)
app.get("trace", ":host") { request -> Response in
    var query = [(key: "target", value: try request.parameters.require("host"))]
    query += try request.query.decode([String: String].self).map { (key: $0.key, value: $0.value) }
    let answer = try await endpoint.answer(query, from: request.remoteAddress?.ipAddress ?? "unknown")
    let response = Response(
        status: .init(statusCode: answer.status), headers: ["Content-Type": answer.type],
        body: .init(managedAsyncStream: { writer in
            try await answer.body { try await writer.write(.buffer(ByteBuffer(bytes: $0))) }
        }))
    if let time = answer.retryAfter {
        response.headers.replaceOrAdd(name: .retryAfter, value: "\(time.components.seconds + 1)")
    }
    return response
}

try await app.execute()
service.shutdown()
await service.run()
try await app.asyncShutdown()
