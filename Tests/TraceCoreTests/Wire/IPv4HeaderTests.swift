import Testing
import TraceCore

@Suite struct IPv4HeaderTests {
    /// Fields by RFC 791, section 3.1: DSCP EF and ECN 1, DF, offset 0, with a record-route option.
    static var good: [UInt8] {
        hex(
            """
            47 b9 00 40  12 34 40 00  09 01 ab cd  c0 00 02 01  c6 33 64 09
            07 07 04 00 00 00 00 00
            """)
    }

    @Test func `every field is where RFC 791 puts it`() throws {
        let header = try IPv4Header(Self.good.span)
        #expect(header.trafficClass == 0xB9)
        #expect(header.totalLength == 64)
        #expect(header.identification == 0x1234)
        #expect(header.dontFragment)
        #expect(header.fragment == .whole)
        #expect(header.ttl == 9)
        #expect(header.proto == .icmp)
        #expect(header.checksum == 0xABCD)
        #expect(header.source == IPAddress(192, 0, 2, 1))
        #expect(header.destination == IPAddress(198, 51, 100, 9))
        #expect(header.headerLength == 28)
        #expect(header.options == 20..<28)
    }

    @Test func `a header writes the bytes it was read from`() throws {
        var bytes: [UInt8] = []
        try IPv4Header(Self.good.span).append(to: &bytes, options: Array(Self.good[20..<28]))
        #expect(bytes == Self.good)
    }

    @Test(arguments: [
        (0x2000 as UInt16, 0, true, false), (0x2001, 8, true, false), (0x1FFF, 65_528, false, false),
        (0x4000, 0, false, true), (0x8000, 0, false, false),
    ])
    func `flags and fragment offset share a word`(word: UInt16, offset: Int, more: Bool, keep: Bool) throws {
        var bytes = Self.good
        (bytes[6], bytes[7]) = (UInt8(word >> 8), UInt8(word & 0xFF))
        let header = try IPv4Header(bytes.span)
        #expect(header.fragment == IPFragment(offset: offset, moreFragments: more))
        #expect(header.dontFragment == keep)
    }

    @Test(arguments: 0..<28)
    func `a truncated header says where it ends`(length: Int) {
        let bytes = Array(Self.good[..<length])
        let error = #expect(throws: WireError.self) { try IPv4Header(bytes.span) }
        #expect(error?.code == .truncated)
        #expect(error?.layer == .ipv4)
        #expect(error?.offset == length)
        #expect(error?.expected == (length < 20 ? 20 : 28))
    }

    @Test func `another version is named`() {
        let bytes = [0x65] + Self.good[1...]
        let error = #expect(throws: WireError.self) { try IPv4Header(bytes.span) }
        #expect(error == WireError(.badVersion, in: .ipv4, at: 0, expected: 4, found: 6))
        #expect(error?.description == "IPv4 header, byte 0: version 6 cannot be read; 4 was expected")
    }

    @Test func `a header cannot be shorter than its fixed part`() {
        let bytes = [0x44] + Self.good[1...]
        let error = #expect(throws: WireError.self) { try IPv4Header(bytes.span) }
        #expect(error == WireError(.badHeaderLength, in: .ipv4, at: 0, expected: 20, found: 16))
    }

    @Test func `offsets in errors and options count from the beginning of the buffer`() throws {
        let buffer = [0, 0, 0] + Self.good
        #expect(try IPv4Header(buffer.span, in: 3..<buffer.count).options == 23..<31)
        let error = #expect(throws: WireError.self) { try IPv4Header(buffer.span, in: 3..<13) }
        #expect(error?.offset == 13)
    }

    @Test(arguments: [(0, 20), (1, 24), (4, 24), (39, 60), (40, 60), (41, 60), (300, 60)])
    func `options are padded to a word and cut at forty bytes`(count: Int, length: Int) throws {
        let header = IPv4Header(
            source: IPAddress(192, 0, 2, 1), destination: IPAddress(192, 0, 2, 2), proto: .udp)
        var bytes: [UInt8] = []
        header.append(to: &bytes, options: [UInt8](repeating: 1, count: count))
        #expect(bytes.count == length)
        #expect(try IPv4Header(bytes.span).headerLength == length)
    }
}
