import Testing

@testable import TraceCore

@Suite struct `Slots of a chart` {
    private let target = IPAddress(203, 0, 113, 7)

    @Test func `stay few in a run of any length`() throws {
        var fold = MonitorReport.Chart.Fold()
        fold.apply(SmallRuns.head("monitor", .icmp, RunDescription.Parameters(interval: .seconds(1))))
        for round in 0..<20_000 {
            let probe = Probe(id: round, target: target, ttl: 1, sequence: round)
            fold.apply(ProbeEvent(at: .seconds(1) * round, .sent(probe)))
            let reply = ProbeReply(from: target, rtt: .milliseconds(10 + round % 5), kind: .echoReply)
            let fact: ProbeEvent.Fact = round % 10 == 0 ? .timedOut(probe) : .reply(probe, reply)
            fold.apply(ProbeEvent(at: .seconds(1) * round, fact))
        }
        let slots = try #require(fold.report()).slots
        #expect(slots.count <= ChartSlots.limit && slots.count > ChartSlots.limit / 2 - 1)
        // Nobody knows where the target is before its first answer.
        #expect(slots.target.reduce(0) { $0 + $1.loss.decided } == 19_999)
        #expect(slots.target.reduce(0) { $0 + $1.loss.lost } == 1999)
        #expect(slots.hops[0].reduce(0) { $0 + $1.loss.lost } == 2000)
    }

    @Test func `hold the same when they are merged`() throws {
        var slots = ChartSlots(interval: .seconds(1))
        for second in 0..<100 { slots.addTarget(.milliseconds(second + 1), at: .seconds(1) * second) }
        let merged = slots.merged(by: 7)
        #expect(merged.count == 15 && merged.length == 7_000_000_000)
        #expect(merged.target.map(\.loss.answered).reduce(0, +) == 100)
        #expect(merged.target[14].loss.answered == 2)
        #expect(merged.target[0].quantile(0.5) == .milliseconds(4))
        // Beyond 64 round trips, within 1 %.
        let median = try #require(slots.merged(by: 100).target[0].quantile(0.5)?.inMilliseconds)
        #expect(abs(median - 50) <= 0.5)
    }

    @Test func `do not count a target twice in a round`() throws {
        let events = [3, 2].flatMap { ttl in
            let probe = Probe(id: ttl, target: target, ttl: UInt8(ttl), sequence: 0)
            return [
                ProbeEvent(at: .zero, .sent(probe)),
                ProbeEvent(
                    at: .milliseconds(9),
                    .reply(probe, ProbeReply(from: target, rtt: .milliseconds(9), kind: .echoReply))),
            ]
        }
        let head = SmallRuns.head("monitor", .icmp, RunDescription.Parameters())
        let chart = try MonitorReport.Chart.Fold.replay([head] + events)
        #expect(chart.slots.target.map(\.loss.answered) == [1])
    }

    @Test func `forget probes that never end`() {
        var open = OpenProbes()
        for id in 0..<OpenProbes.limit * 2 + 5 { open.note(Probe(id: id, target: target), at: .zero) }
        #expect(open.count <= OpenProbes.limit)
    }
}
