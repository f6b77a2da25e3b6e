import Foundation
import Testing

@Suite(.onItsOwnThread) struct `Chart files of the programs` {
    private let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).svg").path

    @Test(arguments: [
        ("ping", ["-c", "3"], "Ping of"), ("trace", [], "Path to"), ("trace", ["--json"], "Path to"),
        ("mtr", ["-r", "-c", "3"], "Path to"),
    ])
    func `have what was measured`(name: String, options: [String], title: String) throws {
        defer { try? FileManager.default.removeItem(atPath: file) }
        let plain = try Program(name: name).run(["--network", "demo"] + options + ["tokyo.example"])
        let drawn = try Program(name: name).run(["--network", "demo", "--chart", file] + options + ["tokyo.example"])
        #expect(drawn.status == 0, "\(drawn.errors)")
        #expect(drawn.output == plain.output)
        let svg = try String(contentsOfFile: file, encoding: .utf8)
        #expect(svg.contains("<title>\(title) tokyo.example (203.0.113.110)</title>"))
    }

    @Test(arguments: [
        ("ping", ["-c", "2000"], "--chart"), ("trace", ["-q", "10"], "--chart"), ("trace", ["-q", "10"], "--map"),
    ])
    func `are written though nobody reads the text to its end`(name: String, options: [String], kind: String) throws {
        defer { try? FileManager.default.removeItem(atPath: file) }
        let program = Program(name: name).path
        let call = [program, "--network", "demo", kind, file] + options + ["tokyo.example"]
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", "\(call.joined(separator: " ")) | head -n 1"]
        shell.standardOutput = FileHandle.nullDevice
        shell.standardError = FileHandle.nullDevice
        try shell.run()
        shell.waitUntilExit()
        #expect(try String(contentsOfFile: file, encoding: .utf8).hasSuffix("</svg>\n"))
    }

    @Test func `can be of a recording`() throws {
        defer { try? FileManager.default.removeItem(atPath: file) }
        let record = try Program(name: "ping").run(["--network", "demo", "-c", "3", "--ndjson", "tokyo.example"]).output
        let drawn = try Program(name: "ping").run(["--replay", "-", "--chart", file], input: record)
        #expect(drawn.status == 0, "\(drawn.errors)")
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("3 probes sent"))
    }

    @Test(arguments: [
        ("ping", ["--chart", "x.png", "-c", "1", "tokyo.example"], "ends in .svg"),
        ("ping", ["--chart", "/nowhere/x.svg", "-c", "1", "tokyo.example"], "cannot be written"),
        ("trace", ["--chart", "/tmp/x.svg", "tokyo.example", "london.example"], "--chart draws the path to one host"),
        ("trace", ["--chart", "/tmp/x.svg", "--paths", "tokyo.example"], "--chart"),
        ("mtr", ["--chart", "/tmp/x.svg", "tokyo.example"], "give -r as well"),
        ("mtr", ["--chart", "/tmp/x.svg", "--changes", "tokyo.example"], "--chart"),
    ])
    func `are refused where they cannot be`(name: String, arguments: [String], sign: String) throws {
        let result = try Program(name: name).run(["--network", "demo"] + arguments)
        #expect(result.status == 2)
        #expect(result.errors.contains(sign), "\(result.errors)")
    }
}
