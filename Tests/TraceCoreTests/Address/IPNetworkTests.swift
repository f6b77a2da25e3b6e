import Foundation
import Testing

@testable import TraceCore

@Suite struct IPNetworkTests {
    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.0", "192.0.2.255", UInt128(256)),
        ("192.0.2.7/32", "192.0.2.7", "192.0.2.7", 1), ("0.0.0.0/0", "0.0.0.0", "255.255.255.255", 1 << 32),
        ("2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 1 << 96),
        ("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .max), ("::1/128", "::1", "::1", 1),
    ])
    func `a network has a first and a last address and a count`(
        text: String, first: String, last: String, count: UInt128
    ) throws {
        let network = try IPNetwork(parsing: text)
        #expect(network.description == text)
        #expect(network.first.description == first)
        #expect(network.last.description == last)
        #expect(network.count == count)
        #expect(try IPNetwork(lenient: text) == network)
        #expect(network.contains(network.first) && network.contains(network.last))
    }

    @Test(arguments: [
        ("192.0.2.0", IPAddress.ParsingError.Reason.missingPrefixLength, 9), ("192.0.2.0/", .missingPrefixLength, 10),
        ("192.0.2.0/33", .prefixTooLong, 10), ("::/129", .prefixTooLong, 3),
        ("192.0.2.1/24", .hostBitsSet, 0),
        ("192.0.2.0/024", .leadingZero, 10), ("192.0.2.0/2x", .unexpectedCharacter, 11), ("/24", .empty, 0),
        ("192.0.2/24", .incomplete, 7), ("fe80::%1/10", .unexpectedCharacter, 6),
        ("192.0.2.0/-1", .unexpectedCharacter, 10), ("::/99999999999999999999", .prefixTooLong, 3),
    ])
    func `a bad network is refused`(text: String, reason: IPAddress.ParsingError.Reason, offset: Int) {
        let error = #expect(throws: IPAddress.ParsingError.self) { try IPNetwork(parsing: text) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
        #expect(IPNetwork(text) == nil)
    }

    @Test func `lenient reading clears host bits and takes an address alone`() throws {
        #expect(try IPNetwork(lenient: "192.0.2.77/24").description == "192.0.2.0/24")
        #expect(try IPNetwork(lenient: "192.0.2.77").description == "192.0.2.77/32")
        #expect(try IPNetwork(lenient: "2001:db8::1").description == "2001:db8::1/128")
        #expect(throws: IPAddress.ParsingError.self) { try IPNetwork(lenient: "192.0.2.77/x") }
    }

    @Test func `containment minds the family and the prefix`() throws {
        let network = try IPNetwork(parsing: "192.0.2.0/24")
        #expect(!network.contains(IPAddress(192, 0, 3, 0)))
        #expect(!network.contains(IPAddress(192, 0, 1, 255)))
        #expect(try !network.contains(IPAddress(parsing: "::c000:201")))
        #expect(try network.contains(IPNetwork(parsing: "192.0.2.128/25")))
        #expect(try !network.contains(IPNetwork(parsing: "192.0.0.0/16")))
        #expect(try IPNetwork(parsing: "fe80::/10").contains(IPAddress(parsing: "fe80::1%3")))
    }

    @Test(arguments: [
        ("192.0.2.0/29", 8, 6), ("192.0.2.0/30", 4, 2), ("192.0.2.0/31", 2, 2), ("192.0.2.1/32", 1, 1),
        ("2001:db8::/126", 4, 4),
    ])
    func `hosts leave out network and broadcast`(text: String, addresses: Int, hosts: Int) throws {
        let network = try IPNetwork(parsing: text)
        #expect(Array(network.addresses).count == addresses)
        #expect(Array(network.hosts).count == hosts)
        #expect(try Array(#require(network.hosts.indexed)) == Array(network.hosts))
    }

    @Test func `huge networks are lazy`() throws {
        let network = try IPNetwork(parsing: "::/0")
        #expect(network.addresses.indexed == nil)
        #expect(Array(network.addresses.prefix(2)) == [IPAddress(v6: 0), IPAddress(v6: 1)])
        #expect(network.addresses.address(at: .max) == network.last)
        let large = try #require(IPNetwork(parsing: "2001:db8::/66").addresses.indexed)
        #expect(large.last?.description == "2001:db8::3fff:ffff:ffff:ffff")
        let end = try #require(IPAddressRange(from: network.last, through: network.last))
        #expect(Array(end) == [network.last])
        #expect(end.address(at: 1) == nil)
        #expect(IPAddressRange(from: network.last, through: network.first) == nil)
        #expect(IPAddressRange(from: IPAddress(192, 0, 2, 1), through: network.last) == nil)
    }

    @Test func `networks sort by address and then the larger first`() throws {
        let sorted = try ["10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "::/0"].map(IPNetwork.init(parsing:))
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test func `addresses and networks are coded as text`() throws {
        let network = try IPNetwork(parsing: "2001:db8::/32")
        let data = try JSONEncoder().encode([network])
        #expect(try JSONDecoder().decode([IPNetwork].self, from: data) == [network])
        let address = try JSONDecoder().decode([IPAddress].self, from: Data(#"["fe80::1%3"]"#.utf8))
        #expect(address == [IPAddress(v6: 0xFE80 << 112 | 1, zone: 3)])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([IPAddress].self, from: Data(#"["1.2.3"]"#.utf8))
        }
    }
}
