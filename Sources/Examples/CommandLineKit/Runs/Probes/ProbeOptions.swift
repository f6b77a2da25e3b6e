public import TraceCore

/// The options that say how probes are made and sent, the same in all programs but for their letters.
public struct ProbeOptions: Sendable {
    /// What the program's users are used to.
    public let habits: ProbeHabits

    /// Probes are ICMP echo requests.
    public let icmp: Option<Bool>
    /// Probes are UDP datagrams.
    public let udp: Option<Bool>
    /// Probes are TCP connection requests.
    public let tcp: Option<Bool>
    /// The port that is probed.
    public let port: Option<UInt16?>
    /// Only IPv4 is used.
    public let ipv4: Option<Bool>
    /// Only IPv6 is used.
    public let ipv6: Option<Bool>

    /// The address that probes are sent from.
    public let source: Option<IPAddress?>
    /// Where probes leave.
    public let interface: Option<Origin?>
    /// The mark that the system knows the probes by.
    public let mark: Option<UInt32?>
    /// The port that probes are sent from.
    public let sourcePort: Option<UInt16?>
    /// DSCP and ECN.
    public let trafficClass: Option<UInt8?>
    /// Routers must not fragment.
    public let dontFragment: Option<Bool>
    /// Whether routers must not fragment, as ping's users say it.
    public let pathMTU: Option<Fragmenting?>
    /// The size of a probe, counted as the habits have it.
    public let size: Option<Int?>
    /// What fills the payload.
    public let pattern: Option<[UInt8]?>
    /// The label of IPv6 flows.
    public let flowLabel: Option<UInt32?>
    /// Where a probe carries its number.
    public let identity: Option<ProbeIdentity?>
    /// The system's way to the network.
    public let mode: Option<LiveProber.Options.Mode?>
    /// Names are not looked up.
    public let numeric: Option<Bool>

    /// The options with a program's letters.
    public init(_ habits: ProbeHabits) {
        self.habits = habits
        func named(_ name: ProbeHabits.Name) -> [OptionName] { habits.names(of: name) }
        func method(_ name: ProbeHabits.Name, _ method: ProbeMethod, _ help: String) -> Option<Bool> {
            Option(names: named(name), help: help + (method == habits.method ? "; this is the default." : "."))
        }
        icmp = method(.icmp, .icmp, "Ask with ICMP echo requests")
        udp = method(.udp, .udp, "Ask with UDP datagrams to a port where nobody should listen")
        tcp = method(.tcp, .tcp, "Ask with TCP connection requests")
        port = Option(
            names: named(.port), value: .integer(UInt16(1)...65535),
            help: "The destination port. The default is 33434 for UDP and 80 for TCP.")
        ipv4 = Option(names: ["4"] + named(.ipv4), help: "Use IPv4 only.")
        ipv6 = Option(names: ["6"] + named(.ipv6), help: "Use IPv6 only.")
        source = Option(names: named(.source), value: .address, help: "Send from this address.")
        interface = Option(
            names: named(.interface), value: habits.interfaceIsSource ? .origin : .originInterface,
            help: habits.interfaceIsSource
                ? "Send through this interface, or from this address." : "Send through this interface.")
        mark = Option(
            names: named(.mark), value: .integer(0...UInt32.max), placeholder: "MARK",
            help: "Set this mark on the packets, by which routing rules and the firewall of this machine know them: a "
                + "number, or one in hexadecimal such as `0x2a`. It needs CAP_NET_ADMIN.")
        sourcePort = Option(
            names: named(.sourcePort), value: .integer(UInt16(1)...65535),
            help: "Send UDP and TCP probes from this port.")
        trafficClass = Option(
            names: named(.trafficClass), value: .trafficClass,
            help: "Send with this type of service: a number from 0 to 255, or the name of a DSCP such as `ef`.")
        dontFragment = Option(names: named(.dontFragment), help: "Forbid routers to fragment the packets.")
        pathMTU = Option(
            names: named(.pathMTU), value: .choice(Fragmenting.self),
            help:
                "Whether packets may be fragmented on the way: `do` and `probe` forbid it, `want` and `dont` allow it.")
        size =
            switch habits.size {
            case .payload:
                Option(
                    names: named(.size), value: .integer(0...65507), placeholder: "BYTES",
                    help: "Send this many bytes behind the headers of ICMP and UDP.")
            case .packet:
                Option(
                    names: named(.size), value: .integer(28...65535), placeholder: "BYTES",
                    help: "Make ICMP and UDP packets this large, headers and all"
                        + (habits.usualSize.map { "; the default is \($0)." } ?? "."))
            }
        pattern = Option(
            names: named(.pattern), value: habits.pattern == .byte ? .byte : .hexadecimal,
            help: habits.pattern == .byte
                ? "Fill the packets with this byte\(habits.usualPattern == [0] ? "; the default is 0" : "")."
                : "Fill the packets with these bytes, over and over.")
        flowLabel = Option(
            names: named(.flowLabel),
            value: habits.flowLabelIsHexadecimal ? .hexadecimalFlowLabel : .integer(0...0xF_FFFF),
            placeholder: "LABEL", help: "Send IPv6 packets with this flow label.")
        identity = Option(
            names: named(.identity), value: .choice(ProbeIdentity.self),
            help: "Where a probe carries its number: `classic` counts UDP ports up, `paris` keeps all probes on one "
                + "path where routers balance, `dublin` also shows NAT and needs raw packets.")
        mode = Option(
            names: named(.mode), value: .choice(LiveProber.Options.Mode.self),
            help: "How to reach the network: `raw` needs CAP_NET_RAW, `unprivileged` nothing.")
        numeric = Option(names: named(.numeric), help: "Show addresses and look up no names.")
    }
}

// MARK: - In the table of a command

extension ProbeOptions {
    /// The options of the method and the family.
    public var methodGroup: OptionGroup {
        OptionGroup(
            "How to ask",
            rows([
                (.icmp, icmp), (.udp, udp), (.tcp, tcp), (.port, port), (.ipv4, ipv4), (.ipv6, ipv6),
            ]))
    }

    /// The options of the packets and their way.
    public var packetGroup: OptionGroup { OptionGroup("Packets", rows(packetRows)) }

    /// Sets of options of which only one may be given; a recording has been made, and takes none.
    public func exclusive(with network: NetworkOptions) -> [[any OptionRow]] {
        [methodRows, familyRows, [network.network, network.replay]] + sending.map { [network.replay, $0] }
    }

    /// The options that say how probes are made and sent; runs that send none exclude them.
    public var sending: [any OptionRow] { methodRows + familyRows + rows([(.port, port)] + packetRows) }

    private var methodRows: [any OptionRow] { rows([(.icmp, icmp), (.udp, udp), (.tcp, tcp)]) }
    private var familyRows: [any OptionRow] { rows([(.ipv4, ipv4), (.ipv6, ipv6)]) }

    private var packetRows: [(ProbeHabits.Name, any OptionRow)] {
        [
            (.size, size), (.pattern, pattern), (.trafficClass, trafficClass), (.dontFragment, dontFragment),
            (.pathMTU, pathMTU), (.flowLabel, flowLabel), (.source, source), (.interface, interface),
            (.mark, mark), (.sourcePort, sourcePort), (.identity, identity), (.mode, mode),
        ]
    }

    private func rows(_ rows: [(name: ProbeHabits.Name, row: any OptionRow)]) -> [any OptionRow] {
        rows.filter { !habits.omitted.contains($0.name) }.map(\.row)
    }
}
