import CommandLineKit
import TraceCore

/// The options that say how a path is asked, and what they come to.
struct Asking {
    let udp = Option("u", "udp", help: "Ask with UDP datagrams.")
    let tcp = Option("T", "tcp", help: "Ask with TCP connection requests.")
    let port = Option(
        "P", "port", value: .integer(UInt16(1)...65535), help: "The destination port of UDP or TCP probes.")
    let localPort = Option(
        "L", "localport", value: .integer(UInt16(1)...65535), help: "The source port of UDP or TCP probes.")
    let only4 = Option("4", "ipv4", help: "Use IPv4 only.")
    let only6 = Option("6", "ipv6", help: "Use IPv6 only.")
    let address = Option("a", "address", value: .address, help: "Send from this address.")
    let interface = Option("I", "interface", value: .interface, help: "Send through this interface.")
    let size = Option(
        "s", "psize", value: .integer(28...65535), placeholder: "BYTES",
        help: "Make packets this large, headers and all; TCP probes have a size of their own.")
    let pattern = Option(
        "B", "bitpattern", value: .integer(UInt8(0)...255), help: "Fill the packets with this byte.")
    let trafficClass = Option(
        "Q", "tos", value: .integer(UInt8(0)...255), help: "Send with this type of service (DSCP and ECN).")

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

    var groups: [OptionGroup] {
        [
            OptionGroup(
                "How to ask",
                [udp, tcp, port, localPort, only4, only6, address, interface, size, pattern, trafficClass]),
            OptionGroup("What to ask", [count, interval, firstTTL, maxTTL, gaps, timeout]),
        ]
    }

    var exclusive: [[any OptionRow]] { [[udp, tcp], [only4, only6]] }

    /// What does not go together.
    func mistake(in parsed: ParsedArguments, isSimulated: Bool) -> UsageError? {
        if parsed[port] != nil || parsed[localPort] != nil, !parsed[udp], !parsed[tcp] {
            return UsageError("--port and --localport need --udp or --tcp: ICMP has no ports")
        }
        if parsed[size] != nil, parsed[tcp] {
            return UsageError("--psize is not for TCP: connection requests are empty")
        }
        if isSimulated, parsed[address] != nil || parsed[interface] != nil || parsed[localPort] != nil {
            return UsageError("--address, --interface and --localport are for the real network")
        }
        return nil
    }

    /// How it is asked at first.
    func method(in parsed: ParsedArguments) -> ProbeMethod { parsed[udp] ? .udp : parsed[tcp] ? .tcp : .icmp }

    func runOptions(in parsed: ParsedArguments, names: Bool) -> RunOptions {
        RunOptions(family: parsed[only4] ? .v4 : parsed[only6] ? .v6 : nil, names: names)
    }

    /// A prober for a method; another than the first has its usual port.
    func prober(
        _ method: ProbeMethod, over network: NetworkOptions, in parsed: ParsedArguments, isEndless: Bool
    ) throws -> any Prober {
        let port = method == self.method(in: parsed) ? parsed[port] : nil
        let transport: ProbeTransport =
            method == .udp ? .udp(port: port ?? 33434) : method == .tcp ? .tcp(port: port ?? 80) : .icmp
        let packets = PacketOptions(
            pattern: parsed[pattern].map { [$0] } ?? [], trafficClass: parsed[trafficClass] ?? 0)
        guard parsed[network.network] != nil else {
            return LiveProber(
                transport,
                options: LiveOptions(
                    source: parsed[address], interface: parsed[interface],
                    sourcePort: method == .icmp ? nil : parsed[localPort], packets: packets))
        }
        let internet = try network.internet(in: parsed)
        let options = SimulationOptions(packets: packets)
        return isEndless || parsed[network.realTime]
            ? SimulatedProber(transport, internet, options: options, clock: ContinuousClock())
            : SimulatedProber(transport, internet, options: options)
    }

    /// The settings of the monitor for a target.
    ///
    /// - Throws: `badSetting` for packets smaller than their headers.
    func settings(
        for target: ProbeTarget, _ method: ProbeMethod, rounds: Int?, in parsed: ParsedArguments
    ) throws -> MonitorSettings {
        // The IP header, and the eight bytes that ICMP and UDP have alike.
        let headers = (target.address.isV4 ? 20 : 40) + 8
        let payload = method == .tcp ? nil : parsed[size].map { $0 - headers }
        if let payload, payload < 0 {
            throw ProbeError(
                .badSetting, "Packets of \(headers + payload) bytes have no room for their headers",
                remedy: "Over IPv6, give at least --psize \(headers)")
        }
        return MonitorSettings(
            interval: parsed[interval], rounds: rounds, firstTTL: parsed[firstTTL], maxTTL: parsed[maxTTL],
            timeout: parsed[timeout], gapLimit: parsed[gaps], size: payload.map { UInt16($0) })
    }
}
