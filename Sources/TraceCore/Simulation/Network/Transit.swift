/// A packet on its way, and what has become of it so far.
struct Transit {
    /// The packet as it was sent.
    let ip: IPPacket
    /// The first four bytes after the IP header: ports, or an ICMP message's type, code and checksum.
    let ports: UInt32

    // How the packet looks now.
    var ttl: UInt8
    var trafficClass: UInt8
    var source: IPAddress
    var destination: IPAddress
    var sourcePort: UInt16
    var destinationPort: UInt16
    var mss: UInt16?
    /// What a node that spoils checksums has added to the transport's.
    var checksumShift: UInt16 = 0
    /// What a NAT that does not restore quotes leaves to be seen of the source and the destination.
    var showsSource = false
    var showsDestination = false

    // Where it has come.
    var time: Int64
    /// How long the way back from here takes.
    var back: Int64 = 0
    /// How many hops it is back from here.
    var hops = 0
    /// Whether an answer from here will be lost.
    var losesAnswer = false
    /// Whether the sender's own link would not take it.
    var isTooLarge = false
    /// The node that it went through last, or -1.
    var last: Int32 = -1
    /// The hash of the flow, once a router wanted it.
    private var hash: UInt64?

    init(_ ip: IPPacket, _ packet: [UInt8], at time: Int64) {
        self.ip = ip
        self.time = time
        ttl = ip.ttl
        trafficClass = ip.trafficClass
        source = ip.source
        destination = ip.destination
        let start = ip.payload.lowerBound
        let hasPorts = ip.fragment.isFirst && ip.payload.count >= 4
        sourcePort = hasPorts ? packet.uint16(at: start) : 0
        destinationPort = hasPorts ? packet.uint16(at: start + 2) : 0
        ports = UInt32(sourcePort) << 16 | UInt32(destinationPort)
    }

    var family: IPAddress.Family { ip.family }

    /// Whether the packet has ports, which a NAT may rewrite.
    var isPortBased: Bool { ip.proto == .udp || ip.proto == .tcp }

    /// The number by which a router picks one of several ways.
    mutating func flowHash(_ balance: NodeTraits.Balance, salt: UInt64) -> UInt32 {
        if balance == .destination {
            return Self.finish(SplitMix.mix(destination.high ^ SplitMix.mix(destination.low)), salt)
        }
        if let hash { return Self.finish(hash, salt) }
        var value = SplitMix.mix(source.high ^ SplitMix.mix(source.low))
        value = SplitMix.mix(value ^ destination.high)
        value = SplitMix.mix(value ^ destination.low)
        let ends = UInt64(sourcePort) << 48 | UInt64(destinationPort) << 32
        value = SplitMix.mix(value ^ ends ^ UInt64(ip.flowLabel) << 8 ^ UInt64(ip.proto.rawValue))
        hash = value
        return Self.finish(value, salt)
    }

    private static func finish(_ hash: UInt64, _ salt: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: SplitMix.mix(hash ^ salt &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }

    /// Does what a node does to packets that go through it.
    mutating func rewrite(by node: SimulatedNode) {
        trafficClass = trafficClass & node.trafficClassKeep | node.trafficClassSet
        checksumShift &+= node.checksumShift
        if let limit = node.mss, limit < mss ?? .max { mss = limit }
        if let address = family == .v4 ? node.nat.v4 : node.nat.v6 {
            source = address
            sourcePort &+= isPortBased ? node.natPortShift : 0
            showsSource = showsSource || node.natKeepsQuote
            hash = nil
        }
        if let address = family == .v4 ? node.dnat.v4 : node.dnat.v6 {
            destination = address
            if let port = node.dnatPort, isPortBased { destinationPort = port }
            showsDestination = showsDestination || node.natKeepsQuote
            hash = nil
        }
    }
}
