public import TraceCore

/// What the users of a program are used to: which letters the common options have there.
///
///     let options = ProbeOptions(
///         ProbeHabits(method: .udp, spellings: [.icmp: ["I"], .tcp: ["T"], .port: ["p"]], omitted: [.pattern]))
public struct ProbeHabits: Sendable {
    /// An option that programs have in common, by the long name that it has in all of them.
    public enum Name: String, Sendable, Hashable, CaseIterable {
        case icmp, udp, tcp, port, ipv4, ipv6, source, interface, mark
        case sourcePort = "source-port"
        case trafficClass = "tos"
        case dontFragment = "dont-fragment"
        case pathMTU = "pmtu"
        case size, pattern
        case flowLabel = "flow-label"
        case identity, mode, numeric
    }

    /// What a size counts.
    public enum Size: Sendable, Hashable {
        /// The bytes behind the headers, as ping and fping have it.
        case payload
        /// The whole packet, IP header and all, as traceroute and mtr have it.
        case packet
    }

    /// How the pattern is typed that fills the payload.
    public enum Pattern: Sendable, Hashable {
        /// Up to sixteen bytes in hexadecimal, as ping has it.
        case hexadecimal
        /// The number of one byte, as mtr has it.
        case byte
    }

    /// How the program asks unless it is told otherwise.
    public var method: ProbeMethod
    /// Letters, and other long names, beside the one that all programs have. Pairs and no dictionary: that costs more to
    /// make than all that is looked up in it.
    public var spellings: KeyValuePairs<Name, [OptionName]>
    /// What the program does not have.
    public var omitted: [Name]
    /// What a size counts.
    public var size: Size
    /// What ICMP and UDP probes measure unless it is said otherwise, counted as ``size`` is; nil for what the prober takes.
    public var usualSize: Int?
    /// How the pattern is typed.
    public var pattern: Pattern
    /// What fills the payload unless it is said otherwise; empty for what the prober takes.
    public var usualPattern: [UInt8]
    /// Whether a flow label is hexadecimal without saying so, as ping's `-F`.
    public var flowLabelIsHexadecimal: Bool
    /// Whether the interface can also be an address to send from, as ping's `-I`.
    public var interfaceIsSource: Bool

    /// Habits; what is not given is as in no other tool.
    public init(
        method: ProbeMethod, spellings: KeyValuePairs<Name, [OptionName]>, omitted: [Name] = [], size: Size = .payload,
        usualSize: Int? = nil, pattern: Pattern = .hexadecimal, usualPattern: [UInt8] = [],
        flowLabelIsHexadecimal: Bool = false, interfaceIsSource: Bool = false
    ) {
        self.method = method
        self.spellings = spellings
        self.omitted = omitted
        self.size = size
        self.usualSize = usualSize
        self.pattern = pattern
        self.usualPattern = usualPattern
        self.flowLabelIsHexadecimal = flowLabelIsHexadecimal
        self.interfaceIsSource = interfaceIsSource
    }

    /// All spellings of an option: the program's letter, the common name, and the program's other names.
    func names(of name: Name) -> [OptionName] {
        let own = spellings.first { $0.key == name }?.value ?? []
        return own.filter(\.isShort) + [OptionName(name.rawValue)] + own.filter { !$0.isShort }
    }
}
