import Testing
import TraceCore

@Suite struct ICMPMessageTests {
    /// Time exceeded from 198.51.100.9, quoting 28 bytes of a UDP probe of 68.
    static var short: [UInt8] {
        hex(
            """
            45 00 00 38 12 34 40 00 09 01 73 53 c6 33 64 09 c0 00 02 01
            0b 00 f5 a7 00 00 00 00
            45 00 00 44 12 34 40 00 01 11 7b 37 c0 00 02 01 c6 33 64 09 82 9a 82 a0 00 30 f9 ec
            """)
    }
    /// Packet too big from 2001:db8:9::9 with MTU 1280, quoting 48 bytes.
    static var tooBig: [UInt8] {
        hex(
            """
            60 01 23 45 00 38 3a 09
            20 01 0d b8 00 09 00 00 00 00 00 00 00 00 00 09 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01
            02 00 1c fa 00 00 05 00
            60 01 23 45 00 30 11 01
            20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01 20 01 0d b8 00 09 00 00 00 00 00 00 00 00 00 09
            82 9a 82 9b 00 30 8a ab
            """)
    }
    static let probe = Array(short[28...])

    /// A time exceeded of either family with the given rest and bytes after the header.
    static func message(_ rest: String, _ body: [UInt8]) -> [UInt8] {
        hex("0b 00 0000") + hex(rest) + body
    }

    static func padded(_ quote: [UInt8], to length: Int) -> [UInt8] {
        quote + [UInt8](repeating: 0, count: length - quote.count)
    }

    @Test func `a time exceeded gives the probe it is about`() throws {
        let packet = try ICMPPacket(Self.short.span)
        #expect(packet.ip.source == IPAddress(198, 51, 100, 9))
        #expect(packet.hasValidChecksum(in: Self.short.span) == true)
        let error = try #require(packet.message.error)
        #expect(error.kind == .timeExceeded)
        #expect(error.extensions == nil)
        #expect(error.quote.ip.destination == IPAddress(198, 51, 100, 9))
        #expect(error.quote.ip.ttl == 1)
        #expect(error.quote.ip.totalLength == 68)
        #expect(error.quote.ip.isTruncated)
        #expect(error.quote.destinationPort == 33440)
        #expect(error.quote.checksum == 0xF9EC)
        #expect(error.quote.quotedLength == 28)
    }

    @Test func `a packet too big gives the MTU and the probe`() throws {
        let packet = try ICMPPacket(Self.tooBig.span)
        let error = try #require(packet.message.error)
        #expect(error.kind == .packetTooBig)
        #expect(packet.message.header.nextHopMTU == 1280)
        #expect(error.quote.ip.family == .v6)
        #expect(error.quote.destinationPort == 33435)
    }

    @Test(
        arguments: [
            (.v4, 8, 0, .echoRequest), (.v4, 0, 0, .echoReply), (.v6, 128, 0, .echoRequest),
            (.v6, 129, 0, .echoReply), (.v4, 13, 0, .other), (.v6, 135, 0, .other), (.v6, 8, 0, .other),
            (.v6, 0, 0, .other), (.v4, 128, 0, .other),
        ] as [(IPAddress.Family, UInt8, UInt8, ICMPMessage.Content)])
    func `what is no error needs no quote`(
        family: IPAddress.Family, type: UInt8, code: UInt8, content: ICMPMessage.Content
    ) throws {
        let message = try ICMPMessage([type, code, 0, 0, 0, 0, 0, 0, 1].span, family: family)
        #expect(message.content == content)
        #expect(message.payload == 8..<9)
    }

    @Test(
        arguments: [
            (.v4, 3, 1, .unreachable), (.v4, 3, 4, .packetTooBig), (.v4, 4, 0, .sourceQuench),
            (.v4, 5, 1, .redirect), (.v4, 11, 0, .timeExceeded), (.v4, 12, 0, .parameterProblem),
            (.v6, 1, 4, .unreachable), (.v6, 2, 0, .packetTooBig), (.v6, 3, 0, .timeExceeded),
            (.v6, 4, 1, .parameterProblem),
        ] as [(IPAddress.Family, UInt8, UInt8, ICMPError.Kind)])
    func `errors of both families have one vocabulary`(
        family: IPAddress.Family, type: UInt8, code: UInt8, kind: ICMPError.Kind
    ) throws {
        let bytes = [type, code, 0, 0, 0, 0, 0, 0] + Self.probe
        #expect(try ICMPMessage(bytes.span, family: family).error?.kind == kind)
    }

    @Test(arguments: [32, 33, 40])
    func `extensions are where the length attribute says`(words: Int) throws {
        let rest = "00" + (words < 16 ? "0" : "") + String(words, radix: 16) + "0000"
        let body = Self.padded(Self.probe, to: words * 4) + ICMPExtensionsTests.oneLabel
        let bytes = Self.message(rest, body)
        let error = try #require(try ICMPMessage(bytes.span, family: .v4).error)
        let range = try #require(error.extensions)
        #expect(range == (8 + words * 4)..<bytes.count)
        #expect(try ICMPExtensions(bytes.span, in: range).mplsLabels.map(\.label) == [24_015])
        #expect(error.quote.quotedLength <= 68)
    }

    @Test func `IPv6 counts the length in words of eight bytes`() throws {
        let quote = Self.padded(Array(Self.tooBig[48...]), to: 136)
        let bytes = hex("03 00 0000 11 000000") + quote + ICMPExtensionsTests.threeLabels
        let error = try #require(try ICMPMessage(bytes.span, family: .v6).error)
        #expect(error.extensions == 144..<bytes.count)
        #expect(error.quote.destinationPort == 33435)
    }

    @Test func `without a length, extensions are found at 128 bytes`() throws {
        let bytes = Self.message("00000000", Self.padded(Self.probe, to: 128) + ICMPExtensionsTests.oneLabel)
        let error = try #require(try ICMPMessage(bytes.span, family: .v4).error)
        #expect(error.extensions == 136..<148)
    }

    @Test func `without length or checksum, extensions must fill the message exactly`() throws {
        var body = Self.padded(Self.probe, to: 128) + hex("20 00 0000 0008 01 01 05dcf101")
        var bytes = Self.message("00000000", body)
        #expect(try ICMPMessage(bytes.span, family: .v4).error?.extensions == 136..<148)
        body.append(0)
        bytes = Self.message("00000000", body)
        #expect(try ICMPMessage(bytes.span, family: .v4).error?.extensions == nil)
    }

    @Test(arguments: [
        ("a wrong checksum", "20 00 e8 19 0008 01 01 05dcf101"),
        ("another version", "30 00 0000 0008 01 01 05dcf101"),
        ("reserved bits", "20 01 0000 0008 01 01 05dcf101"), ("only a header", "20 00 dfff"),
        ("just more quote", "30 31 32 33 34 35 36 37 38 39"),
        ("an object too long", "20 00 0000 000c 01 01 05dcf101"),
    ])
    func `what only looks like extensions is quote`(what: String, text: String) throws {
        let bytes = Self.message("00000000", Self.padded(Self.probe, to: 128) + hex(text))
        #expect(try ICMPMessage(bytes.span, family: .v4).error?.extensions == nil, "\(what)")
    }

    @Test(arguments: ["00200000", "00ff0000", "00010000"])
    func `a length that leads to no structure is passed over`(rest: String) throws {
        let bytes = Self.message(rest, Self.probe)
        let error = try #require(try ICMPMessage(bytes.span, family: .v4).error)
        #expect(error.extensions == nil)
        #expect(error.quote.destinationPort == 33440)
    }

    @Test(arguments: 0..<56)
    func `a truncated error says where it ends, or gives what is there`(length: Int) throws {
        let bytes = Array(Self.short[..<length])
        guard length < 48 else {
            #expect(try ICMPPacket(bytes.span).message.error?.quote.quotedLength == length - 28)
            return
        }
        let error = #expect(throws: WireError.self) { try ICMPPacket(bytes.span) }
        #expect(error?.code == .truncated)
        #expect(error?.offset == length)
    }

    @Test func `a packet of another protocol is named`() {
        let bytes = IPPacketTests.v4
        let error = #expect(throws: WireError.self) { try ICMPPacket(bytes.span) }
        #expect(error?.description == "ICMP header, byte 20: the packet carries UDP, not ICMP")
    }

    @Test func `a later fragment is no message`() {
        var bytes = Self.short
        bytes[7] = 2
        let error = #expect(throws: WireError.self) { try ICMPPacket(bytes.span) }
        #expect(error?.code == .laterFragment)
    }
}
