import TraceCoreCommandLine
import TraceCore

/// The options of a sweep, with the letters of fping.
struct SweepOptions {
    let probes = ProbeOptions(
        ProbeHabits(
            method: .icmp,
            spellings: [
                .interface: ["I", "iface"], .source: ["S", "src"], .mark: ["k", "fwmark"], .trafficClass: ["O"],
                .dontFragment: ["M", "dontfrag"], .size: ["b"],
            ],
            omitted: [.pathMTU, .numeric]))
    let network = NetworkOptions()
    let output: FormatOptions<SweepFormat>

    // Which hosts.
    let file = Option(
        "f", "file", value: .file, help: "Ask the hosts that this file lists, one a line; `-` is standard input.")
    let generate = Option(
        "g", "generate",
        help: "Ask all hosts of the networks that are given, such as 192.0.2.0/24, or all addresses from the first to "
            + "the second.")
    let yes = Option(
        "yes", help: "With `-g`, ask more than 1,048,576 addresses without being asked whether that is meant.")
    let all = Option("m", "all", help: "Ask all addresses of a name, and not only the first.")

    // How often to ask, and how long to wait.
    let count = Option(
        "c", "count", value: .integer(1...1_000_000_000), help: "Ask each host this often, and show each answer.")
    let values = Option(
        "C", "vcount", value: .integer(1...1_000_000), help: "As `-c`, and show the round trips one by one at the end.")
    let loop = Option("l", "loop", help: "Ask each host again and again, until interrupted.")
    let interval = Option(
        "i", "interval", value: .duration(unit: .milliseconds(1)), default: .milliseconds(10),
        help:
            "Wait this long between two probes, to the same host or to different ones; 0 for no pause. A bare number is milliseconds."
    )
    let rate = Option(
        "rate", value: .integer(0...1_000_000_000),
        help: "Send this many probes a second, instead of `-i`; 0 for no limit.")
    let period = Option(
        "p", "period", value: .duration(unit: .milliseconds(1)), default: .seconds(1),
        help: "With `-c`, `-C` or `-l`, ask each host once in this time; a bare number is milliseconds.")
    let timeout = Option(
        "t", "timeout", value: .duration(unit: .milliseconds(1)),
        help:
            "Wait this long for the first answer: 500 ms, or the period up to 2 seconds. A bare number is milliseconds."
    )
    let retries = Option(
        "r", "retry", value: .integer(0...20), default: 3, help: "Ask a silent host again this often.")
    let backoff = Option(
        "B", "backoff", value: .decimal(1...5), default: 1.5, help: "Wait this much longer for each further answer.")
    let ttl = Option(
        "H", "ttl", value: .integer(UInt8(1)...255), default: 64, help: "Let probes travel this many hops.")
    let window = Option(
        "window", value: .integer(1...65536), default: SweepSettings().window,
        help: "Have at most this many probes out at the same time.")

    // What to show.
    let alive = Option("a", "alive", help: "List only the hosts that are alive.")
    let unreachable = Option("u", "unreach", help: "List only the hosts that are not.")
    let reachable = Option(
        "x", "reachable", value: .integer(1...1_000_000_000),
        help: "Say only whether at least this many hosts are alive.")
    let byAddress = Option("A", "addr", help: "Show hosts by their addresses.")
    let named = Option("n", "name", help: "Show hosts that were given by address by their names.")
    let reverse = Option("d", "rdns", help: "Show all hosts by the names of their addresses.")
    let elapsed = Option("e", "elapsed", help: "Show the round trip of each answer.")
    let timestamps = Option("D", "timestamp", help: "Show the time before each answer, in seconds since 1970.")
    let statistics = Option("s", "stats", help: "Show statistics at the end.")
    let quiet = Option("q", "quiet", help: "Show no answers, only the results.")
    let interim = Option(
        "Q", "squiet", value: .duration(unit: .seconds(1), .milliseconds(1) ... .seconds(1_000_000_000)),
        help: "With `-c`, `-C` or `-l`: as `-q`, and show again and again, after this long, what became of the probes "
            + "meanwhile. A bare number is seconds.")
    let outage = Option(
        "o", "outage",
        help: "Show with the sums of a host for how long it did not answer: its lost probes by the period `-p`.")
    let netdata = Option(
        "N", "netdata", help: "Print what `-Q` shows as netdata reads it: short for `--format netdata`.")
    let fpingJSON = Option("J", "fping-json", help: "Print fping's JSON, an object a line: short for `--format fping`.")

    init() { output = FormatOptions(also: [(fpingJSON, .fping), (netdata, .netdata)]) }

    var groups: [OptionGroup] {
        [
            OptionGroup("Which hosts", [file, generate, yes, all]),
            OptionGroup(
                "When to ask", [count, values, loop, interval, rate, period, timeout, retries, backoff, ttl, window]),
            probes.methodGroup, probes.packetGroup,
            OptionGroup(
                "Output",
                [
                    alive, unreachable, reachable, byAddress, named, reverse, elapsed, timestamps, statistics, quiet,
                    interim, outage, netdata, fpingJSON,
                ] + output.rows),
            network.group,
        ]
    }

    var exclusive: [[any OptionRow]] {
        let live: [any OptionRow] = [file, generate, yes, all, count, values, loop, window, outage]
        return probes.exclusive(with: network) + live.map { [network.replay, $0] } + [
            [file, generate], [count, values, loop], [interval, rate], [alive, unreachable, reachable],
            output.exclusive,
        ]
    }
}

// MARK: - What they come to

extension SweepOptions {
    /// How the sweep is made.
    func settings(in parsed: ParsedArguments) -> SweepSettings {
        var settings = SweepSettings(
            interval: parsed[rate].map { $0 > 0 ? .seconds(1) / $0 : .zero } ?? parsed[interval],
            timeout: parsed[timeout] ?? .milliseconds(500), backoff: parsed[backoff],
            window: parsed[window], ttl: parsed[ttl])
        settings.size = parsed[probes.size].map { UInt16(clamping: $0) }
        if parsed[loop] {
            settings.mode = .repeating(period: parsed[period])
        } else if let count = parsed[count] ?? parsed[values] {
            settings.mode = .count(count, period: parsed[period])
        } else {
            settings.mode = .untilReply(retries: parsed[retries])
            return settings
        }
        settings.timeout = parsed[timeout] ?? max(.milliseconds(1), min(parsed[period], .seconds(2)))
        return settings
    }

    /// How its events are shown.
    ///
    /// - Parameter run: The recorded run that they are of, which says what it was about.
    func style(in parsed: ParsedArguments, of run: RunDescription? = nil) throws(UsageError) -> FpingOutput.Style {
        var style = FpingOutput.Style(
            isJSON: try output.format(in: parsed) == .fping,
            isQuiet: parsed[quiet] || parsed[interim] != nil || parsed[reachable] != nil,
            showsRoundTrips: parsed[elapsed], showsTimes: parsed[timestamps], showsStatistics: parsed[statistics])
        style.isNetdata = try output.format(in: parsed) == .netdata
        if parsed[outage] { style.outagePeriod = parsed[period] }
        style.listing = parsed[alive] ? .alive : parsed[unreachable] ? .unreachable : .all
        let isCounted = run.map { $0.parameters.untilReply == false } ?? false
        style.content =
            parsed[values] != nil ? .values : parsed[count] != nil || parsed[loop] || isCounted ? .answers : .targets
        style.interimInterval = parsed[interim]
        try check(style)
        return style
    }

    /// Refuses to show more of sums than there is.
    private func check(_ style: FpingOutput.Style) throws(UsageError) {
        let isInterim = style.interimInterval != nil
        if style.isNetdata, !isInterim { throw UsageError("-N needs -Q, which says how often: -N -l -Q 10") }
        if isInterim, style.content == .targets {
            throw UsageError("-Q is for -c, -C and -l: otherwise each host is shown once, as soon as it is known")
        }
        if style.outagePeriod != nil, !isInterim, style.content != .answers {
            throw UsageError("-o is for the sums of -c, -l and -Q: nothing else tells how many probes were lost")
        }
    }
}

/// The formats of a sweep.
enum SweepFormat: String, RunFormat {
    case text, json, ndjson, fping, netdata

    var meaning: String {
        switch self {
        case .text: "lines for people"
        case .json: "one document with all that is known"
        case .ndjson: "the event stream"
        case .fping: "the lines of `fping -J`"
        case .netdata: "what netdata reads, at the times of `-Q`"
        }
    }
}
