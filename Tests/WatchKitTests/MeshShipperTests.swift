import Testing
import TraceCore
import TraceCoreFleet

@testable import TraceCoreHTTP
@testable import TraceCoreWatch

@Suite(.timeLimit(.minutes(1))) struct `Counts of a mesh that are sent on` {
    private final class Shelf: Sendable {
        let bodies = Lock<[String]>([])
        let isWell = Lock(false)
    }

    @Test func `are those of whoever received, each minute until it was taken, and once`() async throws {
        let shelf = Shelf()
        var settings = HTTPServer.Settings()
        settings.grace = .zero
        let server = HTTPServer(settings) { call in
            guard shelf.isWell.withLock({ $0 }) else { return HTTPAnswer(HTTPStatus(500), text: "not today") }
            #expect(call.request.target.query?.contains("query=INSERT%20INTO%20mesh%20FORMAT%20JSONEachRow&") == true)
            shelf.bodies.withLock { $0.append(String(decoding: call.body, as: UTF8.self)) }
            return HTTPAnswer(.ok, text: "")
        }
        let listener = try StreamListener(at: IPAddress(127, 0, 0, 1), port: 0)
        let serving = Task { await server.run([listener]) }

        var pair = Pair()
        pair.run(180) { from, second in from == 0 && second % 10 == 5 ? [] : [.zero] }
        let (finding, now) = (pair.finding(1), pair.now)
        let engine = ClickHouse.Settings(url: "http://127.0.0.1:\(listener.port)")
        let shipper = try MeshShipper(Shipper.Settings(engine: engine), findings: { _ in [finding] }, say: { _ in })
        await #expect(throws: (any Error).self) { try await shipper.sendSome(at: now) }
        shelf.isWell.withLock { $0 = true }
        for _ in 0..<2 { try await shipper.sendSome(at: now) }
        let bodies = shelf.bodies.withLock { $0 }
        #expect(bodies.count == 1)
        let rows = try (bodies.first ?? "").split(separator: "\n").map { try JSON.Value(parsing: Array($0.utf8)) }
        #expect(rows.count == 3)
        #expect(rows.allSatisfy { $0["agent"] == .string("b") && $0["peer"] == .string("a") })
        #expect(rows.map { $0["minute"] } == [0, 60, 120].map { .integer(1_790_000_040 + $0) })
        let lost = rows.map { row -> Int64 in
            guard case .integer(let sent)? = row["sent"], case .integer(let received)? = row["received"] else {
                return -1
            }
            return sent - received
        }
        #expect(lost.reduce(0, +) == 18 && lost.allSatisfy { (5...7).contains($0) }, "\(rows)")
        serving.cancel()
        await serving.value
    }
}
