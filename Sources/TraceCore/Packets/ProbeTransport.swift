/// What a probe's packet is: an ICMP echo request, a UDP datagram or a TCP connection request.
public struct ProbeTransport: Sendable, Hashable {
    enum Kind: Sendable, Hashable { case icmp, udp, tcp }

    let kind: Kind
    /// The port that is probed, or nil for ICMP, which has none.
    public let port: UInt16?

    /// ICMP echo requests.
    public static let icmp = ProbeTransport(kind: .icmp, port: nil)
    /// UDP datagrams to port 33434, where by custom no program listens.
    public static let udp = udp(port: 33434)
    /// TCP connection requests to port 80.
    public static let tcp = tcp(port: 80)

    /// UDP datagrams to a port.
    public static func udp(port: UInt16) -> ProbeTransport { ProbeTransport(kind: .udp, port: port) }
    /// TCP connection requests to a port.
    public static func tcp(port: UInt16) -> ProbeTransport { ProbeTransport(kind: .tcp, port: port) }

    /// The name of the method in reports.
    public var method: ProbeMethod {
        switch kind {
        case .icmp: .icmp
        case .udp: .udp
        case .tcp: .tcp
        }
    }

    /// The number that the IP header names it by.
    func proto(for family: IPAddress.Family) -> IPProtocol {
        switch kind {
        case .icmp: .icmp(for: family)
        case .udp: .udp
        case .tcp: .tcp
        }
    }

    /// The length of its header as probes have it; a connection request says its maximum segment size.
    var headerLength: Int { kind == .tcp ? TCPHeader.minimumLength + 4 : 8 }
}
