import Testing

@testable import TraceCore

@Suite struct `The fold of a watched path` {
    private let target = IPAddress(192, 0, 2, 99)
    private let router = IPAddress(10, 0, 0, 1)

    private func started() -> ProbeEvent {
        let run = RunDescription(
            verb: "monitor", target: ProbeTarget(address: target), method: .udp, mode: "test", startedAt: .epoch,
            parameters: RunDescription.Parameters(firstTTL: 1, maxTTL: 30))
        return ProbeEvent(at: .zero, .started(run))
    }

    private func probe(_ ttl: UInt8, round: Int) -> Probe {
        Probe(id: round * 100 + Int(ttl), target: target, ttl: ttl, sequence: round)
    }

    private func response(_ ttl: UInt8, reaches distance: UInt8) -> ProbeReply {
        let from = ttl >= distance ? target : IPAddress(10, 0, 0, ttl)
        return ProbeReply(from: from, rtt: .milliseconds(5), kind: ttl >= distance ? .echoReply : .timeExceeded)
    }

    private func sent(_ round: Int, upTo last: UInt8) -> [ProbeEvent] {
        (1...last).map { ProbeEvent(at: .zero, .sent(probe($0, round: round))) }
    }

    @Test func `a target that always answers late has its place all the same`() throws {
        var events = [started()]
        for round in 0..<4 {
            events += sent(round, upTo: 8)
            for ttl in 1...2 as ClosedRange<UInt8> {
                events.append(ProbeEvent(at: .zero, .reply(probe(ttl, round: round), response(ttl, reaches: 6))))
            }
            events += (3...8).map { ProbeEvent(at: .zero, .timedOut(probe($0, round: round))) }
            events += (6...8).map {
                ProbeEvent(at: .zero, .late(probe($0, round: round), response($0, reaches: 6)))
            }
        }
        let report = try MonitorReport.Fold.replay(events)
        #expect(report.hops.map(\.ttl) == Array(1...6))
        #expect(report.hops.last?.late == 4 && report.hops.last?.lossPercent == 100)
    }

    @Test func `a late router where the target was says that the path has grown`() throws {
        var events = [started()] + sent(0, upTo: 2)
        events += (1...2).map { ProbeEvent(at: .zero, .reply(probe($0, round: 0), response($0, reaches: 2))) }
        #expect(try MonitorReport.Fold.replay(events).hops.count == 2)
        events += sent(1, upTo: 4)
        events.append(ProbeEvent(at: .zero, .timedOut(probe(2, round: 1))))
        events.append(ProbeEvent(at: .zero, .late(probe(2, round: 1), response(2, reaches: 9))))
        events.append(ProbeEvent(at: .zero, .reply(probe(3, round: 1), response(3, reaches: 9))))
        #expect(try MonitorReport.Fold.replay(events).hops.count == 4)
    }

    @Test(arguments: [false, true]) func `an answer from before a change does not undo it`(isLate: Bool) throws {
        var events = [started()] + sent(3, upTo: 7) + sent(4, upTo: 7)
        // Round 4 found the target at hop 4; then the one of round 3 comes, which was farther, and a router of then.
        events.append(ProbeEvent(at: .zero, .reply(probe(4, round: 4), response(4, reaches: 4))))
        for (ttl, distance) in [(7, 7), (5, 7)] as [(UInt8, UInt8)] {
            let (probe, answer) = (probe(ttl, round: 3), response(ttl, reaches: distance))
            events.append(ProbeEvent(at: .zero, isLate ? .late(probe, answer) : .reply(probe, answer)))
        }
        #expect(try MonitorReport.Fold.replay(events).hops.count == 4)
    }

    @Test func `keeps no more names than hops can have addresses, and those that are shown`() throws {
        var fold = MonitorReport.Fold()
        fold.apply(started())
        fold.apply(ProbeEvent(at: .zero, .sent(probe(1, round: 0))))
        fold.apply(ProbeEvent(at: .zero, .reply(probe(1, round: 0), response(1, reaches: 9))))
        fold.apply(ProbeEvent(at: .zero, .named(router, "r1.example")))
        for number in 0..<200_000 as Range<UInt32> {
            fold.apply(ProbeEvent(at: .zero, .named(IPAddress(v4: 0x0B00_0000 + number), "stranger.example")))
            #expect(fold.nameCount <= MonitorReport.Fold.nameLimit)
        }
        #expect(fold.report()?.hops.first?.addresses.first?.name == "r1.example")
    }

    /// The changes that are told when routers answer at one hop in this order.
    private func changes(_ routers: [UInt8]) throws -> [MonitorReport.Change] {
        var events = [started()]
        for (round, number) in routers.enumerated() {
            let from = IPAddress(10, 0, 1, number)
            events.append(ProbeEvent(at: .zero, .sent(probe(3, round: round))))
            let answer = ProbeReply(from: from, rtt: .milliseconds(5), kind: .timeExceeded)
            events.append(ProbeEvent(at: .zero, .reply(probe(3, round: round), answer)))
        }
        return try MonitorReport.Fold.replay(events).changes
    }

    @Test func `a lasting change to a router that once shared the hop is told`() throws {
        let stray = [1, 1, 1, 1, 2] as [UInt8]
        let back = [2, 2, 2, 2, 2, 2] as [UInt8]
        // At once it may be the same balancing.
        #expect(try changes(stray + [1, 1, 1, 1, 1, 1] + back).isEmpty)
        let change = try #require(try changes(stray + Array(repeating: 1, count: 80) + back).first)
        #expect(change.before == IPAddress(10, 0, 1, 1) && change.after == IPAddress(10, 0, 1, 2))
    }

    @Test func `a router that seldom shares the hop is no change`() throws {
        let seldom = (0..<1000).map { UInt8($0 % 90 == 89 ? 2 : 1) }
        #expect(try changes(seldom).isEmpty)
    }

    @Test(arguments: [3, 4]) func `shows the longest way of several flows, whichever was asked last`(_ rounds: Int)
        throws
    {
        var events = [started()]
        for round in 0..<rounds {
            let distance: UInt8 = round % 2 == 0 ? 3 : 5
            for ttl in 1...distance {
                let asked = Probe(
                    id: round * 100 + Int(ttl), target: target, ttl: ttl, sequence: round, flow: UInt16(round % 2))
                events.append(ProbeEvent(at: .zero, .sent(asked)))
                events.append(ProbeEvent(at: .zero, .reply(asked, response(ttl, reaches: distance))))
            }
        }
        #expect(try MonitorReport.Fold.replay(events).hops.map(\.ttl) == Array(1...5))
    }
}
