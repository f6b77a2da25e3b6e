import Foundation
import Testing
import TraceCore

@Suite struct `The cloud benchmark, as a person starts it` {
    private let cloudbench = Program(name: "cloudbench")

    @Test func `finds the nearest region, for people and for programs`() throws {
        let table = try cloudbench("--network", "clouds")
        #expect(table.status == 0 && table.errors.isEmpty)
        #expect(table.output.contains("Best of each provider: ") && table.output.contains("regions of gcp"))
        let top = try cloudbench("--network", "clouds", "--top")
        let best = top.output.trimmingCharacters(in: .newlines)
        #expect(top.status == 0 && best.wholeMatch(of: /[a-z]+\/[A-Za-z0-9-]+/) != nil, "\(top.output)")
        let csv = try cloudbench("--network", "clouds", "--csv").output.split(separator: "\n")
        #expect(csv.count == 268 && csv[1].hasPrefix("1,") && csv[1].contains(best.split(separator: "/")[1]))
        let some = try cloudbench("--network", "clouds", "-p", "hetzner", "-n", "3", "--paths=0", "--csv")
        #expect(some.status == 0)
        #expect(some.output.split(separator: "\n").allSatisfy { $0.hasPrefix("rank") || $0.contains("hetzner") })
    }

    @Test func `reports again on what it has written, and compares two runs`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("clouds-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String) -> String { folder.appendingPathComponent(name).path }
        let events = try cloudbench("--network", "clouds", "--ndjson").output
        let csv = try cloudbench("--replay", "-", "--csv")
        #expect(csv.status == 2, "an empty recording is no report")
        let again = try cloudbench.run(["--replay", "-", "--csv"], input: events)
        #expect(again.status == 0 && again.output.split(separator: "\n").count == 268)
        let report = try cloudbench("--network", "clouds", "--json").output
        try report.write(toFile: file("old.json"), atomically: true, encoding: .utf8)
        #expect(try cloudbench.run(["--replay", "-", "--csv"], input: report).output.hasPrefix("rank,"))
        let same = try cloudbench("--replay", file("old.json"), "--compare", file("old.json"), "--top")
        #expect(same.output.contains("Nothing changed beyond chance."))
        let other = try cloudbench("--network", "clouds", "--seed", "2", "--compare", file("old.json"), "--top")
        #expect(other.output.contains(" is worse: ") && other.output.contains(" is better: "), "\(other.output)")
        for name in ["r.html", "m.svg", "c.svg"] {
            let option = ["r.html": "--html", "m.svg": "--map", "c.svg": "--chart"][name] ?? ""
            #expect(try cloudbench("--replay", file("old.json"), option, file(name), "--top").status == 0)
            let text = try String(contentsOfFile: file(name), encoding: .utf8)
            #expect(text.hasPrefix(name == "r.html" ? "<!DOCTYPE html>" : "<svg") && !text.contains("<script"))
        }
    }

    @Test func `tells all that is wrong with endpoints, and asks no inside address`() throws {
        let wrong = try cloudbench.run(
            ["--url", "-"], input: #"[{"region": "a b", "host": "x"}, {"region": "c", "host": "-n", "latitude": 91}]"#)
        #expect(wrong.status == 2 && wrong.errors.split(separator: "\n").count == 3, "\(wrong.errors)")
        let inside = try cloudbench.run(["--url", "-"], input: #"[{"region": "a", "host": "127.0.0.1"}]"#)
        #expect(inside.status == 1 && inside.output.contains("Not asked (1): own/a"), "\(inside.output)")
        let asked = try cloudbench.run(
            ["--url", "-", "--inside", "-n", "2", "--csv", "--paths=0"],
            input: #"[{"region": "a", "host": "127.0.0.1"}]"#)
        #expect(asked.status == 0 && asked.output.contains("measured"), "\(asked.output)\(asked.errors)")
    }

    @Test func `lists what it knows, and whose hosts are gone`() throws {
        let list = try cloudbench("catalogue", "-p", "hetzner").output
        #expect(list.contains("hetzner/fsn1  Falkenstein, DE  "))
        let check = try cloudbench("catalogue", "--check", "--network", "clouds")
        #expect(check.status == 1 && check.errors == "233 of 235 hosts answer\n", "\(check.errors)")
        #expect(check.output.split(separator: "\n").count == 2)
        let topology = try cloudbench("catalogue", "--topology").output
        #expect(try SimulatedInternet(parsing: topology).hosts.count > 200)
    }

    @Test func `a pipe that is closed early ends it without a word`() throws {
        let result = try Program(shell: "\(cloudbench.path) --network clouds --csv | head -1")()
        #expect(result.status == 0 && result.errors.isEmpty && result.output.hasPrefix("rank,"))
    }
}
