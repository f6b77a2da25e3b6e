import Testing
import TraceCore

/// Nothing that is given to `trace` is ignored: it works, or an error says why it cannot.
@Suite(.onItsOwnThread) struct `What does not go together in trace` {
    private let trace = Program(name: "trace")

    private static let join = ["--join", "a.ndjson", "--join", "b.ndjson"]

    private static let lines: [(arguments: [String], part: String)] =
        [
            // One thing is looked for at a time.
            (["--mtu", "--paths"], "--mtu"), (["--mtu", "--rewrites"], "--rewrites"), (["--mtu"] + join, "--join"),
            (["--paths", "--rewrites"], "--rewrites"), (["--rewrites"] + join, "--rewrites"),
            // And one host at a time for that.
            (["--mtu", "other.example"], "--mtu is for one host"), (["--mtu", "1400"], "finds the length"),
            (["--paths", "other.example"], "--paths takes one host"),
            (["--confidence", "0.9"], "--confidence is for --paths"),
            (["--confidence", "0.9", "--mtu"], "--confidence is for --paths"),
            (["--join", "a.ndjson"], "give it several times"), (join, "no host"),
            // What the probes of another kind of run would not show.
            (["--paths", "--identity", "classic"], "which --paths cannot follow"),
            (["--mtu", "--identity", "dublin"], "--mtu needs them too"),
            (["--here", "1,2"], "--here is for"), (["-T", "1400"], "not for TCP"),
            (["65536"], "too large"), (["-6", "70000"], "too large"), (["27"], "IPv4 needs 30"),
            (["29"], "two bytes"), (["-I", "27"], "IPv4 needs 28"), (["-6", "49"], "IPv6 needs 50"),
            (["--identity", "classic", "27"], "IPv4 needs 28"), (["-I", "-p", "7"], "-p is for"),
            (["-4", "-l", "7"], "-l is for IPv6"), (["-w", "1,2.5"], "whole numbers"),
        ]
        + [
            ["--targets", "x"], ["--rate", "9"], ["--concurrency", "9"], ["--geo", "demo"], ["-A"], ["--map", "x.svg"],
        ].flatMap {
            [(["--mtu"] + $0, $0[0]), (["--paths"] + $0, $0[0])]
        }
        + [["-q", "4"], ["-N", "4"], ["-e"]].map { (["--paths"] + $0, $0[0]) }
        + ["ndjson", "mtr", "mtr-csv", "atlas", "scamper", "markdown", "dot", "dict"].flatMap {
            [
                (["--geo", "demo", "--format", $0], "--geo"), (["-A", "--format", $0], "-A"),
                (["--rewrites", "--format", $0], "--rewrites"),
            ]
        }
        + ["mtr", "mtr-csv", "markdown", "dot", "dict"].map { (["-e", "--format", $0], "--extensions") }
        + ["mtr", "mtr-csv", "atlas", "scamper", "markdown", "dot", "dict"].map {
            (["--mtu", "--format", $0], "no room")
        }
        + ["mtr", "mtr-csv", "atlas", "scamper", "markdown", "dict"].map { (["--paths", "--format", $0], "one path") }

    @Test(arguments: lines) func `is a usage error for a host`(_ arguments: [String], _ part: String) throws {
        let network = arguments.contains("--join") ? [] : ["--network", "demo"]
        try check(network + ["tokyo.example"] + arguments, part)
    }

    /// Options of runs that are made, which say nothing to one that has been.
    private static let live = [
        ["-I"], ["-T"], ["-U"], ["-p", "7"], ["-4"], ["-6"], ["-f", "2"], ["-m", "9"], ["-q", "4"], ["-N", "4"],
        ["-z", "1"], ["-w", "1"], ["--gaps", "3"], ["--targets", "x"], ["--rate", "9"], ["--concurrency", "9"],
        ["-s", "192.0.2.1"], ["-i", "lo"], ["--sport", "9"], ["-t", "ef"], ["-F"], ["-l", "7"],
        ["--identity", "paris"], ["--mode", "raw"], ["--network", "demo"], ["--real-time"],
        ["--confidence", "0.9", "--paths"],
    ]

    @Test(arguments: live) func `is a usage error for a recording`(_ arguments: [String]) throws {
        try check(["--replay", "-"] + arguments, "cannot be used together")
        try check(Self.join + arguments, "cannot be used together")
    }

    @Test(arguments: [
        ["--replay", "-", "tokyo.example"], ["--real-time", "tokyo.example"], [], ["--paths"], ["--mtu"],
        join + ["--replay", "-"], join + ["--geo", "demo"], join + ["-A"], ["-A", "tokyo.example"],
        join + ["--map", "x.svg"], join + ["-e"],
        join + ["--here", "1,2"],
    ]) func `is a usage error in every other case`(_ arguments: [String]) throws {
        try check(arguments, "")
    }

    @Test(arguments: [[], ["--paths"], ["--mtu"]], [[], ["--json"], ["--ndjson"]])
    func `asks a recording for no names where none are wanted`(_ kind: [String], _ format: [String]) throws {
        let log = try trace.run(["--network", "demo", "--ndjson", "tokyo.example"] + kind).output
        let live = try trace.run(["--network", "demo", "-n", "tokyo.example"] + kind + format)
        let replayed = try trace.run(["--replay", "-", "-n"] + kind + format, input: log)
        #expect(replayed.output == live.output && replayed.status == live.status)
    }

    @Test func `keeps to the pace that was asked for, in every kind of run`() throws {
        for kind in ["--queries=3", "--paths", "--mtu"] {
            let log = try trace("--network", "demo", "-n", "-z", "1", kind, "--ndjson", "lisbon.example").output
            let events = try EventLog.events(from: Array(log.utf8))
            // What is too large for the own interface leaves nothing behind that would have to be waited for.
            let refused = Set(
                events.compactMap { if case .sendFailed(let probe, _) = $0.fact { probe.id } else { nil } })
            let times = events.compactMap { event -> Duration? in
                guard case .sent(let probe) = event.fact, !refused.contains(probe.id) else { return nil }
                return event.at
            }
            // The first large packet of --mtu follows the small ones as soon as these are decided.
            let early = zip(times, times.dropFirst()).count { $1 - $0 < .seconds(1) }
            #expect(times.count > 12 && early <= (kind == "--mtu" ? 1 : 0), "\(kind): \(times)")
        }
    }

    private func check(_ arguments: [String], _ part: String) throws {
        let result = try trace.run(arguments)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("trace: ") && result.errors.hasSuffix("\nTry 'trace --help'.\n"))
        #expect(result.errors.contains(part), "\(result.errors)")
    }
}
