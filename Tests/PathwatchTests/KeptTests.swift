import Foundation
import Glibc
import Testing
import TraceCore
import TraceCorePathStore

@Suite(.serialized) struct `What the daemon has kept` {
    private let watch: Pathwatch
    private let start = UTCTime("2026-03-02T12:00:00Z") ?? .epoch
    private let span = ["--from", "2026-03-02T12:00:10Z", "--to", "2026-03-02T12:00:40Z"]

    /// A store with a minute of two targets.
    init() async throws {
        watch = try Pathwatch()
        let store = try await PathStore(watch.path("paths.db"))
        try await store.write { [start] (writer) throws(StoreError) in
            _ = try writer.target("empty")
            let id = try writer.target(
                "Tokyo", settings: Array(#"{"verb":"monitor","target":"tokyo.example"}"#.utf8),
                labels: ["b": "2", "a": "1"])
            let (router, end) = (IPAddress(192, 0, 2, 1), IPAddress(203, 0, 113, 110))
            try writer.append(
                (0..<60).map { second in
                    Round(
                        target: id, at: start + .seconds(second),
                        answers: [
                            second % 2 == 0 ? .init(ttl: 1, from: router, after: .milliseconds(2)) : .init(lost: 1),
                            .init(ttl: 2, from: end, after: .milliseconds(9), isTarget: true),
                        ])
                })
        }
        await store.close()
    }

    @Test func `is shown of the time that was asked for, without what nobody knows`() async throws {
        let result = try await watch.run(["show", "paths.db", "Tokyo"] + span)
        let lines = result.output.split(separator: "\n")
        #expect(
            lines.map { $0.split(separator: " ").joined(separator: " ") } == [
                "Start: 2026-03-02T12:00:10+0000", "HOST: Loss% Snt Avg Best Wrst StDev",
                "1.|-- 192.0.2.1 50.0% 30 2.0 2.0 2.0 0.0", "2.|-- 203.0.113.110 0.0% 30 9.0 9.0 9.0 0.0",
            ])
        let report = try await watch.run(["show", "paths.db", "Tokyo", "--json"] + span).json()
        #expect(report["hops"]?.values.map { $0["sent"]?.number } == [30, 30])
    }

    @Test func `is drawn on standard output or in a file`() async throws {
        let printed = try await watch.run(["chart", "paths.db", "Tokyo"] + span)
        #expect(printed.status == 0 && printed.output.hasPrefix("<svg ") && printed.output.hasSuffix("</svg>\n"))
        let file = try await watch.run(["chart", "paths.db", "Tokyo", "-o", "tokyo.svg"] + span)
        #expect(file.status == 0 && file.output.isEmpty && file.errors.isEmpty)
        #expect(try watch.text(of: "tokyo.svg") == printed.output)
        #expect(try await watch.run(["chart", "paths.db", "Osaka"]).errors.contains("There is Tokyo, empty"))
        #expect(try await watch.run(["chart", "paths.db", "Tokyo", "-o", "/nowhere/x.svg"]).status == 2)
    }

    @Test func `is the same in each form`() async throws {
        func export(_ form: String...) async throws -> String {
            let result = try await watch.run(["export", "paths.db", "Tokyo"] + form + span)
            #expect(result.status == 0 && result.errors.isEmpty)
            return result.output
        }
        let csv = try await export().split(separator: "\n")
        #expect(try await export("--csv").split(separator: "\n") == csv)
        #expect(csv.count == 61)
        #expect(csv[1] == "2026-03-02T12:00:10.000000Z,0,1,192.0.2.1,2.000,0")
        let lines = try await export("--ndjson").split(separator: "\n").map { try JSON.Value(parsing: Array($0.utf8)) }
        #expect(lines.count == 30)
        #expect(try JSON.Value(parsing: Array(try await export("--json").utf8)) == .array(lines))
        #expect(try await watch("export", "paths.db", "empty", "--json").output == "[]\n")
        #expect(try await watch("export", "paths.db", "empty", "--json", "--ndjson").status == 2)
    }

    @Test func `is listed for people and programs`() async throws {
        #expect(try await watch("list", "paths.db").output == "Tokyo a=1 b=2\nempty\n")
        let list = try await watch("list", "paths.db", "--json").json().values
        #expect(list.map { $0["name"]?.text } == ["Tokyo", "empty"])
        #expect(list[0]["labels"]?.members.map(\.name) == ["a", "b"])
        #expect(list[0]["request"]?["target"]?.text == "tokyo.example")
    }

    @Test func `is copied to a new file, and to no other`() async throws {
        for name in ["paths.db", "./paths.db", "paths.db-wal", "paths.db-lock"] {
            let result = try await watch("backup", "paths.db", name)
            #expect(result.status == 2 && result.output.isEmpty, "\(name)")
        }
        #expect(try await watch("backup", "paths.db", "copy.db").output == "copy.db: a whole copy\n")
        #expect(try await watch("backup", "paths.db", "copy.db").errors.contains("stays as it is"))
        for name in ["paths.db", "copy.db"] { #expect(try await watch("list", name).output.hasPrefix("Tokyo")) }
    }

    // MARK: Settings and receivers

    @Test func `the settings of the demo are a file to begin with`() async throws {
        try watch.write(try await watch("demo", "--settings").output, to: "watch.json")
        let result = try await watch("check", "watch.json")
        #expect(result.status == 0 && result.output == "watch.json: 5 targets, 4 rules, 1 receiver\n")
    }

    @Test func `files that are not there are mistakes of the settings`() async throws {
        try watch.write(
            #"{"network": "none.txt", "vantage-points": "none.json", "databases": ["none.mmdb"], "targets": [{"host": "a"}]}"#,
            to: "watch.json")
        let result = try await watch("check", "watch.json")
        #expect(result.status == 2)
        let places = result.errors.split(separator: "\n").map {
            $0.split(separator: ": ").prefix(2).joined(separator: ": ")
        }
        #expect(
            Set(places) == [
                "watch.json: line 1, network", "watch.json: line 1, vantage-points", "watch.json: line 1, databases[0]",
            ])
    }

    @Test func `a line that nobody reads is a message that was not taken`() async throws {
        try watch.write(
            #"{"targets": [{"host": "a"}], "receivers": [{"name": "log", "type": "output"}]}"#, to: "watch.json")
        let taken = try await watch("test-receiver", "watch.json", "log")
        #expect(taken.status == 0 && taken.output.contains("this is a sample"))
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let deaf = try await watch.run(["test-receiver", "watch.json", "log"], output: pipe.fileHandleForWriting)
        #expect(deaf.status == 2 && deaf.errors.contains("firing was not taken: standard output takes nothing"))
        // One that is full, and is not read.
        let full = Pipe()
        let end = full.fileHandleForWriting.fileDescriptor
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        while Glibc.write(end, "....", 4) > 0 {}
        _ = fcntl(end, F_SETFL, 0)
        let stuck = try await watch.run(["test-receiver", "watch.json", "log"], output: full.fileHandleForWriting)
        #expect(stuck.status == 2 && stuck.errors.contains("nobody reads it"))
    }
}
