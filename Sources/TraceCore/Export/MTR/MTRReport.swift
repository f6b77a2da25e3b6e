/// A watched path in the formats of mtr. Encoded, it is the document of `mtr --json`; ``csvLines(version:isWide:)`` and
/// ``textLines(isWide:)`` give the others.
///
/// The formats are those of mtr 0.95. What a run does not know is left out, such as an AS number without a database. A
/// hop that did not answer is called `???` and has 0 for its times, as in mtr.
///
/// ```swift
/// let path = try await PathMonitor(prober).report(of: "example.com", rounds: 10)
/// print(try JSON.text(MTRReport(path), style: .pretty))
/// ```
public struct MTRReport: Sendable {
    /// The names of hops.
    public enum HostStyle: Sendable, Hashable {
        /// The name, or the address if there is none.
        case names
        /// The address.
        case addresses
        /// The name followed by the address.
        case both
    }

    /// The path.
    public var path: MonitorReport
    /// The columns.
    public var fields: MTRReport.Fields
    /// The names of hops.
    public var hosts: HostStyle
    /// Whether the text shows MPLS labels.
    public var showsLabels: Bool
    /// The name of the machine that sends the probes, or nil for its address.
    public var sourceName: String?
    /// The traffic class of the probes, where it is known.
    public var trafficClass: UInt8?
    /// The byte that fills the probes, where it is known.
    public var bitPattern: UInt8?
    /// Gives the network number of an address; nil leaves networks out.
    public var system: (@Sendable (IPAddress) -> UInt32?)?
    /// Gives what the text shows of an address before its name instead of the number of its network; nil for nothing.
    public var note: (@Sendable (IPAddress) -> UntrustedText?)?

    /// A path and its style; without a traffic class, that of the run is used.
    public init(
        _ path: MonitorReport, fields: MTRReport.Fields = .latency, hosts: HostStyle = .names,
        showsLabels: Bool = false,
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
    /// After the end of a run, probes without a decision are neither lost nor answered. `Snt` leaves them out, so that
    /// it agrees with `Rcv`, `Drop` and `Loss%`.
    var hops: [MonitorReport.Hop] {
        guard path.end != nil else { return path.hops }
        return path.hops.map { hop in
            var hop = hop
            hop.sent = hop.answered + hop.lost
            return hop
        }
    }

    /// The name of a silent hop.
    static let silent = UntrustedText("???")

    /// The source of the probes.
    var source: UntrustedText? {
        (sourceName ?? path.run.source.map { "\($0)" }).map { UntrustedText($0) }
    }

    /// The host at the end of the path, by the name that was given.
    var destination: UntrustedText? {
        path.target.map { UntrustedText($0.name ?? "\($0.address)") }
    }

    /// The network of an address in mtr's form, or `AS???`; nil if networks are left out.
    func systemText(of address: IPAddress?) -> String? {
        system.map { system in address.flatMap(system).map { "AS\($0)" } ?? "AS???" }
    }

    /// The byte that fills the probes, as mtr writes it.
    var bitPatternText: String? {
        bitPattern.map { "0x" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
    }

    /// The most frequent responder at a hop.
    func host(of hop: MonitorReport.Hop) -> UntrustedText { host(of: hop.addresses.first) }

    /// What an address is called, or a hop where none answers.
    func host(of address: MonitorReport.Address?) -> UntrustedText {
        address.map { hosts.text(of: $0.address, $0.name) } ?? Self.silent
    }
}

extension MTRReport.HostStyle {
    /// The text for an address and its name, if it has one.
    public func text(of address: IPAddress, _ name: UntrustedText?) -> UntrustedText {
        // An empty name is no name.
        guard self != .addresses, let name, !name.raw.isEmpty else { return UntrustedText("\(address)") }
        return self == .both ? UntrustedText("\(name.raw) (\(address))") : name
    }
}
