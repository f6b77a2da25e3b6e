import Testing

@testable import TraceCore

@Suite struct SpecialRangeTests {
    /// A network, its range, and the ranges of the addresses just before and after it.
    struct Case: CustomTestStringConvertible {
        let network: String
        let range: SpecialRange
        let before: SpecialRange?
        let after: SpecialRange?
        var testDescription: String { network }

        init(
            _ network: String, _ range: SpecialRange, before: SpecialRange? = .global,
            after: SpecialRange? = .global
        ) {
            (self.network, self.range, self.before, self.after) = (network, range, before, after)
        }
    }

    static let cases: [Case] = [
        Case("0.0.0.0/32", .unspecified, before: nil, after: .thisNetwork),
        Case("0.0.0.1/32", .thisNetwork, before: .unspecified, after: .thisNetwork),
        Case("0.128.0.0/9", .thisNetwork, before: .thisNetwork),
        Case("10.0.0.0/8", .private), Case("172.16.0.0/12", .private), Case("192.168.0.0/16", .private),
        Case("100.64.0.0/10", .sharedNAT), Case("127.0.0.0/8", .loopback),
        Case("169.254.0.0/16", .linkLocal), Case("192.0.0.0/29", .protocolAssignments, after: .dummy),
        Case("192.0.0.8/32", .dummy, before: .protocolAssignments, after: .serviceAnycast),
        Case("192.0.0.9/32", .serviceAnycast, before: .dummy, after: .serviceAnycast),
        Case("192.0.0.10/32", .serviceAnycast, before: .serviceAnycast, after: .protocolAssignments),
        Case(
            "192.0.0.170/31", .protocolAssignments, before: .protocolAssignments, after: .protocolAssignments),
        Case("192.0.0.128/25", .protocolAssignments, before: .protocolAssignments),
        Case("192.0.2.0/24", .documentation), Case("198.51.100.0/24", .documentation),
        Case("203.0.113.0/24", .documentation), Case("192.31.196.0/24", .as112),
        Case("192.175.48.0/24", .as112), Case("192.52.193.0/24", .multicastTunneling),
        Case("192.88.99.0/24", .sixToFourRelay), Case("198.18.0.0/15", .benchmarking),
        Case("224.0.0.0/4", .multicast, after: .reserved),
        Case("240.0.0.0/5", .reserved, before: .multicast, after: .reserved),
        Case("255.255.255.254/32", .reserved, before: .reserved, after: .broadcast),
        Case("255.255.255.255/32", .broadcast, before: .reserved, after: nil),
        Case("::/128", .unspecified, before: nil, after: .loopback),
        Case("::1/128", .loopback, before: .unspecified, after: .v4Compatible),
        Case("::8000:0/97", .v4Compatible, before: .v4Compatible, after: .reserved),
        Case("::ffff:0:0/96", .v4Mapped, before: .reserved, after: .reserved),
        Case("64:ff9b::/96", .nat64, before: .reserved, after: .reserved),
        Case("64:ff9b:1::/48", .nat64Local, before: .reserved, after: .reserved),
        Case("100::/64", .discard, before: .reserved, after: .dummy),
        Case("100:0:0:1::/64", .dummy, before: .discard, after: .reserved),
        Case("2000::/16", .global, before: .reserved, after: .teredo),
        Case("2001::/32", .teredo, after: .protocolAssignments),
        Case("2001:1::1/128", .serviceAnycast, before: .protocolAssignments, after: .serviceAnycast),
        Case("2001:1::2/127", .serviceAnycast, before: .serviceAnycast, after: .protocolAssignments),
        Case("2001:2::/48", .benchmarking, before: .protocolAssignments, after: .protocolAssignments),
        Case("2001:3::/32", .multicastTunneling, before: .protocolAssignments, after: .protocolAssignments),
        Case("2001:4:112::/48", .as112, before: .protocolAssignments, after: .protocolAssignments),
        Case("2001:10::/28", .orchid, before: .protocolAssignments, after: .orchid),
        Case("2001:20::/28", .orchid, before: .orchid, after: .droneRemoteID),
        Case("2001:30::/28", .droneRemoteID, before: .orchid, after: .protocolAssignments),
        Case("2001:100::/24", .protocolAssignments, before: .protocolAssignments),
        Case("2001:db8::/32", .documentation), Case("2002::/16", .sixToFour),
        Case("2620:4f:8000::/48", .as112), Case("3fff::/20", .documentation),
        Case("3fff:8000::/17", .global, after: .reserved),
        Case("5f00::/16", .segmentRouting, before: .reserved, after: .reserved),
        Case("fc00::/7", .uniqueLocal, before: .reserved, after: .reserved),
        Case("fe80::/10", .linkLocal, before: .reserved, after: .siteLocal),
        Case("fec0::/10", .siteLocal, before: .linkLocal, after: .multicast),
        Case("ff00::/8", .multicast, before: .siteLocal, after: nil),
    ]

    @Test(arguments: cases)
    func `a range holds from its first address to its last and no further`(item: Case) throws {
        let network = try IPNetwork(parsing: item.network)
        #expect(network.first.range == item.range)
        #expect(network.last.range == item.range)
        let beyond = network.family == .v4 ? UInt128(UInt32.max) : .max
        if let before = item.before {
            #expect(IPAddress(network.first.bits - 1, family: network.family).range == before)
        } else {
            #expect(network.first.bits == 0)
        }
        if let after = item.after {
            #expect(IPAddress(network.last.bits + 1, family: network.family).range == after)
        } else {
            #expect(network.last.bits == beyond)
        }
    }

    @Test func `every range is covered by a case`() {
        #expect(Set(Self.cases.map(\.range)) == Set(SpecialRange.allCases))
    }

    @Test(arguments: [
        ("::ffff:192.0.2.1", "192.0.2.1"), ("::192.0.2.1", "192.0.2.1"),
        ("64:ff9b::192.0.2.33", "192.0.2.33"),
        ("2002:c000:204::1", "192.0.2.4"), ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.45"),
        ("64:ff9b:1::192.0.2.1", nil), ("2001:db8::1", nil), ("192.0.2.1", nil), ("::1", nil),
    ])
    func `an embedded IPv4 address is found`(text: String, embedded: String?) throws {
        #expect(try IPAddress(parsing: text).embeddedIPv4?.description == embedded)
    }
}
