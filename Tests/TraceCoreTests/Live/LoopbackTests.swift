import Testing

@testable import TraceCore

/// What goes over the machine's own link: one after the other, for a raw socket gets a copy of every packet there, and a
/// flood leaves no room for others.
@Suite(.serialized) struct OnLoopback {}

extension OnLoopback {
    /// Real sockets against this machine itself: what works for everybody, everywhere.
    @Suite struct LoopbackTests {
        struct Way: Sendable, CustomTestStringConvertible {
            let transport: ProbeTransport
            let mode: LiveProber.Options.Mode
            let target: IPAddress
            var testDescription: String { "\(transport.method) \(mode) \(target)" }
        }

        /// Below the ports that systems give out by themselves: above, one of these tests' own sockets may listen.
        static let ways: [Way] = [ProbeTransport.icmp, .udp(port: 9000), .tcp(port: 1)].flatMap { transport in
            [LiveProber.Options.Mode.unprivileged, .raw].flatMap { mode in
                [IPAddress(127, 0, 0, 1), IPAddress(v6: 1)].map { Way(transport: transport, mode: mode, target: $0) }
            }
        }

        /// What keeps a channel from being opened, or nil.
        static func refusal(_ prober: LiveProber, _ target: IPAddress) async -> ProbeError? {
            do throws(ProbeError) {
                try await prober.open(ChannelSettings(target: target)).close()
                return nil
            } catch {
                return error
            }
        }

        /// A prober, unless this user may not have it: then the test is cancelled.
        static func prober(_ way: Way, _ options: LiveProber.Options = LiveProber.Options()) async throws -> LiveProber
        {
            var options = options
            options.mode = way.mode
            let prober = LiveProber(way.transport, options: options)
            let refusal = await refusal(prober, way.target)
            if refusal?.code == .notPermitted || refusal?.code == .noRoute {
                try Test.cancel("not to be had here: \(refusal?.message ?? "")")
            }
            #expect(refusal == nil)
            return prober
        }

        @Test(arguments: ways) func `every probe to this machine is answered`(way: Way) async throws {
            let prober = try await Self.prober(way)
            let report = try await Pinger(prober, settings: PingSettings(interval: .milliseconds(1)))
                .ping(way.target, count: 20)
            #expect(report.received == 20)
            #expect(report.run.mode == way.mode.rawValue)
            #expect(report.run.source == way.target)
            let rtt = try #require(report.rtt)
            #expect(rtt.min > .zero)
            #expect(rtt.max < .seconds(1))
            let kinds = Set(report.replies.map(\.answer.kind))
            switch way.transport.method {
            case .icmp: #expect(kinds == [.echoReply])
            case .udp: #expect(kinds == [.portUnreachable])
            default: #expect(kinds == [.closed])
            }
        }

        @Test(arguments: [LiveProber.Options.Mode.unprivileged, .raw])
        func `no address means this machine, which answers`(mode: LiveProber.Options.Mode) async throws {
            let way = Way(transport: .udp(port: 9000), mode: mode, target: IPAddress(v6: 0))
            let report = try await Pinger(try await Self.prober(way)).ping("\(way.target)", count: 1)
            #expect(report.received == 1 && report.unreachable == 0)
        }

        @Test(arguments: ways) func `a trace to this machine has one hop`(way: Way) async throws {
            let trace = try await PathTracer(try await Self.prober(way)).trace(way.target)
            #expect(trace.isReached)
            #expect(trace.hops.count == 1)
            #expect(trace.hops.first?.addresses == [way.target])
        }

        @Test(arguments: ways.filter { $0.transport.method == .udp })
        func `runs at the same time share their sockets and keep their answers apart`(way: Way) async throws {
            let prober = try await Self.prober(way)
            let reports = try await withThrowingTaskGroup(of: PingReport.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        // However busy the machine is, an answer that came counts.
                        try await Pinger(
                            prober, settings: PingSettings(interval: .milliseconds(1), timeout: .seconds(60))
                        )
                        .ping(way.target, count: 5)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(reports.count == 200)
            // Five answers each and no duplicates: had one run got another's, somebody would have lost or won one.
            #expect(reports.allSatisfy { $0.received == 5 && $0.duplicates == 0 })
        }

        @Test(
            arguments: [PacketOptions.Identity.classic, .paris, .dublin], [LiveProber.Options.Mode.unprivileged, .raw])
        func `each identity is recognised`(identity: PacketOptions.Identity, mode: LiveProber.Options.Mode) async throws
        {
            let way = Way(transport: .udp(port: 9000), mode: mode, target: IPAddress(127, 0, 0, 1))
            let prober = try await Self.prober(way, LiveProber.Options(packets: PacketOptions(identity: identity)))
            let report = try await Pinger(prober, settings: PingSettings(interval: .milliseconds(1)))
                .ping(way.target, count: 5)
            #expect(report.received == 5)
        }

        @Test(arguments: [PacketOptions.Identity.classic, .paris, .dublin], [UInt16(0), 3])
        func `a listener that says something of its own is heard in every flow`(
            identity: PacketOptions.Identity, flow: UInt16
        ) async throws {
            let here = IPAddress(127, 0, 0, 1)
            let listener = try SystemSocket(.datagram, .v4)
            try listener.bind(to: here, port: 0)
            let port = try #require(listener.local?.port)
            let way = Way(transport: .udp(port: port), mode: .raw, target: here)
            let prober = try await Self.prober(way, LiveProber.Options(packets: PacketOptions(identity: identity)))
            let channel = try await prober.open(ChannelSettings(target: here))
            defer { channel.close() }
            let builder = try #require(channel as? LiveChannel).hub.builder
            let failures = try await channel.send([Probe(id: 7, target: here, flow: flow)])
            #expect(failures.isEmpty)
            try listener.send(
                Array("hello there".utf8).span, to: here, port: builder.identity.sourcePort(of: flow),
                SystemSocket.Dispatch())
            let arrivals = try await channel.receive(until: channel.now + .seconds(10))
            #expect(arrivals.map(\.probe) == [7])
            #expect(arrivals.first?.reply.kind == .answered)
            #expect(arrivals.first?.reply.from == here)
        }

        @Test func `what only raw packets can do says so`() async {
            let options = LiveProber.Options(mode: .unprivileged, packets: PacketOptions(identity: .dublin))
            let refusal = await Self.refusal(LiveProber(.udp, options: options), IPAddress(127, 0, 0, 1))
            #expect(refusal?.code == .notPermitted)
            #expect(refusal?.remedy?.contains("CAP_NET_RAW") == true)
        }

        @Test func `congestion marks of TCP probes need raw packets and say so`() async {
            let options = LiveProber.Options(mode: .unprivileged, packets: PacketOptions(trafficClass: 0xBA))
            let refusal = await Self.refusal(LiveProber(.tcp, options: options), IPAddress(127, 0, 0, 1))
            #expect(refusal?.code == .badSetting)
            #expect(refusal?.remedy?.contains("CAP_NET_RAW") == true)
            #expect(refusal?.remedy?.contains("184") == true)
        }

        @Test(
            arguments: [ProbeTransport.udp(port: 9000), .tcp(port: 1)], [LiveProber.Options.Mode.unprivileged, .raw])
        func `a source address is not passed over for targets of the other family`(
            transport: ProbeTransport, mode: LiveProber.Options.Mode
        ) async throws {
            let home = IPAddress(127, 0, 0, 1)
            let way = Way(transport: transport, mode: mode, target: home)
            let prober = try await Self.prober(way, LiveProber.Options(source: home))
            let channel = try await prober.open(ChannelSettings())
            defer { channel.close() }
            let failures = try await channel.send([
                Probe(id: 0, target: home), Probe(id: 1, target: IPAddress(v6: 1)), Probe(id: 2, target: home),
            ])
            #expect(failures.map(\.probe) == [1])
            #expect(failures.first?.error.code == .badSetting)
        }

        static let impossible: [LiveProber.Options] = LiveProber.Options.Mode.allCases.flatMap { mode in
            [
                LiveProber.Options(mode: mode, source: IPAddress(192, 0, 2, 1)),
                LiveProber.Options(mode: mode, interface: "no-such-one"),
                LiveProber.Options(mode: mode, source: IPAddress(v6: 1)),
                LiveProber.Options(mode: mode, packets: PacketOptions(flowLabel: 1 << 20)),
            ]
        }

        @Test(arguments: impossible, [ProbeTransport.udp, .tcp])
        func `an option that cannot be is refused at once`(options: LiveProber.Options, transport: ProbeTransport) async
        {
            let refusal = await Self.refusal(LiveProber(transport, options: options), IPAddress(127, 0, 0, 1))
            #expect(refusal?.code == .badSetting || refusal?.code == .notPermitted)
        }

        @Test func `a listener's answer is an answer, and an open port is open`() async throws {
            let listener = try SystemSocket(.datagram, .v4)
            try listener.bind(to: IPAddress(127, 0, 0, 1), port: 0)
            let port = try #require(listener.local?.port)
            // Somebody listens and says nothing: silence, and the run ends with its count.
            var options = LiveProber.Options(mode: .unprivileged)
            options.packets.identity = .paris
            let settings = PingSettings(count: 3, interval: .milliseconds(1), timeout: .milliseconds(50))
            let report = try await Pinger(LiveProber(.udp(port: port), options: options), settings: settings)
                .ping(IPAddress(127, 0, 0, 1), count: 3)
            #expect(report.received == 0)
            #expect(report.lost == 3)
        }
    }
}
