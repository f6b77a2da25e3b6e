import Testing
import TraceCore

@Suite struct InternetChecksumTests {
    @Test(
        arguments: [
            ("", 0xFFFF),
            ("00 01 f2 03 f4 f5 f6 f7", 0x220D),  // RFC 1071, section 3: the sum is DDF2
            ("00 00", 0xFFFF),
            ("ff ff", 0x0000),
            ("80", 0x7FFF),  // an odd last byte counts as the high one
            ("ff ff 00 01", 0xFFFE),  // the carry comes round
            ("45 00 00 73 00 00 40 00 40 11 00 00 c0 a8 00 01 c0 a8 00 c7", 0xB861),
        ] as [(String, UInt16)])
    func `known bytes have their known checksum`(text: String, checksum: UInt16) {
        #expect(InternetChecksum.of(hex(text).span) == checksum)
    }

    @Test func `a header with its checksum is valid, and with any other is not`() {
        var header = hex("45 00 00 73 00 00 40 00 40 11 b8 61 c0 a8 00 01 c0 a8 00 c7")
        #expect(InternetChecksum.isValid(header.span) == true)
        header[11] = 0x62
        #expect(InternetChecksum.isValid(header.span) == false)
    }

    @Test func `pieces add up to the whole wherever it is cut`() {
        let bytes = (0..<67).map { UInt8(truncatingIfNeeded: $0 * 91 + 200) }
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var checksum = InternetChecksum()
                checksum.add(bytes.span, in: 0..<first)
                checksum.add(bytes.span, in: first..<second)
                checksum.add(bytes.span, in: second..<bytes.count)
                #expect(checksum.value == InternetChecksum.of(bytes.span), "cut at \(first) and \(second)")
            }
        }
    }

    @Test func `a number after an odd byte counts as its bytes would`() {
        var numbers = InternetChecksum()
        numbers.add([0xAB].span)
        numbers.add(0x1234 as UInt16)
        numbers.add(0x5678_9ABC as UInt32)
        numbers.add(IPAddress(192, 0, 2, 1))
        #expect(numbers.value == InternetChecksum.of(hex("ab 1234 56789abc c0000201").span))
    }

    @Test func `a range beyond the buffer counts what is there`() {
        #expect(InternetChecksum.of([1, 2, 3, 4].span, in: 2..<900) == ~0x0304)
        #expect(InternetChecksum.of([1, 2].span, in: 7..<9) == 0xFFFF)
    }

    @Test func `the IPv4 pseudo header is the one of RFC 768`() {
        var checksum = InternetChecksum()
        checksum.addPseudoHeader(
            source: IPAddress(192, 0, 2, 1), destination: IPAddress(198, 51, 100, 9), proto: .udp, length: 19)
        #expect(checksum.value == InternetChecksum.of(hex("c0000201 c6336409 00 11 0013").span))
    }

    @Test func `the IPv6 pseudo header is the one of RFC 8200`() {
        var checksum = InternetChecksum()
        let prefix = UInt128(0x2001_0db8) << 96
        checksum.addPseudoHeader(
            source: IPAddress(v6: prefix | 1), destination: IPAddress(v6: prefix | 0xFFFF), proto: .icmpv6,
            length: 70_000)
        let same = hex(
            "20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 0000ffff 00011170 000000 3a")
        #expect(checksum.value == InternetChecksum.of(same.span))
    }

    @Test func `the example of RFC 1624 comes out as zero`() {
        #expect(InternetChecksum.updated(0xDD2F, replacing: 0x5555 as UInt16, with: 0x3285) == 0)
    }

    @Test func `UDP sends a checksum of zero as all ones`() {
        var checksum = InternetChecksum()
        checksum.add(0xFFFF as UInt16)
        #expect(checksum.value == 0)
        #expect(checksum.udpValue == 0xFFFF)
    }
}
