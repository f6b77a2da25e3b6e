import Testing
import TraceCore

@Suite struct ICMPHeaderTests {
    @Test func `an echo has an identifier and a sequence number`() throws {
        let header = try ICMPHeader(hex("08 00 54 2f 12 34 00 07").span, family: .v4)
        #expect(header.v4Type == .echoRequest)
        #expect(header.v6Type == nil)
        #expect(header.isEchoRequest)
        #expect(!header.isEchoReply)
        #expect(header.checksum == 0x542F)
        #expect(header.identifier == 0x1234)
        #expect(header.sequence == 7)
    }

    @Test func `identifier and sequence number are set apart`() {
        var header = ICMPHeader(v6: .echoRequest)
        header.identifier = 0xBEEF
        header.sequence = 0xCAFE
        #expect(header.rest == 0xBEEF_CAFE)
        header.identifier = 1
        #expect(header.rest == 0x0001_CAFE)
    }

    @Test(
        arguments: [
            (.v4, "03 04 0000 0000 0578", 1400), (.v4, "03 04 0000 0000 0000", nil),
            (.v4, "03 03 0000 0000 0578", nil), (.v4, "03 04 0000 1111 0240", 576),
            (.v6, "02 00 0000 0000 0500", 1280), (.v6, "02 00 0000 0001 0000", 65_536),
            (.v6, "03 00 0000 0000 0500", nil),
        ] as [(IPAddress.Family, String, Int?)])
    func `the next hop's MTU is where each family has it`(
        family: IPAddress.Family, text: String, mtu: Int?
    ) throws {
        #expect(try ICMPHeader(hex(text).span, family: family).nextHopMTU == mtu)
    }

    @Test(
        arguments: [
            (.v4, "0c 00 0000 14 000000", 20), (.v6, "04 01 0000 00000028", 40),
            (.v4, "0b 00 0000 14000000", nil),
        ] as [(IPAddress.Family, String, Int?)])
    func `a parameter problem points at a byte`(family: IPAddress.Family, text: String, pointer: Int?) throws {
        #expect(try ICMPHeader(hex(text).span, family: family).pointer == pointer)
    }

    @Test(
        arguments: [
            (.v4, "0b 00 0000 00 20 0000", 128), (.v4, "03 04 0000 00 21 0578", 132),
            (.v4, "0c 00 0000 14 20 0000", 128), (.v4, "08 00 0000 00 20 0000", 0),
            (.v4, "05 00 0000 00 20 0000", 0), (.v6, "03 00 0000 10 000000", 128),
            (.v6, "01 04 0000 11 000000", 136), (.v6, "02 00 0000 10 000000", 0),
            (.v6, "04 00 0000 10 000000", 0),
        ] as [(IPAddress.Family, String, Int)])
    func `the length attribute counts words of 32 bits in IPv4, of 64 in IPv6`(
        family: IPAddress.Family, text: String, length: Int
    ) throws {
        #expect(try ICMPHeader(hex(text).span, family: family).quoteLength == length)
    }

    @Test func `a redirect names a router`() throws {
        let header = try ICMPHeader(hex("05 01 0000 c0 00 02 02").span, family: .v4)
        #expect(header.gateway == IPAddress(192, 0, 2, 2))
    }

    @Test(arguments: 0..<8)
    func `a truncated header says where it ends`(length: Int) {
        let bytes = [UInt8](repeating: 0, count: length)
        let error = #expect(throws: WireError.self) { try ICMPHeader(bytes.span, family: .v6) }
        #expect(error == WireError(.truncated, in: .icmp, at: length, expected: 8, found: length))
    }

    @Test func `types and codes have names`() {
        #expect("\(ICMPv4Type.timeExceeded)" == "time exceeded")
        #expect("\(ICMPv6Type(rawValue: 250))" == "ICMPv6 type 250")
        #expect("\(ICMPv4UnreachableCode.communicationProhibited)" == "communication prohibited")
        #expect(ICMPv4UnreachableCode.communicationProhibited.rawValue == 13)
        #expect("\(ICMPv6UnreachableCode.port)" == "port unreachable")
        #expect(ICMPv6UnreachableCode.port.rawValue == 4)
        #expect("\(IPProtocol.icmpv6) \(IPProtocol(rawValue: 99))" == "ICMPv6 protocol 99")
    }
}
