import Foundation
import Testing
import TraceCore
import TraceCorePathStore
import TraceCoreReceivers
import TraceCoreServer

@testable import TraceCoreHTTP
@testable import TraceCoreWatch

@Suite struct `The pages of an agent of a mesh` {
    private func answer(_ pages: WatchPages, _ target: String) async throws -> String {
        let request = HTTPRequest(
            method: "GET", target: try HTTPTarget(Array(target.utf8)[...], method: "GET"), version: .v1_1,
            fields: HTTPFields(), host: "paths.example", framing: .none)
        let answer = try await pages.answer(HTTPCall(request: request, body: [], client: nil))
        guard case .bytes(let bytes) = answer.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `show both directions of those who are counted, and of nobody else`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mesh-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await PathStore(folder.appendingPathComponent("paths.db").path)
        let text = #"""
            {"mesh": true, "targets": [{"host": "192.0.2.9"}, {"name": "c", "host": "192.0.2.99"}],
             "agents": [{"name": "a", "host": "192.0.2.1"}, {"name": "b<", "host": "192.0.2.2"},
                        {"name": "c", "host": "192.0.2.3"}]}
            """#
        let settings = try WatchSettings(parsing: Array(text.utf8)).selected(for: "a")
        let daemon = try WatchDaemon(
            settings, store: store, couriers: { _ in Courier(http: nil, print: { _ in }, log: { _ in }) },
            feed: { _ in throw CancellationError() }, say: { _ in })
        try await daemon.begin()
        let mesh = try Mesh(settings, say: { _ in })
        let pages = WatchPages(daemon, mesh: mesh)
        let page = try await answer(pages, "/targets/b%3C")
        #expect(page.contains("Both directions") && page.contains("There, to b&lt;") && !page.contains("b<"))
        #expect(page.contains("No address of b&lt; is known"), "\(page)")
        // A target of the name of an agent is not that agent, and a time that is over has no such counts.
        for path in ["/targets/192.0.2.9", "/targets/c", "/targets/b%3C?from=0&to=3600"] {
            #expect(try await answer(pages, path).contains("Both directions") == false, "\(path)")
        }
        let json = try JSON.Value(parsing: Array(try await answer(pages, "/api/v1/mesh").utf8))
        guard case .array(let all) = json else {
            Issue.record("it is a list")
            return
        }
        #expect(all.map { $0["name"] } == [.string("b<"), .string("c")])
        var metrics = Metrics(.prometheus)
        mesh.addMetrics(to: &metrics)
        let lines = String(decoding: metrics.bytes, as: UTF8.self)
        for line in [
            #"tracecore_mesh_sent_total{from="a",to="b<"} 0"#, #"tracecore_mesh_received_total{from="b<",to="a"} 0"#,
            #"tracecore_mesh_silent{from="c",to="a"} 0"#,
        ] { #expect(lines.contains(line + "\n"), "\(lines)") }
        // Nobody is counted any more where it is a mesh no longer.
        mesh.follow(try WatchSettings(parsing: Array(text.replacing("true", with: "false").utf8)).selected(for: "a"))
        #expect(mesh.findings().isEmpty)
        await daemon.end()
        await store.close()
    }
}
