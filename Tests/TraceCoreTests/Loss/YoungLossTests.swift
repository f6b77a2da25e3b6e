import Testing

@testable import TraceCore

/// A path whose target answers twenty seconds after it is asked, and a monitor that waits for two.
@Suite struct `A loss that is too young to be judged` {
    private let target = IPAddress(192, 0, 2, 99)
    private let router = IPAddress(192, 0, 2, 1)

    /// The events of rounds of a second until a time, with the rounds that are really lost.
    private func events(until end: Int, lost: Set<Int> = []) -> [ProbeEvent] {
        let run = RunDescription(
            verb: .monitor, target: ProbeTarget(address: target), method: .icmp, mode: "test", startedAt: .epoch,
            parameters: .init(firstTTL: 1, maxTTL: 2))
        var events = [ProbeEvent(at: .zero, .started(run))]
        for second in 0..<end {
            let at = Duration.seconds(second)
            func probe(_ round: Int, _ ttl: UInt8) -> Probe {
                Probe(id: 2 * round + Int(ttl) - 1, target: target, ttl: ttl, sequence: round)
            }
            events += [1, 2].map { ProbeEvent(at: at, .sent(probe(second, $0))) }
            let near = ProbeReply(from: router, rtt: .milliseconds(2), kind: .timeExceeded)
            events.append(ProbeEvent(at: at, .reply(probe(second, 1), near)))
            if second >= 2 { events.append(ProbeEvent(at: at, .timedOut(probe(second - 2, 2)))) }
            if second >= 20, !lost.contains(second - 20) {
                let far = ProbeReply(from: target, rtt: .seconds(20), kind: .echoReply)
                events.append(ProbeEvent(at: at, .late(probe(second - 20, 2), far)))
            }
        }
        return events
    }

    @Test(arguments: [21, 25, 40, 100]) func `is no loss, for the others were late as well`(end: Int) throws {
        let report = try LossReport.Fold.replay(events(until: end))
        #expect(report.path?.share.lost == 0)
        #expect(!report.lines().contains { $0.contains("got no answer") })
    }

    @Test func `is one when it has grown older`() throws {
        let report = try LossReport.Fold.replay(events(until: 120, lost: Set(20..<60)))
        let path = try #require(report.path)
        #expect(path.share.lost >= 35 && path.share.lost <= 40)
    }

    @Test func `is found in a state that is read again`() throws {
        var fold = LossReport.Fold()
        let all = events(until: 60)
        for event in all.prefix(all.count / 2) { fold.apply(event) }
        var restored = try JSON.decode(LossReport.Fold.self, from: JSON.encode(fold))
        #expect(restored == fold)
        for event in all.dropFirst(all.count / 2) { restored.apply(event) }
        #expect(restored.report() == (try LossReport.Fold.replay(all)))
    }
}
