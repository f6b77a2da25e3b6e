import Foundation
import Testing
import TraceCore

@Suite("A log without its beginning", .onItsOwnThread) struct LostBeginningTests {
    /// Probes and answers get lost, come twice, and come late.
    private static let topology = """
        vantage here 192.0.2.100
        router gw 192.0.2.1 delay=1ms loss=5% reverse=gw.example
        router isp 198.51.100.1 delay=20ms loss=10% jitter=20ms
        host server 203.0.113.7 delay=30ms jitter=60ms duplicate=30% duplicate-delay=50ms name=server.example
        path server: gw isp
        """

    private static let ping = Program(name: "ping")
    private static let mtr = Program(name: "mtr")

    /// The lines of a log that a program records.
    private static func log(_ program: Program, _ count: Int) throws -> [String] {
        let options =
            program.name == "ping"
            ? ["-c", "\(count)", "-i", "0.2", "-W", "0.25"] : ["-c", "\(count)", "-i", "0.2", "-m", "8"]
        let recorded = try program.run(
            options + ["--network", Program.file(topology), "--ndjson", "server.example"])
        return recorded.output.split(separator: "\n").map(String.init)
    }

    private static func text(_ lines: some Sequence<String>) -> String { lines.map { $0 + "\n" }.joined() }

    /// The rest of a log as it would be if the run had begun there: only the probes that were sent since.
    private static func rest(of lines: ArraySlice<String>, _ verb: Verb) throws -> [ProbeEvent]? {
        let events = try EventLog.events(from: Array(text(lines).utf8))
        guard let first = events.first(where: { $0.probe != nil }), let probe = first.probe else { return nil }
        let sent = Set(events.compactMap { if case .sent(let probe) = $0.fact { probe.id } else { nil } })
        let run = RunDescription(
            verb: verb, target: ProbeTarget(address: probe.target), method: nil, mode: nil, startedAt: nil)
        let whole = events.filter { event in event.probe.map { sent.contains($0.id) } ?? true }
        return [ProbeEvent(at: first.at, .started(run))] + whole
    }

    /// Cuts a log after every few lines, and compares what a program reports of the rest.
    private func check<Fold: EventFold>(
        _ program: Program, _ verb: Verb, _ lines: [String], every step: Int, _ fold: Fold.Type,
        _ isAnswered: (Fold.Report) -> Bool
    ) throws where Fold.Report: Codable & Equatable {
        for cut in stride(from: 1, to: lines.count, by: step) + [lines.count - 1] {
            let result = try program("--json", "--replay", "-", input: Self.text(lines[cut...]))
            guard let rest = try Self.rest(of: lines[cut...], verb) else {
                #expect(result.status == 2 && result.output.isEmpty, "\(cut): \(result.errors)")
                #expect(result.errors.contains("cat FIRST SECOND | \(program.name) --replay -"), "\(result.errors)")
                continue
            }
            let report = try Fold.replay(rest)
            #expect(result.output == (try JSON.text(report, style: .pretty)) + "\n", "\(cut)")
            #expect(result.status == (isAnswered(report) ? 0 : 1), "\(cut)")
            // Reading it back refuses counts that contradict each other.
            let again = try JSON.decode(Fold.Report.self, from: Array(result.output.utf8))
            #expect(try JSON.text(again) == JSON.text(report), "\(cut)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(cut): \(result.errors)")
            #expect(result.errors.contains("standard input: the log has no beginning"), "\(result.errors)")
        }
    }

    @Test func `of a ping, cut anywhere, gives the figures of what was sent since`() throws {
        let lines = try Self.log(Self.ping, 30)
        for event in ["timedOut", "late", "duplicate"] {
            try #require(lines.contains { $0.contains("\"event\":\"\(event)\"") }, "\(event)")
        }
        try check(Self.ping, .ping, lines, every: 3, PingReport.Fold.self) { $0.received > 0 }
    }

    @Test func `of an mtr, cut anywhere, gives the figures of what was sent since`() throws {
        let lines = try Self.log(Self.mtr, 12)
        try check(Self.mtr, .monitor, lines, every: 5, MonitorReport.Fold.self) { $0.isReached }
    }

    @Test func `is no mystery: it says what is not known, and nothing that was not`() throws {
        let half = Self.text(try Self.log(Self.ping, 10).dropFirst(7))
        let result = try Self.ping("--replay", "-", "-D", input: half)
        #expect(
            result.errors
                == "ping: standard input: the log has no beginning: when and how 203.0.113.7 was asked is not "
                + "known, nor what came before. The figures are those of the probes that were sent since\n")
        #expect(result.output.hasPrefix("PING 203.0.113.7\n"), "\(result.output)")
        #expect(!result.output.contains("["), "\(result.output)")
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(Self.ping("--replay", "-", "--json", input: half).output.utf8))
                as? [String: Any])
        for key in ["method", "mode", "startedAt", "source"] { #expect(document[key] == nil, "\(key)") }
        #expect((document["parameters"] as? [String: Any])?.isEmpty == true)
        #expect(document["target"] as? [String: String] == ["address": "203.0.113.7"])
    }

    @Test(arguments: ["text", "json", "ndjson", "atlas", "fping", "dict", "markdown"])
    func `of a ping is shown in every format, without a time or a method`(_ format: String) throws {
        let half = Self.text(try Self.log(Self.ping, 10).dropFirst(7))
        let result = try Self.ping("--replay", "-", "--format", format, input: half)
        #expect(result.status == 0 && result.output.contains("203.0.113.7"), "\(result.errors)")
        for invented in ["1970", "icmp (", "by icmp", "\"ICMP\"", "\"timestamp\"", "nil", "Optional"] {
            #expect(!result.output.contains(invented), "\(result.output)")
        }
    }

    @Test(arguments: ["text", "json", "ndjson", "mtr", "mtr-csv", "mtr-xml", "mtr-raw", "mtr-split"])
    func `of an mtr is shown in every format, without a time or a method`(_ format: String) throws {
        let half = Self.text(try Self.log(Self.mtr, 6).dropFirst(20))
        let result = try Self.mtr("--replay", "-", "--format", format, input: half)
        #expect(result.status == 0 && result.output.contains("203.0.113.7"), "\(result.errors)")
        for invented in ["1970", "icmp (", "nil", "Optional"] {
            #expect(!result.output.contains(invented), "\(result.output)")
        }
        switch format {
        case "text": #expect(result.output.hasPrefix("Start: unknown\n"))
        case "mtr-csv": #expect(result.output.contains(",,OK,203.0.113.7,"))
        default: break
        }
    }

    @Test(arguments: ["ping", "mtr"]) func `is a log again, and that one has a beginning`(_ name: String) throws {
        let program = Program(name: name)
        let half = Self.text(try Self.log(program, 8).dropFirst(9))
        let again = try program("--replay", "-", "--ndjson", input: half).output
        let (first, second) = (
            try program("--replay", "-", "--json", input: half), try program("--replay", "-", "--json", input: again)
        )
        #expect(first.output == second.output)
        #expect(second.errors.isEmpty, "\(second.errors)")
        let changes = try Self.mtr("--changes", "--replay", "-", input: again)
        #expect(changes.status == 2 && changes.output.isEmpty)
    }

    @Test func `is drawn from where it begins, and without when that was`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).svg").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        for program in [Self.ping, Self.mtr] {
            let lines = try Self.log(program, 40)
            let rest = Self.text(lines[(lines.count * 3 / 4)...])
            let form = program.name == "mtr" ? ["-r"] : []
            #expect(try program.run(form + ["--replay", "-", "--chart", file], input: rest).status == 0)
            let picture = try String(contentsOf: URL(filePath: file), encoding: .utf8)
            #expect(picture.contains(">6500 ms</text>") && !picture.contains(">2000 ms</text>"), "\(program.name)")
            #expect(!picture.contains("begun") && !picture.contains("by icmp"), "\(program.name)")
        }
    }

    @Test(arguments: [
        ["trace"], ["trace", "--mtu"], ["trace", "--paths"], ["sweep"], ["mtr", "--changes"],
        ["mtr", "--changes", "--json"],
    ]) func `is refused where its beginning is needed, with what to do`(_ call: [String]) throws {
        let program = Program(name: call[0])
        let half = Self.text(try Self.log(Self.mtr, 2).dropFirst())
        let result = try program.run(call.dropFirst() + ["--replay", "-"], input: half)
        #expect(result.status == 2 || (call == ["sweep"] && result.status > 1))
        #expect(result.output.isEmpty)
        #expect(
            result.errors
                == "\(program.name): standard input: the log has no beginning, which says when and how the host "
                + "was asked. Put its parts together: cat FIRST SECOND | \(program.name) --replay -\n")
    }

    @Test func `of something else is not taken for a ping`() throws {
        let path = Self.text(try Self.log(Self.mtr, 2).dropFirst())
        let network = Self.text(
            try Program(name: "sweep")("--network", "demo", "--ndjson", "-g", "203.0.113.104/29").output
                .split(separator: "\n").dropFirst().map(String.init))
        for log in [path, network] {
            let result = try Self.ping("--replay", "-", input: log)
            #expect(result.status == 2)
            #expect(result.errors.contains("and is not the rest of a ping"), "\(result.errors)")
        }
        let behind = try Self.ping(
            "--replay", "-",
            input: Self.text(try Self.log(Self.ping, 2).dropFirst()) + Self.text(try Self.log(Self.ping, 2)))
        #expect(behind.status == 2 && behind.errors.contains("several runs"), "\(behind.errors)")
    }

    @Test func `put together again is the whole run`() throws {
        let lines = try Self.log(Self.mtr, 4)
        let whole = try Self.mtr("-r", "--replay", "-", input: Self.text(lines))
        let (first, second) = (
            try Program.file(Self.text(lines[..<30])), try Program.file(Self.text(lines[30...]))
        )
        let joined = try Program(shell: "cat \(first) \(second) | \(Self.mtr.path) -r --replay -").run([])
        #expect(joined.output == whole.output && joined.errors.isEmpty)
    }
}
