import TraceCoreCommandLine
import Glibc
import TraceCore

/// The options of a ping, with the letters of iputils' ping.
struct PingOptions {
    let probes = ProbeOptions(
        ProbeHabits(
            method: .icmp,
            spellings: [
                .interface: ["I"], .mark: ["m"], .trafficClass: ["Q"], .pathMTU: ["M"], .size: ["s"], .pattern: ["p"],
                .flowLabel: ["F"], .numeric: ["n"],
            ],
            omitted: [.dontFragment], flowLabelIsHexadecimal: true, interfaceIsSource: true))
    let network = NetworkOptions()
    let output = FormatOptions<PingFormat>()
    let chart = ChartOption()

    let count = Option(
        "c", "count", value: .integer(1...1_000_000_000),
        help: "Stop after this many probes; with `-w`, after this many answers.")
    let interval = Option(
        "i", "interval", value: .duration(unit: .seconds(1)),
        help: "Wait this long between two probes. The default is 1 second; a bare number is seconds.")
    let timeout = Option(
        "W", "timeout", value: .duration(unit: .seconds(1), .milliseconds(1) ... .seconds(86_400)),
        default: PingSettings().timeout,
        help: "Wait this long for the answer to a probe; a bare number is seconds.")
    let deadline = Option(
        "w", "deadline", value: .duration(unit: .seconds(1), .zero ... .seconds(1_000_000_000)),
        help: "Stop after this long, whatever has come; a bare number is seconds, and 0 is no limit.")
    let ttl = Option(
        "t", "ttl", value: .integer(UInt8(1)...255), default: 64, help: "Let probes travel this many hops.")
    let preload = Option(
        "l", "preload", value: .integer(1...65536), default: 1, help: "Send this many probes at once at the start.")
    let adaptive = Option("A", "adaptive", help: "Send the next probe as soon as an answer comes.")
    let flood = Option(
        "f", "flood",
        help:
            "Send the next probe as soon as an answer comes, and a hundred in a second at least. Print a dot for each, "
            + "and take one back for each answer.")
    let broadcast = Option(
        "b", "broadcast",
        help: "Allow to ask a broadcast address, and so all hosts of a network. The first answer to a probe counts, "
            + "and those of further hosts are counted as duplicates.")

    let quiet = Option("q", "quiet", help: "Show the summary only.")
    let timestamps = Option("D", "timestamps", help: "Show the time before each answer, in seconds since 1970.")
    let audible = Option("a", "audible", help: "Ring the terminal's bell at each answer.")
    let missing = Option("O", "missing", help: "Say so when a probe goes and the one before has no answer yet.")
    let verbose = Option(
        "v", "verbose", help: "Say so when a probe is given up, and show the type of service of each answer.")

    var groups: [OptionGroup] {
        [
            OptionGroup("What to ask", [count, interval, timeout, deadline, ttl, preload, adaptive, flood, broadcast]),
            probes.methodGroup, probes.packetGroup,
            OptionGroup(
                "Output",
                [probes.numeric, quiet, timestamps, audible, missing, verbose] + output.rows + [chart.file]),
            network.group,
        ]
    }

    var exclusive: [[any OptionRow]] {
        let live: [any OptionRow] = [count, interval, timeout, deadline, ttl, preload, adaptive, flood, broadcast]
        return probes.exclusive(with: network) + live.map { [network.replay, $0] } + [
            output.exclusive
        ]
    }
}

// MARK: - What they come to

extension PingOptions {
    /// What an ordinary user may not send faster than, as in iputils' ping.
    private static let shortestInterval: Duration = .milliseconds(2)
    /// What an ordinary user may not send more of at once.
    private static let largestPreload = 3

    /// How long the run may last; 0 is no limit.
    private func deadline(in parsed: ParsedArguments) -> Duration? {
        parsed[deadline].flatMap { $0 > .zero ? $0 : nil }
    }

    /// What the command line asks for.
    func request(for host: String, in parsed: ParsedArguments) -> RunRequest {
        var request = probes.request([host], .ping(settings(in: parsed)), in: parsed)
        request.deadline = deadline(in: parsed)
        request.live.allowsBroadcast = parsed[broadcast]
        return request
    }

    /// How the host is pinged; the size is left to what the target's family makes of it.
    private func settings(in parsed: ParsedArguments) -> PingSettings {
        var settings = PingSettings(
            count: parsed[count], countsAnswers: deadline(in: parsed) != nil, timeout: parsed[timeout],
            ttl: parsed[ttl], preload: parsed[preload], adaptive: parsed[adaptive])
        settings.window = max(settings.window, parsed[preload])
        settings.size = parsed[probes.size].map { UInt16(clamping: $0) }
        settings.interval = parsed[interval] ?? .seconds(1)
        if isFlood(parsed) {
            settings.adaptive = true
            settings.interval = .milliseconds(10)
        } else if parsed[flood] {
            settings.adaptive = true
        }
        if isRestricted(parsed) { settings.shortestInterval = Self.shortestInterval }
        return settings
    }

    /// Whether probes go as fast as answers come back: with `-f` alone, or without any interval.
    private func isFlood(_ parsed: ParsedArguments) -> Bool {
        parsed[interval].map { $0 == .zero } ?? parsed[flood]
    }

    /// Whether this is the real network, and not the administrator who asks.
    private func isRestricted(_ parsed: ParsedArguments) -> Bool { parsed[network.network] == nil && geteuid() != 0 }

    /// Refuses what only the administrator may do to a network, and what does not go together.
    func check(_ parsed: ParsedArguments) throws(UsageError) {
        try probes.check(parsed, over: network)
        try checkBroadcast(parsed)
        guard parsed[network.replay] == nil, isRestricted(parsed) else { return }
        if isFlood(parsed) {
            throw UsageError("only root may flood a network; the shortest interval for others is 2 ms: -f -i 0.002")
        }
        if let interval = parsed[interval], interval < Self.shortestInterval {
            throw UsageError(
                "-i \(parsed[self.interval].map { "\($0)" } ?? ""): only root may send more often than once in 2 ms")
        }
        if parsed[preload] > Self.largestPreload {
            throw UsageError(
                "-l \(parsed[preload]): only root may send more than \(Self.largestPreload) probes at once")
        }
    }

    /// Refuses to ask all hosts of a network in a way in which none answers, or too often.
    private func checkBroadcast(_ parsed: ParsedArguments) throws(UsageError) {
        guard parsed[broadcast] else { return }
        if parsed[network.network] != nil {
            throw UsageError("-b is for the real network: a simulated one has no broadcast addresses")
        }
        if parsed[probes.ipv6] {
            throw UsageError("-b is for IPv4: IPv6 has no broadcast; ff02::1%INTERFACE is all hosts of a link")
        }
        if probes.method(in: parsed) != .icmp {
            throw UsageError("-b is for ICMP: no host answers to UDP and TCP by broadcast")
        }
        let interval = parsed[flood] || parsed[adaptive] ? .zero : parsed[self.interval] ?? .seconds(1)
        if isRestricted(parsed), interval < .seconds(1) {
            throw UsageError("-b: only root may ask all hosts of a network more often than once a second")
        }
    }

    /// How its events are shown.
    func style(in parsed: ParsedArguments) -> PingReport.Text.Style {
        PingReport.Text.Style(
            isQuiet: parsed[quiet] || parsed[flood], isNumeric: parsed[probes.numeric],
            showsTimes: parsed[timestamps], showsMissing: parsed[missing], isVerbose: parsed[verbose],
            isAudible: parsed[audible])
    }
}
