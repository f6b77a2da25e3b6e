import TraceCoreCommandLine
import TraceCore

/// The options that say how a path is asked, and what they come to.
struct Asking {
    let probes = ProbeOptions(
        ProbeHabits(
            method: .icmp,
            spellings: [
                .udp: ["u"], .tcp: ["T"], .port: ["P"], .source: ["a", "address"], .interface: ["I"],
                .sourcePort: ["L", "localport"], .size: ["s", "psize"], .pattern: ["B", "bitpattern"],
                .trafficClass: ["Q"], .numeric: ["n", "no-dns"],
            ],
            omitted: [.pathMTU], size: .packet, usualSize: 64, pattern: .byte, usualPattern: [0]))

    let interval = Option(
        "i", "interval", value: .duration(unit: .seconds(1), .milliseconds(1) ... .seconds(86_400)),
        default: .seconds(1), help: "Ask all hops once in this time; a bare number is seconds.")
    let count = Option(
        "c", "report-cycles", "count", value: .integer(1...1_000_000_000),
        help: "Ask each hop this often: 10 times in a report unless told otherwise, and without end on the screen "
            + "and with `--ndjson`.")
    let firstTTL = Option(
        "f", "first-ttl", value: .integer(UInt8(1)...255), default: 1, help: "Begin at this many hops.")
    let maxTTL = Option("m", "max-ttl", value: .integer(UInt8(1)...255), default: 30, help: "End at this many hops.")
    let gaps = Option(
        "U", "max-unknown", value: .integer(1...255), default: MonitorSettings().gapLimit,
        help: "While the host is not found, ask so many hops behind the last one that answered.")
    let timeout = Option(
        "Z", "timeout", value: .duration(unit: .seconds(1), .milliseconds(1) ... .seconds(3_600)),
        default: MonitorSettings().timeout,
        help: "Take a probe for lost after this long without an answer; a bare number is seconds.")

    let flows = Option(
        "flows", value: .integer(1...4096),
        help:
            "Let the rounds take so many flows in turn, and say at the end of a report which paths they took, each with "
            + "its own loss and times. With `--json`, print the document of these paths. 1 unless told otherwise, and "
            + "\(Self.flowsForChanges) with `--changes`, but for TCP: so it knows who shares a hop before it tells of a change."
    )

    /// Every run asks with flows of its own: one flow of the next takes another of the paths that there are, and would seem
    /// to have changed.
    private static let flowsForChanges = 16

    /// How many flows the rounds take in turn.
    func flowCount(in parsed: ParsedArguments, forChanges: Bool = false) -> Int {
        parsed[flows] ?? (forChanges && probes.method(in: parsed) != .tcp ? Self.flowsForChanges : 1)
    }

    var groups: [OptionGroup] {
        [
            probes.methodGroup, OptionGroup("What to ask", [count, interval, firstTTL, maxTTL, gaps, timeout, flows]),
            probes.packetGroup,
        ]
    }

    /// The settings of the monitor for a target.
    ///
    /// - Throws: A sentence about packets smaller than their headers.
    func settings(
        for target: ProbeTarget, _ method: ProbeMethod, rounds: Int?, forChanges: Bool = false,
        in parsed: ParsedArguments
    ) throws(UsageError) -> MonitorSettings {
        MonitorSettings(
            interval: parsed[interval], rounds: rounds, firstTTL: parsed[firstTTL], maxTTL: parsed[maxTTL],
            timeout: parsed[timeout], gapLimit: parsed[gaps],
            flows: flowCount(in: parsed, forChanges: forChanges),
            size: method == .tcp ? nil : try probes.payload(for: target.address.family, in: parsed))
    }
}
