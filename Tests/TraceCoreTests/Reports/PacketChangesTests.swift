import Testing

@testable import TraceCore

@Suite struct `What the network did to the packets` {
    private static let topology = """
        vantage here 192.0.2.100
        router gw 192.0.2.1 delay=1ms
        router nat 198.51.100.1 delay=2ms nat=198.51.100.1 nat-quote=kept dscp=0
        router b 198.51.100.2 delay=1ms
        host server 203.0.113.7 delay=4ms return-hops=9
        path server: gw nat b
        """

    private static func trace() async throws -> TraceReport {
        var options = SimulatedInternet.Options()
        options.packets.trafficClass = 184
        let internet = try SimulatedInternet(parsing: topology, name: "test")
        return try await PathTracer(SimulatedProber(.udp, internet, options: options)).trace("server")
    }

    @Test func `survives JSON`() async throws {
        let changes = PacketChanges(of: try await Self.trace())
        #expect(changes.changes.count == 2)
        let read = try JSON.decode(PacketChanges.self, from: JSON.encode(changes))
        #expect(read == changes)
    }

    @Test func `is told in one sentence each`() async throws {
        let lines = (try await Self.trace()).packetChangeLines
        #expect(
            lines == [
                "the DSCP 46 became 0 between hop 2 (198.51.100.1) and hop 3 (198.51.100.2)",
                "the source address 192.0.2.100 became 198.51.100.1 between hop 2 (198.51.100.1) and hop 3 (198.51.100.2)",
                "the way back from hop 4 (203.0.113.7) seems 13 hops long: its answer came with a TTL of 52, and 64 is "
                    + "likely what it began with",
            ])
    }

    @Test(arguments: [(64, 64), (63, 64), (32, 32), (1, 32), (65, 128), (129, 255), (255, 255)] as [(UInt8, Int)])
    func `a way back begins with a TTL that systems use`(left: UInt8, initial: Int) throws {
        let response = ProbeReply(from: IPAddress(192, 0, 2, 1), rtt: .zero, kind: .timeExceeded, ttl: left)
        let path = try #require(PacketChanges.ReturnPath(of: response, at: 3))
        #expect(path.initialTTL == initial)
        #expect(path.length == initial - Int(left) + 1)
    }

    @Test func `nothing is inferred from an answer whose TTL is not known`() {
        let address = IPAddress(192, 0, 2, 1)
        #expect(PacketChanges.ReturnPath(of: ProbeReply(from: address, rtt: .zero, kind: .timeExceeded), at: 3) == nil)
        #expect(
            PacketChanges.ReturnPath(of: ProbeReply(from: address, rtt: .zero, kind: .timeExceeded, ttl: 0), at: 3)
                == nil)
    }

    @Test(arguments: [nil, 0, 184]) func `a class that nobody knows was not rewritten`(sent: Int?) async throws {
        var trace = try await Self.trace()
        trace.run.parameters.trafficClass = sent
        let found = PacketChanges(of: trace).changes.filter { $0.field == .dscp }.map(\.after)
        // What two hops show differently was rewritten between them all the same.
        #expect(found == (sent == 0 ? [0, 2] : [2]))
    }

    @Test func `a class that is zero is known to be so`() async throws {
        let internet = try SimulatedInternet(parsing: Self.topology, name: "test")
        let trace = try await PathTracer(SimulatedProber(.udp, internet)).trace("server")
        #expect(trace.run.parameters.trafficClass == 0)
    }

    @Test func `packets of two ways, one of which rewrites, are partly rewritten`() {
        func reply(_ dscp: UInt8, _ sequence: Int) -> TraceReport.HopReply {
            let quote = ProbeReply.Quote(ttl: 1, trafficClass: dscp << 2, length: 60)
            return TraceReport.HopReply(
                sequence: sequence,
                answer: ProbeReply(from: IPAddress(192, 0, 2, 1), rtt: .zero, kind: .timeExceeded, quote: quote))
        }
        let run = RunDescription(
            verb: "trace", target: nil, method: .udp, mode: "raw", startedAt: UTCTime(microsecondsSince1970: 0),
            parameters: RunDescription.Parameters(trafficClass: 184))
        let hops = [
            TraceReport.Hop(ttl: 1, sent: 2, replies: [reply(46, 0), reply(46, 1)]),
            TraceReport.Hop(ttl: 2, sent: 2, replies: [reply(46, 0), reply(0, 1)]),
            TraceReport.Hop(ttl: 3, sent: 2, replies: [reply(0, 0), reply(46, 1)]),
        ]
        let changes = PacketChanges(of: TraceReport(run: run, hops: hops, end: nil)).changes.filter {
            $0.field == .dscp
        }
        #expect(
            changes == [
                PacketChanges.Change(
                    field: .dscp, was: .number(46), became: .number(0), after: 1, before: 2, isPartial: true)
            ])
    }
}
