import CommandLineKit
import Glibc
import TraceCore

let output = OutputOptions()
let network = NetworkOptions()
let udp = Option("udp", help: "Ask with UDP datagrams to a port where nobody should listen.")
let tcp = Option("tcp", help: "Ask with TCP connection requests.")
let port = Option("port", value: .integer(UInt16(1)...65535), help: "The destination port of UDP or TCP probes.")
let only4 = Option("4", "ipv4", help: "Use IPv4 only.")
let only6 = Option("6", "ipv6", help: "Use IPv6 only.")
let count = Option("c", "count", value: .integer(1...1_000_000_000), help: "Stop after this many probes.")
let interval = Option(
    "i", "interval", value: .duration(unit: .seconds(1)), default: .seconds(1),
    help: "Wait this long between two probes; a bare number is seconds.")
let timeout = Option(
    "W", "timeout", value: .duration(unit: .seconds(1)), default: PingSettings().timeout,
    help: "Wait this long for the answer to a probe; a bare number is seconds.")
let deadline = Option(
    "w", "deadline", value: .duration(unit: .seconds(1)),
    help: "Stop after this long; a bare number is seconds.")
let size = Option(
    "s", "size", value: .integer(UInt16(0)...65507),
    help: "Send this many bytes of payload; TCP probes have none.")
let ttl = Option("t", "ttl", value: .integer(UInt8(1)...255), default: 64, help: "Let probes live this many hops.")
let preload = Option(
    "l", "preload", value: .integer(1...1024), default: 1, help: "Send this many probes at once at the start.")
let adaptive = Option("A", "adaptive", help: "Send the next probe as soon as an answer comes.")
let numeric = Option("n", "numeric", help: "Show addresses and look up no names.")
let quiet = Option("q", "quiet", help: "Show the summary only.")
let host = Operand("host", optional: .host, help: "The host to ask: a name or an address.")

let command = Command(
    "ping", summary: "Ask a host whether it is there, and how far.",
    description: [
        "Sends a probe each second and shows the answers. Ctrl-C ends it with a summary, and Ctrl-\\ shows "
            + "one on the way."
    ],
    version: "0.1.0", date: "2026-11-20",
    options: [
        OptionGroup("How to ask", [udp, tcp, port, only4, only6]),
        OptionGroup("What to ask", [count, interval, timeout, deadline, size, ttl, preload, adaptive]),
        OptionGroup("Output", [numeric, quiet, output.json, output.ndjson]), network.group,
    ],
    oneOf: [[udp, tcp], [only4, only6], [output.json, output.ndjson], [network.network, network.replay]],
    operands: [host],
    exitCodes: [
        0: "An answer came.", 1: "None came.", 2: "The host could not be asked, or the answers not be printed.",
    ],
    examples: [
        "ping -c 4 --network demo tokyo.example": "Four probes through the built-in simulated internet.",
        "ping --replay run.ndjson": "Report a recorded run again.",
    ],
    seeAlso: ["trace(1)"])

let parsed = command.parseOrExit()
if parsed[port] != nil, !parsed[udp], !parsed[tcp] {
    command.fail(UsageError("--port needs --udp or --tcp: ICMP has no ports"))
}
if parsed[network.replay] != nil, parsed[host] != nil {
    command.fail(UsageError("--replay takes no host: the recording says which one it was"))
}
do {
    var printer = RunPrinter(PingFold.self, PingText(isQuiet: parsed[quiet]), format: output.format(in: parsed))
    if let events = try network.recordedEvents(of: "ping", in: parsed) {
        for event in events { try printer.apply(event) }
    } else {
        guard let host = parsed[host] else { command.fail(UsageError("which host? None was given")) }
        let settings = PingSettings(
            count: parsed[count], interval: parsed[interval], timeout: parsed[timeout], deadline: parsed[deadline],
            ttl: parsed[ttl], size: parsed[size], preload: parsed[preload], adaptive: parsed[adaptive])
        let transport: ProbeTransport =
            parsed[udp] ? .udp(port: parsed[port] ?? 33434) : parsed[tcp] ? .tcp(port: parsed[port] ?? 80) : .icmp
        let options = RunOptions(family: parsed[only4] ? .v4 : parsed[only6] ? .v6 : nil, names: !parsed[numeric])
        func events(from prober: some Prober) -> RunEvents {
            Pinger(prober, settings: settings, options: options).events(of: host)
        }
        let isEndless = settings.count == nil && settings.deadline == nil
        let events = events(from: try network.prober(transport, in: parsed, isEndless: isEndless))
        try await untilInterrupted(onQuit: { printer.showSummary() }) {
            for try await event in events { try printer.apply(event) }
        }
    }
    let report = try printer.finish()
    exit(report.received > 0 ? 0 : 1)
} catch {
    command.fail("\(error)", exitCode: 2)
}
