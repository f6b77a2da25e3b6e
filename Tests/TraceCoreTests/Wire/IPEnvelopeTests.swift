import TraceCoreFuzzChecks
import Testing
import TraceCore

@Suite struct IPEnvelopeTests {
    static let v4 = IPEnvelope(
        from: IPAddress(192, 0, 2, 1), to: IPAddress(198, 51, 100, 9), ttl: 9, identification: 0x1234,
        dontFragment: true)
    static let v6 = IPEnvelope(
        from: IPAddress(v6: 0x2001_0db8_0000_0000_0000_0000_0000_0001),
        to: IPAddress(v6: 0x2001_0db8_0009_0000_0000_0000_0000_0009), ttl: 9, flowLabel: 0x12345)

    @Test func `a UDP datagram has every byte of the known one`() {
        let packet = Self.v4.udp(
            sourcePort: 33434, destinationPort: 33435, payload: Array("hello world".utf8))
        #expect(packet == IPPacketTests.v4)
        #expect(
            Self.v6.udp(sourcePort: 33434, destinationPort: 33435, payload: Array("hello".utf8))
                == hex(
                    """
                    60 01 23 45 00 0d 11 09
                    20010db8 00000000 00000000 00000001 20010db8 00090000 00000000 00000009
                    82 9a 82 9b 00 0d 5b 47 68 65 6c 6c 6f
                    """))
    }

    @Test func `an echo request has every byte of the known one`() {
        let data = Array("abcdefgh".utf8)
        #expect(
            Self.v4.echoRequest(identifier: 0x1234, sequence: 7, payload: data)
                == hex(
                    """
                    45 00 00 24 12 34 40 00 09 01 73 67 c0 00 02 01 c6 33 64 09
                    08 00 54 2f 12 34 00 07 61 62 63 64 65 66 67 68
                    """))
        #expect(
            Self.v6.echoRequest(identifier: 0x1234, sequence: 7, payload: data)
                == hex(
                    """
                    60 01 23 45 00 10 3a 09
                    20010db8 00000000 00000000 00000001 20010db8 00090000 00000000 00000009
                    80 00 80 5f 12 34 00 07 61 62 63 64 65 66 67 68
                    """))
    }

    @Test func `a SYN has every byte of the known one`() {
        let header = TCPHeader(
            sourcePort: 50_000, destinationPort: 443, sequence: 0x0102_0304, flags: .syn, window: 64_240)
        #expect(
            Self.v4.tcp(header, options: hex("020405b4 01030307 04020000"))
                == hex(
                    """
                    45 00 00 34 12 34 40 00 09 06 73 52 c0 00 02 01 c6 33 64 09
                    c3 50 01 bb 01 02 03 04 00 00 00 00 80 02 fa f0 bf d1 00 00 02 04 05 b4 01 03 03 07 04 02 00 00
                    """))
    }

    @Test(arguments: [1, 0x1234, 0xABCD, 0xFFFE, 0xFFFF] as [UInt16], [2, 3, 40])
    func `a wanted checksum is had by the payload`(wanted: UInt16, count: Int) throws {
        let data = [UInt8](repeating: 0x5A, count: count)
        for envelope in [Self.v4, Self.v6] {
            let udp = envelope.udp(
                sourcePort: 33434, destinationPort: 33434, payload: data, wantedChecksum: wanted)
            #expect(try QuotedPacket(udp.span).checksum == wanted)
            try checkIPv4(udp)
            let echo = envelope.echoRequest(
                identifier: 7, sequence: wanted, payload: data, wantedChecksum: wanted)
            let packet = try ICMPPacket(echo.span)
            #expect(packet.message.header.checksum == (wanted == 0xFFFF ? 0 : wanted))
            #expect(packet.hasValidChecksum(in: echo.span) == true)
            #expect(packet.message.header.sequence == wanted)
        }
    }

    @Test(arguments: [v4, v6], IPEnvelope.ExtensionForm.allCases)
    func `an error with extensions is read back in both forms`(
        envelope: IPEnvelope, form: IPEnvelope.ExtensionForm
    ) throws {
        let probe = envelope.udp(
            sourcePort: 5, destinationPort: 6, payload: [UInt8](repeating: 9, count: 300))
        let wanted = ICMPExtensions(objects: [
            .mpls([MPLSLabel(label: 24_015, bottom: true, ttl: 1)]),
            .interface(InterfaceInformation(role: .incoming, index: 3, name: UntrustedText("xe-0/0/1"))),
        ])
        let header =
            envelope.family == .v4 ? ICMPHeader(v4: .timeExceeded) : ICMPHeader(v6: .timeExceeded)
        for limit in [28, 48, 127, 128, 129, 200, 1500] {
            let bytes = envelope.icmpError(
                header, quoting: probe, quoteLimit: limit, extensions: wanted, form: form)
            let packet = try ICMPPacket(bytes.span)
            #expect(packet.hasValidChecksum(in: bytes.span) == true)
            guard envelope.family == .v4 || limit >= 48 else { continue }
            let error = try #require(packet.message.error)
            let range = try #require(error.extensions, "quote limit \(limit)")
            #expect(try ICMPExtensions(bytes.span, in: range) == wanted)
            #expect(range.lowerBound - packet.message.payload.lowerBound >= 128)
            #expect(
                (range.lowerBound - packet.message.payload.lowerBound) % (packet.ip.family == .v4 ? 4 : 8)
                    == 0)
            #expect((packet.message.header.quoteLength == 0) == (form == .legacy))
            #expect(error.quote.destinationPort == 6)
        }
    }

    @Test func `an error without extensions quotes as much as it may`() throws {
        let probe = Self.v4.udp(sourcePort: 5, destinationPort: 6, payload: [UInt8](repeating: 9, count: 900))
        let bytes = Self.v4.icmpError(ICMPHeader(v4: .destinationUnreachable, code: 3), quoting: probe)
        #expect(bytes.count == 576)
        let short = Self.v4.icmpError(ICMPHeader(v4: .timeExceeded), quoting: probe, quoteLimit: 28)
        #expect(short.count == 56)
        #expect(try ICMPPacket(short.span).message.error?.quote.checksum == QuotedPacket(probe.span).checksum)
    }

    @Test func `an MTU stays beside the length of the quote`() throws {
        let probe = Self.v4.udp(sourcePort: 5, destinationPort: 6)
        let bytes = Self.v4.icmpError(
            ICMPHeader(v4: .destinationUnreachable, code: 4, rest: 1400), quoting: probe,
            extensions: ICMPExtensions(objects: [.mpls([MPLSLabel(label: 16)])]))
        let packet = try ICMPPacket(bytes.span)
        #expect(packet.message.header.nextHopMTU == 1400)
        #expect(packet.message.header.quoteLength == 128)
    }

    @Test func `a source of the other family is written as unspecified`() throws {
        var envelope = Self.v6
        envelope.source = IPAddress(192, 0, 2, 1)
        let bytes = envelope.echoRequest(identifier: 1, sequence: 2)
        let packet = try ICMPPacket(bytes.span)
        #expect(packet.ip.source == IPAddress(v6: 0))
        #expect(packet.hasValidChecksum(in: bytes.span) == true)
    }
}
