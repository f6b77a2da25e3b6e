import Testing

@testable import TraceCore

@Suite struct IPFragmentCutTests {
    static let envelopes = [
        IPEnvelope(
            from: IPAddress(192, 0, 2, 1), to: IPAddress(198, 51, 100, 9), ttl: 7, trafficClass: 0xB9,
            identification: 0x1234),
        IPEnvelope(from: IPAddress(v6: 1), to: IPAddress(v6: 2), ttl: 7, trafficClass: 0xB9, flowLabel: 0x54321),
    ]

    static func packet(_ envelope: IPEnvelope, _ size: Int) -> [UInt8] {
        let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        return envelope.udp(sourcePort: 33434, destinationPort: 33435, payload: payload)
    }

    /// Cuts it with an identification of its own for IPv6.
    static func cut(_ packet: [UInt8], mtu: Int) -> [[UInt8]]? {
        IPFragment.cut(packet.span, mtu: mtu, identification: 0xDEAD_BEEF)
    }

    static func checksum(ofHeader packet: [UInt8]) -> UInt16 { InternetChecksum.of(packet.span, in: 0..<20) }

    @Test(arguments: envelopes, [(3000, 1500), (1452, 1400), (1500, 1280), (65_000, 9001), (100, 68), (4000, 576)])
    func `fragments are as large as fits, and make the packet again`(
        envelope: IPEnvelope, sizes: (payload: Int, mtu: Int)
    ) throws {
        let packet = Self.packet(envelope, sizes.payload)
        let whole = try IPPacket(packet.span)
        let fragments = try #require(Self.cut(packet, mtu: sizes.mtu))
        #expect(fragments.count > 1)
        var payload: [UInt8] = []
        for (index, fragment) in fragments.enumerated() {
            let isLast = index == fragments.count - 1
            let ip = try IPPacket(fragment.span)
            #expect(!ip.isTruncated)
            #expect(ip.totalLength == fragment.count)
            #expect(fragment.count <= sizes.mtu)
            #expect(isLast || fragment.count > sizes.mtu - 8)
            #expect(ip.fragment == IPFragment(offset: payload.count, moreFragments: !isLast))
            #expect(isLast || ip.payload.count % 8 == 0)
            #expect(ip.identification == (envelope.family == .v4 ? 0x1234 : 0xDEAD_BEEF))
            #expect(ip.source == whole.source)
            #expect(ip.destination == whole.destination)
            #expect(ip.ttl == whole.ttl)
            #expect(ip.trafficClass == whole.trafficClass)
            #expect(ip.flowLabel == whole.flowLabel)
            #expect(ip.proto == .udp)
            if envelope.family == .v4 { #expect(Self.checksum(ofHeader: fragment) == 0) }
            payload += fragment[ip.payload]
        }
        #expect(payload == Array(packet[whole.payload]))
    }

    @Test(arguments: envelopes) func `what a router quotes of the first fragment is the probe`(
        envelope: IPEnvelope
    ) throws {
        let fragments = try #require(Self.cut(Self.packet(envelope, 3000), mtu: 1500))
        let first = fragments[0]
        let quote = try QuotedPacket(first.span)
        #expect(quote.ip.fragment.isFirst)
        #expect(quote.sourcePort == 33434)
        #expect(quote.destinationPort == 33435)
    }

    @Test(arguments: envelopes) func `a packet that fits stays whole`(envelope: IPEnvelope) {
        let packet = Self.packet(envelope, 100)
        #expect(Self.cut(packet, mtu: packet.count) == [packet])
    }

    @Test func `what must not be cut is not`() throws {
        var envelope = Self.envelopes[0]
        envelope.dontFragment = true
        #expect(Self.cut(Self.packet(envelope, 3000), mtu: 1500) == nil)
        // A fragment, a packet with extension headers, and bytes of no packet.
        for envelope in Self.envelopes {
            let fragments = try #require(Self.cut(Self.packet(envelope, 3000), mtu: 1500))
            #expect(Self.cut(fragments[0], mtu: 576) == nil)
        }
        for bytes in [IPPacketTests.v6, [0x45, 0], []] {
            #expect(Self.cut(bytes, mtu: 60) == nil)
        }
    }

    @Test(arguments: envelopes) func `an MTU without room for eight bytes cannot be kept`(envelope: IPEnvelope) {
        let least = envelope.family == .v4 ? 28 : 56
        let packet = Self.packet(envelope, 100)
        #expect(Self.cut(packet, mtu: least - 1) == nil)
        let fragments = Self.cut(packet, mtu: least)
        // 108 bytes with UDP's header.
        #expect(fragments?.count == 14)
    }
}
