import Foundation
import Testing

@Suite(.onItsOwnThread) struct `mtr keeps what it knows of a path` {
    private let mtr = Program(name: "mtr")

    /// A folder of a test's own, with two networks in which the way to the server differs.
    private struct Place {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tracecore-\(UUID().uuidString)")

        init() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, router, day) in [("before", "one", 1), ("after", "two", 2)] {
                let topology = """
                    start 2026-01-0\(day)T00:00:00Z
                    vantage here 192.0.2.100
                    router gw 192.0.2.1 delay=1ms
                    router one 198.51.100.1 delay=2ms
                    router two 198.51.100.2 delay=2ms
                    host server 203.0.113.7 delay=4ms
                    host other 203.0.113.8 delay=4ms
                    path server: gw \(router)
                    path other: gw \(router)
                    """
                try topology.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
            }
        }

        func path(_ name: String) -> String { folder.appending(path: name).path }

        /// The bytes of the state.
        var state: Data { get throws { try Data(contentsOf: folder.appending(path: "state")) } }

        func write(_ state: some StringProtocol) throws {
            try state.write(to: folder.appending(path: "state"), atomically: true, encoding: .utf8)
        }

        /// The changes that the state knows.
        var changes: [Any]? {
            get throws { (try JSONSerialization.jsonObject(with: state) as? [String: Any])?["changes"] as? [Any] }
        }

        /// What is in the folder besides the networks.
        var files: [String] {
            get throws {
                try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { name in
                    !["before", "after"].contains(name)
                }
            }
        }

        func remove() { try? FileManager.default.removeItem(at: folder) }
    }

    private func watch(
        _ place: Place, _ network: String, _ more: [String] = [], host: String = "server"
    ) throws -> Program.Result {
        try mtr.run(
            ["--changes", "--state", place.path("state"), "-c", "40", "--network", place.path(network)] + more + [host])
    }

    @Test(arguments: [([], " hop 2: 198.51.100.1 → 198.51.100.2\n"), (["--ndjson"], #""change":"routers""#)])
    func `a change between two watches is told, and once`(_ form: [String], _ part: String) throws {
        let place = try Place()
        defer { place.remove() }
        let first = try watch(place, "before", form)
        #expect(first.status == 0 && first.output.isEmpty && first.errors.isEmpty, "\(first)")
        let second = try watch(place, "after", form)
        #expect(second.status == 0 && second.errors.isEmpty)
        #expect(second.output.contains(part) && second.output.split(separator: "\n").count == 1, "\(second.output)")
        let third = try watch(place, "after", form)
        #expect(third.status == 0 && third.output.isEmpty && third.errors.isEmpty)
        #expect(try place.files == ["state"])
        #expect(try place.changes?.count == 1)
    }

    @Test func `a document has the changes of its own watch`() throws {
        let place = try Place()
        defer { place.remove() }
        #expect(try watch(place, "before").status == 0)
        for count in [1, 0] {
            let result = try watch(place, "after", ["--json"])
            let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            #expect((document?["changes"] as? [Any])?.count == count)
        }
    }

    @Test func `the state keeps the mode that its owner gave it`() throws {
        let place = try Place()
        defer { place.remove() }
        #expect(try watch(place, "before").status == 0)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: place.path("state"))
        #expect(try watch(place, "after").status == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: place.path("state"))[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test func `recordings are gone on with like live watches`() throws {
        let place = try Place()
        defer { place.remove() }
        var outputs: [String] = []
        var last = ""
        for network in ["before", "after"] {
            let log = try Program.file(
                try mtr("--ndjson", "-c", "40", "--network", place.path(network), "server").output)
            let result = try mtr("--changes", "--state", place.path("state"), "--replay", log)
            #expect(result.status == 0)
            outputs.append(result.output)
            last = log
        }
        // Seen twice, it would seem to have gone back.
        let state = try place.state
        let again = try mtr("--changes", "--state", place.path("state"), "--replay", last)
        #expect(again.status == 2 && again.output.isEmpty && again.errors.contains("knows this recording"), "\(again)")
        #expect(try place.state == state)
        #expect(outputs[0].isEmpty && outputs[1].hasSuffix(" hop 2: 198.51.100.1 → 198.51.100.2\n"))
    }

    @Test func `a recording without its beginning leaves the state as it was`() throws {
        let place = try Place()
        defer { place.remove() }
        #expect(try watch(place, "before").status == 0)
        let before = try place.state
        let log = try mtr("--ndjson", "-c", "40", "--network", place.path("after"), "server").output
        let file = try Program.file(log.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n")
        let result = try mtr("--changes", "--state", place.path("state"), "--replay", file)
        #expect(result.status == 2 && result.output.isEmpty && result.errors.contains("no beginning"))
        #expect(try place.state == before)
    }

    @Test(arguments: [
        ([], "other", "holds the path to server (203.0.113.7), and this one leads to other (203.0.113.8)"),
        (["-u"], "server", "holds the path as icmp sees it, and this is udp"),
        (["--limit", "5"], "server", "was begun with no limit"),
    ]) func `a state of something else is refused and stays`(_ more: [String], _ host: String, _ part: String) throws {
        let place = try Place()
        defer { place.remove() }
        #expect(try watch(place, "before").status == 0)
        let before = try place.state
        let result = try watch(place, "after", more, host: host)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("mtr: \(place.path("state")) \(part)"), "\(result.errors)")
        #expect(try place.state == before)
        #expect(try place.files == ["state"])
    }

    private enum Damage: CaseIterable {
        case later, cut, emptied, elsewhere, noJSON
    }

    @Test(arguments: Damage.allCases) private func `a state that cannot be understood is refused and stays`(
        _ damage: Damage
    ) throws {
        let place = try Place()
        defer { place.remove() }
        #expect(try watch(place, "before").status == 0)
        let text = String(decoding: try place.state, as: UTF8.self)
        switch damage {
        case .later: try place.write(text.replacing(#""schemaVersion":2"#, with: #""schemaVersion":3"#))
        case .cut: try place.write(text.prefix(text.count / 2))
        case .emptied: try place.write("")
        case .elsewhere: try place.write(#"{"schemaVersion":1,"verb":"trace"}"#)
        case .noJSON: try place.write("\u{1B}[2Jcleared")
        }
        let before = try place.state
        let result = try watch(place, "before")
        #expect(result.status == 2 && result.output.isEmpty)
        let part =
            damage == .later
            ? "holds a state of version 3, and this mtr reads up to 2. Use " : "holds no state of mtr --changes: "
        #expect(result.errors.hasPrefix("mtr: \(place.path("state")) \(part)"), "\(result.errors)")
        #expect(result.errors.contains("to begin anew\n") && !result.errors.contains("\u{1B}"))
        #expect(try place.state == before)
    }

    @Test func `a place where nothing can be written is told before anything is watched`() throws {
        let place = try Place()
        defer { place.remove() }
        let missing = try mtr(
            "--changes", "--state", place.path("missing/state"), "--network", place.path("before"), "server")
        #expect(missing.status == 2 && missing.errors.contains("missing/state") && missing.errors.contains("folder"))
        let folder = try mtr("--changes", "--state", place.path(""), "--network", place.path("before"), "server")
        #expect(folder.status == 2 && folder.errors.contains("it is a folder"))
        #expect(try place.files.isEmpty)
    }

    @Test func `what could not be printed is not known, and so told the next time`() throws {
        let place = try Place()
        defer { place.remove() }
        #expect(try watch(place, "before").status == 0)
        let full = Program(
            shell: "\(mtr.path) --changes --state \(place.path("state")) -c 40 --network \(place.path("after")) server "
                + "> /dev/full")
        #expect(try full().status == 2)
        #expect(try place.changes?.isEmpty == true)
        #expect(try watch(place, "after").output.hasSuffix(" hop 2: 198.51.100.1 → 198.51.100.2\n"))
    }

    @Test func `whoever ends a watch has its state`() throws {
        let place = try Place()
        defer { place.remove() }
        #expect(try watch(place, "before").status == 0)
        let (state, pipe) = (place.path("state"), place.path("pipe"))
        // It watches without end. The state is removed once the change is told: it has to be written again at the end.
        let line = """
            mkfifo \(pipe)
            \(mtr.path) --changes --state \(state) -i 0.01 --network \(place.path("after")) server > \(pipe) &
            exec 4< \(pipe)
            read change <&4
            rm \(state)
            kill -TERM $!
            wait $!
            echo "status $?: $change"
            """
        let result = try Program(shell: line)()
        #expect(result.output.hasPrefix("status 143: "), "\(result)")
        #expect(result.output.hasSuffix(" hop 2: 198.51.100.1 → 198.51.100.2\n"))
        #expect(try place.changes?.count == 1)
        #expect(try Set(place.files) == ["state", "pipe"])
        #expect(try watch(place, "after").output.isEmpty)
    }
}
