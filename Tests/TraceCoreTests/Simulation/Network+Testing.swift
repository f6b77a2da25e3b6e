@testable import TraceCore

/// A line of routers to a host, with room for the attributes that a test is about.
func lineTopology(
    _ routers: Int = 3, _ attributes: [String: String] = [:], more: String = "", path: String? = nil
)
    -> String
{
    var text = "vantage here 192.0.2.10 2001:db8::10\n"
    for index in 1...routers {
        text +=
            "router r\(index) 198.51.100.\(index) 2001:db8:1::\(index) delay=1ms \(attributes["r\(index)"] ?? "")\n"
    }
    text += "host h 203.0.113.7 2001:db8:2::7 delay=1ms \(attributes["h"] ?? "")\n\(more)\n"
    return text + "path h: " + (path ?? (1...routers).map { "r\($0)" }.joined(separator: " ")) + "\n"
}

let sourceV4 = IPAddress(192, 0, 2, 10)
let targetV4 = IPAddress(203, 0, 113, 7)
let sourceV6 = IPAddress(v6: 0x2001_0db8 << 96 | 0x10)
let targetV6 = IPAddress(v6: 0x2001_0db8_0002 << 80 | 7)

func vantageAddress(_ family: IPAddress.Family) -> IPAddress { family == .v4 ? sourceV4 : sourceV6 }
func hostAddress(_ family: IPAddress.Family) -> IPAddress { family == .v4 ? targetV4 : targetV6 }

func probeEnvelope(_ family: IPAddress.Family = .v4, ttl: UInt8 = 64, dontFragment: Bool = false)
    -> IPEnvelope
{
    IPEnvelope(
        from: vantageAddress(family), to: hostAddress(family), ttl: ttl, identification: 77,
        dontFragment: dontFragment)
}

func udpProbe(
    _ family: IPAddress.Family = .v4, ttl: UInt8 = 64, source: UInt16 = 40_000, port: UInt16 = 33_434,
    size: Int = 32
) -> [UInt8] {
    probeEnvelope(family, ttl: ttl, dontFragment: true).udp(
        sourcePort: source, destinationPort: port, payload: Array(repeating: 7, count: size))
}

/// The packet that comes back, decoded and with its checksums held to account.
struct NetworkAnswer {
    let at: Duration
    let bytes: [UInt8]
    let ip: IPPacket
    let icmp: ICMPMessage?

    init(_ delivery: SimulatedNetwork.Delivery) throws {
        at = delivery.at
        bytes = delivery.packet
        let ip = try IPPacket(delivery.packet.span)
        self.ip = ip
        let isICMP = ip.proto == IPProtocol.icmp(for: ip.family)
        icmp = isICMP ? try ICMPMessage(delivery.packet.span, in: ip.payload, family: ip.family) : nil
    }

    var quote: QuotedPacket? { icmp?.error?.quote }

    var hasValidChecksums: Bool {
        if ip.family == .v4, !InternetChecksum.isValid(bytes.span, in: 0..<20) { return false }
        var checksum = InternetChecksum()
        if ip.proto != .icmp {
            checksum.addPseudoHeader(
                source: ip.source, destination: ip.destination, proto: ip.proto, length: ip.payload.count)
        }
        checksum.add(bytes.span, in: ip.payload)
        return checksum.isValid
    }
}

/// A network that an expectation can send packets through: macros do not take what mutates.
final class TestNetwork {
    private var network: SimulatedNetwork

    init(_ topology: String) throws { network = try SimulatedInternet(parsing: topology).network() }

    func send(_ packet: [UInt8], at time: Duration) -> [SimulatedNetwork.Delivery] {
        network.send(packet, at: time)
    }

    func answers(_ packet: [UInt8], at time: Duration = .zero) throws -> [NetworkAnswer] {
        try send(packet, at: time).map { try NetworkAnswer($0) }
    }

    func answer(_ packet: [UInt8], at time: Duration = .zero) throws -> NetworkAnswer? {
        try answers(packet, at: time).first
    }
}

func isIntact(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    InternetChecksum.isValid(bytes.span, in: range)
}

func udpHeader(_ answer: NetworkAnswer) throws -> UDPHeader {
    try UDPHeader(answer.bytes.span, in: answer.ip.payload)
}

func tcpHeader(_ answer: NetworkAnswer, at start: Int? = nil) throws -> TCPHeader {
    try TCPHeader(answer.bytes.span, in: (start ?? answer.ip.payload.lowerBound)..<answer.bytes.count)
}
