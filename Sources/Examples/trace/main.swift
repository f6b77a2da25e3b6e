import CommandLineKit
import Glibc
import TraceCore

let output = OutputOptions()
let network = NetworkOptions()
let icmp = Option("I", "icmp", help: "Ask with ICMP echo requests.")
let tcp = Option("T", "tcp", help: "Ask with TCP connection requests.")
let udp = Option("U", "udp", help: "Ask with UDP datagrams; this is the default.")
let port = Option("p", "port", value: .integer(UInt16(1)...65535), help: "The destination port of UDP or TCP probes.")
let only4 = Option("4", "ipv4", help: "Use IPv4 only.")
let only6 = Option("6", "ipv6", help: "Use IPv6 only.")
let firstTTL = Option(
    "f", "first", value: .integer(UInt8(1)...255), default: 1, help: "Begin at this many hops.")
let maxTTL = Option("m", "max-hops", value: .integer(UInt8(1)...255), default: 30, help: "End at this many hops.")
let queries = Option("q", "queries", value: .integer(1...100), default: 3, help: "Ask each hop this often.")
let window = Option(
    "N", "sim-queries", value: .integer(1...65536), default: TraceSettings().window,
    help: "Have at most this many probes out at the same time; 16 is sparing.")
let pause = Option(
    "z", "sendwait", value: .duration(unit: .milliseconds(1)), default: TraceSettings().sendInterval,
    help: "Wait this long between two probes; a bare number is milliseconds.")
let wait = Option(
    "w", "wait", value: .list(of: .decimal(0...3600), count: 1...3), placeholder: "MAX[,HERE,NEAR]",
    help: "Wait for an answer at most MAX seconds, HERE times the same hop's first answer, or NEAR times a later "
        + "hop's (5,3,4).")
let gaps = Option(
    "gaps", value: .integer(0...255), default: TraceSettings().gapLimit,
    help: "End after this many silent hops in a row behind the last answer; 0 for never.")
let numeric = Option("n", "numeric", help: "Show addresses and no names.")
let host = Operand("host", optional: .host, help: "The host to trace: a name or an address.")

let command = Command(
    "trace", summary: "Show the path that packets take to a host.",
    description: [
        "Asks every hop of the path at once, so that the whole path is known after one round trip. A host that is "
            + "silent or unreachable is a result and not an error."
    ],
    version: "0.1.0", date: "2026-11-20",
    options: [
        OptionGroup("How to ask", [icmp, tcp, udp, port, only4, only6]),
        OptionGroup("What to ask", [firstTTL, maxTTL, queries, window, pause, wait, gaps]),
        OptionGroup("Output", [numeric, output.json, output.ndjson]), network.group,
    ],
    oneOf: [[icmp, tcp, udp], [only4, only6], [output.json, output.ndjson], [network.network, network.replay]],
    operands: [host],
    exitCodes: [
        0: "The host was reached.", 1: "It was not reached.", 2: "The trace could not be made, or not be printed.",
    ],
    examples: [
        "trace --network demo tokyo.example": "A path through the built-in simulated internet.",
        "trace --network demo --ndjson tokyo.example > run.ndjson": "Record the events of a run.",
        "trace --replay run.ndjson": "Report a recorded run again.",
    ],
    seeAlso: ["ping(1)"])

let parsed = command.parseOrExit()
if parsed[port] != nil, parsed[icmp] { command.fail(UsageError("--port is for UDP and TCP: ICMP has no ports")) }
if parsed[wait]?.dropFirst().contains(where: { $0 != $0.rounded() }) == true {
    command.fail(UsageError("--wait: HERE and NEAR must be whole numbers"))
}
if parsed[network.replay] != nil, parsed[host] != nil {
    command.fail(UsageError("--replay takes no host: the recording says which one it was"))
}
do {
    var printer = RunPrinter(
        TraceFold.self, TraceText(showsNames: !parsed[numeric]), format: output.format(in: parsed))
    if let events = try network.recordedEvents(of: "trace", in: parsed) {
        for event in events { try printer.apply(event) }
    } else {
        guard let host = parsed[host] else { command.fail(UsageError("which host? None was given")) }
        var settings = TraceSettings(
            firstTTL: parsed[firstTTL], maxTTL: parsed[maxTTL], queries: parsed[queries], window: parsed[window],
            sendInterval: parsed[pause], gapLimit: parsed[gaps])
        if let values = parsed[wait] {
            settings.patience.max = .seconds(values[0])
            if values.count > 1 { settings.patience.here = Int(values[1]) }
            if values.count > 2 { settings.patience.near = Int(values[2]) }
        }
        let transport: ProbeTransport =
            parsed[icmp] ? .icmp : parsed[tcp] ? .tcp(port: parsed[port] ?? 80) : .udp(port: parsed[port] ?? 33434)
        let options = RunOptions(family: parsed[only4] ? .v4 : parsed[only6] ? .v6 : nil, names: !parsed[numeric])
        func events(from prober: some Prober) -> RunEvents {
            Tracer(prober, settings: settings, options: options).events(to: host)
        }
        let events = events(from: try network.prober(transport, in: parsed))
        try await untilInterrupted {
            for try await event in events { try printer.apply(event) }
        }
    }
    let trace = try printer.finish()
    exit(trace.isReached ? 0 : 1)
} catch {
    command.fail("\(error)", exitCode: 2)
}
