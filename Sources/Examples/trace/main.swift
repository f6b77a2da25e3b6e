import CommandLineKit
import Glibc
import TraceCore

let options = TraceOptions()
let network = options.network
let hosts = Operand(
    "host", each: .host,
    help: "The host to trace: a name or an address; or several. A number behind them is the size of the packets, IP "
        + "header and all.")

let command = Command(
    "trace", summary: "Show the path that packets take to a host, or to many.",
    description: [
        "Asks every hop of the path at once, so that the whole path is known after one round trip. A host that is "
            + "silent or unreachable is a result and not an error.",
        "Several hosts are traced at the same time, at one rate over all of them. Each path is printed whole, and they "
            + "come in the order of the hosts. `--json` makes one array of them; the events of `--ndjson` say by `runID` "
            + "which host they are about, counted from 0.",
        "`--format` writes what other tools write or read. Of several hosts, `json` and `dict` make an array, `atlas` and "
            + "`scamper` a line each, `mtr` one document behind the other as mtr does, `mtr-csv` one table, and "
            + "`markdown` one section behind the other.",
    ],
    version: "0.1.0", date: "2026-11-20",
    options: options.groups, oneOf: options.exclusive, operands: [hosts],
    exitCodes: [
        0: "Each host was reached.", 1: "One was not.", 2: "One could not be traced, or the paths not be printed.",
    ],
    examples: [
        "trace --network demo tokyo.example": "A path through the built-in simulated internet.",
        "trace --network demo tokyo.example london.example sydney.example": "Three of them at once.",
        "trace --network demo --ndjson tokyo.example > run.ndjson": "Record the events of a run.",
        "trace --replay run.ndjson": "Report a recorded run again.",
        "trace --network demo --mtu tokyo.example": "How large packets may be, and where they become too large.",
        "trace -I --json --targets hosts.txt": "All hosts of a list, as one JSON document.",
        "trace --network demo --paths singapore.example": "Every path that routers balance over.",
        "trace --network demo --format markdown tokyo.example": "A table for a ticket.",
        "trace --join berlin.ndjson --join tokyo.ndjson --format dot": "One graph of what several machines recorded.",
        "trace --network demo --map tokyo.svg tokyo.example": "Where the path runs, as text and on a map.",
    ],
    seeAlso: ["ping(1)", "sweep(1)", "traceroute(8)"])

let parsed = command.parseOrExit()
var geography: Geography?
var format = TraceFormat.text
do {
    format = try options.format(in: parsed)
    try options.probes.check(parsed, over: network)
    try options.paths.check(parsed)
    geography = try options.geography.geography(in: parsed, over: network)
    if parsed[network.replay] != nil, !parsed[hosts].isEmpty {
        throw UsageError("--replay takes no host: the recording says which one it was")
    }
    if !parsed[options.paths.join].isEmpty {
        guard parsed[hosts].isEmpty, parsed[network.replay] == nil else {
            throw UsageError("--join takes recorded runs alone: no host, and no --replay")
        }
        Output.standard.write(
            try options.paths.joined(parsed, format, showsNames: !parsed[options.probes.numeric]))
        exit(0)
    }
    if parsed[options.mtu] { exit(try await pathMTU()) }
    exit(try await parsed[network.replay] == nil ? trace() : replay())
} catch let error as UsageError {
    command.fail(error)
} catch {
    command.fail("\(error)", exitCode: 2)
}

/// Finds the MTU of a path, or shows a recorded run again; gives the exit code.
@MainActor func pathMTU() async throws -> Int32 {
    let run = PathMTURun(options: options, parsed: parsed)
    if parsed[network.replay] != nil { return try run.replay() }
    guard parsed[hosts].count == 1 else {
        throw UsageError("--mtu is for one host, and finds the length of packets itself")
    }
    return try await run.run(to: TargetName(parsed[hosts][0]))
}

/// Shows recorded traces again; gives the exit code.
@MainActor func replay() async throws -> Int32 {
    if parsed[options.paths.paths] { return try replayPaths(try pathsPrinter()) }
    let runs = try network.recordedRuns(of: "trace", in: parsed) ?? []
    guard runs.count > 1 else {
        var printer = onePrinter()
        for event in runs.first ?? [] { try printer.apply(event) }
        return try finish(&printer)
    }
    let printer = manyPrinter(total: runs.count)
    for (position, events) in runs.enumerated() {
        try printer.apply(events.map { FleetEvent(position: position, event: .success($0)) })
    }
    try printer.finish()
    try geography?.draw(printer.reports)
    return printer.exitCode
}

/// Traces the host, or the hosts; gives the exit code.
@MainActor func trace() async throws -> Int32 {
    var names = parsed[hosts]
    var length: Int?
    // As with traceroute; no host is called by a number alone.
    if names.count > 1 || parsed[options.targets] != nil, let number = names.last.flatMap({ Int($0) }) {
        length = number
        names.removeLast()
    }
    var targets = names.map { TargetName($0) }
    if let list = parsed[options.targets] { targets += try TargetName.list(in: Input(list)) }
    if length != nil, options.probes.method(in: parsed) == .tcp {
        throw UsageError("a packet length is not for TCP: connection requests are empty")
    }
    if parsed[options.paths.paths] {
        guard targets.count == 1 else { throw UsageError("--paths takes one host") }
        return try await searchPaths(targets[0], length)
    }
    if targets.count == 1, parsed[options.targets] == nil { return try await traceOne(targets[0], length) }
    guard !targets.isEmpty else {
        guard let list = parsed[options.targets] else { throw UsageError("which host? None was given") }
        throw UsageError("\(Input(list).name) lists no hosts")
    }
    return try await traceMany(targets, length)
}

/// What is printed of a trace.
@MainActor func traceForm() -> RunForm { format.form(geography, showsRewrites: parsed[options.rewrites]) }

/// What prints one trace.
@MainActor func onePrinter() -> RunPrinter<TraceFold, TraceText> {
    RunPrinter(TraceFold.self, options.text(in: parsed, geography), form: traceForm())
}

/// Prints and draws what comes at the end of one trace; gives the exit code.
@MainActor func finish(_ printer: inout RunPrinter<TraceFold, TraceText>) throws -> Int32 {
    let trace = try printer.finish()
    if parsed[options.rewrites], format == .text {
        for line in PacketChangesText(trace).lines { Output.standard.print(line) }
    }
    if let geography, format == .text {
        for line in geography.corrections(trace) { Output.standard.write(line + "\n") }
    }
    try geography?.draw([trace])
    return trace.isReached ? 0 : 1
}

/// What prints a search for all paths.
@MainActor func pathsPrinter() throws -> PathsPrinter {
    PathsPrinter(
        PathGraphFold.self, PathGraphText(showsNames: !parsed[options.probes.numeric]),
        form: try options.paths.form(format))
}

/// Shows a recorded search for all paths again; gives the exit code.
@MainActor func replayPaths(_ printer: PathsPrinter) throws -> Int32 {
    var printer = printer
    let runs = try network.recordedRuns(of: "paths", in: parsed) ?? []
    for event in runs.first ?? [] { try printer.apply(event) }
    return try printer.end()
}

/// Looks for all paths to a host; gives the exit code.
@MainActor func searchPaths(_ target: TargetName, _ length: Int?) async throws -> Int32 {
    let prober = try options.probes.prober(of: network, in: parsed)
    var settings = try options.settings(in: parsed)
    let run = options.probes.run(in: parsed)
    let host = try await target.probeTarget(using: prober.resolver, family: run.family)
    if let length { settings.size = try options.probes.payload(ofPacket: length, host.address.family) }
    func events(from prober: some Prober) -> RunEvents {
        Tracer(prober, settings: settings, options: run).pathEvents(
            to: host, options.paths.settings(settings, in: parsed))
    }
    let events = events(from: prober)
    var printer = try pathsPrinter()
    try await untilInterrupted {
        for try await event in events { try printer.apply(event) }
    }
    return try printer.end()
}

/// What prints many traces.
@MainActor func manyPrinter(total: Int) -> ManyTraces {
    let traces = ManyTraces(
        format, form: traceForm(), options.text(in: parsed, geography), geography, total: total)
    traces.showsRewrites = parsed[options.rewrites]
    return traces
}

@MainActor func traceOne(_ target: TargetName, _ length: Int?) async throws -> Int32 {
    let prober = try options.probes.prober(of: network, in: parsed)
    var settings = try options.settings(in: parsed)
    if let rate = parsed[options.rate], rate > 0 {
        settings.sendInterval = max(settings.sendInterval, .seconds(1) / rate)
    }
    let run = options.probes.run(in: parsed)
    // What a packet holds depends on the family, and so on what the name stands for.
    let host = try await target.probeTarget(using: prober.resolver, family: run.family)
    if let length { settings.size = try options.probes.payload(ofPacket: length, host.address.family) }
    func events(from prober: some Prober) -> RunEvents {
        Tracer(prober, settings: settings, options: run).events(to: host)
    }
    let events = events(from: prober)
    var printer = onePrinter()
    try await untilInterrupted {
        for try await event in events {
            try printer.apply(event)
            // Here and at once: for a path of 80 ms, the way back over the tasks that wait would be a part of what one
            // waits for.
            if printer.hasEnded { exit(try finish(&printer)) }
        }
    }
    return try finish(&printer)
}

@MainActor func traceMany(_ targets: [TargetName], _ length: Int?) async throws -> Int32 {
    let prober = try options.probes.prober(of: network, in: parsed)
    var settings = try options.settings(in: parsed)
    let run = options.probes.run(in: parsed)
    if let length {
        guard let family = run.family else {
            throw UsageError("with several hosts, a packet length needs -4 or -6: what a packet holds depends on it")
        }
        settings.size = try options.probes.payload(ofPacket: length, family)
    }
    func events(from prober: some Prober) -> RunStream<FleetEvent> {
        Tracer(prober, settings: settings, options: run).events(ofAll: targets, pace: options.pace(in: parsed))
    }
    let events = events(from: prober)
    let printer = manyPrinter(total: targets.count)
    try await untilInterrupted {
        for try await batch in events.batches { try printer.apply(batch) }
    }
    try printer.finish()
    try geography?.draw(printer.reports)
    return printer.exitCode
}
