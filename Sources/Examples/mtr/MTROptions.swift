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
                .trafficClass: ["Q"], .mark: ["M"], .numeric: ["n", "no-dns"],
            ],
            omitted: [.pathMTU], size: .packet, usualSize: 64, pattern: .byte, usualPattern: [0]))
    let network = NetworkOptions()

    // What to ask.
    let interval = Option(
        "i", "interval", value: PathSettings.intervals,
        default: .seconds(1), help: "Ask all hops once in this time; a bare number is seconds.")
    let count = Option(
        "c", "report-cycles", "count", value: PathSettings.roundCounts,
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

    let hostList = Option(
        "F", "filename", value: .file,
        help:
            "Also watch the hosts that this file lists, one a line; `-` is standard input. Reports of several hosts are "
            + "made one after the other; the screen watches all of them, and Tab shows the next.")

    // What to print.
    let report = Option("r", "report", help: "Print a report instead of taking the whole screen.")
    let wide = Option("w", "report-wide", help: "Print a report in which no name is cut.")
    let mtrJSON = Option(
        "j", "mtr-json", help: "Print the JSON document that mtr's `--json` prints: short for `--format mtr`.")
    let csv = Option("C", "csv", help: "Print comma-separated values as mtr does: short for `--format mtr-csv`.")
    let output: FormatOptions<MTRFormat>
    let xml = Option("x", "xml", help: "Print XML as mtr does: short for `--format mtr-xml`.")
    let raw = Option(
        "l", "raw",
        help: "Print a line for each probe, answer and name as it happens, as mtr does: short for `--format mtr-raw`.")
    let split = Option(
        "p", "split",
        help: "Print the lines of hops that have changed after each round, as mtr does: short for `--format mtr-split`."
    )
    let order = Option(
        "o", "order", value: .fields, default: .latency,
        help: "Show these columns in this order: `L` loss, `D` lost, `R` answered, `S` sent, `N` newest, `B` best, "
            + "`A` average, `W` worst, `V` deviation, `G` geometric mean, `J` jitter, `M` its mean, `X` its worst, "
            + "`I` interarrival jitter; a space is a gap.")
    let both = Option("b", "show-ips", help: "Show addresses beside names.")
    let labels = Option("e", "mpls", help: "Show MPLS labels in a report; the screen always can.")
    let systems = Option(
        "z", "aslookup",
        help:
            "Show the number of the network that each host belongs to, as the databases of `--geo` know it. The screen "
            + "does so with the key `z`, too.")
    let fact = Option(
        "y", "ipinfo", value: .fact,
        help:
            "Show this before each host: `0` the number of the network, `1` its prefix, `2` the country, `network` its "
            + "name, `place` the city. The screen shows the next of these with the key `y`.")
    let geography = DatabaseOptions(
        help:
            "Look networks and places up in this database (mmdb): for `-z` and `-y`, and for the map and the details of "
            + "the screen")

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

    init() {
        output = FormatOptions(
            also: [(mtrJSON, .mtr), (csv, .mtrCSV), (xml, .mtrXML), (raw, .mtrRaw), (split, .mtrSplit)])
    }

    var groups: [OptionGroup] {
        [
            probes.methodGroup,
            OptionGroup(
                "What to ask", [hostList, count, interval, firstTTL, maxTTL, gaps, timeout, flows]),
            probes.packetGroup,
            OptionGroup(
                "Output",
                [report, wide, mtrJSON, csv, xml, raw, split] + output.rows + [
                    chart.file, changes, limit, state, order, probes.numeric, both, labels,
                ]),
            OptionGroup("Networks and places", [systems, fact, geography.databases, geography.here]),
            network.group,
        ]
    }

    // `-r` only says that a report is wanted, and goes with each form of one, as with mtr.
    var exclusive: [[any OptionRow]] {
        probes.exclusive(with: network) + [
            output.exclusive, [systems, fact], [probes.numeric, both],
            [changes, chart.file],
        ] + [report, wide, mtrJSON, csv, xml, raw, split].map { [changes, $0] }
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

    /// How a path is asked first.
    func pathSettings(rounds: Int?, in parsed: ParsedArguments) -> PathSettings {
        PathSettings(
            method: probes.method(in: parsed), interval: parsed[interval], size: parsed[probes.size],
            hops: parsed[firstTTL]...max(parsed[firstTTL], parsed[maxTTL]), rounds: rounds)
    }

    /// The settings of the monitor for a target.
    ///
    /// - Throws: A sentence about packets smaller than their headers.
    func settings(
        for target: ProbeTarget, _ path: PathSettings, in parsed: ParsedArguments
    ) throws(UsageError) -> MonitorSettings {
        let size: UInt16? =
            if path.method == .tcp {
                nil
            } else if let bytes = path.size {
                try probes.payload(ofPacket: bytes, target.address.family, by: path.method, in: parsed)
            } else {
                try probes.payload(for: target.address.family, in: parsed)
            }
        return MonitorSettings(
            interval: path.interval, rounds: path.rounds, firstTTL: path.hops.lowerBound, maxTTL: path.hops.upperBound,
            timeout: parsed[timeout], gapLimit: parsed[gaps], flows: flowCount(in: parsed), size: size)
    }

    /// What is shown before hosts, or nil.
    func shownFact(in parsed: ParsedArguments) -> PathFact? { parsed[fact] ?? (parsed[systems] ? .number : nil) }

    /// What knows networks and places. The screen has it always; a report, where it shows something of it.
    ///
    /// - Throws: A sentence about a format that has no room for it, or a missing database; or why one cannot be read.
    func places(in parsed: ParsedArguments, format: MTRFormat?) throws -> PathPlaces? {
        let shown = shownFact(in: parsed)
        if format != nil || parsed[changes] {
            guard let shown else {
                if parsed[geography.databases].isEmpty, parsed[geography.here] == nil { return nil }
                let option = parsed[geography.databases].isEmpty ? "--here" : "--geo"
                throw UsageError("\(option) is for -z and -y in a report: nothing else asks for networks and places")
            }
            let option = parsed[systems] ? "-z" : "-y"
            // The other formats have a field for the number alone.
            let formats: [MTRFormat] = shown == .number ? [.text, .mtr, .mtrCSV, .mtrXML] : [.text]
            guard let format, formats.contains(format), !parsed[changes] else {
                throw UsageError(
                    shown == .number
                        ? "\(option) is for the screen and for reports in the forms of mtr: -r, -w, -j, -x or -C"
                        : "\(option) \(shown.word) is for the screen and for reports as text: -r or -w")
            }
        }
        let places = PathPlaces(
            try geography.geolocators(in: parsed, over: network), from: geography.source(in: parsed, over: network))
        if let shown, !places.known.contains(shown) {
            throw DatabaseOptions.missing(for: parsed[systems] ? "-z" : "-y")
        }
        return places
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

extension ValueKind where Value == PathFact {
    /// A fact by mtr's number, or by its name.
    fileprivate static var fact: Self {
        let words = PathFact.allCases.map(\.word)
        return Self(
            "FACT",
            expecting:
                "0, 1 or 2 for number, prefix or country, or one of \(words.joined(separator: ", ")); registry and "
                + "date, mtr's 3 and 4, are in no database",
            completion: .words(words), show: \.word
        ) { text in
            PathFact.allCases.first { $0.word == text || $0.mtrNumber.map { "\($0)" } == text }
        }
    }
}
