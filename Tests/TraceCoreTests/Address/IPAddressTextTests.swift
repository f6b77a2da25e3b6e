import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct IPAddressTextTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::1", "2001:db8::1"),
        ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("::ffff:c000:201", "::ffff:192.0.2.1"), ("::FFFF:192.0.2.1", "::ffff:192.0.2.1"),
        ("::192.0.2.1", "::c000:201"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"), ("fe80::1%3", "fe80::1%3"),
        ("fe80::1%4294967295", "fe80::1%4294967295"),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ])
    func `text is read strictly and written canonically`(text: String, canonical: String) throws {
        #expect(try IPAddress(parsing: text).description == canonical)
        #expect(IPAddress(text)?.description == canonical)
    }

    @Test(arguments: [
        ("", IPAddress.ParsingError.Reason.empty, 0), ("1", .incomplete, 1), ("1.2.3", .incomplete, 5),
        ("1.2.3.", .incomplete, 6), ("1.2.3.4.5", .tooManyNumbers, 7), ("1.2.3.04", .leadingZero, 6),
        ("1.2.3.00", .leadingZero, 6), ("256.1.1.1", .numberTooLarge, 0),
        ("1.2.3.4 ", .unexpectedCharacter, 7),
        (" 1.2.3.4", .unexpectedCharacter, 0), ("1..2.3", .unexpectedCharacter, 2),
        ("0x1.2.3.4", .unexpectedCharacter, 1), ("1.2.3.4%1", .badZone, 7),
        ("example", .unexpectedCharacter, 0),
        (":", .unexpectedCharacter, 0), (":1", .unexpectedCharacter, 0), (":::", .unexpectedCharacter, 2),
        ("1:::2", .unexpectedCharacter, 3), ("::1::", .misplacedDoubleColon, 3), ("1:2", .incomplete, 3),
        ("1:2:3:4:5:6:7:8:9", .tooManyNumbers, 16), ("1:2:3:4:5:6:7:8::", .misplacedDoubleColon, 15),
        ("1:2:3:4:5:6:7:8:", .incomplete, 16), ("12345::", .numberTooLarge, 0),
        ("1:2:3:4:5:6:7:1.2.3.4", .tooManyNumbers, 14), ("::1.2.3", .incomplete, 7),
        ("::g", .unexpectedCharacter, 2),
        ("::1.2.3.256", .numberTooLarge, 8), ("::1.2.3.4:1", .unexpectedCharacter, 9),
        ("fe80::1%", .badZone, 8), ("fe80::1%0", .badZone, 8), ("fe80::1%eth0", .unknownZone, 8),
        ("fe80::1%4294967296", .unknownZone, 8), ("%1", .empty, 0),
        ("1:2:3:4::5:6:7:8", .misplacedDoubleColon, 7),
        ("１.2.3.4", .unexpectedCharacter, 0),
    ])
    func `a bad text is refused with the reason and the character`(
        text: String, reason: IPAddress.ParsingError.Reason, offset: Int
    ) {
        let error = #expect(throws: IPAddress.ParsingError.self) { try IPAddress(parsing: text) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
        #expect(IPAddress(text) == nil)
    }

    @Test func `an error is a sentence without raw escapes`() {
        let error = #expect(throws: IPAddress.ParsingError.self) { try IPAddress(parsing: "1.2.\u{1b}[2J") }
        #expect(
            error?.description
                == #""1.2.\u{1b}[2J" is not an address: this character cannot stand here (at character 5)"#)
    }

    @Test func `a zone's name is looked up`() throws {
        let address = try IPAddress(parsing: "fe80::1%eth0") { $0 == "eth0" ? 7 : nil }
        #expect(address == IPAddress(v6: 0xFE80 << 112 | 1, zone: 7))
    }

    @Test func `random addresses survive text and bytes`() throws {
        var random = SeededGenerator(seed: 1)
        for round in 0..<100_000 {
            let address: IPAddress
            if round % 4 == 0 {
                address = IPAddress(v4: UInt32.random(in: 0 ... .max, using: &random))
            } else {
                // Whole groups of zeros are what the text form treats specially.
                var bits = UInt128.random(in: 0 ... .max, using: &random)
                let mask = UInt8.random(in: 0 ... .max, using: &random)
                for group in 0..<8 where mask >> group & 1 == 1 { bits &= ~(0xFFFF << UInt128(group * 16)) }
                address = IPAddress(v6: bits, zone: round % 3 == 0 ? UInt32(round) : 0)
            }
            let read = IPAddress(address.description)
            guard read == address, IPAddress(bytes: address.bytes) == address.withoutZone else {
                Issue.record("\(address) became \(String(describing: read))")
                return
            }
        }
    }

    @Test(arguments: [0, 1, 3, 5, 8, 15, 17, 32])
    func `only 4 or 16 bytes are an address`(count: Int) {
        #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test func `the reverse look-up name turns the address around`() {
        #expect(IPAddress(192, 0, 2, 1).reverseLookupName == "1.2.0.192.in-addr.arpa")
        #expect(
            IPAddress("2001:db8::567:89ab")?.reverseLookupName
                == "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")
    }
}
