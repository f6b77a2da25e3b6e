import Testing
import TraceCore

@Suite struct QuotedPacketTests {
    @Test(arguments: 20...39)
    func `of UDP each field is there once its bytes are`(length: Int) throws {
        let bytes = Array(IPPacketTests.v4[..<length])
        let quote = try QuotedPacket(bytes.span)
        let count = length - 20
        #expect(quote.quotedLength == length)
        #expect(quote.sourcePort == (count >= 4 ? 33434 : nil))
        #expect(quote.destinationPort == (count >= 4 ? 33435 : nil))
        #expect(quote.checksum == (count >= 8 ? 0x7C85 : nil))
        #expect(quote.payload == (length >= 28 ? 28..<length : length..<length))
        #expect(quote.ip.isTruncated == (length < 39))
        if count >= 4 {
            guard case .udp(let udp) = quote.transport else {
                Issue.record("not UDP: \(quote.transport)")
                return
            }
            #expect(udp.datagramLength == (count >= 6 ? 19 : nil))
        } else {
            #expect(quote.transport == .unknown)
        }
    }

    static var ipTCP: [UInt8] { hex("45 00 00 34 12 34 40 00 01 06 7b 52 c0 00 02 01 c6 33 64 09") }

    @Test(arguments: 4...32)
    func `of TCP each field is there once its bytes are`(count: Int) throws {
        let bytes = Self.ipTCP + TCPHeaderTests.good[..<count]
        let quote = try QuotedPacket(bytes.span)
        guard case .tcp(let tcp) = quote.transport else {
            Issue.record("not TCP: \(quote.transport)")
            return
        }
        #expect(tcp.sourcePort == 50_000)
        #expect(tcp.destinationPort == 443)
        #expect(tcp.sequence == (count >= 8 ? 0x0102_0304 : nil))
        #expect(tcp.acknowledgment == (count >= 12 ? 0x0A0B_0C0D : nil))
        #expect(tcp.flags == (count >= 14 ? .syn : nil))
        #expect(tcp.checksum == (count >= 18 ? 0xBFD1 : nil))
        #expect(quote.payload.isEmpty)
    }

    @Test(arguments: 4...10)
    func `of an echo each field is there once its bytes are`(count: Int) throws {
        let bytes =
            hex("45 00 00 1e 12 34 40 00 01 01 7b 6d c0 00 02 01 c6 33 64 09")
            + hex("08 00 54 2f 12 34 00 07 61 62")[..<count]
        let quote = try QuotedPacket(bytes.span)
        guard case .icmp(let icmp) = quote.transport else {
            Issue.record("not ICMP: \(quote.transport)")
            return
        }
        #expect((icmp.type, icmp.code, icmp.checksum) == (8, 0, 0x542F))
        #expect(icmp.identifier == (count >= 6 ? 0x1234 : nil))
        #expect(icmp.sequence == (count >= 8 ? 7 : nil))
        #expect(quote.payload.count == max(0, count - 8))
    }

    @Test func `behind IPv6 extension headers the transport is found`() throws {
        let quote = try QuotedPacket(IPPacketTests.v6.span)
        #expect(quote.destinationPort == 33435)
        #expect(quote.payload == 56..<61)
        #expect(quote.ip.ttl == 9)
    }

    @Test func `a later fragment has no transport header`() throws {
        var bytes = IPPacketTests.v4
        bytes[7] = 0xB9
        let quote = try QuotedPacket(bytes.span)
        #expect(quote.transport == .unknown)
        #expect(quote.payload == 20..<39)
    }

    @Test func `another protocol is all payload`() throws {
        var bytes = IPPacketTests.v4
        bytes[9] = 132
        let quote = try QuotedPacket(bytes.span)
        #expect(quote.transport == .unknown)
        #expect(quote.payload == 20..<39)
        #expect(quote.ip.proto == .sctp)
    }

    @Test func `padding after the quoted packet is not counted`() throws {
        let bytes = IPPacketTests.v4 + [UInt8](repeating: 0, count: 89)
        let quote = try QuotedPacket(bytes.span)
        #expect(quote.quotedLength == 39)
        #expect(quote.payload == 28..<39)
    }

    @Test(arguments: 0..<20)
    func `a quote without its IP header is an error`(length: Int) {
        let error = #expect(throws: WireError.self) {
            try QuotedPacket(Array(IPPacketTests.v4[..<length]).span)
        }
        #expect(error?.code == .truncated)
        #expect(error?.offset == length)
    }
}
