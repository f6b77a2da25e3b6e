import TraceCoreFuzzChecks
import Testing
import TraceCore

/// What the programs write when everybody on the path has a name that is to harm the one who looks.
@Suite struct `Programs on a path of hostile names` {
    private static let hops = 250
    private static let runs = 40

    /// The names of a run: 40 runs of 250 hops have ten thousand.
    private static func names(_ run: Int) -> [UntrustedText] {
        HostileNames(seed: 23).dropFirst(run * hops).prefix(hops).map { UntrustedText(decoding: $0) }
    }

    private static func address(_ hop: Int) -> String { "198.51.100.\(hop + 1)" }

    /// A text as the topology's quotes have it.
    private static func quoted(_ text: UntrustedText) -> String {
        "\"" + text.raw.unicodeScalars.map { "\\u{\(String($0.value, radix: 16))}" }.joined() + "\""
    }

    private static func topology(_ run: Int) -> String {
        let names = names(run)
        var lines = ["vantage here 192.0.2.100"]
        for hop in 0..<hops - 1 {
            lines.append(
                "router r\(hop) \(address(hop)) reverse=\(quoted(names[hop])) interface=\(quoted(names[hop + 1]))")
        }
        lines.append("host server 203.0.113.7 reply-ttl=255 reverse=\(quoted(names[hops - 1]))")
        lines.append("path server: " + (0..<hops - 1).map { "r\($0)" }.joined(separator: " "))
        return lines.joined(separator: "\n")
    }

    private func check(_ result: Program.Result, _ what: String) {
        #expect(throws: Never.self, "\(what), standard output") { try checkTerminalText(Array(result.output.utf8)) }
        #expect(throws: Never.self, "\(what), standard error") { try checkTerminalText(Array(result.errors.utf8)) }
    }

    @Test(arguments: 0..<runs) func `write nothing of them raw, and no line more`(run: Int) throws {
        let trace = Program(name: "trace")
        let network = try Program.file(Self.topology(run))
        let path = ["-m", "255", "-q", "1", "--network", network, "server"]
        let text = try trace.run(path)
        #expect(text.status == 0, "\(text.errors)")
        check(text, "text")
        #expect(text.output.split(separator: "\n").count == 1 + Self.hops)

        // The formats and the replay for some of them: they take the same ways.
        guard run % 8 == 0 else { return }
        let log = try trace.run(path + ["--ndjson"])
        check(log, "events")
        let report = try trace.run(path + ["--json"])
        check(report, "report")
        for (format, live) in [([], text), (["--ndjson"], log), (["--json"], report)] {
            let replayed = try trace.run(["--replay", "-"] + format, input: log.output)
            #expect(replayed.output == live.output)
            check(replayed, "replay")
        }
        for format in ["mtr", "mtr-csv", "atlas", "scamper", "dict"] {
            check(try trace.run(["--replay", "-", "--format", format], input: log.output), format)
        }
        let table = try trace.run(["--replay", "-", "--format", "markdown"], input: log.output)
        check(table, "Markdown")
        let rows = table.output.split(separator: "\n").dropFirst()
        #expect(rows.count == 2 + Self.hops)
        // What is behind a backslash is no markup, nor is a word of code; nothing else than the table's own may be.
        for row in rows.dropFirst(2) {
            let bare = row.replacing(/\\./, with: "").replacing(/`[^`| ]+`/, with: "")
            #expect(bare.count { $0 == "|" } == 10, "\(row)")
            #expect(!bare.contains(/[`*_<>\[\]~&#$!]/), "\(row)")
        }
    }

    @Test func `write nothing raw of a log whose every text is hostile`() throws {
        let names = Self.names(0)
        for (program, verb) in [(Program(name: "ping"), "ping"), (Program(name: "trace"), "trace")] {
            for start in stride(from: 0, to: names.count - 8, by: 30) {
                let some = Array(names[start..<start + 8])
                let log = try Self.log(Verb(rawValue: verb), some)
                let own = verb == "ping" ? ["fping"] : ["mtr", "mtr-csv", "scamper"]
                let others = ["atlas", "dict", "markdown"] + own
                for format in [[], ["--json"], ["--ndjson"]] + others.map({ ["--format", $0] }) {
                    let result = try program.run(["--replay", "-"] + format, input: log)
                    check(result, "\(verb) \(format)")
                    #expect(!result.output.isEmpty, "\(result.errors)")
                }
            }
        }
    }

    /// A run that failed, told by a stranger.
    private static func log(_ verb: Verb, _ texts: [UntrustedText]) throws -> String {
        let target = IPAddress(203, 0, 113, 7)
        let router = IPAddress(198, 51, 100, 1)
        let probe = Probe(id: 0, target: target, ttl: 1, sequence: 0)
        let interface = InterfaceInformation(role: .incoming, name: texts[3])
        let response = ProbeReply(from: router, rtt: .milliseconds(1), kind: .timeExceeded, interface: interface)
        let error = ProbeError(ProbeError.Code(rawValue: texts[4].raw), texts[5].raw, remedy: texts[6].raw)
        let run = RunDescription(
            verb: verb, target: ProbeTarget(name: texts[0].raw, address: target),
            method: ProbeMethod(rawValue: texts[1].raw), mode: texts[2].raw, startedAt: .epoch,
            parameters: RunDescription.Parameters())
        let events = [
            ProbeEvent(at: .zero, .started(run)), ProbeEvent(at: .zero, .sent(probe)),
            ProbeEvent(at: .zero, .reply(probe, response)), ProbeEvent(at: .zero, .named(router, texts[7])),
            ProbeEvent(at: .zero, .sendFailed(Probe(id: 1, target: target, ttl: 1, sequence: 1), error)),
            ProbeEvent(at: .zero, .ended(RunEnd(.failed, error: error))),
        ]
        return try events.map { try JSON.text($0) + "\n" }.joined()
    }
}
