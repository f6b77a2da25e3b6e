import Testing

@testable import TraceCore

/// Answers by somebody who saw all of a probe but its cookie: each must repeat that too, where it can be there.
@Suite struct ReplyProofTests {
    /// One probe that is out, and what comes back.
    private struct Bench {
        let transport: ProbeTransport
        let target: IPAddress
        let source: IPAddress
        let packet: [UInt8]
        var matcher: ReplyMatcher
        var registry: ProbeRegistry

        /// Where the transport header begins.
        var start: Int { target.isV4 ? IPv4Header.minimumLength : IPv6Header.length }

        init(
            _ transport: ProbeTransport, _ family: IPAddress.Family, size: UInt16? = nil,
            identity: PacketOptions.Identity = .paris, group: IPAddress? = nil
        ) {
            self.transport = transport
            target = group ?? hostAddress(family)
            source = vantageAddress(family)
            var builder = ProbePacketBuilder(
                transport, PacketOptions(payloadSize: size, identity: identity), identifier: 0x4321, cookie: 0xCAFE_F00D
            )
            matcher = ReplyMatcher(builder)
            registry = ProbeRegistry(
                capacity: 64, hold: .init(memory: .max), modulus: builder.identity.modulus,
                findsUnnumbered: builder.identity.hasUnnumberedAnswers)
            var packet: [UInt8] = []
            let record = builder.build(
                Probe(id: 0, target: target), from: source, serial: 1, at: 0, into: &packet)
            registry.add(record)
            self.packet = packet
        }

        /// A copy, so that what one answer does is not seen by the next.
        func isAccepted(_ answer: [UInt8]) -> Bool {
            var (matcher, registry) = (matcher, registry)
            return matcher.match(
                answer.span, at: 1,
                sources: AddressPair(v4: source.isV4 ? source : nil, v6: source.isV6 ? source : nil),
                in: &registry) != nil
        }

        /// The target's answer to the connection request, acknowledging so many bytes after its number.
        func segment(acknowledging count: UInt32, _ flags: TCPFlags) -> [UInt8] {
            IPEnvelope(from: target, to: source).tcp(
                TCPHeader(
                    sourcePort: packet.uint16(at: start + 2), destinationPort: packet.uint16(at: start), sequence: 1,
                    acknowledgment: packet.span.uint32(at: start + 4) &+ count, flags: flags, window: 65535))
        }

        func echo(_ payload: [UInt8], from host: IPAddress? = nil) -> [UInt8] {
            IPEnvelope(from: host ?? target, to: source).echoReply(
                identifier: packet.uint16(at: start + 4), sequence: packet.uint16(at: start + 6), payload: payload)
        }

        func error(quoting quote: [UInt8], limit: Int? = nil) -> [UInt8] {
            let header = target.isV4 ? ICMPHeader(v4: .timeExceeded) : ICMPHeader(family: .v6, type: 3)
            let router = target.isV4 ? IPAddress(198, 51, 100, 1) : IPAddress(v6: 1)
            return IPEnvelope(from: router, to: source).icmpError(header, quoting: quote, quoteLimit: limit)
        }
    }

    @Test(arguments: IPAddress.Family.allCases, [TCPFlags.rst, [.syn, .ack]])
    func `a segment acknowledges just what the request carried`(family: IPAddress.Family, flags: TCPFlags) {
        let flags = flags.union(.ack)
        let plain = Bench(.tcp(port: 443), family)
        #expect(plain.isAccepted(plain.segment(acknowledging: 1, flags)))
        let guesses = Array(2...UInt32(300)) + [0, 0x8000, 0xFFFF, 0x1_0000, 0x1_0001, .max]
        for count in guesses { #expect(!plain.isAccepted(plain.segment(acknowledging: count, flags))) }

        let loaded = Bench(.tcp(port: 443), family, size: 200)
        for count in [1, 201] as [UInt32] { #expect(loaded.isAccepted(loaded.segment(acknowledging: count, flags))) }
        for count in guesses where count != 201 {
            #expect(!loaded.isAccepted(loaded.segment(acknowledging: count, flags)))
        }
    }

    @Test(arguments: IPAddress.Family.allCases)
    func `a payload that carries the number into the next token's is still acknowledged`(family: IPAddress.Family) {
        let bench = Bench(.tcp(port: 443), family, size: 0x1000)
        // The cookie's low half is 0xF00D: with 4,096 bytes more the upper half of the number is another.
        #expect(bench.isAccepted(bench.segment(acknowledging: 0x1001, [.rst, .ack])))
        #expect(!bench.isAccepted(bench.segment(acknowledging: 0x1000, [.rst, .ack])))
    }

    @Test(arguments: IPAddress.Family.allCases, [PacketOptions.Identity.classic, .paris, .dublin])
    func `what a listener says is believed once, from its address and port to the probe's`(
        family: IPAddress.Family, identity: PacketOptions.Identity
    ) {
        let bench = Bench(.udp(port: 5353), family, identity: identity)
        let (here, there) = (bench.packet.uint16(at: bench.start), bench.packet.uint16(at: bench.start + 2))
        let stranger = family == .v4 ? IPAddress(203, 0, 113, 66) : IPAddress(v6: 66)
        let carried = Array(bench.packet[(bench.start + 8)...])
        for payload in [[], Array("hello there".utf8), carried] {
            func answer(_ source: IPAddress, _ port: UInt16, to localPort: UInt16) -> [UInt8] {
                IPEnvelope(from: source, to: bench.source)
                    .udp(sourcePort: port, destinationPort: localPort, payload: payload)
            }
            #expect(bench.isAccepted(answer(bench.target, there, to: here)))
            #expect(!bench.isAccepted(answer(stranger, there, to: here)))
            for port in 0...UInt16.max {
                if port != there, port % 64 == there % 64 || port / 64 == there / 64 {
                    #expect(!bench.isAccepted(answer(bench.target, port, to: here)))
                }
                if port != here, port % 64 == here % 64 || port / 64 == here / 64 {
                    #expect(!bench.isAccepted(answer(bench.target, there, to: port)))
                }
            }
        }
        guard identity != .classic else { return }
        let hello = IPEnvelope(from: bench.target, to: bench.source)
            .udp(sourcePort: there, destinationPort: here, payload: Array("hello there".utf8))
        let sources = AddressPair(v4: sourceV4, v6: sourceV6)
        var (matcher, registry) = (bench.matcher, bench.registry)
        let first = matcher.match(hello.span, at: 1, sources: sources, in: &registry)
        let second = matcher.match(hello.span, at: 1, sources: sources, in: &registry)
        #expect(first != nil)
        #expect(second == nil)
    }

    /// A group is answered for by its members; of a broadcast address the kernel alone knows that it is one.
    @Test(arguments: IPAddress.Family.allCases)
    func `an echo from elsewhere is believed where many hosts were asked, and only with the payload`(
        family: IPAddress.Family
    ) {
        let stranger = family == .v4 ? IPAddress(203, 0, 113, 66) : IPAddress(v6: 66)
        let group = family == .v4 ? IPAddress(224, 0, 0, 1) : IPAddress(v6: 0xFF02 << 112 | 1)
        var one = Bench(.icmp, family)
        let many = Bench(.icmp, family, group: group)
        let asked = Array(one.packet[(one.start + 8)...])
        let askedMany = Array(many.packet[(many.start + 8)...])
        #expect(one.isAccepted(one.echo(asked)))
        #expect(!one.isAccepted(one.echo(asked, from: stranger)))
        #expect(many.isAccepted(many.echo(askedMany, from: stranger)))
        one.matcher.allowsBroadcast = true
        #expect(one.isAccepted(one.echo(asked, from: stranger)) == (family == .v4))
        // The number and the cookie.
        for position in 2..<8 {
            var (guess, guessOfMany) = (asked, askedMany)
            guess[position] ^= 1
            guessOfMany[position] ^= 1
            #expect(!one.isAccepted(one.echo(guess, from: stranger)))
            #expect(!many.isAccepted(many.echo(guessOfMany, from: stranger)))
        }
    }

    @Test(arguments: IPAddress.Family.allCases)
    func `an echo is shorter than its identity only if the request was`(family: IPAddress.Family) {
        let usual = Bench(.icmp, family)
        let payload = Array(usual.packet[(usual.start + 8)...])
        #expect(usual.isAccepted(usual.echo(payload)))
        // Some hosts send back a part.
        #expect(usual.isAccepted(usual.echo(Array(payload.prefix(8)))))
        for count in 0..<8 { #expect(!usual.isAccepted(usual.echo(Array(payload.prefix(count))))) }

        for size in 0..<8 {
            let short = Bench(.icmp, family, size: UInt16(size))
            for count in 0..<8 {
                #expect(short.isAccepted(short.echo(Array(repeating: 1, count: count))) == (count == size))
            }
        }
    }

    @Test(arguments: IPAddress.Family.allCases)
    func `an echo on an ordinary socket is no more believed`(family: IPAddress.Family) {
        var bench = Bench(.icmp, family)
        var response = ProbeReply(from: bench.target, rtt: .zero, kind: .other)
        let echo = [family == .v4 ? UInt8(0) : 129, 0] + bench.packet[(bench.start + 2)...]
        for count in 8..<echo.count {
            let answer = bench.matcher.match(
                Array(echo.prefix(count)).span, .echoReply(from: bench.target), at: ArrivalTime(1), in: bench.registry,
                &response)
            #expect((answer != nil) == (count >= 16))
        }
    }

    @Test(
        arguments: [ProbeTransport.icmp, .udp, .tcp(port: 443)], [PacketOptions.Identity.classic, .paris, .dublin])
    func `an error that quotes another payload is a stray`(
        transport: ProbeTransport, identity: PacketOptions.Identity
    ) {
        for family in IPAddress.Family.allCases {
            let bench = Bench(transport, family, size: 32, identity: identity)
            let payload = bench.start + transport.headerLength
            #expect(bench.isAccepted(bench.error(quoting: bench.packet)))
            var forged = bench.packet
            for index in payload..<forged.count { forged[index] ^= 0xFF }
            #expect(!bench.isAccepted(bench.error(quoting: forged)))
            // Routers that quote little, and those that fill up with zeros.
            for index in payload..<forged.count { forged[index] = 0 }
            #expect(bench.isAccepted(bench.error(quoting: forged)))
            #expect(bench.isAccepted(bench.error(quoting: bench.packet, limit: bench.start + 8)))
            // Nor does it help to look like what a NAT has left.
            var rewritten = bench.packet
            let outside = family == .v4 ? IPAddress(203, 0, 113, 99) : IPAddress(v6: 99)
            PacketRewrite.setSource(&rewritten, to: outside, port: transport == .icmp ? nil : 777)
            for index in payload..<rewritten.count { rewritten[index] ^= 0xFF }
            #expect(!bench.isAccepted(bench.error(quoting: rewritten)))
        }
    }
}
