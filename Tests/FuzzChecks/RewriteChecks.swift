import TraceCore

/// A correct checksum is correct after every rewrite, and only the requested fields have changed.
func checkRewrite(_ bytes: [UInt8], _ packet: IPPacket) throws(Violation) {
    let before = Validity(bytes)
    let other: IPAddress =
        packet.family == .v4 ? IPAddress(198, 51, 100, 7) : IPAddress(v6: 0x2001_0db8 << 96 | 7)

    var hop = bytes
    let left = PacketRewrite.decrementTTL(&hop)
    try requireEqual(left, packet.ttl == 0 ? 0 : packet.ttl - 1, "a hop takes one from the TTL")
    try require(Validity(hop).keeps(before), "a hop keeps checksums right")

    var marked = bytes
    try require(PacketRewrite.setTrafficClass(&marked, to: 0xB9), "a packet has a traffic class")
    try requireEqual((try? IPPacket(marked.span))?.trafficClass, 0xB9, "the traffic class is set")
    try requireEqual((try? IPPacket(marked.span))?.flowLabel, packet.flowLabel, "the flow label stays")
    try require(Validity(marked).keeps(before), "marking keeps checksums right")

    var natted = bytes
    try require(PacketRewrite.setSource(&natted, to: other, port: 0xBEEF), "a packet has a source")
    try requireEqual((try? IPPacket(natted.span))?.source, other, "the source is set")
    try require(Validity(natted).keeps(before), "a new source keeps checksums right")
    try require(PacketRewrite.setDestination(&natted, to: other, port: 0), "a packet has a destination")
    try requireEqual((try? IPPacket(natted.span))?.destination, other, "the destination is set")
    try require(Validity(natted).keeps(before), "a new destination keeps checksums right")
    try requireEqual(natted.count, bytes.count, "a rewrite keeps the length")

    var refreshed = bytes
    if PacketRewrite.refreshICMPChecksum(&refreshed) {
        try require(Validity(refreshed).transport != false, "a refreshed checksum is right")
    }
}

/// Which checksums of a packet are correct; nil for one that is missing or covers bytes that are not there.
private struct Validity {
    var header: Bool?
    var transport: Bool?

    init(_ bytes: [UInt8]) {
        guard let packet = try? IPPacket(bytes.span) else { return }
        if packet.family == .v4 {
            header = InternetChecksum.isValid(bytes.span, in: 0..<packet.headerLength)
        }
        guard !packet.fragment.isFragment, !packet.isTruncated else { return }
        var checksum = InternetChecksum()
        switch packet.proto {
        case .udp:
            guard packet.payload.count >= 8,
                (try? UDPHeader(bytes.span, in: packet.payload))?.checksum != 0
            else { return }
        case .tcp: guard packet.payload.count >= 20 else { return }
        case .icmp, .icmpv6: guard packet.payload.count >= 8 else { return }
        default: return
        }
        if packet.proto != .icmp {
            checksum.addPseudoHeader(
                source: packet.source, destination: packet.destination, proto: packet.proto,
                length: packet.payload.count)
        }
        checksum.add(bytes.span, in: packet.payload)
        transport = checksum.isValid
    }

    /// Whether what was correct before is still correct.
    func keeps(_ before: Validity) -> Bool {
        (before.header != true || header == true) && (before.transport != true || transport == true)
    }
}
