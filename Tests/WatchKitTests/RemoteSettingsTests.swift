import Foundation
import Testing
import TraceCore
import TraceCorePathStore
import TraceCoreReceivers
import TraceCoreServer

@testable import TraceCoreHTTP
@testable import TraceCoreWatch

@Suite(.timeLimit(.minutes(1))) struct `Settings at an address` {
    /// A server that has settings, in versions.
    private final class Site: Sendable {
        struct Version: Sendable {
            var text = #"{"targets": [{"host": "192.0.2.1"}]}"#
            var tag: String? = "\"1\""
            var since: String?
            var status = HTTPStatus.ok
        }

        final class Shelf: Sendable {
            let version = Lock(Version())
            /// What was asked, by the fields that ask whether there is another version.
            let asked = Lock<[String]>([])
            let said = Lock<[String]>([])
        }

        let shelf = Shelf()
        private let listener: StreamListener
        private let task: Task<Void, Never>

        init() throws {
            let shelf = shelf
            var settings = HTTPServer.Settings()
            settings.grace = .zero
            let server = HTTPServer(settings) { call in
                let fields = call.request.fields
                let question = fields.first("if-none-match") ?? fields.first("if-modified-since").map { "since \($0)" }
                shelf.asked.withLock { $0.append(question ?? "") }
                let now = shelf.version.withLock { $0 }
                guard now.status == .ok else { return HTTPAnswer(now.status, text: "not today") }
                if let question, question == now.tag ?? now.since.map({ "since \($0)" }) {
                    return HTTPAnswer(HTTPStatus(304), HTTPFields(), body: .bytes([]))
                }
                var answer = HTTPAnswer(.ok, text: now.text)
                if let tag = now.tag { answer.fields.set("ETag", tag) }
                if let since = now.since { answer.fields.set("Last-Modified", since) }
                return answer
            }
            let listener = try StreamListener(at: IPAddress(127, 0, 0, 1), port: 0)
            self.listener = listener
            task = Task { await server.run([listener]) }
        }

        var url: String { "http://127.0.0.1:\(listener.port)/secret/watch.json?key=7" }

        func settings(kept: KeptSettings? = nil) throws -> RemoteSettings {
            let shelf = shelf
            return try RemoteSettings(try #require(SettingsAddress(url)), kept: kept) { words in
                shelf.said.withLock { $0.append(words) }
            }
        }

        func end() async {
            task.cancel()
            await task.value
        }
    }

    /// Takes settings, and counts how often.
    private final class Taker: Sendable {
        let taken = Lock<[String]>([])

        func take(_ bytes: [UInt8]) throws {
            _ = try WatchSettings(parsing: bytes)
            taken.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
        }
    }

    @Test func `are asked for by the version that is known, and taken only where they are others`() async throws {
        let (site, taker) = (try Site(), Taker())
        let remote = try site.settings()
        for _ in 0..<3 { await remote.ask { try taker.take($0) } }
        #expect(taker.taken.withLock(\.count) == 1 && site.shelf.asked.withLock { $0 } == ["", "\"1\"", "\"1\""])
        // The same bytes under another name are no others.
        site.shelf.version.withLock { $0.tag = "\"2\"" }
        await remote.ask { try taker.take($0) }
        #expect(taker.taken.withLock(\.count) == 1)
        site.shelf.version.withLock { ($0.tag, $0.text) = ("\"3\"", #"{"targets": [{"host": "192.0.2.2"}]}"#) }
        await remote.ask { try taker.take($0) }
        #expect(taker.taken.withLock { $0.count == 2 && $0[1].contains("192.0.2.2") })
        // A server without such names has times.
        site.shelf.version.withLock { ($0.tag, $0.since) = (nil, "Sat, 31 Jan 2026 12:00:00 GMT") }
        for _ in 0..<2 { await remote.ask { try taker.take($0) } }
        #expect(
            site.shelf.asked.withLock { $0.suffix(3) } == ["\"2\"", "\"3\"", "since Sat, 31 Jan 2026 12:00:00 GMT"])
        #expect(taker.taken.withLock(\.count) == 2 && site.shelf.said.withLock(\.isEmpty) && remote.standing.isCurrent)
        await remote.ask(isAnew: true) { try taker.take($0) }
        #expect(taker.taken.withLock(\.count) == 3, "the files that they name may be others")
        await site.end()
    }

    @Test func `that are wrong, or not there, change nothing and are told of once`() async throws {
        let (site, taker) = (try Site(), Taker())
        let remote = try site.settings()
        let good = UTCTime.epoch + .seconds(100)
        await remote.ask(at: good) { try taker.take($0) }
        site.shelf.version.withLock { ($0.text, $0.tag) = (#"{"targets": [{"host": "a", "flows": 100}]}"#, "\"bad\"") }
        for second in 101..<104 { await remote.ask(at: .epoch + .seconds(second)) { try taker.take($0) } }
        #expect(site.shelf.asked.withLock { $0 } == ["", "\"1\"", "\"bad\"", "\"bad\""])
        #expect(
            site.shelf.said.withLock { $0.count == 1 && $0[0].contains("change nothing") && $0[0].contains("flows") })
        #expect(!remote.standing.isCurrent && remote.standing.seen == good)
        var metrics = Metrics(.prometheus)
        remote.addMetrics(to: &metrics, at: good + .seconds(7))
        let text = String(decoding: metrics.bytes, as: UTF8.self)
        #expect(text.contains("tracecore_settings_current 0\n") && text.contains("settings_age_seconds 7\n"))

        site.shelf.version.withLock { $0.status = HTTPStatus(503) }
        for _ in 0..<3 { await remote.ask { try taker.take($0) } }
        // What came last is still wrong; that the server is away does not make it right.
        #expect(site.shelf.said.withLock(\.count) == 1)
        site.shelf.version.withLock { $0 = .init() }
        for _ in 0..<2 { await remote.ask { try taker.take($0) } }
        #expect(site.shelf.said.withLock { $0.count == 2 && $0[1].contains("again") } && remote.standing.isCurrent)
        site.shelf.version.withLock { $0.status = HTTPStatus(302) }
        for _ in 0..<3 { await remote.ask { try taker.take($0) } }
        site.shelf.version.withLock { $0.status = .ok }
        await remote.ask { try taker.take($0) }
        #expect(
            site.shelf.said.withLock {
                $0.count == 4 && $0[2].contains("status 302") && $0[2].contains("Redirects") && $0[3].contains("again")
            })
        #expect(taker.taken.withLock(\.count) == 1 && !site.shelf.said.withLock { "\($0)".contains("secret") })
        await site.end()
    }

    @Test func `are those of the store where their server is away or wrong at the start`() async throws {
        let site = try Site()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("remote-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("paths.db").path
        let address = try #require(SettingsAddress(site.url))
        func read(_ bytes: [UInt8]) throws -> String { try address.settings(in: bytes).targets[0].host }
        #expect(await KeptSettings.inStore(path, of: address) == nil)

        let first = try site.settings()
        #expect(try await first.begin(read: read) == "192.0.2.1")
        let store = try await PathStore(path)
        try await first.keep(in: store)
        await store.close()
        let kept = try #require(await KeptSettings.inStore(path, of: address))
        #expect(await KeptSettings.inStore(path, of: try #require(SettingsAddress(site.url + "8"))) == nil)

        // The server says that they are still the same.
        let second = try site.settings(kept: kept)
        #expect(try await second.begin(read: read) == "192.0.2.1")
        #expect(site.shelf.asked.withLock { $0.last } == "\"1\"" && second.standing.isCurrent)
        for status in [HTTPStatus(500), .ok] {
            site.shelf.version.withLock { ($0.status, $0.text, $0.tag) = (status, "{", "\"2\"") }
            let other = try site.settings(kept: kept)
            #expect(try await other.begin(read: read) == "192.0.2.1" && !other.standing.isCurrent)
            #expect(
                site.shelf.said.withLock { $0.last?.contains("begins with the settings that the store has") ?? false })
            await #expect(throws: (any Error).self) { try await site.settings().begin(read: read) }
            // What is not in force is not kept.
            let later = try await PathStore(path)
            try await other.keep(in: later)
            await later.close()
            #expect(await KeptSettings.inStore(path, of: address)?.bytes == kept.bytes)
        }
        await site.end()
    }

    @Test func `are asked for at once when somebody wants it`() async throws {
        let site = try Site()
        let remote = try site.settings()
        let (came, arrival) = AsyncStream.makeStream(of: Void.self)
        let task = Task { await remote.run(every: .seconds(86_400)) { _ in arrival.yield() } }
        var arrivals = came.makeAsyncIterator()
        for _ in 0..<3 {
            remote.askNow()
            await arrivals.next()
        }
        #expect(site.shelf.asked.withLock(\.count) == 3)
        task.cancel()
        await task.value
        await site.end()
    }

    @Test(arguments: [
        ("https://a.example/w", true), ("http://127.0.0.1:80/w", true), ("http://[::1]/w", true),
        ("HTTP://LOCALHOST:8/w", true), ("http://a.example/w", false), ("http://192.0.2.1/w", false),
        ("http://localhost.example/w", false), ("http://127.0.0.1@a.example/w", false),
        ("http://a.example/@127.0.0.1/", false), ("http://a.example?@127.0.0.1", false),
        ("http://a.example#@[::1]", false), ("http://a.example\\@127.0.0.1/", false),
    ]) func `start no programs and send no files if anybody on the way could have written them`(
        _ url: String, _ isSafe: Bool
    ) throws {
        let address = try #require(SettingsAddress(url))
        #expect(address.isSafe == isSafe)
        for (text, words) in [
            (#""receivers": [{"name": "x", "type": "command", "command": ["/bin/true"]}]"#, "receiver x starts"),
            (#""ship": {"clickhouse": {"url": "http://ch:8123", "passwordFile": "/etc/shadow"}}"#, "passwordFile"),
            (#""mesh-port": 8621"#, ""),
        ] {
            let bytes = Array(#"{"targets": [{"host": "a"}], \#(text)}"#.utf8)
            if isSafe || words.isEmpty {
                #expect(throws: Never.self) { try address.settings(in: bytes) }
            } else {
                #expect { try address.settings(in: bytes) } throws: { error in
                    "\(error)".contains(words) && "\(error)".contains("plain http") && "\(error)".contains("https")
                }
            }
        }
    }

    @Test func `are no names of files`() {
        #expect(SettingsAddress("watch.json") == nil && SettingsAddress("https:/x") == nil)
        #expect(SettingsAddress("https://user:word@a.example:8/b?c")?.place == "https://a.example:8")
    }

    @Test func `do not begin anew what is watched as before`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("remote-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await PathStore(folder.appendingPathComponent("paths.db").path)
        let site = try Site()
        let begun = Lock<[String]>([])
        let (came, arrival) = AsyncStream.makeStream(of: String.self)
        let remote = try site.settings()
        let settings = try await remote.begin { try remote.address.settings(in: $0) }
        let daemon = try WatchDaemon(
            settings, store: store, couriers: { _ in Courier(http: nil, print: { _ in }, log: { _ in }) },
            feed: { target in
                begun.withLock { $0.append(target.host) }
                arrival.yield(target.host)
                // Until it is not wanted any more.
                for await _ in AsyncStream.makeStream(of: Never.self).stream {}
                throw CancellationError()
            }, say: { _ in })
        try await daemon.begin()
        var arrivals = came.makeAsyncIterator()
        #expect(await arrivals.next() == "192.0.2.1")
        site.shelf.version.withLock {
            ($0.text, $0.tag) = (#"{"targets": [{"host": "192.0.2.1"}, {"host": "192.0.2.2"}]}"#, "\"2\"")
        }
        await remote.ask { try await daemon.follow(try remote.address.settings(in: $0)) }
        #expect(await arrivals.next() == "192.0.2.2")
        #expect(begun.withLock { $0 } == ["192.0.2.1", "192.0.2.2"] && daemon.watches.count == 2)
        await daemon.end()
        await store.close()
        await site.end()
    }
}
