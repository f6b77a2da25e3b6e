import Testing

@testable import TraceCore

@Suite struct `Where the size of a path shrinks` {
    private static let routers = (1...3).map { IPAddress(v4: 0xC633_6400 + UInt32($0)) }
    private static let target = IPAddress(203, 0, 113, 7)

    /// Behind a lossy link whose near end refuses what the next one does not take.
    private static func lossy(seed: Int) throws -> SimulatedInternet {
        try SimulatedInternet(
            parsing: """
                seed \(seed)
                vantage here 192.0.2.10
                router a 192.0.2.1 delay=1ms mtu=1500
                router b 198.51.100.1 delay=3ms loss=25% reply-loss=20%
                router c 198.51.100.5 delay=3ms mtu=1492
                host t 203.0.113.7 delay=20ms reply-loss=20%
                path t: a b c
                """)
    }

    @Test(arguments: 0..<100)
    func `is behind the router that refuses larger packets, for it had got them`(seed: Int) async throws {
        let report = try await PathTracer(SimulatedProber(.udp, try Self.lossy(seed: seed))).pathMTU(to: "t")
        // What nobody answers at may keep silent about everything.
        guard report.hops.count >= 4, report.hops[1].mtu != nil else { return }
        #expect(report.hops[1].mtu == 1500)
        #expect(report.limits.map(\.after) == [2])
        #expect(report.limits.first?.mtu == 1492)
        #expect(report.limits.first?.refusedBy == IPAddress(198, 51, 100, 1))
        #expect(report.mtu == 1492)
    }

    /// A run whose small packets found three routers and the target, and whose large ones got these answers.
    private static func report(
        _ answers: [(ttl: Int, size: Int, reply: ProbeReply?)]
    ) throws -> PathMTUReport {
        let run = RunDescription(
            verb: "mtu", target: ProbeTarget(address: target), method: .udp, mode: "raw", startedAt: .epoch,
            parameters: RunDescription.Parameters(queries: 1, headerSize: 28))
        var events = [ProbeEvent(at: .zero, .started(run))]
        func ask(_ ttl: Int, _ size: Int, sequence: Int, _ reply: ProbeReply?) {
            let probe = Probe(
                id: events.count, target: target, ttl: UInt8(ttl), sequence: sequence, size: UInt16(size - 28))
            events.append(ProbeEvent(at: .zero, .sent(probe)))
            events.append(ProbeEvent(at: .zero, reply.map { .reply(probe, $0) } ?? .timedOut(probe)))
        }
        for ttl in 1...4 {
            let from = ttl > 3 ? target : routers[ttl - 1]
            let kind: ReplyKind = ttl > 3 ? .portUnreachable : .timeExceeded
            ask(ttl, 68, sequence: 0, ProbeReply(from: from, rtt: .zero, kind: kind))
        }
        for answer in answers { ask(answer.ttl, answer.size, sequence: 0, answer.reply) }
        for ttl in 1...4 { ask(ttl, 68, sequence: 1, ProbeReply(from: target, rtt: .zero, kind: .portUnreachable)) }
        return try PathMTUReport.Fold.replay(events + [ProbeEvent(at: .zero, .ended(RunEnd(.reached)))])
    }

    private static func refusal(by router: Int, telling mtu: Int?) -> ProbeReply {
        ProbeReply(from: routers[router - 1], rtt: .zero, kind: .packetTooBig, mtu: mtu)
    }

    private static let arrival = ProbeReply(from: target, rtt: .zero, kind: .portUnreachable)

    @Test func `is told by a refusal of any larger packet that named the size`() throws {
        let report = try Self.report([
            (4, 1500, Self.refusal(by: 2, telling: 1492)), (4, 1492, Self.arrival), (3, 1493, nil), (3, 1493, nil),
        ])
        let limit = PathMTUReport.Limit(after: 2, before: 3, mtu: 1492, refusedBy: Self.routers[1], told: 1492)
        #expect(report.limits == [limit])
    }

    @Test func `is told by whoever refused one byte more, if nobody named the size`() throws {
        let report = try Self.report([
            (4, 1500, Self.refusal(by: 2, telling: 1400)), (4, 1492, Self.arrival),
            (3, 1493, Self.refusal(by: 2, telling: 1400)),
        ])
        let limit = PathMTUReport.Limit(after: 2, before: 3, mtu: 1492, refusedBy: Self.routers[1], told: 1400)
        #expect(report.limits == [limit])
    }

    @Test(arguments: [(1492, 0), (1450, 1), (nil, 1)] as [(Int?, Int)])
    func `is not doubted in the end where it proved true`(told: Int?, doubts: Int) throws {
        // A packet of 1440 bytes was refused by mistake, so that what was told cannot have been meant.
        let report = try Self.report([
            (4, 1440, Self.refusal(by: 2, telling: told)), (4, 1492, Self.arrival),
            (4, 1493, Self.refusal(by: 2, telling: 1492)),
        ])
        #expect(report.mtu == 1492 && report.isExact)
        #expect(report.doubts.count == doubts)
    }
}
