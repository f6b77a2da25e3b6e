import Testing
import TraceCore

@Suite struct ICMPExtensionsTests {
    /// RFC 4950: label 24015, TC 0, bottom of stack, TTL 1.
    static var oneLabel: [UInt8] { hex("20 00 e8 18 0008 01 01 05dcf101") }
    /// Three entries: 16/5/0/255, 300112/0/0/3, 1048575/7/1/2.
    static var threeLabels: [UInt8] { hex("20 00 8b a3 0010 01 01 00010aff 49450003 ffffff02") }
    /// RFC 5837: incoming, ifIndex 42, 192.0.2.129, "Gi0/0/0/1", MTU 1500.
    static var everything: [UInt8] {
        hex(
            """
            20 00 12 3f 0020 02 0f 0000002a 0001 0000 c0000281
            0c 47 69 30 2f 30 2f 30 2f 31 00 00 000005dc
            """)
    }
    /// RFC 5837: outgoing, ifIndex 7, 2001:db8::7.
    static var outgoing: [UInt8] {
        hex(
            "20 00 af 8e 001c 02 8c 00000007 0002 0000 20010db8 00000000 00000000 00000007")
    }

    @Test func `an MPLS label is where RFC 4950 puts it`() throws {
        let extensions = try ICMPExtensions(Self.oneLabel.span)
        #expect(extensions.mplsLabels == [MPLSLabel(label: 24_015, exp: 0, bottom: true, ttl: 1)])
        #expect(extensions.interfaces.isEmpty)
    }

    @Test func `a stack of labels keeps its order`() throws {
        #expect(
            try ICMPExtensions(Self.threeLabels.span).mplsLabels == [
                MPLSLabel(label: 16, exp: 5, bottom: false, ttl: 255),
                MPLSLabel(label: 300_112, exp: 0, bottom: false, ttl: 3),
                MPLSLabel(label: 1_048_575, exp: 7, bottom: true, ttl: 2),
            ])
    }

    @Test func `an interface is read with all that RFC 5837 allows`() throws {
        #expect(
            try ICMPExtensions(Self.everything.span).interfaces == [
                InterfaceInformation(
                    role: .incoming, index: 42, address: IPAddress(192, 0, 2, 129),
                    name: UntrustedText("Gi0/0/0/1"), mtu: 1500)
            ])
        #expect(
            try ICMPExtensions(Self.outgoing.span).interfaces == [
                InterfaceInformation(role: .outgoing, index: 7, address: IPAddress(v6: 0x2001_0db8 << 96 | 7))
            ])
    }

    @Test(arguments: [oneLabel, threeLabels, everything, outgoing])
    func `a structure writes the bytes it was read from`(bytes: [UInt8]) throws {
        var again: [UInt8] = [0xAA]  // not at the buffer's beginning, and at an odd place
        try ICMPExtensions(bytes.span).append(to: &again)
        #expect(again == [0xAA] + bytes)
    }

    @Test func `objects of several classes keep their order`() throws {
        let bytes = hex("20 00 00 00 0008 01 01 05dcf101 0007 fa 09 010203 000c 02 42 08 65742d312f3000")
        #expect(
            try ICMPExtensions(bytes.span).objects == [
                .mpls([MPLSLabel(word: 0x05DC_F101)]),
                .other(.init(classNumber: 250, subtype: 9, bytes: [1, 2, 3])),
                .interface(InterfaceInformation(role: .subIPComponent, name: UntrustedText("et-1/0"))),
            ])
    }

    @Test(arguments: [
        ("01 01 05dcf1", "a label of three bytes"), ("01 02 05dcf101", "an unknown type of MPLS"),
        ("02 08 0000", "half an index"), ("02 04 0003 0000 c0000201", "an unknown address family"),
        ("02 04 0002 0000 c0000201", "a quarter of an address"),
        ("02 02 05 61626364", "a name of odd length"),
        ("02 02 00 000000", "a name of no length"), ("02 02 44 616263", "a name beyond the object"),
        ("02 01 05dc", "half an MTU"), ("02 00 01", "bytes that nothing announces"), ("02 02", "no name"),
    ])
    func `an object that is not as its RFC has it is kept as it came`(text: String, what: String) throws {
        let object = hex(text)
        let bytes = hex("20 00 0000 00") + [UInt8(object.count + 2)] + object
        let kept = ICMPExtensions.OtherObject(
            classNumber: object[0], subtype: object[1], bytes: Array(object[2...]))
        #expect(try ICMPExtensions(bytes.span).objects == [.other(kept)], "\(what)")
    }

    @Test(
        arguments: [
            ("", .truncated, .icmpExtensions, 0), ("20 00 00", .truncated, .icmpExtensions, 3),
            ("10 00 0000", .badExtensionVersion, .icmpExtensions, 0),
            ("20 00 e8 19 0008 01 01 05dcf101", .badChecksum, .icmpExtensions, 2),
            ("20 00 0000 0003 01 01", .badLength, .icmpExtensionObject, 4),
            ("20 00 0000 0009 01 01 05dcf101", .truncated, .icmpExtensionObject, 12),
            ("20 00 0000 0008 01", .truncated, .icmpExtensionObject, 7),
            ("20 00 0000 ffff 01 01", .truncated, .icmpExtensionObject, 8),
        ] as [(String, WireError.Code, WireError.Layer, Int)])
    func `a broken structure says where`(
        text: String, code: WireError.Code, layer: WireError.Layer, offset: Int
    ) {
        let error = #expect(throws: WireError.self) { try ICMPExtensions(hex(text).span) }
        #expect(error?.code == code)
        #expect(error?.layer == layer)
        #expect(error?.offset == offset)
    }

    @Test func `a wrong checksum is told with the right one`() {
        let error = #expect(throws: WireError.self) {
            try ICMPExtensions(hex("20 00 1234 0008 01 01 05dcf101").span)
        }
        #expect(
            error?.description
                == "ICMP extension structure, byte 2: the checksum is 0x1234; it should be 0xe818")
    }

    @Test func `a name that is no UTF-8, or too long, stays within its object`() throws {
        let bytes = hex("20 00 0000 0044 02 02 40") + [UInt8](repeating: 0xFF, count: 63)
        let extensions = try ICMPExtensions(bytes.span)
        #expect(extensions.interfaces.first?.name?.raw == String(repeating: "\u{FFFD}", count: 21))
        var again: [UInt8] = []
        extensions.append(to: &again)
        #expect(try ICMPExtensions(again.span) == extensions)

        var long: [UInt8] = []
        let name = UntrustedText(String(repeating: "é", count: 200))
        ICMPExtensions(objects: [.interface(InterfaceInformation(role: .nextHop, name: name))]).append(
            to: &long)
        let read = try ICMPExtensions(long.span).interfaces.first
        #expect(read?.name?.raw == String(repeating: "é", count: 31))
        #expect(read?.role == .nextHop)
    }
}
