import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

/// A looking glass for the time of a test: the program itself, at a port that is free.
final class Glass: Sendable {
    let url: String
    private let process: Process
    private let folder: URL
    private let client: HTTPClient
    private let said = Said()

    /// What the program has said on standard error.
    private final class Said: Sendable {
        private let text = Lock("")
        private let news = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        var all: String { text.withLock { $0 } }

        func add(_ more: String) {
            text.withLock { $0 += more }
            news.continuation.yield()
        }

        func end() { news.continuation.finish() }

        func wait(for words: String) async {
            if all.contains(words) { return }
            for await _ in news.stream where all.contains(words) { return }
        }
    }

    private static func client() throws -> HTTPClient {
        let made = Result { () throws(HTTPClient.Failure) in try HTTPClient() }
        if case .failure(let error) = made { try Test.cancel("\(error)") }
        return try made.get()
    }

    /// Where the build puts programs: beside the bundle of the tests.
    private static let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()

    /// - Parameters:
    ///   - network: The simulated internet: `demo`, or the text of a topology; nil for the real network.
    ///   - files: Files that options name, as `@NAME`, with their text.
    ///   - isPatient: Whether rates and quotas are out of the way.
    init(
        _ options: String..., network: String? = "demo", files: [String: String] = [:], isPatient: Bool = true,
        environment: [String: String] = [:]
    ) async throws {
        client = try Self.client()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("glass-\(UUID().uuidString)")
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var files = files
        var arguments = options
        if let network {
            if network == "demo" {
                arguments += ["--network", "demo"]
            } else {
                files["topology"] = network
                arguments += ["--network", "@topology"]
            }
        }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        if !arguments.contains("-l"), !arguments.contains("--socket") { arguments += ["-l", "127.0.0.1:0"] }
        if isPatient {
            arguments += [
                "--ratelimit", "100000/second", "--runs", "1000", "--runs-per-client", "1000", "--runs-per-target",
                "1000",
            ]
        }
        arguments += ["--log", folder.appendingPathComponent("log").path].filter { _ in !arguments.contains("--log") }
        process = Process()
        process.executableURL = Self.products.appendingPathComponent("lookingglass")
        process.arguments = arguments.map { argument in
            argument.hasPrefix("@") ? folder.appendingPathComponent(String(argument.dropFirst())).path : argument
        }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        // What it says is read by a thread of its own: the pipe never fills up, and no task waits.
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        let said = said
        let handle = errors.fileHandleForReading
        Thread.detachNewThread {
            var rest = ""
            while case let data = handle.availableData, !data.isEmpty {
                rest += String(decoding: data, as: UTF8.self)
                said.add(String(decoding: data, as: UTF8.self))
                while let end = rest.firstIndex(of: "\n") {
                    continuation.yield(String(rest[..<end]))
                    rest = String(rest[rest.index(after: end)...])
                }
            }
            continuation.finish()
            said.end()
        }
        var found: String?
        for await line in lines where line.contains("listening on ") {
            found = String(line.split(separator: " ").last ?? "")
            break
        }
        guard let found else { throw DidNotStart(description: said.all) }
        url = (found.hasSuffix("/") ? String(found.dropLast()) : found).replacing("0.0.0.0", with: "127.0.0.1")
    }

    /// What it said instead.
    struct DidNotStart: Error, CustomStringConvertible {
        let description: String
    }

    /// What the program has said on standard error.
    var complaints: String { said.all }
    /// Waits until it has said something, or has ended.
    func says(_ words: String) async { await said.wait(for: words) }
    /// The lines of its log.
    var log: String { (try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)) ?? "" }
    /// Writes one of its files anew.
    func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(file))
    }

    /// The most memory that it has had, in bytes.
    var mostMemory: Int {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    /// Moves one of its files away.
    func move(_ file: String, to other: String) throws {
        try FileManager.default.moveItem(
            at: folder.appendingPathComponent(file), to: folder.appendingPathComponent(other))
    }

    func text(of file: String) -> String {
        (try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)) ?? ""
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Ends it as the system does, and waits; its exit code.
    @discardableResult func end() async -> Int32 {
        let process = process
        process.terminate()
        let code = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                process.waitUntilExit()
                continuation.resume(returning: process.terminationStatus)
            }
        }
        return code
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: Asking

    struct Answer {
        let status: Int
        let fields: HTTPFields
        let bytes: [UInt8]
        var text: String { String(decoding: bytes, as: UTF8.self) }
        var lines: [Substring] { text.split(separator: "\n") }

        func json() throws -> JSON.Value { try JSON.Value(parsing: bytes) }
    }

    func open(_ path: String, method: String = "GET", _ fields: KeyValuePairs<String, String> = [:], body: String = "")
        async throws -> HTTPClient.Response
    {
        var request = HTTPClient.Request(url + path, method: method, fields: HTTPFields(fields), body: Array(body.utf8))
        request.stallTime = nil
        return try await client.send(request)
    }

    func get(_ path: String, method: String = "GET", _ fields: KeyValuePairs<String, String> = [:], body: String = "")
        async throws -> Answer
    {
        let response = try await open(path, method: method, fields, body: body)
        return Answer(
            status: response.status.code, fields: response.fields,
            bytes: try await response.body.bytes(atMost: 64 << 20))
    }
}

extension JSON.Value {
    /// The member of an object.
    subscript(name: String) -> JSON.Value? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var string: String? { if case .string(let text) = self { text } else { nil } }
}
