import Foundation
import Testing
import TraceCore

@Suite struct `The programs, as a person starts them` {
    private let trace = Program(name: "trace")
    private let ping = Program(name: "ping")

    @Test func `trace shows a path through the demo internet`() throws {
        let result = try trace("--network", "demo", "tokyo.example")
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        let lines = result.output.split(separator: "\n")
        #expect(lines.first?.hasPrefix("trace to tokyo.example (203.0.113.") == true)
        #expect(lines.count > 8)
        #expect(lines.last?.contains("tokyo.example (203.0.113.") == true)
        #expect(result.output.contains("<MPLS:L="))
        #expect(result.output.contains("* * *"))
    }

    @Test(arguments: ["-I", "-U", "-T"], ["-4", "-6"])
    func `every protocol reaches the target in both families`(_ method: String, _ family: String) throws {
        let result = try trace("--network", "demo", method, family, "-n", "frankfurt.example")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test(arguments: [([], 60), (["-I"], 60), (["-6"], 80), (["-6", "-I"], 80), (["-I", "100"], 100)])
    func `packets are as large as those of traceroute`(_ options: [String], _ size: Int) throws {
        let result = try trace.run(["--network", "demo", "tokyo.example"] + options)
        #expect(result.output.split(separator: "\n")[0].hasSuffix(", \(size) byte packets"), "\(result.output)")
    }

    @Test func `the JSON of a trace has the promised keys`() throws {
        let result = try trace("--network", "demo", "--json", "tokyo.example")
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        for key in ["schemaVersion", "target", "source", "method", "mode", "startedAt", "hops", "end"] {
            #expect(document[key] != nil, "\(key)")
        }
        #expect(document["method"] as? String == "udp")
        #expect((document["target"] as? [String: Any])?["name"] as? String == "tokyo.example")
        #expect((document["end"] as? [String: Any])?["reason"] as? String == "reached")
        let hops = try #require(document["hops"] as? [[String: Any]])
        #expect(hops.compactMap { $0["ttl"] as? Int } == Array(1...hops.count))
        let replies = hops.flatMap { $0["replies"] as? [[String: Any]] ?? [] }
        for reply in replies {
            for key in ["from", "rttMs", "kind", "replyTTL"] { #expect(reply[key] != nil, "\(key)") }
        }
        let label = try #require(replies.compactMap { $0["mpls"] as? [[String: Any]] }.first?.first)
        #expect(Set(label.keys) == ["label", "exp", "bottom", "ttl"])
    }

    @Test func `the JSON of a ping has the promised keys`() throws {
        let result = try ping("--network", "demo", "--json", "-c", "5", "tokyo.example")
        #expect(result.status == 0)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let keys = [
            "schemaVersion", "target", "method", "mode", "sent", "received", "duplicates", "lossPercent", "rtt",
            "replies",
        ]
        for key in keys { #expect(document[key] != nil, "\(key)") }
        let rtt = try #require(document["rtt"] as? [String: Any])
        for key in ["minMs", "avgMs", "maxMs", "stddevMs", "p50Ms", "p95Ms", "p99Ms"] {
            #expect(rtt[key] is Double, "\(key)")
        }
        let replies = try #require(document["replies"] as? [[String: Any]])
        #expect(replies.compactMap { $0["sequence"] as? Int } == [0, 1, 2, 3, 4])
        #expect(replies.allSatisfy { $0["from"] != nil && $0["rttMs"] != nil && $0["replyTTL"] != nil })
    }

    @Test(arguments: [[], ["--json"], ["--ndjson"]])
    func `a recorded run replayed prints byte for byte what the live run printed`(_ format: [String]) throws {
        for (program, host) in [(trace, "saopaulo.example"), (trace, "dead.example"), (ping, "tokyo.example")] {
            let count = program.name == "ping" ? ["-c", "3"] : []
            let live = try program.run(["--network", "demo"] + count + format + [host])
            let log = try program.run(["--network", "demo", "--ndjson"] + count + [host])
            let replayed = try program.run(["--replay", try Program.file(log.output)] + format)
            #expect(replayed.output == live.output)
            #expect(replayed.status == live.status)
            let piped = try program.run(["--replay", "-"] + format, input: log.output)
            #expect(piped.output == live.output)
        }
    }

    @Test func `a target that never answers is a result, with exit code 1`() throws {
        let traced = try trace("--network", "demo", "dead.example")
        #expect(traced.status == 1)
        #expect(traced.output.contains("not reached"))
        let pinged = try ping("--network", "demo", "-c", "2", "dead.example")
        #expect(pinged.status == 1)
        #expect(pinged.output.contains("2 packets transmitted, 0 received, 100% packet loss"))
    }

    /// What a person may get wrong, and a part of what they are told.
    static let mistakes: [([String], String)] = [
        (["--network", "demo"], "which host"),
        (["--jsn", "--network", "demo", "tokyo.example"], "--json"),
        (["--network", "demo", "nowhere.example"], "nowhere.example"),
        (["--network", "/no/such/file", "tokyo.example"], "/no/such/file"),
        (["--replay", "/no/such/log"], "/no/such/log"),
        (["--network", "demo", "-6", "192.0.2.1"], "only IPv6 was asked for"),
        (["--network", "demo", "--replay", "x", "tokyo.example"], "--replay"),
        (["--network"], "demo or the path of a topology file"),
        (["--replay", "x", "tokyo.example"], "--replay takes no host"),
        (["--network", "demo", "--port", "70000", "tokyo.example"], "from 1 to 65535"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is one error for people, and exit code 2`(_ arguments: [String], _ part: String) throws {
        for program in [trace, ping] {
            let result = try program.run(arguments)
            #expect(result.status == 2)
            #expect(result.output.isEmpty)
            #expect(result.errors.hasPrefix("\(program.name): "))
            #expect(result.errors.contains(part), "\(result.errors)")
        }
    }

    @Test(arguments: ["trace", "ping", "mtr", "sweep"])
    func `an unknown option is named, even if it is a number`(_ name: String) throws {
        for option in ["-3", "-7.5", "--thre"] {
            let result = try Program(name: name)("--network", "demo", option, "tokyo.example")
            #expect(result.status == (name == "sweep" ? 3 : 2))
            #expect(result.output.isEmpty)
            #expect(result.errors.hasPrefix("\(name): unknown option \(option.prefix(option == "--thre" ? 6 : 2))"))
        }
    }

    @Test(arguments: ["trace", "ping", "mtr", "sweep"])
    func `real time is only for a simulated network`(_ name: String) throws {
        let result = try Program(name: name)("--real-time", "localhost")
        #expect(result.errors.contains("give --network as well"), "\(result.errors)")
    }

    @Test(arguments: [
        (["-I", "--port", "80"], "--port is for UDP and TCP"), (["-w", "5,2.5,3"], "whole numbers"),
        (["-f", "20", "-m", "10"], "-f 20 is behind -m 10"),
    ]) func `options that do not go together are refused, not ignored`(_ options: [String], _ part: String) throws {
        let result = try trace.run(options + ["--network", "demo", "tokyo.example"])
        #expect(result.status == 2)
        #expect(result.errors.contains(part), "\(result.errors)")
    }

    @Test func `a log is replayed by the program that recorded it, one run at a time`() throws {
        let log = try ping("--network", "demo", "--ndjson", "-c", "1", "tokyo.example").output
        let other = try trace("--replay", "-", input: log)
        #expect(other.status == 2)
        #expect(other.errors.contains("standard input: the log of a ping, not of a trace"), "\(other.errors)")
        let twice = try ping("--replay", "-", input: log + log)
        #expect(twice.status == 2)
        #expect(twice.errors.contains("several runs"), "\(twice.errors)")
    }

    @Test(
        arguments: [
            ([], ["--mtu"], "Replay it with trace, without --mtu"),
            ([], ["--paths"], "Replay it with trace, without --paths"),
            (["--paths"], [], "Replay it with trace --paths"),
            (["--paths"], ["--mtu"], "Replay it with trace --paths, without --mtu"),
            (["--mtu"], [], "Replay it with trace --mtu"),
        ] as [([String], [String], String)])
    func `who replays a log otherwise is told how`(_ recorded: [String], _ asked: [String], _ advice: String) throws {
        let log = try trace.run(["--network", "demo", "--ndjson", "tokyo.example"] + recorded).output
        let result = try trace.run(["--replay", "-"] + asked, input: log)
        #expect(result.status == 2)
        #expect(result.errors.hasSuffix(". \(advice)\n"), "\(result.errors)")
    }

    @Test func `a log that was cut off is shown as far as it goes, and said to be cut off`() throws {
        let log = try ping("--network", "demo", "--ndjson", "-c", "2", "tokyo.example").output
        let lines = log.split(separator: "\n").prefix(3).joined(separator: "\n")
        let result = try ping("--replay", "-", input: lines + "\n")
        #expect(result.output.contains("icmp_seq=1 "))
        #expect(result.errors.contains("stops before the run ended"), "\(result.errors)")
        let broken = try ping("--replay", "-", input: String(lines.dropLast(5)))
        #expect(broken.output.contains("PING tokyo.example"))
        #expect(broken.errors.contains("ping: standard input:3: the recording breaks off"), "\(broken.errors)")
        #expect(broken.errors.contains("stops before the run ended"), "\(broken.errors)")
        let torn = try ping("--replay", "-", input: lines.dropLast(5) + "\n")
        #expect(torn.errors.hasPrefix("ping: standard input:3:"), "\(torn.errors)")
    }

    @Test func `a probe that is still out at the end is not lost, and is told`() throws {
        let log = try ping("--network", "demo", "--ndjson", "-c", "2", "tokyo.example").output
        let cut = log.split(separator: "\n").filter { !($0.contains("\"reply\"") && $0.contains("\"sequence\":1,")) }
        let result = try ping("--replay", "-", input: cut.joined(separator: "\n"))
        let sums = try #require(result.output.split(separator: "\n").first { $0.contains("transmitted") })
        #expect(sums.hasPrefix("2 packets transmitted, 1 received, 0% packet loss, time "), "\(sums)")
        #expect(sums.hasSuffix("ms, 1 without an answer yet"), "\(sums)")
    }

    @Test func `a router that answers a ping is quoted in words`() throws {
        let result = try ping("--network", "demo", "-t", "1", "-c", "1", "tokyo.example")
        #expect(result.output.contains("From 192.0.2.1 icmp_seq=1 Time to live exceeded"), "\(result.output)")
    }

    @Test func `what is meant for a closed standard output goes nowhere else`() throws {
        let result = try Program(shell: "exec \(trace.path) --network demo tokyo.example >&-").run([])
        #expect(result.status == 2)
        #expect(result.errors.contains("standard output: it is closed"), "\(result.errors)")
    }

    @Test func `a malformed topology is named with file, line and reason`() throws {
        let file = try Program.file("vantage here 192.0.2.1\nrouter gw 192.0.2.300\n")
        let result = try trace("--network", file, "gw")
        #expect(result.status == 2)
        #expect(result.errors.contains("\(file):2"), "\(result.errors)")
    }

    @Test(arguments: [
        ("{\"schemaVersion\":1,\"event\":\"sent\"}\n", ":1"), ("nonsense\n", ":1"), ("", "started"),
        ("{\"schemaVersion\":99,\"event\":\"sent\",\"atMs\":1}\n", "version 99"),
    ]) func `a malformed event log is named with its line and reason`(_ log: String, _ part: String) throws {
        let result = try trace("--replay", try Program.file(log))
        #expect(result.status == 2)
        #expect(result.errors.contains(part), "\(result.errors)")
    }

    /// 30 MB of a log, read by a program that may have 24 MB for its data.
    @Test func `a long log is replayed in little memory`() throws {
        let mtr = Program(name: "mtr")
        let rounds = 40
        let short = try mtr("--ndjson", "-c", "\(rounds)", "--network", "demo", "tokyo.example").output
        let lines = short.split(separator: "\n")
        let middle = lines.dropFirst().dropLast().joined(separator: "\n") + "\n"
        let times = 30_000_000 / middle.utf8.count
        let log = try Program.file(
            lines[0] + "\n" + String(repeating: middle, count: times) + lines[lines.count - 1] + "\n")
        let result = try Program(shell: "ulimit -d 24000; \(mtr.path) -r --replay \(log)").run([])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains(" \(rounds * times) "), "\(result.output)")
    }

    @Test func `the demo is offered where a network is asked for`() throws {
        for shell in ["bash", "zsh", "fish"] {
            let script = try trace("--completion", shell)
            #expect(script.output.contains("'demo'") || script.output.contains("\\'demo"), "\(script.output)")
        }
    }

    @Test func `the name of a file reaches the terminal escaped`() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\u{1B}[31m\(UUID().uuidString)")
        try Data("nonsense\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        for arguments in [["--replay", file.path], ["--network", file.path, "tokyo.example"]] {
            let result = try trace.run(arguments)
            #expect(result.status == 2)
            #expect(!result.errors.contains("\u{1B}"), "\(result.errors.debugDescription)")
        }
    }

    @Test func `all have help, a manual page and completions`() throws {
        for program in [trace, ping, Program(name: "sweep")] {
            for page in [["--help"], ["--version"], ["--man"], ["--completion", "bash"]] {
                let result = try program.run(page)
                #expect(result.status == 0)
                #expect(result.output.contains(program.name))
            }
        }
    }
}
