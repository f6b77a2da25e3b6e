import Testing
import TraceCore

@Suite struct PacketRewriteTests {
    static let inside = IPAddress(192, 0, 2, 1)
    static let outside = IPAddress(203, 0, 113, 77)

    @Test func `each hop takes one from the TTL and keeps the header valid`() {
        var packet = IPPacketTests.v4
        for left in (0..<9).reversed() {
            #expect(PacketRewrite.decrementTTL(&packet) == UInt8(left))
            #expect(InternetChecksum.of(packet.span, in: 0..<20) == 0)
        }
        #expect(PacketRewrite.decrementTTL(&packet) == 0)
        #expect(packet[8] == 0)
    }

    @Test func `a hop limit has no checksum to keep`() {
        var packet = IPPacketTests.v6
        #expect(PacketRewrite.decrementTTL(&packet) == 8)
        var expected = IPPacketTests.v6
        expected[7] = 8
        #expect(packet == expected)
    }

    @Test(arguments: [[], [0x45], [0x60], [0x50] + [UInt8](repeating: 0, count: 60)] as [[UInt8]])
    func `bytes that are no packet are left alone`(bytes: [UInt8]) {
        var packet = bytes
        #expect(PacketRewrite.decrementTTL(&packet) == nil)
        #expect(PacketRewrite.setTrafficClass(&packet, to: 1) == false)
        #expect(PacketRewrite.setSource(&packet, to: Self.outside) == false)
        #expect(PacketRewrite.refreshICMPChecksum(&packet) == false)
        #expect(packet == bytes)
    }

    /// What a NAT makes of a packet must be what its builder would have made with the other source.
    @Test(arguments: [[], [1], [1, 2, 3, 4, 5, 6, 7]] as [[UInt8]])
    func `a rewritten packet is the one built with the new address and port`(payload: [UInt8]) {
        let before = IPEnvelope(from: Self.inside, to: IPAddress(198, 51, 100, 9))
        let after = IPEnvelope(from: Self.outside, to: IPAddress(198, 51, 100, 9))
        var udp = before.udp(sourcePort: 33434, destinationPort: 53, payload: payload)
        #expect(PacketRewrite.setSource(&udp, to: Self.outside, port: 61_000) == true)
        #expect(udp == after.udp(sourcePort: 61_000, destinationPort: 53, payload: payload))

        var tcp = before.tcp(TCPHeader(sourcePort: 33434, destinationPort: 80, flags: .syn), payload: payload)
        #expect(PacketRewrite.setSource(&tcp, to: Self.outside, port: 61_000) == true)
        #expect(
            tcp
                == after.tcp(
                    TCPHeader(sourcePort: 61_000, destinationPort: 80, flags: .syn), payload: payload))

        var echo = before.echoRequest(identifier: 7, sequence: 9, payload: payload)
        #expect(PacketRewrite.setSource(&echo, to: Self.outside, port: 61_000) == true)
        #expect(echo == after.echoRequest(identifier: 61_000, sequence: 9, payload: payload))
    }

    @Test func `the same holds for IPv6 and for the destination`() {
        let new = IPAddress(v6: 0x2001_0db8_00AA_0000_FFFF_0000_0000_0042)
        var after = IPEnvelopeTests.v6
        after.destination = new
        var udp = IPEnvelopeTests.v6.udp(sourcePort: 1, destinationPort: 2, payload: [3])
        #expect(PacketRewrite.setDestination(&udp, to: new, port: 4) == true)
        #expect(udp == after.udp(sourcePort: 1, destinationPort: 4, payload: [3]))
        var echo = IPEnvelopeTests.v6.echoReply(identifier: 5, sequence: 6, payload: [7])
        #expect(PacketRewrite.setDestination(&echo, to: new) == true)
        #expect(echo == after.echoReply(identifier: 5, sequence: 6, payload: [7]))
    }

    @Test func `a UDP datagram without a checksum stays without`() {
        var packet = IPPacketTests.v4
        (packet[26], packet[27]) = (0, 0)
        #expect(PacketRewrite.setSource(&packet, to: Self.outside, port: 9) == true)
        #expect(packet[26...27] == [0, 0])
    }

    @Test func `an echo reply that becomes all zeros has a checksum of all ones`() {
        let envelope = IPEnvelope(from: Self.inside, to: Self.outside)
        var packet = envelope.echoReply(identifier: 0xFFFF, sequence: 0, payload: [0, 0])
        #expect(packet[22...23] == [0, 0])
        #expect(PacketRewrite.setDestination(&packet, to: Self.outside, port: 0) == true)
        #expect(packet == envelope.echoReply(identifier: 0, sequence: 0, payload: [0, 0]))
        #expect(packet[22...23] == [0xFF, 0xFF])
    }

    @Test func `an address of the other family changes nothing`() {
        var packet = IPPacketTests.v4
        #expect(PacketRewrite.setSource(&packet, to: IPAddress(v6: 1)) == false)
        #expect(packet == IPPacketTests.v4)
    }

    @Test(arguments: [20, 22, 23, 24, 26, 28, 39])
    func `a quote is translated back as far as it goes`(quoted: Int) throws {
        let sent = IPEnvelope(from: Self.inside, to: IPAddress(198, 51, 100, 9))
        let seen = IPEnvelope(from: Self.outside, to: IPAddress(198, 51, 100, 9))
        let router = IPEnvelope(from: IPAddress(198, 51, 100, 1), to: Self.outside)
        let payload = Array("hello world".utf8)
        let header = ICMPHeader(v4: .timeExceeded)
        var error = router.icmpError(
            header, quoting: seen.udp(sourcePort: 61_000, destinationPort: 53, payload: payload),
            quoteLimit: quoted)
        #expect(PacketRewrite.setDestination(&error, to: Self.inside) == true)
        #expect(PacketRewrite.setSource(&error, to: Self.inside, port: 33434, at: 28) == true)
        #expect(PacketRewrite.refreshICMPChecksum(&error) == true)
        let wanted = IPEnvelope(from: IPAddress(198, 51, 100, 1), to: Self.inside).icmpError(
            header, quoting: sent.udp(sourcePort: 33434, destinationPort: 53, payload: payload),
            quoteLimit: quoted)
        #expect(error == wanted)
    }

    @Test(arguments: [0, 0x01, 0xB9, 0xFF] as [UInt8])
    func `DSCP and ECN are set beside what shares their bytes`(value: UInt8) throws {
        var v4 = IPPacketTests.v4
        #expect(PacketRewrite.setTrafficClass(&v4, to: value) == true)
        #expect(InternetChecksum.of(v4.span, in: 0..<20) == 0)
        #expect(try IPPacket(v4.span).trafficClass == value)
        var v6 = IPPacketTests.v6
        #expect(PacketRewrite.setTrafficClass(&v6, to: value) == true)
        #expect(try IPPacket(v6.span).trafficClass == value)
        #expect(try IPPacket(v6.span).flowLabel == 0x12345)
    }
}
