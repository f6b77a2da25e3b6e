import Testing
import TraceCore

@Suite struct IPPacketTests {
    /// UDP from 192.0.2.1:33434 to 198.51.100.9:33435, "hello world".
    static var v4: [UInt8] {
        hex(
            """
            45 00 00 27 12 34 40 00 09 11 73 54 c0 00 02 01 c6 33 64 09
            82 9a 82 9b 00 13 7c 85 68 65 6c 6c 6f 20 77 6f 72 6c 64
            """)
    }
    /// UDP from 2001:db8::1 to 2001:db8:9::9, "hello", behind hop-by-hop options.
    static var v6: [UInt8] {
        hex(
            """
            60 01 23 45 00 15 00 09
            20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01 20 01 0d b8 00 09 00 00 00 00 00 00 00 00 00 09
            11 00 05 02 00 00 01 00
            82 9a 82 9b 00 0d 5b 47 68 65 6c 6c 6f
            """)
    }

    @Test func `an IPv4 packet is read into the uniform value`() throws {
        let packet = try IPPacket(Self.v4.span)
        #expect(packet.family == .v4)
        #expect(packet.source == IPAddress(192, 0, 2, 1))
        #expect(packet.destination == IPAddress(198, 51, 100, 9))
        #expect(packet.proto == .udp)
        #expect(packet.ttl == 9)
        #expect(packet.identification == 0x1234)
        #expect(packet.dontFragment)
        #expect(packet.headerLength == 20)
        #expect(packet.totalLength == 39)
        #expect(packet.payload == 20..<39)
        #expect(!packet.isTruncated)
    }

    @Test func `an IPv6 packet is read into the same value`() throws {
        let packet = try IPPacket(Self.v6.span)
        #expect(packet.family == .v6)
        #expect(packet.proto == .udp)
        #expect(packet.flowLabel == 0x12345)
        #expect(packet.identification == nil)
        #expect(packet.headerLength == 48)
        #expect(packet.totalLength == 61)
        #expect(packet.payload == 48..<61)
        #expect(!packet.isTruncated)
    }

    @Test(arguments: [v4, v6], [1, 7])
    func `bytes after the packet do not belong to it`(bytes: [UInt8], extra: Int) throws {
        let padded = bytes + [UInt8](repeating: 0xEE, count: extra)
        #expect(try IPPacket(padded.span) == IPPacket(bytes.span))
    }

    @Test(arguments: 0..<39)
    func `an IPv4 packet may lose its end, but not its header`(length: Int) throws {
        let bytes = Array(Self.v4[..<length])
        guard length >= 20 else {
            let error = #expect(throws: WireError.self) { try IPPacket(bytes.span) }
            #expect(error?.code == .truncated)
            #expect(error?.offset == length)
            return
        }
        let packet = try IPPacket(bytes.span)
        #expect(packet.isTruncated)
        #expect(packet.payload == 20..<length)
        #expect(packet.totalLength == 39)
    }

    @Test(arguments: 0..<61)
    func `an IPv6 packet may lose its end, but no header`(length: Int) throws {
        let bytes = Array(Self.v6[..<length])
        guard length >= 48 else {
            let error = #expect(throws: WireError.self) { try IPPacket(bytes.span) }
            #expect(error?.code == .truncated)
            #expect(error?.layer == (length == 0 ? .ip : length < 40 ? .ipv6 : .ipv6Extension))
            #expect(error?.offset == length)
            return
        }
        #expect(try IPPacket(bytes.span).payload == 48..<length)
    }

    @Test func `a total length below the header's is an error in a packet and passed over in a quote`() throws {
        var bytes = Self.v4
        bytes[3] = 19
        let error = #expect(throws: WireError.self) { try IPPacket(bytes.span) }
        #expect(error == WireError(.badLength, in: .ipv4, at: 2, expected: 20, found: 19))
        #expect(try IPPacket(quotedIn: bytes.span).payload == 20..<39)
    }

    @Test func `a quote may end within options or extension headers`() throws {
        var options = Self.v4[..<20] + hex("07 07 04 00")
        options[0] = 0x47
        #expect(try IPPacket(quotedIn: Array(options).span).payload == 24..<24)
        #expect(throws: WireError.self) { try IPPacket(Array(options).span) }
        let extensions = try IPPacket(quotedIn: Array(Self.v6[..<44]).span)
        #expect(extensions.proto == .hopByHop)
        #expect(extensions.payload == 44..<44)
        #expect(extensions.isTruncated)
    }

    @Test(arguments: [0, 1, 5, 7, 15] as [UInt8])
    func `bytes of neither version are refused`(version: UInt8) {
        let error = #expect(throws: WireError.self) { try IPPacket([version << 4 | 5].span) }
        #expect(error == WireError(.badVersion, in: .ip, at: 0, found: Int(version)))
    }
}
