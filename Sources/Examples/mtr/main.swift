import TraceCoreCommandLine
import Glibc
import TraceCore

let asking = Asking()
let reporting = Reporting()
let network = NetworkOptions()
let host = Operand("host", optional: .host, help: "The host at the end of the path: a name or an address.")

let command = Command(
    "mtr", summary: "Watch the path that packets take to a host.",
    description: [
        "Asks every hop of the path once a second, and shows on the whole screen how often and how fast each answers. "
            + "`h` lists the keys, `q` quits.",
        "With `-r` and its kin, or where standard output is no terminal, it asks ten times and prints a report.",
    ],
    version: "0.1.0", date: "2026-11-20",
    options: asking.groups + [reporting.group, network.group],
    oneOf: asking.probes.exclusive(with: network) + reporting.exclusive + [[network.network, network.replay]],
    operands: [host],
    exitCodes: [
        0: "The host answered, or the screen was left.", 1: "It did not answer.",
        2: "The path could not be watched, or the report not be printed.",
        129: "The terminal was closed.",
        143: "The system asked the program to end (SIGTERM); a report has what was known until then.",
    ],
    environment: ["NO_COLOR": "Where set, the screen has no colours."],
    examples: [
        "mtr --network demo tokyo.example": "A path through the built-in simulated internet, on the whole screen.",
        "mtr -r -c 10 --network demo tokyo.example": "A report of ten rounds.",
        "mtr -r -z --network demo tokyo.example": "A report that says whose network each router belongs to.",
        "mtr --network demo --ndjson -c 60 tokyo.example > run.ndjson": "Record a minute.",
        "mtr --changes --limit 50 --network demo -c 60 tokyo.example": "Tell what changes within a minute.",
        "mtr --changes --state tokyo.state --network demo tokyo.example":
            "Tell what changes, also since the last time.",
        "mtr -r -c 48 --flows 16 --network demo tokyo.example": "Each of the paths that routers balance over.",
        "mtr --replay run.ndjson": "Look at the record on the screen; with --real-time, as it happened.",
    ],
    seeAlso: ["trace(1)", "ping(1)"])

let parsed = command.parseOrExit()
/// Who knows the numbers of networks, where they are asked for.
let systems: (@Sendable (IPAddress) -> UInt32?)?
do {
    try asking.probes.check(parsed, over: network)
    if parsed[reporting.limit] != nil, !parsed[reporting.changes] {
        throw UsageError("--limit goes with --changes")
    }
    if let state = parsed[reporting.state] {
        if !parsed[reporting.changes] { throw UsageError("--state goes with --changes") }
        if state == "-" { throw UsageError("--state is read and written: name a file") }
    }
    if parsed[network.replay] != nil, parsed[host] != nil {
        throw UsageError("--replay takes no host: the recording says which one it was")
    }
    systems = try reporting.systems(in: parsed)
} catch let error as UsageError {
    command.fail(error)
} catch {
    command.fail("\(error)", exitCode: 2)
}

/// The events of a recording, or of a run that is still to be made.
enum Watched {
    case recorded([ProbeEvent])
    case host(ProbeTarget, any NameResolver)
}

/// Whom to ask; a name is looked up once, so that all runs of a screen ask the same address.
@MainActor func watched(isEndless: Bool) async throws -> Watched {
    if let events = try network.recordedEvents(of: "monitor", in: parsed) { return .recorded(events) }
    guard let host = parsed[host] else { command.fail(UsageError("which host? None was given")) }
    let prober = try asking.probes.prober(of: network, in: parsed, isEndless: isEndless)
    let family = asking.probes.run(in: parsed).family
    return .host(try await host.probeTarget(using: prober.resolver, family: family), prober.resolver)
}

/// The events of a run that asks a host.
@MainActor func events(
    for target: ProbeTarget, by method: ProbeMethod, rounds: Int?, isEndless: Bool, behind gate: PauseGate? = nil
) throws -> RunStream<ProbeEvent> {
    let settings = try asking.settings(
        for: target, method, rounds: rounds, forChanges: parsed[reporting.changes], in: parsed)
    let options = asking.probes.run(in: parsed)
    var prober = try asking.probes.prober(of: network, by: method, in: parsed, isEndless: isEndless)
    if let gate {
        func paused(_ prober: some Prober) -> any Prober { PausableProber(prober, gate: gate) }
        prober = paused(prober)
    }
    return PathMonitor(prober, settings: settings, options: options).events(for: target)
}

/// Shows the path on the screen until somebody leaves it; false where there is no screen.
@MainActor func showOnScreen() async throws -> Bool {
    guard Terminal.output.allowsAnimation else { return false }
    let isEndless = parsed[asking.count] == nil
    let source: PathSource
    switch try await watched(isEndless: isEndless) {
    case .recorded(let events): source = PathSource(recorded: events, isPaced: parsed[network.realTime])
    case .host(let target, let resolver):
        source = PathSource(asking: asking.probes.method(in: parsed), resolver: resolver) { method, gate, show in
            let events = try events(
                for: target, by: method, rounds: parsed[asking.count], isEndless: isEndless, behind: gate)
            for try await event in events { show(event) }
        }
    }
    guard let screen = PathScreen(source, fields: parsed[reporting.order], hosts: reporting.hosts(in: parsed)) else {
        return false
    }
    switch try await screen.show() {
    case .left: return true
    case .signal(let signal): exit(128 + signal.rawValue)
    }
}

/// Prints a report, and gives the exit code: whether the host answered.
@MainActor func report(_ form: Reporting.Form) async throws -> Int32 {
    var interruption = Interruption()
    var run = ReportRun(form, hasFlows: asking.flowCount(in: parsed) > 1)
    let rounds = parsed[asking.count] ?? (form == .ndjson ? nil : 10)
    let isRecorded = parsed[network.replay] != nil
    switch try await watched(isEndless: rounds == nil) {
    case .recorded(let events): for event in events { try run.apply(event) }
    case .host(let target, _):
        let events = try events(
            for: target, by: asking.probes.method(in: parsed), rounds: rounds, isEndless: rounds == nil)
        let progress = Progress()
        interruption = try await untilInterrupted {
            for try await event in events {
                try run.apply(event)
                if case .sent(let probe) = event.fact, form != .ndjson {
                    progress.show("round \(probe.sequence + 1) of \(rounds ?? 0)")
                }
            }
        }
        progress.clear()
    }
    let path = try run.finish()
    // A recording does not say what its packets were filled with.
    try reporting.print(
        path, as: form, in: parsed, trafficClass: isRecorded ? nil : parsed[asking.probes.trafficClass] ?? 0,
        bitPattern: isRecorded ? nil : asking.probes.packets(in: parsed).pattern.first,
        system: systems)
    for line in run.remarks { Output.standard.print(line) }
    Output.standard.flush()
    return interruption.exitCode(of: path.isReached ? 0 : 1)
}

do {
    if parsed[reporting.changes] { exit(try await watchChanges()) }
    if let form = reporting.form(in: parsed) { exit(try await report(form)) }
    if try await showOnScreen() { exit(0) }
    Output.error.print("mtr: standard output is no terminal to draw on: here is a report, as with -r")
    exit(try await report(.text))
} catch {
    command.fail("\(error)", exitCode: 2)
}
