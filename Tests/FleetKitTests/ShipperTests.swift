import Foundation
import Testing
import TraceCore
import TraceCoreHTTP
import TraceCorePathStore

@testable import TraceCoreFleet

/// A server that takes rows as ClickHouse does, and goes wrong where a test wants it. How the real one does it is seen by
/// `Tests/Conformance/clickhouse.py`.
private final class Engine: Sendable {
    struct Insert: Sendable {
        let table: String
        let rows: [JSON.Value]
        let query: String
        let fields: HTTPFields
    }

    let inserts = Lock<[Insert]>([])
    /// Rows with this text are refused, as the engine refuses what it cannot read.
    let poison = Lock<String?>(nil)
    private let answers: Lock<[HTTPAnswer?]>
    private let listener: StreamListener
    private let task: Lock<Task<Void, Never>?> = Lock(nil)

    /// - Parameter answers: What the first requests get; nil is what takes all.
    init(_ answers: [HTTPAnswer?] = []) throws {
        self.answers = Lock(answers)
        listener = try StreamListener(at: IPAddress(127, 0, 0, 1), port: 0)
        var settings = HTTPServer.Settings()
        (settings.idleTime, settings.stallTime, settings.grace) = (.seconds(3_600), .seconds(3_600), .zero)
        settings.limits.body = 64 << 20
        let server = HTTPServer(settings) { call in try self.take(call) }
        task.withLock { $0 = Task { [listener] in await server.run([listener]) } }
    }

    private func take(_ call: HTTPCall) throws -> HTTPAnswer {
        if let answer = answers.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return answer }
        if let poison = poison.withLock({ $0 }), String(decoding: call.body, as: UTF8.self).contains(poison) {
            return HTTPAnswer(
                HTTPStatus(400), text: "Code: 26, e.displayText() = DB::Exception: Cannot parse quoted string")
        }
        let query = (call.request.target.query ?? "").split(separator: "&").first { $0.hasPrefix("query=") } ?? ""
        let words = query.replacing("%20", with: " ").split(separator: " ")
        #expect(words.count == 5 && words[0] == "query=INSERT" && words[4] == "JSONEachRow")
        let rows = try call.body.split(separator: 0x0A).map { try JSON.Value(parsing: Array($0)) }
        inserts.withLock {
            $0.append(
                Insert(
                    table: String(words[2]), rows: rows, query: call.request.target.query ?? "",
                    fields: call.request.fields))
        }
        return HTTPAnswer(.ok, text: "")
    }

    var settings: Shipper.Settings {
        Shipper.Settings(engine: ClickHouse.Settings(url: "http://127.0.0.1:\(listener.port)"))
    }

    func rows(of table: String) -> [JSON.Value] {
        inserts.withLock { $0.filter { $0.table == table }.flatMap(\.rows) }
    }

    func end() async {
        let task = task.withLock { $0 }
        task?.cancel()
        await task?.value
    }
}

@Suite("What is sent to ClickHouse", .timeLimit(.minutes(1))) final class ShipperTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ship-\(UUID().uuidString)")
    private static let start = UTCTime(microsecondsSince1970: 1_790_000_040 * 1_000_000)
    private static let names = ShippedNames(agent: "lisbon")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A store with two minutes of a path of three hops, the second of which keeps silent, and an alert.
    private func store() async throws -> PathStore {
        let store = try await PathStore(folder.appendingPathComponent("paths.db").path)
        try await store.write { (writer) throws(StoreError) in
            _ = try writer.target(
                "Tokyo from berlin", settings: Array(#"{"verb":"monitor","target":"tokyo.example"}"#.utf8),
                labels: ["site": "roof", "from": "berlin", ".title": "Tokyo"])
        }
        let shipper = try Shipper(
            Shipper.Settings(engine: ClickHouse.Settings(url: "http://127.0.0.1:1")), of: store, names: Self.names,
            say: { _ in })
        try await shipper.begin(at: Self.start)
        for second in stride(from: 0, to: 300, by: 10) {
            let isLost = second == 20
            let round = Round(
                target: 1, at: Self.start + .seconds(second),
                answers: [
                    .init(ttl: 1, from: IPAddress(192, 0, 2, 1), after: .microseconds(500)), .init(lost: 2),
                    isLost
                        ? .init(lost: 3)
                        : .init(ttl: 3, from: IPAddress(203, 0, 113, 7), after: .milliseconds(40), isTarget: true),
                ])
            try await store.write { (writer) throws(StoreError) in _ = try writer.append([round]) }
        }
        try await store.write(.promised) { (writer) throws(StoreError) in
            try writer.name(IPAddress(192, 0, 2, 1), UntrustedText("gw.\u{1B}[31mexample"))
            _ = try writer.open(
                StoredAlert(
                    key: "k1", rule: "lost", labels: Array(#"{"target":"Tokyo"}"#.utf8), body: Array("{}".utf8),
                    since: Self.start))
        }
        return store
    }

    private func waiting(_ store: PathStore) async throws -> OutgoingSize {
        try await store.write { (writer) throws(StoreError) in _ = try writer.seedOutgoing() }
        return try await store.read { (reader) throws(StoreError) in try reader.outgoingSize() }
    }

    /// Sends until nothing waits; gives what went wrong on the way.
    private func sendAll(_ shipper: Shipper, tries: Int = 20) async throws -> [String] {
        var wrong: [String] = []
        for _ in 0..<tries {
            do {
                if try await shipper.sendSome(at: Self.start + .seconds(300)) { return wrong }
            } catch {
                wrong.append("\(error)")
            }
        }
        Issue.record("it was not sent with \(tries) tries: \(wrong)")
        return wrong
    }

    @Test func `is a row for the path and one for each hop, with what is known of them`() async throws {
        let (engine, store) = (try Engine(), try await store())
        var settings = engine.settings
        settings.engine.user = "pathwatch"
        settings.engine.passwordFile = folder.appendingPathComponent("secret").path
        try "s3cret\n".write(toFile: settings.engine.passwordFile ?? "", atomically: true, encoding: .utf8)
        let shipper = try Shipper(settings, of: store, names: Self.names, say: { _ in })
        try await shipper.begin(at: Self.start)
        #expect(try await sendAll(shipper) == [])
        let path = try #require(engine.rows(of: "paths").first)
        #expect(path["minute"] == .integer(1_790_000_040) && path["target"] == "Tokyo" && path["agent"] == "lisbon")
        #expect(path["place"] == "berlin" && path["host"] == "tokyo.example" && path["address"] == "203.0.113.7")
        #expect(
            path["sent"] == .integer(6) && path["lost"] == .integer(1)
                && path["path"] == ["192.0.2.1", "", "203.0.113.7"])
        #expect(
            path["label_names"] == ["from", "site"] && path["label_values"] == ["berlin", "roof"]
                && path["rtt_counts"] == .array([.integer(5)]))
        let hops = engine.rows(of: "hops").prefix(3)
        #expect(hops.map { $0["hop"] } == [.integer(1), .integer(2), .integer(3)])
        #expect(hops.map { $0["lost"] } == [.integer(0), .integer(6), .integer(1)])
        // What a stranger called his router reaches no terminal from here either.
        #expect(hops.first?["name"] == #"gw.\u{1b}[31mexample"#)
        #expect(hops.map { $0["addresses"] } == [["192.0.2.1"], [], ["203.0.113.7"]])
        let alert = try #require(engine.rows(of: "alerts").first)
        #expect(alert["id"] == "k1" && alert["is_open"] == .integer(1) && alert["label_values"] == ["Tokyo"])
        let insert = try #require(engine.inserts.withLock { $0.first })
        #expect(insert.query.contains("database=pathwatch") && insert.query.contains("insert_distributed_sync=1"))
        #expect(
            insert.fields.first("x-clickhouse-user") == "pathwatch"
                && insert.fields.first("x-clickhouse-key") == "s3cret")
        #expect(try await waiting(store) == OutgoingSize())
        #expect(shipper.status.rows == engine.inserts.withLock { $0.reduce(0) { $0 + $1.rows.count } })
        await engine.end()
    }

    @Test func `stays in the list until it was taken, whatever goes wrong`() async throws {
        let refusal = HTTPAnswer(
            HTTPStatus(500),
            text: "Code: 60, e.displayText() = DB::Exception: Table pathwatch.hops doesn't exist., e.what() = x")
        let newer = HTTPAnswer(
            HTTPStatus(404), text: "Code: 60. DB::Exception: Table pathwatch.hops does not exist. (UNKNOWN_TABLE)")
        let cut = HTTPAnswer(
            .ok, body: .stream { _ in throw HTTPFault(HTTPStatus(500), "broken") })
        let (engine, store) = (
            try Engine([refusal, newer, HTTPAnswer(HTTPStatus(503), text: "<html>no</html>"), nil, cut]),
            try await store()
        )
        let before = try await waiting(store)
        let shipper = try Shipper(engine.settings, of: store, names: Self.names, say: { _ in })
        try await shipper.begin(at: Self.start)
        let wrong = try await sendAll(shipper)
        #expect(wrong.count == 4)
        for (text, words) in zip(
            wrong,
            [
                "Table pathwatch.hops doesn't exist.. Make the tables first",
                "does not exist. (UNKNOWN_TABLE). Make the",
                "status 503: <html>no", "",
            ])
        {
            #expect(words.isEmpty || text.contains(words), "\(text)")
        }
        // The hops were sent twice, for the answer about the paths was cut off; as rows they are the same.
        let hops = engine.rows(of: "hops")
        #expect(hops.count == 2 * Set(hops).count && before.minutes * 3 == Set(hops).count)
        #expect(try await waiting(store) == OutgoingSize())
        await engine.end()
    }

    @Test func `is dropped when it has waited for too long, and that is said; events are not`() async throws {
        let (engine, store) = (try Engine(), try await store())
        let said = Lock<[String]>([])
        var settings = engine.settings
        settings.spool = .seconds(600)
        let shipper = try Shipper(
            settings, of: store, names: Self.names, say: { line in said.withLock { $0.append(line) } })
        try await shipper.begin(at: Self.start)
        let before = try await waiting(store)
        #expect(before.minutes > 1)
        _ = try await shipper.sendSome(at: Self.start + .seconds(660))
        #expect(try await waiting(store) == OutgoingSize() && shipper.status.dropped == 1)
        #expect(said.withLock { $0 } == ["1 minute of a target is not sent on: they waited for longer than 10m"])
        // What is younger is there.
        #expect(engine.rows(of: "paths").count == before.minutes - 1 && engine.rows(of: "alerts").count == 1)
        await engine.end()
    }

    @Test func `is found by halves where the engine does not take one thing, and the rest is there`() async throws {
        let (engine, store) = (try Engine(), try await store())
        engine.poison.withLock { $0 = "k1" }
        let said = Lock<[String]>([])
        let shipper = try Shipper(
            engine.settings, of: store, names: Self.names, say: { line in said.withLock { $0.append(line) } })
        try await shipper.begin(at: Self.start)
        let before = try await waiting(store)
        #expect(try await sendAll(shipper) == [])
        #expect(Set(engine.rows(of: "paths")).count == before.minutes && engine.rows(of: "alerts").isEmpty)
        #expect(shipper.status.refused == 1 && said.withLock { $0.count } == 1)
        #expect(
            said.withLock { $0.first ?? "" }.hasPrefix("the alert k1 is not sent on until the program begins anew: "))
        // It is not lost: it is tried again by the next program.
        #expect(try await waiting(store) == OutgoingSize(events: 1))
        engine.poison.withLock { $0 = nil }
        let next = try Shipper(engine.settings, of: store, names: Self.names, say: { _ in })
        try await next.begin(at: Self.start)
        #expect(try await sendAll(next) == [] && engine.rows(of: "alerts").count == 1)
        await engine.end()
    }

    @Test func `is not taken by who answers anything with a page`() async throws {
        let page = HTTPAnswer(.ok, text: "<html>Please log in</html>")
        let (engine, store) = (try Engine([page]), try await store())
        let shipper = try Shipper(engine.settings, of: store, names: Self.names, say: { _ in })
        try await shipper.begin(at: Self.start)
        let wrong = try await sendAll(shipper)
        #expect(wrong.count == 1 && wrong[0].contains("Please log in") && wrong[0].contains("no other server or proxy"))
        await engine.end()
    }

    @Test(arguments: [
        ("it's", #"'it\'s'"#), (#"a\b"#, #"'a\\b'"#), ("'; DROP TABLE hops --", #"'\'; DROP TABLE hops --'"#),
        ("a\0b", #"'a\0b'"#), ("å\n", "'å\n'"),
    ]) func `is asked by texts that end nowhere else`(text: String, literal: String) {
        #expect(ClickHouse.quoted(text) == literal)
    }

    @Test func `has tables for one server, for shards and for replicas`() {
        var schema = ClickHouseSchema()
        #expect(schema.statements.count == 7)
        #expect(schema.statements[1].contains("ENGINE = ReplacingMergeTree(sent)"))
        (schema.database, schema.cluster) = ("other", "two")
        let shards = schema.statements
        #expect(shards.count == 13 && shards[1].contains("other.paths_local") && !shards[1].contains("ON CLUSTER"))
        #expect(shards[2].contains("Distributed(two, other, paths_local, cityHash64(agent, target))"))
        schema.isReplicated = true
        #expect(schema.statements[1].contains("paths_local ON CLUSTER two"))
        #expect(schema.statements[1].contains("'/clickhouse/tables/{shard}/other.paths', '{replica}', sent)"))
    }
}
