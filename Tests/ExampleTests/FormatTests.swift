import Foundation
import Testing

@Suite(.onItsOwnThread) struct `The formats of trace and ping` {
    private static let network = ["--network", "demo"]

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(arguments: ["text", "json", "ndjson", "mtr", "mtr-csv", "atlas", "scamper", "markdown", "dict"])
    func `of a trace are the same live and replayed`(_ format: String) throws {
        let trace = Program(name: "trace")
        let hosts = ["tokyo.example"]
        let live = try trace.run(Self.network + ["--format", format] + hosts)
        let log = try trace.run(Self.network + ["--ndjson"] + hosts)
        let replayed = try trace("--replay", "-", "--format", format, input: log.output)
        #expect(live.status == 0)
        #expect(live.errors.isEmpty)
        #expect(!live.output.isEmpty)
        #expect(replayed.output == live.output)
    }

    @Test(arguments: ["text", "json", "mtr", "mtr-csv", "atlas", "scamper", "markdown", "dict"])
    func `of many traces are the same live and replayed, without the host that could not be traced`(
        _ format: String
    ) throws {
        let trace = Program(name: "trace")
        let hosts = ["tokyo.example", "nowhere.example", "london.example"]
        let live = try trace.run(Self.network + ["--format", format] + hosts)
        let log = try trace.run(Self.network + ["--ndjson"] + hosts)
        let replayed = try trace("--replay", "-", "--format", format, input: log.output)
        #expect(live.status == 2)
        #expect(live.errors.contains("nowhere.example"))
        #expect(live.output.contains("tokyo.example") && live.output.contains("london.example"))
        #expect(replayed.output == live.output)
    }

    @Test(arguments: ["text", "json", "ndjson", "atlas", "fping", "dict", "markdown"])
    func `of a ping are the same live and replayed`(_ format: String) throws {
        let ping = Program(name: "ping")
        let arguments = Self.network + ["-c", "20", "sydney.example"]
        let live = try ping.run(["--format", format] + arguments)
        let log = try ping.run(["--ndjson"] + arguments)
        let replayed = try ping("--replay", "-", "--format", format, input: log.output)
        #expect(live.status == 0)
        #expect(live.errors.isEmpty)
        #expect(!live.output.isEmpty)
        #expect(replayed.output == live.output)
    }

    @Test(arguments: [("text", "-r"), ("json", "--json"), ("ndjson", "--ndjson"), ("mtr", "-j"), ("mtr-csv", "-C")])
    func `of mtr are what its letters print`(_ format: String, _ letter: String) throws {
        let mtr = Program(name: "mtr")
        let log = try Program.file(try mtr.run(Self.network + ["--ndjson", "-c", "3", "tokyo.example"]).output)
        let short = try mtr("--replay", log, letter)
        #expect(short.status == 0)
        #expect(!short.output.isEmpty)
        #expect(try mtr("--replay", log, "--format", format).output == short.output)
    }

    @Test(arguments: [("json", "--json"), ("ndjson", "--ndjson"), ("fping", "-J")])
    func `of a sweep are what its letters print`(_ format: String, _ letter: String) throws {
        let sweep = Program(name: "sweep")
        let log = try Program.file(try sweep.run(Self.network + ["--ndjson", "-c", "1", "tokyo.example"]).output)
        let short = try sweep("--replay", log, letter)
        #expect(!short.output.isEmpty)
        #expect(try sweep("--replay", log, "--format", format).output == short.output)
    }

    @Test(arguments: [
        ("mtr", ["-j", "--format", "text"], "-j and --format text"),
        ("mtr", ["--changes", "--format", "mtr"], "--changes prints text, json or ndjson"),
        ("sweep", ["-J", "--format", "json"], "-J and --format json"),
        ("ping", ["--json", "--format", "text"], "--json and --format text"),
    ])
    func `are asked for once`(_ program: String, _ options: [String], _ message: String) throws {
        let result = try Program(name: program).run(Self.network + options + ["tokyo.example"])
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test(arguments: [("atlas", "dst_name"), ("scamper", "dst")])
    func `have a line for each trace where the tool has`(_ format: String, _ key: String) throws {
        let result = try Program(name: "trace")
            .run(Self.network + ["--format", format, "tokyo.example", "dead.example"])
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines { #expect(try object(String(line))[key] != nil) }
    }

    @Test func `have an array of dictionaries, with an error in the place of what could not be traced`() throws {
        let result = try Program(name: "trace")
            .run(Self.network + ["--format", "dict", "tokyo.example", "nowhere.example"])
        let array = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
        #expect(array.count == 2)
        #expect(array[0]["target"] as? String == "tokyo.example")
        #expect((array[1]["error"] as? [String: Any])?["code"] as? String == "unknownHost")
    }

    @Test func `have one heading for all traces in a table, and one document behind the other as mtr has`() throws {
        let hosts = ["tokyo.example", "london.example", "sydney.example"]
        let trace = Program(name: "trace")
        let table = try trace.run(Self.network + ["--format", "mtr-csv"] + hosts).output.split(separator: "\n")
        #expect(table.count { $0.hasPrefix("Mtr_Version,") } == 1)
        #expect(table[0].hasPrefix("Mtr_Version,"))
        #expect(Set(table.dropFirst().map { $0.split(separator: ",")[3] }) == Set(hosts.map { Substring($0) }))
        let documents = try trace.run(Self.network + ["--format", "mtr"] + hosts).output.components(separatedBy: "\n{")
        #expect(documents.count == 3)
        let names = try documents.enumerated().map { index, text in
            let report = try object((index == 0 ? "" : "{") + text)["report"] as? [String: Any]
            return (report?["mtr"] as? [String: Any])?["dst"] as? String
        }
        #expect(names == hosts)
    }

    @Test func `have the short forms, which nothing else may contradict`() throws {
        let trace = Program(name: "trace")
        let long = try trace.run(Self.network + ["--format", "json", "tokyo.example"])
        #expect(try trace.run(Self.network + ["--json", "tokyo.example"]).output == long.output)
        #expect(try trace.run(Self.network + ["--json", "--format", "json", "tokyo.example"]).output == long.output)
        let both = try trace.run(Self.network + ["--json", "--format", "atlas", "tokyo.example"])
        #expect(both.status == 2)
        #expect(both.output.isEmpty)
        #expect(both.errors.contains("--json and --format atlas ask for different formats; give one of them"))
        let other = try Program(name: "ping").run(Self.network + ["--format", "scamper", "tokyo.example"])
        #expect(other.status == 2)
        #expect(other.errors.contains("fping"), "\(other.errors)")
    }

    @Test func `have no places where there is no room for them, but still a map`() throws {
        let trace = Program(name: "trace")
        let refused = try trace.run(Self.network + ["--format", "atlas", "--geo", "demo", "tokyo.example"])
        #expect(refused.status == 2)
        #expect(refused.errors.contains("--geo: places are shown as text and as JSON; atlas has no room for them"))
        let map = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).svg").path
        defer { try? FileManager.default.removeItem(atPath: map) }
        let drawn = try trace.run(Self.network + ["--format", "atlas", "--map", map, "tokyo.example"])
        #expect(drawn.status == 0)
        #expect(FileManager.default.fileExists(atPath: map))
    }

    @Test(arguments: ["trace", "ping"])
    func `are in the help, the manual and what shells complete`(_ name: String) throws {
        let program = Program(name: name)
        for arguments in [["--help"], ["--man"], ["--completion", "bash"], ["--completion", "fish"]] {
            let text = try program.run(arguments).output
            #expect(text.contains("atlas") && text.contains("markdown"), "\(arguments)")
        }
    }

    @Test func `of fping come as the answers come`() throws {
        let result = try Program(name: "ping").run(Self.network + ["--format", "fping", "-c", "3", "dead.example"])
        #expect(result.status == 1)
        let lines = try result.output.split(separator: "\n").map { try object(String($0)) }
        #expect(lines.map { $0.keys.first } == ["timeout", "timeout", "timeout", "summary"])
        #expect((lines[3]["summary"] as? [String: Any])?["host"] as? String == "dead.example")
    }
}
