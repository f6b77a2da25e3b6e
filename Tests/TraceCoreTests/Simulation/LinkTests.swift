import Testing

@testable import TraceCore

@Suite struct `A link to a simulated internet` {
    private static let echo: [UInt8] = [
        0x45, 0, 0, 0x1C, 0x12, 0x34, 0, 0, 5, 1, 0, 0, 192, 0, 2, 10, 203, 0, 113, 7,
        8, 0, 0xAB, 0xCD, 0x01, 0x02, 0x03, 0x04,
    ]

    @Test func `writes down what a packet says of itself`() throws {
        let record = try #require(
            SimulatedLink.Record(Self.echo, sentNs: 10, readNs: 20, wallOffsetNs: 1000, outcome: .lost))
        #expect(record.proto == .icmp)
        #expect(record.source == IPAddress(192, 0, 2, 10))
        #expect(record.destination == IPAddress(203, 0, 113, 7))
        #expect((record.ttl, record.length) == (5, 28))
        #expect((record.identifier, record.sequence, record.checksum) == (0x0102, 0x0304, 0xABCD))
        #expect(record.identification == 0x1234)
    }

    @Test func `does not look for numbers behind the end of a packet`() throws {
        for count in 20..<Self.echo.count {
            var packet = Array(Self.echo.prefix(count))
            packet[3] = UInt8(count)
            let record = try #require(
                SimulatedLink.Record(packet, sentNs: 0, readNs: 0, wallOffsetNs: 0, outcome: .lost))
            #expect((record.identifier, record.sequence) == (0, 0))
        }
        #expect(SimulatedLink.Record([], sentNs: 0, readNs: 0, wallOffsetNs: 0, outcome: .lost) == nil)
        #expect(SimulatedLink.Record([0x45, 0], sentNs: 0, readNs: 0, wallOffsetNs: 0, outcome: .lost) == nil)
    }

    @Test func `reads its own lines back, with an answer and without`() throws {
        var record = try #require(
            SimulatedLink.Record(
                Self.echo, sentNs: 10, readNs: 20, wallOffsetNs: 1_700_000_000_000_000_000, outcome: .lost))
        #expect(Self.line(record).split(separator: ",", omittingEmptySubsequences: false).count == 21)
        #expect(SimulatedLink.Record(csv: Self.line(record)) == record)
        var reply = Self.echo
        reply[20] = 11
        record.answer = SimulatedLink.Record.Answer(reply, dueNs: 30)
        record.writtenNs = 31
        record.outcome = .answered
        #expect(record.answer?.type == 11)
        #expect(SimulatedLink.Record(csv: Self.line(record)) == record)
    }

    @Test(arguments: ["", "1,2,3", SimulatedLink.Record.csvHeader, String(repeating: ",", count: 20)])
    func `takes nothing else for a line`(_ text: String) {
        #expect(SimulatedLink.Record(csv: text[...]) == nil)
    }

    private static func line(_ record: SimulatedLink.Record) -> Substring {
        var bytes: [UInt8] = []
        record.appendCSV(to: &bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasSuffix("\n"))
        return text.dropLast()
    }

    /// Addresses of packets, and whether anybody out there is meant.
    static let packets: [(source: String, destination: String, isCarried: Bool)] = [
        ("192.0.2.10", "203.0.113.7", true), ("0.0.0.0", "255.255.255.255", false),
        ("192.0.2.10", "224.0.0.22", false), ("192.0.2.10", "239.1.2.3", false),
        ("2001:db8::10", "2001:db8::1", true), ("::", "2001:db8::1", false), ("::", "ff02::1:ff00:1", false),
        ("fe80::1", "ff02::2", false), ("2001:db8::10", "ff02::16", false), ("fe80::1", "2001:db8::1", false),
        ("2001:db8::10", "fe80::1", false), ("2001:db8::10", "febf::1", false), ("fd00::1", "fec0::1", true),
    ]

    @Test(arguments: packets)
    func `carries what one host says to another`(_ source: String, _ destination: String, _ isCarried: Bool) throws {
        let source = try #require(IPAddress(source)), destination = try #require(IPAddress(destination))
        var packet: [UInt8] =
            source.isV4
            ? [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 1, 0, 0] : [0x60, 0, 0, 0, 0, 0, 59, 64]
        packet += source.bytes + destination.bytes
        let found = LinkFilter.isForSomebody(packet.span)
        #expect(found == isCarried)
        for count in 0..<packet.count {
            let cut = Array(packet.prefix(count))
            let isCutCarried = LinkFilter.isForSomebody(cut.span)
            #expect(!isCutCarried)
        }
    }

    @Test func `leads to every host, router and network that there is, and to no family that the vantage lacks`() throws
    {
        let text = """
            vantage here 192.0.2.10
            router gw 192.0.2.1 2001:db8::1 reply-from=192.0.2.99
            host all 10.0.0.0/14 2001:db8:5::/64
            path all: gw
            """
        let internet = try SimulatedInternet(parsing: text)
        let here = AddressPair(v4: IPAddress(192, 0, 2, 10))
        let known = LinkRoutes.known(internet.plan, from: here).map(\.description)
        #expect(Set(known) == ["10.0.0.0/32", "10.0.0.0/14", "192.0.2.1/32", "192.0.2.99/32"])
        #expect(LinkRoutes.all(from: here).map(\.description) == ["0.0.0.0/0"])
        let both = AddressPair(v4: here.v4, v6: IPAddress("2001:db8::10"))
        #expect(LinkRoutes.all(from: both).map(\.description) == ["0.0.0.0/0", "::/0"])
        #expect(LinkRoutes.known(internet.plan, from: both).contains { $0.description == "2001:db8:5::/64" })
    }

    @Test func `is refused for a vantage that does not exist, before anything is made`() {
        #expect(throws: ProbeError(.badSetting, "")) {
            try SimulatedLink(.demo, options: SimulatedLink.Options(vantage: "nowhere"))
        }
    }

    @Test(arguments: ["", "a/b", "sixteen-bytes-ab"])
    func `is refused under a name that no interface can have`(_ name: String) {
        #expect(throws: ProbeError(.badSetting, "")) {
            try SimulatedLink(.demo, options: SimulatedLink.Options(device: name))
        }
    }
}
