import Testing

@testable import TraceCore

@Suite struct NetworkAnswerTests {
    @Test(arguments: IPAddress.Family.allCases, [UInt8(1), 2, 3])
    func `a router answers where the TTL ends, and quotes the packet as it was there`(
        family: IPAddress.Family, ttl: UInt8
    ) throws {
        let network = try TestNetwork(lineTopology())
        let answer = try #require(try network.answer(udpProbe(family, ttl: ttl)))
        #expect(answer.hasValidChecksums)
        #expect(
            answer.ip.source
                == (family == .v4 ? IPAddress(198, 51, 100, ttl) : IPAddress("2001:db8:1::\(ttl)")))
        #expect(answer.ip.destination == vantageAddress(family))
        #expect(answer.ip.ttl == 255 - (ttl - 1))
        #expect(answer.at == .milliseconds(2 * Int(ttl)))
        let error = try #require(answer.icmp?.error)
        #expect(error.kind == .timeExceeded)
        #expect(error.quote.ip.ttl == 1)
        #expect(error.quote.destinationPort == 33_434)
        #expect(error.quote.quotedLength == udpProbe(family).count)
    }

    @Test(arguments: IPAddress.Family.allCases)
    func `a host sends an echo back as it came`(family: IPAddress.Family) throws {
        let network = try TestNetwork(lineTopology())
        let request = probeEnvelope(family).echoRequest(identifier: 5, sequence: 9, payload: [1, 2, 3])
        let answer = try #require(try network.answer(request))
        #expect(answer.hasValidChecksums)
        #expect(answer.icmp?.content == .echoReply)
        #expect(answer.icmp?.header.identifier == 5)
        #expect(answer.icmp?.header.sequence == 9)
        #expect(Array(answer.bytes.suffix(3)) == [1, 2, 3])
        #expect(answer.ip.ttl == 61)
        #expect(answer.at == .milliseconds(8))
    }

    @Test(arguments: IPAddress.Family.allCases)
    func `a port where nobody listens is unreachable`(family: IPAddress.Family) throws {
        let network = try TestNetwork(lineTopology(3, ["h": "udp=53 udp-echo=7 udp-filtered=99"]))
        let answer = try #require(try network.answer(udpProbe(family)))
        #expect(answer.hasValidChecksums)
        #expect(answer.icmp?.header.type == (family == .v4 ? 3 : 1))
        #expect(answer.icmp?.header.code == (family == .v4 ? 3 : 4))
        #expect(answer.ip.source == hostAddress(family))
        #expect(answer.quote?.ip.ttl == 61)
        #expect(try network.answers(udpProbe(family, port: 53)).isEmpty)
        #expect(try network.answers(udpProbe(family, port: 99)).isEmpty)
        let echo = try #require(try network.answer(udpProbe(family, port: 7)))
        #expect(echo.hasValidChecksums)
        #expect(try udpHeader(echo).sourcePort == 7)
    }

    @Test(arguments: IPAddress.Family.allCases)
    func `TCP ports are open, closed or filtered`(family: IPAddress.Family) throws {
        let network = try TestNetwork(lineTopology(3, ["h": "tcp=80,443 tcp-filtered=25"]))
        func segment(_ port: UInt16, _ flags: TCPFlags) -> [UInt8] {
            probeEnvelope(family).tcp(
                TCPHeader(
                    sourcePort: 4000, destinationPort: port, sequence: 1000, acknowledgment: 50, flags: flags)
            )
        }
        let open = try #require(try network.answer(segment(443, .syn)))
        #expect(open.hasValidChecksums)
        let header = try tcpHeader(open)
        #expect(header.flags == [.syn, .ack])
        #expect(header.acknowledgment == 1001)
        #expect(header.maximumSegmentSize == (family == .v4 ? 1460 : 1440))
        let closed = try #require(try network.answer(segment(81, .syn)))
        #expect(closed.hasValidChecksums)
        let reset = try tcpHeader(closed)
        #expect(reset.flags == [.rst, .ack])
        #expect(reset.acknowledgment == 1001)
        #expect(try network.answers(segment(25, .syn)).isEmpty)
        #expect(try network.answers(segment(443, .rst)).isEmpty)
        let stray = try #require(try network.answer(segment(443, .ack)))
        #expect(try tcpHeader(stray).sequence == 50)
    }

    @Test func `another protocol is unknown to a host`() throws {
        let network = try TestNetwork(lineTopology())
        let v4 = try #require(try network.answer(probeEnvelope(.v4).packet(.gre, payload: [0, 0, 0, 0])))
        #expect(v4.icmp?.header.type == 3)
        #expect(v4.icmp?.header.code == 2)
        let v6 = try #require(try network.answer(probeEnvelope(.v6).packet(.gre, payload: [0, 0, 0, 0])))
        #expect(v6.icmp?.header.type == 4)
        #expect(v6.icmp?.header.code == 1)
        #expect(v6.icmp?.header.pointer == 6)
    }

    @Test func `nothing is said about an error, a later fragment or rubbish`() throws {
        let network = try TestNetwork(lineTopology())
        let error = probeEnvelope(.v4, ttl: 1).icmpError(ICMPHeader(v4: .timeExceeded), quoting: udpProbe())
        #expect(try network.answers(error).isEmpty)
        var fragment = udpProbe(ttl: 1)
        fragment[7] = 8
        fragment.set(UInt16(0), at: 10)
        fragment.set(InternetChecksum.of(fragment.span, in: 0..<20), at: 10)
        #expect(try network.answers(fragment).isEmpty)
        var broken = udpProbe(ttl: 1)
        broken[10] ^= 1
        #expect(try network.answers(broken).isEmpty)
        #expect(try network.answers([]).isEmpty)
        #expect(try network.answers([0x45, 0]).isEmpty)
        #expect(try network.answers(Array(udpProbe().dropLast())).isEmpty)
        var corrupt = udpProbe()
        corrupt[40] ^= 1
        #expect(try network.answers(corrupt).isEmpty)
    }

    @Test func `a router answers when it is asked itself`() throws {
        let network = try TestNetwork(lineTopology())
        let packet = IPEnvelope(from: sourceV4, to: IPAddress(198, 51, 100, 2)).echoRequest(
            identifier: 1, sequence: 1)
        let answer = try #require(try network.answer(packet))
        #expect(answer.icmp?.content == .echoReply)
        #expect(answer.at == .milliseconds(4))
        #expect(answer.ip.ttl == 254)
    }

    @Test func `a host may answer for a whole network`() throws {
        let text = "vantage here 192.0.2.10\nrouter a 192.0.2.1\nhost farm 203.0.113.0/24\npath farm: a\n"
        let network = try TestNetwork(text)
        let packet = IPEnvelope(from: sourceV4, to: IPAddress(203, 0, 113, 99)).echoRequest(
            identifier: 1, sequence: 1)
        #expect(try network.answer(packet)?.ip.source == IPAddress(203, 0, 113, 99))
    }

    @Test(arguments: [("10.1.2.3", 1), ("10.1.3.3", 2), ("10.2.0.1", 3), ("10.1.2.4", 4)])
    func `of networks that overlap the longest prefix counts, and an address of its own before all`(
        _ target: String, _ milliseconds: Int
    ) throws {
        let text = """
            vantage here 192.0.2.10
            router a 192.0.2.1
            host wide 10.0.0.0/8 delay=1500us
            host middle 10.1.0.0/16 delay=1ms
            host one 10.1.2.3 delay=500us
            host narrow 10.1.2.0/24 delay=2ms
            path wide: a
            path middle: a
            path one: a
            path narrow: a
            """
        let network = try TestNetwork(text)
        let address = try #require(IPAddress(target))
        let packet = IPEnvelope(from: sourceV4, to: address).echoRequest(identifier: 1, sequence: 1)
        let answer = try #require(try network.answer(packet))
        #expect(answer.ip.source == address)
        #expect(answer.at == .milliseconds(milliseconds))
    }

    @Test func `the end of the default way knows no network`() throws {
        let network = try TestNetwork(lineTopology(2, more: "path default: r1 r2"))
        let packet = IPEnvelope(from: sourceV4, to: IPAddress(203, 0, 113, 200)).echoRequest(
            identifier: 1, sequence: 1)
        let answer = try #require(try network.answer(packet))
        #expect(answer.ip.source == IPAddress(198, 51, 100, 2))
        #expect(answer.icmp?.header.type == 3)
        #expect(answer.icmp?.header.code == 0)
        #expect(answer.ip.ttl == 254)
    }
}
