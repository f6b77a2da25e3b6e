import Testing

@testable import TraceCore

@Suite struct NetworkAttributeTests {
    private func network(_ attributes: [String: String] = [:], more: String = "", path: String? = nil) throws
        -> TestNetwork
    {
        try TestNetwork(lineTopology(3, attributes, more: more, path: path))
    }

    @Test(arguments: ["silent", "down", "loss=100%", "reply-loss=100%", "return-loss=100%", "drop=all"])
    func `a router that does not answer is a silent hop`(attribute: String) throws {
        let network = try network(["r2": attribute])
        #expect(try network.answer(udpProbe(ttl: 1)) != nil)
        #expect(try network.answers(udpProbe(ttl: 2)).isEmpty == (attribute != "drop=all"))
        let passes = attribute == "silent" || attribute == "reply-loss=100%"
        #expect(try network.answers(udpProbe(ttl: 3)).isEmpty != passes)
    }

    @Test func `loss takes about its share`() throws {
        let network = try network(["r2": "loss=30%"])
        var answered = 0
        for _ in 0..<10_000 { answered += network.send(udpProbe(ttl: 3), at: .zero).count }
        #expect((6_800...7_200).contains(answered))
    }

    @Test func `jitter is never negative and has its mean`() throws {
        let network = try network(["r1": "jitter=1ms"])
        var total = Duration.zero
        for _ in 0..<20_000 {
            let at = try #require(network.send(udpProbe(ttl: 1), at: .zero).first?.at)
            #expect(at >= .milliseconds(2))
            total += at - .milliseconds(2)
        }
        // Once on the way there and once on the way back.
        #expect((1.9...2.1).contains(total / .milliseconds(1) / 20_000))
    }

    @Test func `errors are limited by a bucket that fills in simulated time`() throws {
        let network = try network(["r2": "rate=10/s burst=3"])
        let counts = (0..<10).map { _ in network.send(udpProbe(ttl: 2), at: .zero).count }
        #expect(counts == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
        #expect(network.send(udpProbe(ttl: 2), at: .milliseconds(99)).isEmpty)
        #expect(network.send(udpProbe(ttl: 2), at: .milliseconds(100)).count == 1)
        #expect(network.send(udpProbe(ttl: 2), at: .seconds(10)).count == 1)
        #expect(network.send(udpProbe(ttl: 1), at: .seconds(10)).count == 1)
    }

    @Test(arguments: [("8", 28), ("full", 60), ("20", 40), ("0", 20)])
    func `a router quotes as much as it is told to`(quote: String, length: Int) throws {
        let network = try network(["r2": "quote=\(quote)"])
        #expect(try network.answer(udpProbe(ttl: 2))?.quote?.quotedLength == length)
    }

    @Test(arguments: IPAddress.Family.allCases, ["rfc4884", "legacy"])
    func `labels and interfaces come in extensions`(family: IPAddress.Family, form: String) throws {
        let network = try network([
            "r2": "mpls=24001/3/7,16 interface=xe-0/0/1 ifindex=5 ifmtu=9000 extensions=\(form)"
        ])
        let answer = try #require(try network.answer(udpProbe(family, ttl: 2)))
        #expect(answer.hasValidChecksums)
        let range = try #require(answer.icmp?.error?.extensions)
        let extensions = try ICMPExtensions(answer.bytes.span, in: range)
        #expect(
            extensions.mplsLabels == [
                MPLSLabel(label: 24001, exp: 3, bottom: false, ttl: 7), MPLSLabel(label: 16, bottom: true),
            ])
        #expect(
            extensions.interfaces == [
                InterfaceInformation(role: .incoming, index: 5, name: "xe-0/0/1", mtu: 9000)
            ])
        #expect((answer.icmp?.header.quoteLength ?? 0 > 0) == (form == "rfc4884"))
    }

    @Test(arguments: IPAddress.Family.allCases)
    func `a packet too large for a link is refused by the router before it`(family: IPAddress.Family) throws {
        let network = try network(["r3": "mtu=1400"])
        let answer = try #require(try network.answer(udpProbe(family, size: 1400)))
        #expect(answer.ip.source == (family == .v4 ? IPAddress(198, 51, 100, 2) : IPAddress("2001:db8:1::2")))
        #expect(answer.icmp?.error?.kind == .packetTooBig)
        #expect(answer.icmp?.header.nextHopMTU == 1400)
        #expect(answer.hasValidChecksums)
        #expect(try network.answer(udpProbe(family, size: 1000))?.icmp?.error?.kind == .unreachable)
        let silent = try self.network(["r3": "mtu=1400/silent"])
        #expect(try silent.answers(udpProbe(family, size: 1400)).isEmpty)
    }

    @Test func `a firewall refuses what it is told to, and answers for its own TTL first`() throws {
        let network = try network(["r2": "allow=udp:53 prohibit=udp prohibit-code=host-prohibited"])
        #expect(try network.answer(udpProbe(ttl: 2))?.icmp?.error?.kind == .timeExceeded)
        let refused = try #require(try network.answer(udpProbe(ttl: 3)))
        #expect(refused.icmp?.header.code == 10)
        #expect(refused.ip.source == IPAddress(198, 51, 100, 2))
        #expect(refused.ip.ttl == 254)
        #expect(try network.answer(udpProbe(port: 53))?.ip.source == targetV4)
        #expect(
            try network.answer(probeEnvelope().echoRequest(identifier: 1, sequence: 1))?.icmp?.content
                == .echoReply)
    }

    @Test func `a router or the one before a host says unreachable`() throws {
        let network = try network(["r2": "unreachable=network"])
        #expect(try network.answer(udpProbe())?.icmp?.header.code == 0)
        let host = try self.network(["h": "unreachable=host"])
        let answer = try #require(try host.answer(udpProbe()))
        #expect(answer.icmp?.header.code == 1)
        #expect(answer.ip.source == IPAddress(198, 51, 100, 3))
    }

    @Test func `a loop goes around until the TTL ends`() throws {
        let network = try network(path: "r1 [r2 r3]")
        let sources = try (1...6).map { try network.answer(udpProbe(ttl: $0))?.ip.source }
        let r2 = IPAddress(198, 51, 100, 2)
        let r3 = IPAddress(198, 51, 100, 3)
        #expect(sources == [IPAddress(198, 51, 100, 1), r2, r3, r2, r3, r2])
    }

    @Test func `routes, nodes and links change at their time`() throws {
        let changes = """
            at 10s path h: r1 r3
            at 20s set r3 down
            at 30s set r3 up delay=5ms
            at 40s link r1 r3 down
            """
        let network = try TestNetwork(lineTopology() + changes)
        func source(_ time: Int) throws -> IPAddress? {
            try network.answer(udpProbe(ttl: 2), at: .seconds(time))?.ip.source
        }
        #expect(try source(0) == IPAddress(198, 51, 100, 2))
        #expect(try source(10) == IPAddress(198, 51, 100, 3))
        #expect(try source(25) == nil)
        #expect(
            try network.answer(udpProbe(ttl: 2), at: .seconds(35))?.at == .seconds(35) + .milliseconds(12))
        #expect(try source(45) == nil)
    }

    @Test func `answers are doubled, late and out of order`() throws {
        let network = try network([
            "r1": "duplicate=100% duplicate-delay=3ms", "r2": "late=100%/8s", "r3": "reorder=50%/5ms",
        ])
        #expect(network.send(udpProbe(ttl: 1), at: .zero).map(\.at) == [.milliseconds(2), .milliseconds(5)])
        #expect(network.send(udpProbe(ttl: 2), at: .zero).map(\.at) == [.milliseconds(8004)])
        let times = Set((0..<50).flatMap { _ in network.send(udpProbe(ttl: 3), at: .zero).map(\.at) })
        #expect(times == [.milliseconds(6), .milliseconds(11)])
    }

    @Test(arguments: IPAddress.Family.allCases, ["restored", "kept"])
    func `a NAT shows in the quote unless it restores it`(family: IPAddress.Family, quote: String) throws {
        let network = try network([
            "r1": "nat=203.0.113.99,2001:db8:9::9 nat-port-shift=1000 nat-quote=\(quote)"
        ])
        let answer = try #require(try network.answer(udpProbe(family, ttl: 2)))
        #expect(answer.hasValidChecksums)
        #expect(answer.ip.destination == vantageAddress(family))
        let outside = family == .v4 ? IPAddress(203, 0, 113, 99) : IPAddress("2001:db8:9::9")
        #expect(answer.quote?.ip.source == (quote == "kept" ? outside : vantageAddress(family)))
        #expect(answer.quote?.sourcePort == (quote == "kept" ? 41_000 : 40_000))
        #expect(try network.answer(udpProbe(family))?.ip.source == hostAddress(family))
    }

    @Test func `a destination NAT forwards to another place`() throws {
        let network = try network(["r1": "dnat=203.0.113.50/7 nat-quote=kept"])
        let answer = try #require(try network.answer(udpProbe(ttl: 2)))
        #expect(answer.quote?.ip.destination == IPAddress(203, 0, 113, 50))
        #expect(answer.quote?.destinationPort == 7)
        #expect(try network.answer(udpProbe())?.ip.source == targetV4)
    }

    @Test func `class, congestion marks and segment size are rewritten on the way`() throws {
        let network = try network(["r1": "dscp=10 ecn=clear mss=1200"])
        var envelope = probeEnvelope(ttl: 2)
        envelope.trafficClass = 0xB9
        let syn = envelope.tcp(
            TCPHeader(sourcePort: 1, destinationPort: 2, flags: .syn, maximumSegmentSize: 1460))
        let answer = try #require(try network.answer(syn))
        #expect(answer.quote?.ip.trafficClass == 40)
        let start = try #require(answer.icmp?.payload.lowerBound)
        #expect(isIntact(answer.bytes, start..<(start + 20)))
        #expect(
            try tcpHeader(answer, at: start + 20).maximumSegmentSize == 1200
        )
    }

    @Test func `the way back, the TTL and the address of an answer are the router's choice`() throws {
        let network = try network([
            "r2": "return-hops=4 return-delay=20ms reply-ttl=64 reply-from=198.51.100.99"
        ])
        let answer = try #require(try network.answer(udpProbe(ttl: 2)))
        #expect(answer.ip.ttl == 64 - 1 - 4)
        #expect(answer.at == .milliseconds(24))
        #expect(answer.ip.source == IPAddress(198, 51, 100, 99))
    }

    @Test func `a hidden router takes no hop, and another forwards what has none left`() throws {
        let network = try network(["r1": "hidden", "r2": "forward-zero"])
        let answer = try #require(try network.answer(udpProbe(ttl: 1)))
        #expect(answer.ip.source == IPAddress(198, 51, 100, 3))
        #expect(answer.quote?.ip.ttl == 0)
    }

    @Test(arguments: ["dead", "echo=off"])
    func `a host may keep quiet`(attribute: String) throws {
        let network = try network(["h": attribute])
        #expect(try network.answers(probeEnvelope().echoRequest(identifier: 1, sequence: 1)).isEmpty)
        #expect(try network.answers(udpProbe()).isEmpty == (attribute == "dead"))
    }

    @Test func `a link has what its own line says`() throws {
        let network = try network(more: "link r1 r2 delay=10ms\nlink here r1 delay=7ms")
        #expect(try network.answer(udpProbe(ttl: 2))?.at == .milliseconds(34))
    }
}
