import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

extension OnLoopback {
    /// A stranger on this very machine, who writes packets of his own as fast as the kernel takes them.
    ///
    /// One after the other: a flood against one prober may guess what another has.
    @Suite(.serialized) struct FloodTests {
        static let here = IPAddress(127, 0, 0, 1)
        static let count = 20_000

        /// By another port than the other tests: what is guessed here must not be right there.
        static let ways = [ProbeTransport.icmp, .udp(port: 30_000), .tcp(port: 2)].flatMap { transport in
            [LiveProber.Options.Mode.unprivileged, .raw].map {
                LoopbackTests.Way(transport: transport, mode: $0, target: here)
            }
        }

        /// Sends answers to probes that might be out: the addresses are right, and all else is guessed.
        ///
        /// - Parameter secret: What is never guessed, for then it would be no forgery.
        private static func flood(_ transport: ProbeTransport, secret: UInt16) async throws -> Int {
            let socket = try SystemSocket(.rawSending, .v4)
            try socket.writeHeaders()
            let router = IPAddress(198, 51, 100, 1)
            var random = SeededGenerator(seed: 66)
            var sent = 0
            for number in 0..<count {
                var identifier = UInt16(truncatingIfNeeded: random.next())
                // Ports are made of fifteen bits of it.
                if identifier & 0x7FFF == secret & 0x7FFF { identifier ^= 1 }
                var guess = ProbePacketBuilder(
                    transport, PacketOptions(), identifier: identifier,
                    cookie: UInt32(truncatingIfNeeded: random.next()))
                var probe: [UInt8] = []
                _ = guess.build(
                    Probe(id: 0, target: here), from: here, serial: random.below(65_536), at: 0, into: &probe)
                let forged =
                    number % 3 == 0 && transport == .icmp
                    ? IPEnvelope(from: here, to: here).echoReply(
                        identifier: probe.uint16(at: 24), sequence: probe.uint16(at: 26), payload: Array(probe[28...]))
                    : IPEnvelope(from: router, to: here).icmpError(
                        ICMPHeader(v4: .timeExceeded), quoting: probe, quoteLimit: number % 2 == 0 ? 28 : nil)
                do {
                    try socket.send(forged.span, to: here, port: 0, SystemSocket.Dispatch())
                    sent += 1
                } catch {
                    // The kernel's queue is full: the others have that much less to do.
                }
                if number % 64 == 0 { await Task.yield() }
            }
            return sent
        }

        @Test(arguments: ways) func `a flood of forged answers changes nothing`(way: LoopbackTests.Way) async throws {
            // Nobody but root can forge, nor has to fear that others do it here.
            _ = try await LoopbackTests.prober(LoopbackTests.Way(transport: .icmp, mode: .raw, target: Self.here))
            let prober = try await LoopbackTests.prober(way)
            // All channels of a kind share a hub, and while one is open its identity stays.
            let channel = try await prober.open(ChannelSettings(target: Self.here))
            defer { channel.close() }
            let secret = try #require(channel as? LiveChannel).hub.builder.identity.identifier
            async let forged = Self.flood(way.transport, secret: secret)
            let report = try await Pinger(prober, settings: PingSettings(interval: .milliseconds(1)))
                .ping(Self.here, count: 200)
            let sent = try await forged
            #expect(sent > Self.count / 2)
            // The kernel has limits of its own for what it says of closed ports, and for what it keeps.
            #expect(report.received >= 100)
            #expect(report.duplicates == 0)
            #expect(report.replies.allSatisfy { $0.answer.from == Self.here && $0.answer.kind != .timeExceeded })
            // Whole packets are seen and counted; what is not for it, an ordinary socket is not even given.
            if way.mode == .raw { #expect(report.end?.strays ?? 0 > 0) }
        }
    }
}
