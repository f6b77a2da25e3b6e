import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

/// A daemon, and what it says.
private final class Daemon {
    private let process = Process()
    private let errors = Pipe()
    private var text = ""

    init(_ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("pathwatch")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
    }

    /// Waits until it has said something, and gives all lines up to this one since the last time.
    func said(_ words: String) async throws -> String {
        while true {
            if let place = text.firstRange(of: words)?.upperBound, let end = text[place...].firstIndex(of: "\n") {
                defer { text = String(text[end...].dropFirst()) }
                return String(text[...end])
            }
            let piece = await Self.next(of: errors.fileHandleForReading)
            try #require(!piece.isEmpty, "it ended, and did not say: \(words)\n\(text)")
            text += String(decoding: piece, as: UTF8.self)
        }
    }

    private static func next(of handle: FileHandle) async -> Data {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: handle.availableData) }
        }
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Ends it, and gives the rest of what it said.
    func end() async -> String {
        process.terminate()
        while case let piece = await Self.next(of: errors.fileHandleForReading), !piece.isEmpty {
            text += String(decoding: piece, as: UTF8.self)
        }
        process.waitUntilExit()
        return text
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}

@Suite(.serialized, .timeLimit(.minutes(2))) struct `Settings from one place` {
    private let watch: Pathwatch

    init() throws { watch = try Pathwatch() }

    private static func settings(_ targets: String, _ more: String = "") -> String {
        #"{"network": "demo", "defaults": {"interval": "0.2s"}, "targets": [\#(targets)]\#(more)}"#
    }

    private static let tokyo = #"{"name": "Tokyo", "host": "tokyo.example"}"#
    private static let sydney = #"{"name": "Sydney", "host": "sydney.example"}"#

    /// A server of settings, whose version is the hash of their text.
    private final class Site: Sendable {
        private let shelf: Shelf
        private let pages: Pages
        private let calls: AsyncStream<String>

        private final class Shelf: Sendable {
            let text: Lock<String>
            init(_ text: String) { self.text = Lock(text) }
        }

        init(_ text: String) throws {
            let shelf = Shelf(text)
            let (calls, call) = AsyncStream.makeStream(of: String.self)
            (self.shelf, self.calls) = (shelf, calls)
            pages = try Pages { request in
                let text = shelf.text.withLock { $0 }
                let tag = "\"\(text.count)-\(text.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % 99_991 })\""
                let isSame = request.request.fields.first("if-none-match") == tag
                call.yield(isSame ? "same" : "whole")
                return isSame
                    ? HTTPAnswer(HTTPStatus(304), HTTPFields(["ETag": tag]), body: .bytes([]))
                    : HTTPAnswer(.ok, HTTPFields(["ETag": tag]), body: .bytes(Array(text.utf8)))
            }
        }

        var url: String { pages.url + "/watch.json" }
        func set(_ text: String) { shelf.text.withLock { $0 = text } }

        /// Waits until it has been asked and had this to say.
        func answered(_ what: String) async { for await call in calls where call == what { return } }
        func end() async { await pages.end() }
    }

    @Test func `are applied while what is watched goes on, and kept for a start without their server`() async throws {
        let site = try Site(Self.settings(Self.tokyo))
        let store = watch.path("paths.db")
        let arguments = [
            "run", site.url, "--store", store, "--settings-interval", "1s", "--name", "here", "-l", "127.0.0.1:0",
        ]
        let daemon = try Daemon(arguments)
        _ = try await daemon.said("listening on")
        await site.answered("whole")
        await site.answered("same")
        site.set(Self.settings(Self.tokyo + ", " + Self.sydney))
        await site.answered("whole")
        // It is asked again when what came has been taken.
        await site.answered("same")
        site.set(Self.settings(#"{"host": "tokyo.example", "flows": 1000}"#))
        let words = try await daemon.said("change nothing")
        #expect(words.contains("targets[0].flows") && !words.contains("watch.json"), "\(words)")
        daemon.signal(SIGHUP)
        #expect(try await daemon.said("asks for the settings").contains("read the tokens"))
        await site.answered("same")
        await site.answered("same")
        await site.end()
        #expect(try await daemon.said("change nothing").isEmpty == false)
        #expect(await daemon.end().contains("Fatal") == false)

        let list = try await watch("list", store)
        #expect(list.output.contains("Tokyo") && list.output.contains("Sydney"), "\(list)")
        let export = try await watch("export", store, "Tokyo", "--last", "1h", "--ndjson")
        let times = try export.output.split(separator: "\n").compactMap { line in
            try JSON.Value(parsing: Array(line.utf8))["time"]?.text.flatMap { UTCTime($0) }
        }
        #expect(times.count > 5, "\(export)")
        for (before, after) in zip(times, times.dropFirst()) { #expect(after - before < .seconds(10)) }

        // The server is gone.
        let again = try Daemon(arguments)
        let start = try await again.said("listening on")
        #expect(start.contains("begins with the settings that the store has") && start.contains("watches 2 paths"))
        _ = await again.end()
        let none = try await watch.run(["run", site.url, "--store", watch.path("other.db"), "-l", "127.0.0.1:0"])
        #expect(none.status == 2 && none.errors.contains("127.0.0.1"), "\(none)")
    }

    @Test func `are checked where they are, and kept in a store that is named`() async throws {
        let site = try Site(Self.settings(Self.tokyo))
        let good = try await watch("check", site.url)
        #expect(good.status == 0 && good.output.contains("1 target, 0 rules, 0 receivers"), "\(good)")
        site.set(Self.settings(#"{"host": "a", "flows": 1000}"#))
        let bad = try await watch("check", site.url)
        #expect(bad.status == 2 && bad.errors.contains("line 1, targets[0].flows"), "\(bad)")
        let nowhere = try await watch("run", site.url)
        #expect(nowhere.status == 2 && nowhere.errors.contains("--store FILE"), "\(nowhere)")
        await site.end()
        let gone = try await watch("check", site.url)
        #expect(gone.status == 2 && !gone.errors.isEmpty)
    }
}
