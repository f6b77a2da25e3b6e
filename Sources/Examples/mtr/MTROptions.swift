import TraceCore
import TraceCoreCommandLine
import TraceCoreGeoOptions

/// The options of mtr, with its letters.
struct MTROptions {
    let probes = ProbeOptions(
        ProbeHabits(
            method: .icmp,
            spellings: [
                .udp: ["u"], .tcp: ["T"], .port: ["P"], .source: ["a", "address"], .interface: ["I"],
                .sourcePort: ["L", "localport"], .size: ["s", "psize"], .pattern: ["B", "bitpattern"],
                .trafficClass: ["Q"], .numeric: ["n", "no-dns"],
            ],
            omitted: [.pathMTU], size: .packet, usualSize: 64, pattern: .byte, usualPattern: [0]))
    let network = NetworkOptions()

    // What to ask.
    let interval = Option(
        "i", "interval", value: .duration(unit: .seconds(1), .milliseconds(1) ... .seconds(86_400)),
        default: .seconds(1), help: "Ask all hops once in this time; a bare number is seconds.")
    let count = Option(
        "c", "report-cycles", "count", value: .integer(1...1_000_000_000),
        help: "Ask each hop this often. Unless given, a report asks 10 times; the screen and `--ndjson` go on without "
            + "end.")
    let firstTTL = Option(
        "f", "first-ttl", value: .integer(UInt8(1)...255), default: 1, help: "Begin at this many hops.")
    let maxTTL = Option("m", "max-ttl", value: .integer(UInt8(1)...255), default: 30, help: "End at this many hops.")
    let gaps = Option(
        "U", "max-unknown", value: .integer(1...255), default: MonitorSettings().gapLimit,
        help: "Until the host is found, ask this many hops beyond the last one that answered.")
    let timeout = Option(
        "Z", "timeout", value: .duration(unit: .seconds(1), .milliseconds(1) ... .seconds(3_600)),
        default: MonitorSettings().timeout,
        help: "Take a probe for lost after this long without an answer; a bare number is seconds.")
    let flows = Option(
        "flows", value: .integer(1...4096),
        help:
            "Let the rounds use this many flows in turn. The end of a report lists the paths that they took, each with "
            + "its own loss and times; `--json` prints the document of these paths. The default is 1. With `--changes` it "
            + "is \(Self.flowsForChanges), except for TCP, so that all routers of a hop are known before a change is "
            + "reported.")

    /// Each run uses new flows. With a single one, the next run may take another of the existing paths, and that would
    /// look like a change.
    private static let flowsForChanges = 16

    // What to print.
    let report = Option("r", "report", help: "Print a report instead of taking the whole screen.")
    let wide = Option("w", "report-wide", help: "Print a report in which no name is cut.")
    let mtrJSON = Option(
        "j", "mtr-json", help: "Print the JSON document that mtr's `--json` prints: short for `--format mtr`.")
    let csv = Option("C", "csv", help: "Print comma-separated values as mtr does: short for `--format mtr-csv`.")
    let output: FormatOptions<MTRFormat>
    let order = Option(
        "o", "order", value: .fields, default: .latency,
        help: "Show these columns in this order: `L` loss, `D` lost, `R` answered, `S` sent, `N` newest, `B` best, "
            + "`A` average, `W` worst, `V` deviation, `G` geometric mean, `J` jitter, `M` its mean, `X` its worst, "
            + "`I` interarrival jitter; a space is a gap.")
    let both = Option("b", "show-ips", help: "Show addresses beside names.")
    let labels = Option("e", "mpls", help: "Show MPLS labels in a report; the screen always can.")
    let systems = Option(
        "z", "aslookup",
        help: "In a report, mtr's JSON and CSV, show the number of the network that each host belongs to, as the "
            + "databases of `--geo` know it.")
    let geography = DatabaseOptions(help: "With `-z`, look the numbers up in this database (mmdb)")

    let chart = ChartOption()
    let changes = Option(
        "changes",
        help: "Print a line for each change of the path as it happens, instead of a report: other routers, more or "
            + "fewer hops, slower or faster answers, loss, outages. With `--ndjson` each is an object; with `--json` "
            + "all are in one document at the end.")
    let limit = Option(
        "limit", value: .duration(unit: .milliseconds(1), .microseconds(1) ... .seconds(60)),
        help: "With `--changes`, also report when the path is slower than this; a bare number is milliseconds.")
    let state = Option(
        "state", value: .file,
        help: "With `--changes`, keep what is known of the path in this file, and go on from it the next time. Changes "
            + "between two watches are then reported, and none is reported twice. The file is made if it is missing; use "
            + "one file for each path.")

    init() { output = FormatOptions(also: [(mtrJSON, .mtr), (csv, .mtrCSV)]) }

    var groups: [OptionGroup] {
        [
            probes.methodGroup, OptionGroup("What to ask", [count, interval, firstTTL, maxTTL, gaps, timeout, flows]),
            probes.packetGroup,
            OptionGroup(
                "Output",
                [report, wide, mtrJSON, csv] + output.rows + [
                    chart.file, changes, limit, state, order, probes.numeric, both, labels, systems,
                    geography.databases,
                ]),
            network.group,
        ]
    }

    // `-r` only says that a report is wanted, and goes with each form of one, as with mtr.
    var exclusive: [[any OptionRow]] {
        probes.exclusive(with: network) + [
            output.exclusive, [changes, report], [changes, wide], [changes, mtrJSON], [changes, csv],
            [changes, chart.file],
            [probes.numeric, both],
        ]
    }
}

// MARK: - What they come to

extension MTROptions {
    /// Refuses what does not go together, and what the table cannot say.
    ///
    /// - Throws: A sentence about the first thing that is wrong.
    func check(_ parsed: ParsedArguments, format: MTRFormat?) throws(UsageError) {
        try probes.check(parsed, over: network)
        if parsed[changes], let format, ![.text, .json, .ndjson].contains(format) {
            throw UsageError("--changes prints text, json or ndjson: \(format.rawValue) has no room for it")
        }
        try ProbeOptions.check(firstTTL, isNotBehind: maxTTL, in: parsed)
        if parsed[limit] != nil, !parsed[changes] { throw UsageError("--limit goes with --changes") }
        if format == nil, parsed[chart.file] != nil, !parsed[changes] {
            throw UsageError("--chart goes with a report: give -r as well")
        }
        if let state = parsed[state] {
            if !parsed[changes] { throw UsageError("--state goes with --changes") }
            if state == "-" { throw UsageError("--state is read and written: name a file") }
        }
    }

    /// What is printed, or nil for the screen.
    ///
    /// - Throws: An error if several formats were asked for.
    func format(in parsed: ParsedArguments) throws(UsageError) -> MTRFormat? {
        try output.chosen(in: parsed) ?? (parsed[wide] || parsed[report] ? .text : nil)
    }

    /// How many flows the rounds take in turn.
    func flowCount(in parsed: ParsedArguments) -> Int {
        parsed[flows] ?? (parsed[changes] && probes.method(in: parsed) != .tcp ? Self.flowsForChanges : 1)
    }

    /// The settings of the monitor for a target.
    ///
    /// - Throws: A sentence about packets smaller than their headers.
    func settings(
        for target: ProbeTarget, _ method: ProbeMethod, rounds: Int?, in parsed: ParsedArguments
    ) throws(UsageError) -> MonitorSettings {
        MonitorSettings(
            interval: parsed[interval], rounds: rounds, firstTTL: parsed[firstTTL], maxTTL: parsed[maxTTL],
            timeout: parsed[timeout], gapLimit: parsed[gaps], flows: flowCount(in: parsed),
            size: method == .tcp ? nil : try probes.payload(for: target.address.family, in: parsed))
    }

    /// Finds the numbers of networks; nil where they are not asked for.
    ///
    /// - Throws: A sentence about a format that has no room for them, or a missing database; or why one cannot be read.
    func systems(in parsed: ParsedArguments, format: MTRFormat?) throws -> (@Sendable (IPAddress) -> UInt32?)? {
        guard parsed[systems] else {
            if parsed[geography.databases].isEmpty { return nil }
            throw UsageError("--geo is for -z: nothing else is looked up in a database")
        }
        guard let format, [.text, .mtr, .mtrCSV].contains(format), !parsed[changes] else {
            throw UsageError("-z is for reports in the forms of mtr: give -r, -w, -j or -C as well")
        }
        return try geography.systems(for: "-z", in: parsed, over: network)
    }

    /// How hosts are shown.
    func hosts(in parsed: ParsedArguments) -> MTRReport.HostStyle {
        parsed[probes.numeric] ? .addresses : parsed[both] ? .both : .names
    }
}

extension ValueKind where Value == MTRReport.Fields {
    /// The letters of columns.
    fileprivate static var fields: Self {
        Self("FIELDS", expecting: "a list of columns such as \"LS NABWV\", each given once") { MTRReport.Fields($0) }
    }
}
