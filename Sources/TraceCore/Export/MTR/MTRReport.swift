/// A watched path in the forms of mtr, for whatever reads those: encoded, it is the document of `mtr --json`;
/// ``csvLines(version:)`` and ``textLines(isWide:)`` are the others.
///
/// The shapes are those of mtr 0.95. What mtr knows and a run does not, such as an AS number that nobody looked up, is
/// left out. A hop that did not answer is called `???` and has 0 for its times: so mtr says that there are none.
///
/// ```swift
/// let path = try await PathMonitor(prober).report(of: "example.com", rounds: 10)
/// print(try JSON.text(MTRReport(path), style: .pretty))
/// ```
public struct MTRReport: Sendable {
    /// What a hop is called.
    public enum HostStyle: Sendable, Hashable {
        /// By its name, or by its address where it has none.
        case names
        /// By its address.
        case addresses
        /// By its name with the address behind it.
        case both
    }

    /// The path.
    public var path: MonitorReport
    /// The columns.
    public var fields: MTRReport.Fields
    /// What a hop is called.
    public var hosts: HostStyle
    /// Whether the text shows MPLS labels.
    public var showsLabels: Bool
    /// The name of the machine that probes, or nil to give its address.
    public var sourceName: String?
    /// The traffic class of the probes, where it is known.
    public var trafficClass: UInt8?
    /// The byte that fills the probes, where it is known.
    public var bitPattern: UInt8?
    /// Who knows the number of the network that an address belongs to; where nobody was asked, the forms leave it out.
    public var system: (@Sendable (IPAddress) -> UInt32?)?

    /// A path and how it is shown; a traffic class that is not given is that of the run, where it is known.
    public init(
        _ path: MonitorReport, fields: MTRReport.Fields = .latency, hosts: HostStyle = .names, showsLabels: Bool = false,
        sourceName: String? = nil, trafficClass: UInt8? = nil, bitPattern: UInt8? = nil,
        system: (@Sendable (IPAddress) -> UInt32?)? = nil
    ) {
        self.path = path
        self.fields = fields
        self.hosts = hosts
        self.showsLabels = showsLabels
        self.sourceName = sourceName
        self.trafficClass = trafficClass ?? path.run.trafficClass
        self.bitPattern = bitPattern
        self.system = system
    }

    /// The hops with the probes that count.
    ///
    /// When a run is over, those that nobody answered until then are neither lost nor answered: `Snt` leaves them out,
    /// so that it agrees with `Rcv`, `Drop` and `Loss%`.
    var hops: [MonitorReport.Hop] {
        guard path.end != nil else { return path.hops }
        return path.hops.map { hop in
            var hop = hop
            hop.sent = hop.answered + hop.lost
            return hop
        }
    }

    /// What a silent hop is called.
    static let silent = UntrustedText("???")

    /// Where the probes come from.
    var source: UntrustedText? {
        (sourceName ?? path.run.source.map { "\($0)" }).map { UntrustedText($0) }
    }

    /// The host at the end of the path, by the name it was asked by.
    var destination: UntrustedText? {
        path.target.map { UntrustedText($0.name ?? "\($0.address)") }
    }

    /// The network of an address as mtr calls it, or of nobody; nil where networks were not asked for.
    func systemText(of address: IPAddress?) -> String? {
        system.map { system in address.flatMap(system).map { "AS\($0)" } ?? "AS???" }
    }

    /// Who answers most often at a hop.
    func host(of hop: MonitorReport.Hop) -> UntrustedText {
        hop.addresses.first.map { hosts.text(of: $0.address, $0.name) } ?? Self.silent
    }
}

extension MTRReport.HostStyle {
    /// What an address with that name, or with none, is called.
    public func text(of address: IPAddress, _ name: UntrustedText?) -> UntrustedText {
        // A name of nothing tells nothing.
        guard self != .addresses, let name, !name.raw.isEmpty else { return UntrustedText("\(address)") }
        return self == .both ? UntrustedText("\(name.raw) (\(address))") : name
    }
}
