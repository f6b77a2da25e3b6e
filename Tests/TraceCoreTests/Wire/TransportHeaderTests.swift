import Testing
import TraceCore

@Suite struct UDPHeaderTests {
    static var good: [UInt8] { hex("82 9a 82 9b 00 13 7c 85") }

    @Test func `every field is where RFC 768 puts it`() throws {
        let header = try UDPHeader(Self.good.span)
        #expect(
            header
                == UDPHeader(
                    sourcePort: 33434, destinationPort: 33435, datagramLength: 19, checksum: 0x7C85))
        var bytes: [UInt8] = []
        header.append(to: &bytes)
        #expect(bytes == Self.good)
    }

    @Test(arguments: 0..<8)
    func `a truncated header says where it ends`(length: Int) {
        let error = #expect(throws: WireError.self) { try UDPHeader(Array(Self.good[..<length]).span) }
        #expect(error == WireError(.truncated, in: .udp, at: length, expected: 8, found: length))
    }
}

@Suite struct TCPHeaderTests {
    /// A SYN with MSS 1460, window scale 7 and SACK permitted.
    static var good: [UInt8] {
        hex(
            """
            c3 50 01 bb 01 02 03 04 0a 0b 0c 0d 80 02 fa f0 bf d1 00 05
            02 04 05 b4 01 03 03 07 04 02 00 00
            """)
    }

    @Test func `every field is where RFC 9293 puts it`() throws {
        let header = try TCPHeader(Self.good.span)
        #expect(header.sourcePort == 50_000)
        #expect(header.destinationPort == 443)
        #expect(header.sequence == 0x0102_0304)
        #expect(header.acknowledgment == 0x0A0B_0C0D)
        #expect(header.flags == .syn)
        #expect(header.window == 64_240)
        #expect(header.checksum == 0xBFD1)
        #expect(header.urgentPointer == 5)
        #expect(header.maximumSegmentSize == 1460)
        #expect(header.headerLength == 32)
        #expect(header.options == 20..<32)
    }

    @Test func `a header writes the bytes it was read from`() throws {
        var bytes: [UInt8] = []
        try TCPHeader(Self.good.span).append(to: &bytes, options: Array(Self.good[20...]))
        #expect(bytes == Self.good)
    }

    @Test(arguments: 0..<32)
    func `a truncated header says where it ends`(length: Int) {
        let error = #expect(throws: WireError.self) { try TCPHeader(Array(Self.good[..<length]).span) }
        #expect(
            error
                == WireError(
                    .truncated, in: .tcp, at: length, expected: length < 20 ? 20 : 32, found: length))
    }

    @Test func `a data offset within the fixed part is an error`() {
        var bytes = Self.good
        bytes[12] = 0x40
        let error = #expect(throws: WireError.self) { try TCPHeader(bytes.span) }
        #expect(error == WireError(.badHeaderLength, in: .tcp, at: 12, expected: 20, found: 16))
    }

    @Test(
        arguments: [
            ("02 04 05 a0", 1440), ("01 01 01 01 02 04 05 b4", 1460), ("00 00 00 00 02 04 05 b4", nil),
            ("08 00 00 00", nil), ("03 03 07 02", nil), ("02 03 05 b4", nil), ("05 ff 00 00", nil),
            ("01 01 01 02", nil),
        ] as [(String, UInt16?)])
    func `the maximum segment size is found in any list of options`(text: String, size: UInt16?) throws {
        let options = hex(text)
        var bytes = Array(Self.good[..<20]) + options
        bytes[12] = UInt8(5 + options.count / 4) << 4
        #expect(try TCPHeader(bytes.span).maximumSegmentSize == size)
    }

    @Test func `a maximum segment size is written as the one option`() throws {
        var bytes: [UInt8] = []
        TCPHeader(sourcePort: 1, destinationPort: 2, flags: [.syn, .ece], maximumSegmentSize: 1440)
            .append(to: &bytes)
        #expect(Array(bytes[20...]) == hex("02 04 05 a0"))
        #expect(bytes[12] == 0x60)
        #expect(bytes[13] == 0x42)
    }
}
