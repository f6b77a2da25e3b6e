import Testing

@testable import TraceCore

/// What is shown when an answer changes what had been believed of the path.
@Suite struct `A truth that comes late` {
    private let target = IPAddress(192, 0, 2, 99)

    private func started(_ verb: Verb) -> ProbeEvent {
        let run = RunDescription(
            verb: verb, target: ProbeTarget(address: target), method: .udp, mode: "test", startedAt: .epoch,
            parameters: RunDescription.Parameters(firstTTL: 1, maxTTL: 30, queries: 1))
        return ProbeEvent(at: .zero, .started(run))
    }

    private func probe(_ ttl: UInt8, round: Int = 0) -> Probe {
        Probe(id: round * 100 + Int(ttl), target: target, ttl: ttl, sequence: round)
    }

    private func reply(_ probe: Probe, from address: IPAddress? = nil) -> ProbeEvent {
        let from = address ?? target
        let kind = from == target ? ReplyKind.echoReply : .timeExceeded
        return ProbeEvent(at: .zero, .reply(probe, ProbeReply(from: from, rtt: .milliseconds(5), kind: kind)))
    }

    @Test func `hops that were printed and turned out to be behind the path's end are taken back in words`() throws {
        let late = ProbeReply(from: target, rtt: .seconds(1), kind: .echoReply)
        var events = [started("trace")]
        events += (1...4).map { ProbeEvent(at: .zero, .sent(probe($0))) }
        events += [
            reply(probe(1), from: IPAddress(10, 0, 0, 1)), ProbeEvent(at: .zero, .timedOut(probe(2))),
            reply(probe(3), from: IPAddress(10, 0, 0, 3)), ProbeEvent(at: .zero, .late(probe(2), late)),
            ProbeEvent(at: .zero, .ended(RunEnd(.reached))),
        ]
        #expect(try TraceReport.Fold.replay(events).hops.map(\.ttl) == [1, 2])
        let lines = TraceReport.Text(showsNames: false).lines(of: events)
        #expect(lines.count == 5)
        #expect(lines.last == "the path ends at hop 2: the answer that says so came late")
    }

    @Test func `a monitor forgets what the target answered behind its place once it has left that`() throws {
        var events = [started("monitor")]
        // In the first round the target is at hop 2 and answers the probes for hops behind it too.
        for ttl in 1...30 as ClosedRange<UInt8> {
            events.append(ProbeEvent(at: .zero, .sent(probe(ttl))))
            events.append(reply(probe(ttl), from: ttl == 1 ? IPAddress(10, 0, 0, 1) : nil))
        }
        #expect(try MonitorReport.Fold.replay(events).hops.count == 2)
        // Then a router answers there, and nobody behind it.
        for round in 1...3 {
            for ttl in 1...4 as ClosedRange<UInt8> {
                events.append(ProbeEvent(at: .zero, .sent(probe(ttl, round: round))))
                events.append(
                    ttl <= 2
                        ? reply(probe(ttl, round: round), from: IPAddress(10, 0, 0, ttl))
                        : ProbeEvent(at: .zero, .timedOut(probe(ttl, round: round))))
            }
        }
        #expect(try MonitorReport.Fold.replay(events).hops.map(\.ttl) == [1, 2, 3])
    }
}
