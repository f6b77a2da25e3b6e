import TraceCoreCommandLine
import TraceCore

let options = PingOptions()
let network = options.network
let host = Operand("host", optional: .host, help: "The host to ask: a name or an address.")

let command = Command(
    "ping", summary: "Ask a host whether it answers, and how fast.",
    description: [
        "Sends a probe each second and shows the answers. Ctrl-C ends it with a summary, and Ctrl-\\ shows "
            + "one on the way.",
        "Options, lines and exit codes are those of the ping that Linux users know.",
    ],
    options: options.groups, oneOf: options.exclusive, operands: [host],
    exitCodes: [
        0: "An answer came.", 1: "None came; with `-c` and `-w`, not enough of them.",
        2: "The host could not be asked, or the answers could not be printed.",
        143: "The system asked the program to end (SIGTERM); what was known until then was printed.",
    ],
    examples: [
        "ping -c 4 --network demo tokyo.example": "Four probes through the built-in simulated internet.",
        "ping -c 1 -w 30 --network demo lisbon.example": "Wait for a host, 30 seconds at the most.",
        "ping --replay run.ndjson": "Report a recorded run again.",
        "ping -c 4 --network demo --format fping tokyo.example": "What `fping -J -c 4` would print.",
    ],
    seeAlso: ["trace(1)", "sweep(1)"])

await command.run { parsed in
    try options.check(parsed)
    try network.checkHosts(parsed[host] == nil ? 0 : 1, in: parsed)
    let format = try options.output.format(in: parsed)
    try options.chart.check(parsed)
    var picture = parsed[options.chart.file].map { _ in PingReport.Chart.Fold() }
    var printer = RunPrinter(PingReport.Fold.self, PingReport.Text(options.style(in: parsed)), form: format.form)
    let dots = FloodDots(
        isShown: parsed[options.flood] && !parsed[options.quiet] && format == .text,
        isAudible: parsed[options.audible])
    var interruption = Interruption()
    if let run = try network.recordedRun(of: "ping", in: parsed, needsBeginning: false) {
        try run.forEach { event in
            try printer.apply(event)
            picture?.apply(event)
        }
    } else {
        guard let host = parsed[host] else { throw UsageError.noHost }
        let request = options.request(for: host, in: parsed)
        let events = request.events(over: try network.prober(for: request, in: parsed), for: TargetName(host))
        interruption = try await untilInterrupted(onQuit: { printer.showSummary() }) {
            for try await event in events {
                try printer.apply(event)
                picture?.apply(event)
                dots.apply(event)
            }
        }
    }
    let report = try printer.finish()
    try options.chart.write(picture?.report()?.svg(), in: parsed)
    let wanted = report.end?.reason == .deadline ? report.run.parameters.count ?? 1 : 1
    return interruption.exitCode(of: report.received >= wanted ? 0 : 1)
}
