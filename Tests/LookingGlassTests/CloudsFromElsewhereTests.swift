import Foundation
import Testing
import TraceCore

/// `cloudbench --from`: looking glasses measure, over the simulated clouds as they are seen from where each is.
@Suite struct `Clouds from elsewhere` {
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs `cloudbench` over the simulated clouds, whose names it looks up.
    private func cloudbench(_ arguments: String..., vantages list: String? = nil, input: String = "") async throws
        -> Result
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("clouds-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ text: String) throws -> URL {
            let file = folder.appendingPathComponent(name)
            try Data(text.utf8).write(to: file)
            return file
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("cloudbench")
        process.arguments = arguments
        if let list { process.arguments = arguments + ["--vantage", try file("vantages", list).path] }
        let (output, errors) = (try file("output", ""), try file("errors", ""))
        process.standardInput = try FileHandle(forReadingFrom: try file("input", input))
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let status = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                process.waitUntilExit()
                continuation.resume(returning: process.terminationStatus)
            }
        }
        return Result(
            status: status, output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }

    private func topology(from place: String) async throws -> String {
        try await cloudbench("catalogue", "--topology=\(place)").output
    }

    @Test func `come as a matrix; who cannot be reached, asks one host or wants a token ends none of the others`()
        async throws
    {
        let lisbon = try await Glass("--most-hosts", "300", network: try await topology(from: "here"))
        let tokyo = try await Glass("--most-hosts", "300", network: try await topology(from: "tokyo"))
        let small = try await Glass()
        let locked = try await Glass("--tokens", "@tokens", files: ["tokens": "0123456789abcdef0123\n"])
        let list = """
            [{"name": "lisbon", "url": "\(lisbon.url)", "latitude": 38.72, "longitude": -9.14},
             {"name": "tokyo", "url": "\(tokyo.url)", "latitude": 35.68, "longitude": 139.69},
             {"name": "small", "url": "\(small.url)"}, {"name": "locked", "url": "\(locked.url)"},
             {"name": "dead", "url": "http://127.0.0.1:9"}]
            """
        let run = try await cloudbench(
            "--network", "clouds", "-p", "vultr", "-p", "oci", "-p", "gcp", "--rate", "2000", "--ndjson", vantages: list
        )
        #expect(run.status == 0, "\(run.errors)")
        let said = run.errors.split(separator: "\n")
        #expect(said.count == 3, "\(run.errors)")
        for words in [
            "The looking glass small asks one host at a time. Start it with --most-hosts 300",
            "The vantage point locked does not know our token", "The vantage point dead cannot be reached: ",
        ] { #expect(said.contains { $0.hasPrefix("cloudbench: \(words)") }, "\(run.errors)") }
        func again(_ arguments: String) async throws -> String {
            let result = try await cloudbench("--replay", "-", arguments, input: run.output)
            #expect(result.status == 0, "\(result.errors)")
            return result.output
        }
        let table = try await again("--all")
        #expect(table.contains(" lisbon ") && table.contains(" tokyo ") && table.contains(" failed"), "\(table)")
        #expect(table.contains("from 5 places"))
        let best = try await again("--top").split(separator: "\n").map { $0.split(separator: " ") }
        #expect(best.map(\.first) == ["lisbon", "tokyo", "all"], "\(best)")
        // A front end that says it is in Tokyo is found out from Lisbon.
        #expect(best[1].last == "oci/ap-tokyo-1")
        let csv = try await again("--csv").split(separator: "\n")
        #expect(csv.count { $0.hasSuffix(",tokyo") } == csv.count { $0.hasSuffix(",dead") })
        let json = try JSON.Value(parsing: Array(try await again("--json").utf8))
        guard case .array(let reports)? = json["reports"] else {
            Issue.record("it is no matrix")
            return
        }
        #expect(reports.map { $0["run"]?["from"]?.string } == ["lisbon", "tokyo", "small", "locked", "dead"])
        let drawing = try await cloudbench("--replay", "-", "--map", "/dev/null", input: run.output)
        #expect(
            drawing.status == 2 && drawing.errors.contains("--map draws what one vantage point found, and there are 5"))
        for glass in [lisbon, tokyo, small, locked] { await glass.end() }
    }

    @Test func `are as from here where one looking glass measures, with the ways`() async throws {
        let glass = try await Glass("--most-hosts", "300", network: try await topology(from: "sao-paulo"))
        let list = #"[{"name": "there", "url": "\#(glass.url)", "latitude": -23.55, "longitude": -46.63}]"#
        let run = try await cloudbench(
            "--network", "clouds", "-p", "aws", "-n", "3", "--rate", "2000", "--paths=2", "--json", vantages: list)
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        let report = try JSON.Value(parsing: Array(run.output.utf8))
        #expect(report["run"]?["from"]?.string == "there")
        guard case .array(let results)? = report["results"] else {
            Issue.record("it is no report")
            return
        }
        #expect(results[0]["region"]?["code"]?.string == "sa-east-1")
        #expect(results[0]["path"]?["source"]?["coordinate"] != nil)
        let text = try await cloudbench("--replay", "-", input: run.output).output
        #expect(text.hasPrefix("From there: "), "\(text)")
        #expect(glass.log.contains(": sweep ") && glass.log.contains(": trace "))
        await glass.end()
    }

    @Test func `when nobody answers, nothing is ranked; and names that are none are told`() async throws {
        let list = #"[{"name": "dead", "url": "http://127.0.0.1:9"}]"#
        let dead = try await cloudbench("--network", "clouds", "-p", "aws", vantages: list)
        #expect(dead.status == 1 && dead.errors.contains("The vantage point dead cannot be reached"), "\(dead.errors)")
        let nobody = try await cloudbench("--network", "clouds", "--from", "nobody", vantages: list)
        #expect(nobody.status == 2 && nobody.errors.contains("has no nobody; there is dead"), "\(nobody.errors)")
        let none = try await cloudbench("--network", "clouds", "--from", "paris")
        #expect(none.status == 2 && none.errors.contains("there is no paris; there is here, tokyo, sao-paulo"))
        let unlisted = try await cloudbench("--from", "paris")
        #expect(unlisted.status == 2 && unlisted.errors.contains("give --vantage FILE as well"))
    }

    @Test func `end there when the time is over, and what is known is kept`() async throws {
        let glass = try await Glass("--most-hosts", "300", network: try await topology(from: "tokyo"))
        let list = #"[{"name": "there", "url": "\#(glass.url)"}]"#
        let run = try await cloudbench(
            "--network", "clouds", "-p", "vultr", "-n", "100", "-t", "3", vantages: list)
        #expect(run.output.contains("not finished: its time"), "\(run.output)\(run.errors)")
        let cancelled = #"tracecore_runs_total{verb="sweep",end="cancelled"}"#
        while try await !glass.get("/metrics").text.contains(cancelled) {}
        await glass.end()
    }
}
