import Testing

@testable import TraceCore

@Suite struct `A ping's plan` {
    private static let host = IPAddress(192, 0, 2, 1)

    /// The times at which probes go, with an answer to each so long after it, or none.
    private func sendTimes(
        _ settings: PingSettings, answered: (Int) -> Duration?, until limit: Duration = .seconds(60)
    ) throws -> (sent: [Duration], end: RunEnd?) {
        var plan = try PingPlan(target: Self.host, settings: settings)
        var sent: [Duration] = []
        var arrivals: [Arrival] = []
        var now: Duration = .zero
        while now < limit {
            switch plan.step(at: now) {
            case .send(let probes):
                for probe in probes {
                    sent.append(now)
                    guard let rtt = answered(probe.sequence) else { continue }
                    let response = ProbeReply(from: Self.host, rtt: rtt, kind: .echoReply)
                    arrivals.append(Arrival(probe: probe.id, at: now + rtt, reply: response))
                }
            case .wait(let until, _):
                arrivals.sort { $0.at < $1.at }
                if let first = arrivals.first, first.at <= until {
                    now = first.at
                    _ = plan.receive(arrivals.removeFirst())
                } else {
                    now = until
                }
            case .timedOut: break
            case .end(let end): return (sent, end)
            }
        }
        return (sent, nil)
    }

    @Test func `that counts answers goes on until it has them`() throws {
        let settings = PingSettings(count: 2, countsAnswers: true)
        let outcome = try sendTimes(settings) { $0 < 4 ? nil : .milliseconds(10) }
        #expect(outcome.sent == (0...5).map { .seconds($0) })
        #expect(outcome.end == RunEnd(.completed))
    }

    @Test func `sends as soon as an answer comes, but no sooner than it may`() throws {
        let settings = PingSettings(count: 4, adaptive: true, shortestInterval: .milliseconds(2))
        let fast = try sendTimes(settings) { _ in .microseconds(100) }
        #expect(fast.sent == (0..<4).map { .milliseconds(2 * $0) })
        let slow = try sendTimes(settings) { _ in .milliseconds(7) }
        #expect(slow.sent == (0..<4).map { .milliseconds(7 * $0) })
    }
}
