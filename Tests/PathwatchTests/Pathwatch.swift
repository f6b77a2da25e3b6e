import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

/// The program as a person starts it, in a folder of its own.
final class Pathwatch: Sendable {
    struct Result {
        let status: Int32
        let output: String
        let errors: String

        func json() throws -> JSON.Value { try JSON.Value(parsing: Array(output.utf8)) }
    }

    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("pathwatch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Where the build puts programs: beside the bundle of the tests.
    private static let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()

    func callAsFunction(_ arguments: String...) async throws -> Result { try await run(arguments) }

    /// Runs it to its end. A thread of its own waits, so that servers of the test go on.
    func run(
        _ arguments: [String], program: URL = products.appendingPathComponent("pathwatch"), output: FileHandle? = nil
    ) async throws -> Result {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let name = UUID().uuidString
        let files = ["out", "err"].map { folder.appendingPathComponent("\(name).\($0)") }
        for file in files { try Data().write(to: file) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try output ?? FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                process.waitUntilExit()
                continuation.resume()
            }
        }
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Result(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }

    /// What the command line of SQLite gives, if it is there.
    func sqlite(_ file: String, _ text: String) async throws -> String {
        let tool = URL(fileURLWithPath: "/usr/bin/sqlite3")
        guard FileManager.default.isExecutableFile(atPath: tool.path) else {
            try Test.cancel("sqlite3 is not installed")
        }
        let result = try await run([file, text], program: tool)
        #expect(result.status == 0, "\(result.errors)")
        return result.output
    }

    func path(_ file: String) -> String { folder.appendingPathComponent(file).path }

    func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(file)))
    }

    func text(of file: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(file))), as: UTF8.self)
    }
}

/// Pages at a port of this machine, and what was asked of them.
final class Pages: Sendable {
    struct Call: Sendable {
        let method: String
        let target: String
        let fields: HTTPFields
        let body: String
    }

    private let listener: StreamListener
    private let task: Task<Void, Never>

    init(_ handler: @escaping @Sendable (HTTPCall) async throws -> HTTPAnswer) throws {
        let seen = Seen()
        self.calls = { seen.all.withLock { $0 } }
        // A client of a test is never told that it comes too often or too slowly.
        var settings = HTTPServer.Settings()
        (settings.idleTime, settings.stallTime, settings.grace) = (.seconds(3_600), .seconds(3_600), .zero)
        let server = HTTPServer(settings) { call in
            seen.all.withLock { calls in
                calls.append(
                    Call(
                        method: call.request.method,
                        target: call.request.target.path + (call.request.target.query.map { "?\($0)" } ?? ""),
                        fields: call.request.fields,
                        body: String(decoding: call.body, as: UTF8.self)))
            }
            return try await handler(call)
        }
        let listener = try StreamListener(at: IPAddress(127, 0, 0, 1), port: 0)
        self.listener = listener
        task = Task { await server.run([listener]) }
    }

    private final class Seen: Sendable {
        let all = Lock<[Call]>([])
    }

    /// What was asked so far.
    let calls: @Sendable () -> [Call]
    var url: String { "http://127.0.0.1:\(listener.port)" }

    /// Ends the server, and waits until nothing of it is left.
    func end() async {
        task.cancel()
        await task.value
    }
}

extension HTTPAnswer {
    /// A page as older looking glasses have it.
    static func page(_ text: String) -> HTTPAnswer {
        HTTPAnswer(.ok, HTTPFields(["Content-Type": "text/html"]), body: .bytes(Array(text.utf8)))
    }
}

extension JSON.Value {
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
    var members: [Member] { if case .object(let members) = self { members } else { [] } }
    var values: [JSON.Value] { if case .array(let values) = self { values } else { [] } }
}
