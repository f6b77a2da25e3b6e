import TraceCoreCommandLine
import TraceCore

/// The options of a trace, with the letters of traceroute.
struct TraceOptions {
    let probes = ProbeOptions(
        ProbeHabits(
            method: .udp,
            spellings: [
                .icmp: ["I"], .tcp: ["T"], .udp: ["U"], .port: ["p"], .source: ["s"], .interface: ["i"],
                .mark: ["fwmark"], .sourcePort: ["sport"],
                .trafficClass: ["t"], .dontFragment: ["F"], .flowLabel: ["l", "flowlabel"],
                .numeric: ["n"],
            ],
            omitted: [.pathMTU, .size], usualSize: 32))
    let network = NetworkOptions()
    let output = FormatOptions<TraceFormat>()
    let geography = GeographyOptions()
    let paths = PathsOptions()
    let vantage = VantageOptions()

    let targets = Option(
        "targets", value: .file, help: "Trace the hosts that this file lists, one a line; `-` is standard input.")
    let rate = Option(
        "rate", value: .integer(0...1_000_000_000),
        help: "Send at most this many probes a second, to all hosts together; 0 for no limit. The default for "
            + "several hosts is 500, which spares the routers that all paths share.")
    let concurrency = Option(
        "concurrency", value: .integer(1...65536), default: FleetPace.sparing.concurrency,
        help: "Trace at most this many hosts at the same time.")

    let firstTTL = Option(
        "f", "first", value: .integer(UInt8(1)...255), default: 1, help: "Begin at this many hops.")
    let maxTTL = Option("m", "max-hops", value: .integer(UInt8(1)...255), default: 30, help: "End at this many hops.")
    let queries = Option("q", "queries", value: .integer(1...100), default: 3, help: "Ask each hop this often.")
    let window = Option(
        "N", "sim-queries", value: .integer(1...65536),
        help: "Have at most this many probes of a trace out at the same time; 16 is sparing. By default "
            + "one host is asked for its whole path at once, and each of several for five hops.")
    let pause = Option(
        "z", "sendwait", value: .sendWait, default: TraceSettings().sendInterval,
        help: "Wait this long between two probes of a trace; a bare number above 10 is milliseconds, any other seconds."
    )
    let wait = Option(
        "w", "wait", value: .list(of: .decimal(0...3600), count: 1...3), placeholder: "MAX[,HERE,NEAR]",
        help: "Wait for an answer at most MAX seconds, HERE times the same hop's first answer, or NEAR times a later "
            + "hop's (5,3,4).")
    let gaps = Option(
        "gaps", value: .integer(0...255), default: TraceSettings().gapLimit,
        help: "End after this many silent hops in a row behind the last answer; 0 for never.")

    let extensions = Option(
        "e", "extensions",
        help:
            "Show all that routers say about their interfaces. MPLS labels and the names of interfaces are always shown."
    )

    let back = Option(
        "back",
        help: "Show behind an address how many hops its way back seems to have, as `'-7'`, where these are not as many "
            + "as there. It is guessed from the TTL of the answer: that systems send with 64, 128 or 255.")
    let tcpOptions = Option(
        "O", "options", value: .tcpOptions,
        help: "With `-T`, `info` shows the flags that the host answered with: `<syn,ack>` or `<rst,ack>`, instead of "
            + "`<open>` or `<closed>`.")
    let rewrites = Option(
        "rewrites",
        help: "Say behind the path what the network did to the packets and between which hops: class of service, "
            + "congestion marks, addresses, ports, TCP's segment size, checksum; and which ways back seem to be others."
    )
    let chart = ChartOption()
    let mtu = Option(
        "mtu",
        help:
            "Find how large packets may be that must not be fragmented: `F=1492` is printed where a size is known and "
            + "wherever it shrinks. What routers say is checked; where they say nothing the size is searched for.")

    var groups: [OptionGroup] {
        [
            probes.methodGroup,
            OptionGroup("What to ask", [firstTTL, maxTTL, queries, window, pause, wait, gaps, mtu]),
            OptionGroup("Many hosts", [targets, rate, concurrency]),
            probes.packetGroup,
            OptionGroup(
                "Output",
                [probes.numeric, extensions, back, tcpOptions, rewrites] + output.rows + [chart.file]),
            geography.group, paths.group, network.group, vantage.group,
        ]
    }
}

extension ValueKind where Value == Duration {
    /// The time between two probes as traceroute has it: a number above ten counts milliseconds, any other seconds.
    fileprivate static var sendWait: Self {
        let kind = ValueKind<Duration>.duration(unit: .seconds(1))
        return Self(
            kind.placeholder, expecting: "a time such as 10ms or 0.5s, or a number of seconds up to 10", show: kind.show
        ) { text in
            guard let number = Double(text), number > 10 else { return kind.read(text) }
            return ValueKind<Duration>.duration(unit: .milliseconds(1)).read(text)
        }
    }
}

extension ValueKind where Value == String {
    /// What traceroute's methods take with `-O`, as far as it is known here; the last word counts.
    fileprivate static var tcpOptions: Self {
        Self(
            "OPTION,...", expecting: "info, the only one of traceroute's options for -O here",
            completion: .words(["info"])
        ) { text in
            text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { $0 == "info" } ? text : nil
        }
    }
}

/// The options that ask for all paths and not for one.
struct PathsOptions {
    let paths = Option(
        "paths",
        help:
            "Find all paths that routers balance over, and not just one: which nodes there are, which leads to which, "
            + "and whether packets are dealt out by flow or one by one.")
    let confidence = Option(
        "confidence", value: .decimal(0.5...0.999_999), placeholder: "SHARE",
        help: "With --paths, ask until nothing is missed with this confidence, where routers balance evenly (0.95).")

    let join = Option(
        "join", each: .file,
        help:
            "Join recorded runs (`--ndjson` of traces or of --paths, each from another machine) into one graph, by the "
            + "nodes that they share. Given several times, once for each file, which names its source.")

    var group: OptionGroup { OptionGroup("All paths", [paths, confidence, join]) }
}
