import Foundation
import Testing
import TraceCore

/// `trace --from`: the run is made by a looking glass.
@Suite struct `Traces from elsewhere` {
    /// What the program came to.
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs `trace` with a list of vantage points.
    ///
    /// - Parameter sign: What the program prints before it gets Ctrl-C; nil where it comes to its own end.
    private func trace(_ arguments: [String], list: String, interruptedAfter sign: String? = nil) async throws -> Result
    {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("vantage-\(UUID().uuidString)")
        try Data(list.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("trace")
        process.arguments = ["--vantage", file.path] + arguments
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var printed = Data()
                var waited = sign
                while case let more = output.fileHandleForReading.availableData, !more.isEmpty {
                    printed += more
                    if let sign = waited, String(decoding: printed, as: UTF8.self).contains(sign) {
                        process.interrupt()
                        waited = nil
                    }
                }
                // A few lines at most, which the pipe holds.
                let said = errors.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(
                    returning: Result(
                        status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
                        errors: String(decoding: said, as: UTF8.self)))
            }
        }
    }

    private func list(_ glass: Glass, _ more: String = "") -> String {
        #"[{"name": "there", "url": "\#(glass.url)"\#(more)}]"#
    }

    @Test func `every kind of run is made there, in every form`() async throws {
        let glass = try await Glass()
        func run(_ arguments: String...) async throws -> Result {
            let result = try await trace(arguments + ["--from", "there", "tokyo.example"], list: list(glass))
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.isEmpty)
            return result
        }
        let text = try await run()
        #expect(text.output.hasPrefix("trace to tokyo.example (203.0.113.110)"))
        #expect(text.output.contains(" tokyo.example (203.0.113.110)  28"))
        #expect(try await !run("-n").output.contains("pacific.example"))
        let events = try EventLog.events(from: Array(try await run("--ndjson", "-I", "-q", "1").output.utf8))
        #expect(try TraceReport.Fold.replay(events).isReached)
        let graph = try JSON.decode(PathGraph.self, from: Array(try await run("--paths", "--json").output.utf8))
        #expect(graph.isReached)
        let mtu = try JSON.decode(PathMTUReport.self, from: Array(try await run("--mtu", "--json").output.utf8))
        #expect(mtu.isReached)
        #expect(try await run("--format", "atlas", "-4").output.contains(#""dst_name":"tokyo.example""#))
        let sized = try await trace(["--from", "there", "-6", "tokyo.example", "100"], list: list(glass))
        #expect(sized.output.contains("100 byte packets"))
        await glass.end()
        for run in ["trace", "paths", "mtu"] { #expect(glass.log.contains(": \(run) tokyo.example (")) }
    }

    @Test func `places are seen from there, where it is known where that is`() async throws {
        let glass = try await Glass()
        let arguments = ["--from", "there", "--geo", "demo", "--json", "tokyo.example"]
        let known = try await trace(arguments, list: list(glass, #", "latitude": 38.7, "longitude": -9.1"#))
        #expect(try JSON.Value(parsing: Array(known.output.utf8))["source"]?["coordinate"] != nil)
        #expect(known.output.contains("38.7"))
        let unknown = try await trace(arguments, list: list(glass))
        #expect(unknown.status == 0)
        #expect(try JSON.Value(parsing: Array(unknown.output.utf8))["source"] == nil)
        await glass.end()
    }

    @Test(arguments: [
        (["--fwmark", "5", "tokyo.example"], "mark \"5\": requests cannot choose it here (says there)"),
        (["nowhere.example"], "has no host \"nowhere.example\" (says there)"),
        (["tokyo.example", "100"], "with --from, a packet length needs -4 or -6"),
        (["tokyo.example", "london.example"], "--from takes one host"),
    ])
    func `what is refused there, or cannot be asked, is said`(arguments: [String], reason: String) async throws {
        let glass = try await Glass()
        let result = try await trace(["--from", "there"] + arguments, list: list(glass))
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("trace: ") && result.errors.contains(reason), "\(result.errors)")
        #expect(result.output.isEmpty)
        await glass.end()
    }

    @Test func `who asks is told why a looking glass fails, and where it is`() async throws {
        let glass = try await Glass("--tokens", "@tokens", files: ["tokens": "0123456789abcdef0123\n"])
        let list = """
            [{"name": "locked", "url": "\(glass.url)"}, {"name": "dead", "url": "http://127.0.0.1:9"},
             {"name": "open", "url": "\(glass.url)", "token": "0123456789abcdef0123"}]
            """
        for (name, reason) in [
            ("locked", "The vantage point locked does not know our token"), ("dead", "127.0.0.1:9"),
            ("nobody", "has no nobody; there is locked, dead, open"),
        ] {
            let result = try await trace(["--from", name, "tokyo.example"], list: list)
            #expect(result.status == 2)
            #expect(result.errors.contains(reason), "\(result.errors)")
        }
        #expect(try await trace(["--from", "open", "tokyo.example"], list: list).status == 0)
        await glass.end()
    }

    @Test func `Ctrl-C ends the run there, and what is known is printed`() async throws {
        let glass = try await Glass()
        let result = try await trace(
            ["--from", "there", "--ndjson", "-N", "1", "-w", "10", "dead.example"], list: list(glass),
            interruptedAfter: "\"reply\"")
        #expect(result.status == 1)
        #expect(result.errors.isEmpty, "\(result.errors)")
        let events = try EventLog.events(from: Array(result.output.utf8))
        #expect(try TraceReport.Fold.replay(events).end?.reason == .cancelled)
        let cancelled = #"tracecore_runs_total{verb="trace",end="cancelled"} 1"#
        while try await !glass.get("/metrics").text.contains("tracecore_runs_total{") {}
        #expect(try await glass.get("/metrics").text.contains(cancelled))
        await glass.end()
    }
}
