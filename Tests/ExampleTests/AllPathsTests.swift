import Foundation
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `trace --paths` {
    private let trace = Program(name: "trace")
    private let mtr = Program(name: "mtr")

    @Test func `shows every path as lines, and the same from its record`() throws {
        let live = try trace("--network", "demo", "--paths", "-n", "tokyo.example")
        #expect(live.status == 0)
        #expect(live.output.contains(" 6   198.51.100.65  109.802 ms  to 7a 7b 7c, by flow\n"))
        #expect(live.output.contains("3 paths over 14 nodes and 15 links"))
        let events = try trace("--network", "demo", "--paths", "-n", "--ndjson", "tokyo.example").output
        let again = try trace("--paths", "-n", "--replay", try Program.file(events))
        #expect(again.output == live.output)
    }

    @Test func `gives a document and a graph to draw`() throws {
        let document = try trace("--network", "demo", "--paths", "--confidence", "0.999", "--json", "sydney.example")
        let graph = try JSON.decode(PathGraph.self, from: Array(document.output.utf8))
        #expect(graph.isReached && graph.pathCount == 2)
        #expect(try #require(graph.confidence) >= 0.999)
        let dot = try trace("--network", "demo", "--paths", "--format", "dot", "sydney.example").output
        #expect(dot.hasPrefix("digraph paths {\n"))
        #expect(dot.contains("label=\"sydney.example\\n203.0.113.120\\n"))
    }

    @Test func `joins what several sources recorded`() throws {
        let one = try Program.file(try trace("--network", "demo", "-n", "--ndjson", "tokyo.example").output)
        let other = try Program.file(
            try trace("--network", "demo", "--paths", "-n", "--ndjson", "sydney.example").output)
        let joined = try trace("--join", one, "--join", other, "-n")
        #expect(joined.status == 0)
        let lines = joined.output.split(separator: "\n")
        #expect(lines.first == "paths of 2 runs")
        // Both go by way of Los Angeles, and end in different places.
        #expect(lines.count { $0.contains("198.51.100.89") } == 1)
        #expect(joined.output.contains("203.0.113.110") && joined.output.contains("203.0.113.120"))
        let dot = try trace("--join", one, "--join", other, "--format", "dot").output
        #expect(dot.contains("s0 -> n0") && dot.contains("s1 -> n0"))
    }

    @Test func `ends with 1 where the target keeps silent`() throws {
        let result = try trace("--network", "demo", "--paths", "-n", "dead.example")
        #expect(result.status == 1)
        #expect(result.output.hasSuffix("not reached: nobody answered any more\n"))
    }

    @Test(arguments: [
        (["--paths", "a.example", "b.example"], "--paths takes one host"),
        (["--confidence", "0.9", "tokyo.example"], "--confidence is for --paths"),
        (["--paths", "--confidence", "1", "tokyo.example"], "0.999999"),
        (["--paths", "--format", "mtr", "tokyo.example"], "room for one path only"),
        (["--paths", "-q", "4", "tokyo.example"], "--paths"),
        (["--join", "a.ndjson"], "give it several times"),
        (["--join", "/nowhere", "--join", "/nowhere"], "/nowhere"),
        (["--join", "a", "--join", "b", "tokyo.example"], "recorded runs alone"),
    ]) func `a mistake is one error for people`(_ arguments: [String], _ part: String) throws {
        let result = try trace.run(["--network", "demo"].filter { _ in !arguments.contains("--join") } + arguments)
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("trace: ") && result.errors.contains(part), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func `mtr keeps the paths of several flows apart`() throws {
        let report = try mtr("-r", "-n", "-c", "48", "-i", "0.5", "--flows", "16", "--network", "demo", "tokyo.example")
        #expect(report.status == 0)
        #expect(report.output.contains("paths, and no other with a confidence of "))
        let document = try mtr(
            "--json", "-c", "32", "-i", "0.5", "--flows", "8", "--network", "demo", "tokyo.example")
        let paths = try JSON.decode(PathSetReport.self, from: Array(document.output.utf8))
        #expect(paths.rounds == 32 && paths.paths.flatMap(\.flows).sorted() == Array(0..<8))
        #expect(paths.paths.allSatisfy { $0.hops.last == IPAddress(203, 0, 113, 110) && $0.rtt != nil })
        #expect(paths.paths.reduce(0) { $0 + $1.sent } == 32)
    }
}
