import TraceCoreCommandLine
import Glibc
import TraceCore

let options = SweepOptions()
let hosts = Operand("host", each: .host, help: "The hosts to ask. With `-g`: networks, or a first and a last address.")

let command = Command(
    "sweep", summary: "Ask many hosts whether they answer.",
    description: [
        "Asks each host until it answers, many at a time, and says which are alive. Without hosts it reads a list of "
            + "them from standard input. With `-c`, `-C` or `-l` it asks each host a number of times.",
        "Options, lines and exit codes are those of fping. What is said of hosts goes to standard output; sums and "
            + "statistics of text go to standard error.",
    ],
    options: options.groups, oneOf: options.exclusive, operands: [hosts],
    exitCodes: [
        0: "All hosts are alive; with `-x`, at least that many.", 1: "Some are not.", 2: "A name has no address.",
        3: "The command line is wrong.", 4: "The hosts could not be asked, or the answers could not be printed.",
        143: "The system asked the program to end (SIGTERM); what was known until then was printed.",
    ],
    usageExitCode: 3,
    examples: [
        "sweep -a -g 203.0.113.0/24 --network demo": "Who is alive in a simulated network.",
        "sweep -C 5 -q -f hosts.txt": "Five round trips of each host in a list.",
        "sweep -g 10.0.0.0/14 -i 0.02 -r 1 -a > alive.txt": "A large network at 50,000 probes a second.",
    ],
    seeAlso: ["ping(1)", "trace(1)", "fping(8)"])

let parsed = command.parseOrExit()
do {
    try options.probes.check(parsed, over: options.network)
    try options.network.checkHosts(parsed[hosts].count, in: parsed)
    if parsed[options.file] != nil, !parsed[hosts].isEmpty {
        throw UsageError("-f and hosts cannot be used together: add them to the file")
    }
    exit(try await parsed[options.network.replay] == nil ? sweep() : replay())
} catch let error as UsageError {
    command.fail(error)
} catch let error as ProbeError where error.code == .badSetting {
    command.fail(UsageError(error.description))
} catch {
    command.fail("\(error)", exitCode: 4)
}

/// Shows a recorded sweep again; gives the exit code.
@MainActor func replay() async throws -> Int32 {
    let events = try options.network.recordedEvents(of: "sweep", in: parsed) ?? []
    var style = try options.style(in: parsed, of: events.firstRun)
    let targets = Set(events.compactMap(\.probe?.target))
    style.nameWidth = targets.reduce(0) { max($0, "\($1)".utf8.count) }
    for event in events {
        if case .named(let address, let name?) = event.fact, targets.contains(address) {
            style.nameWidth = max(style.nameWidth, name.description.utf8.count)
        }
    }
    let printer = SweepPrinter(try options.output.format(in: parsed), FpingOutput(style))
    try printer.apply(events)
    try printer.finish()
    return exitCode(printer, unknown: 0)
}

/// Asks the hosts; gives the exit code.
@MainActor func sweep() async throws -> Int32 {
    let settings = options.settings(in: parsed)
    let prober = try options.probes.prober(of: options.network, in: parsed, isEndless: parsed[options.loop])
    let list = try await targets(resolver: prober.resolver)
    guard list.targets.count > 0 else {
        if list.unknown == 0 { Output.error.print("sweep: there are no hosts to ask: the list is empty") }
        return list.unknown > 0 ? 2 : 1
    }
    var style = try options.style(in: parsed)
    let isReverse = parsed[options.reverse]
    let looksUp = isReverse || parsed[options.named]
    style.naming = parsed[options.byAddress] ? (looksUp ? .both : .address) : .name
    if style.content != .targets { style.nameWidth = list.nameWidth(style.naming) }
    let format = try options.output.format(in: parsed)
    let isListed = style.content == .targets && format == .text
    let printer = SweepPrinter(
        format, FpingOutput(style, unknown: list.unknown),
        total: isListed ? list.targets.count : nil, interval: settings.interval)

    let given = isReverse ? [] : list.names
    let named = Set(given.map(\.address))
    let isNeeded = { (event: ProbeEvent) in
        switch event.fact {
        case .sent, .started, .named, .ended: false
        case .timedOut where style.listing == .alive: false
        default: event.probe.map { !named.contains($0.target) } ?? false
        }
    }
    let queue = NamedEvents(prober.resolver, isNeeded: looksUp ? isNeeded : nil) { try printer.apply($0) }
    let run = Sweeper(prober, settings: settings, options: options.probes.run(in: parsed, names: false))
        .events(for: list.targets)
    let interruption = try await untilInterrupted(onQuit: { printer.showSummary() }) {
        for try await batch in run.batches {
            guard let first = batch.first, case .started = first.fact else {
                try await queue.add(batch)
                continue
            }
            // The names that hosts were given by are facts of the run, and a recording has them.
            let names = given.map { ProbeEvent(at: .zero, .named($0.address, $0.name)) }
            try await queue.add([first] + names + batch.dropFirst())
        }
        try await queue.finish()
    }
    try printer.finish()
    return interruption.exitCode(of: exitCode(printer, unknown: list.unknown))
}

/// The hosts to ask.
@MainActor func targets(resolver: any NameResolver) async throws -> TargetList {
    if parsed[options.generate] { return try TargetList(generatedFrom: parsed[hosts]) }
    var names = parsed[hosts].map { TargetName($0) }
    if names.isEmpty {
        if parsed[options.file] == nil, isatty(STDIN_FILENO) == 1 {
            throw UsageError("which hosts? Give some, a list with -f, or networks with -g")
        }
        names = try TargetName.list(in: Input(parsed[options.file] ?? "-"))
    }
    return await TargetList(
        names, resolver: resolver, family: options.probes.run(in: parsed).family, takesAll: parsed[options.all])
}

@MainActor func exitCode(_ printer: SweepPrinter, unknown: Int) -> Int32 {
    if printer.end?.reason == .failed { return 4 }
    if let wanted = parsed[options.reachable] {
        let isEnough = printer.alive >= wanted
        Output.standard.print(
            "\(isEnough ? "Enough" : "Not enough") hosts reachable (required: \(wanted), reachable: \(printer.alive))")
        return isEnough ? 0 : 1
    }
    if unknown > 0 { return 2 }
    // Who was not asked any more is not known to be alive; only a loop is meant to be interrupted.
    let isWhole = printer.end?.reason == .completed || parsed[options.loop]
    return isWhole && printer.alive == printer.asked ? 0 : 1
}
