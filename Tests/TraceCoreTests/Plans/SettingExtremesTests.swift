import Testing

@testable import TraceCore

@Suite struct `Settings at their ends` {
    private let target = IPAddress(192, 0, 2, 99)

    @Test func `a gap limit for ever is no overflow`() async throws {
        let settings = TraceSettings(gapLimit: .max)
        let trace = try await PathTracer(SimulatedProber(.udp), settings: settings).trace("tokyo.example")
        #expect(trace.isReached)
        let monitor = PathMonitor(SimulatedProber(.udp), settings: MonitorSettings(gapLimit: .max))
        #expect(try await monitor.watch("tokyo.example", rounds: 10).rounds == 10)
    }

    @Test func `times that cannot be counted with are refused`() {
        let longest = Duration(attoseconds: .max)
        #expect(throws: ProbeError(.badSetting, "")) {
            try PingPlan(target: target, settings: PingSettings(timeout: longest))
        }
        #expect(throws: ProbeError(.badSetting, "")) {
            try PingPlan(target: target, settings: PingSettings(interval: longest))
        }
        #expect(throws: ProbeError(.badSetting, "")) {
            try TracePlan(target: target, settings: TraceSettings(patience: .fixed(longest)))
        }
        #expect(throws: ProbeError(.badSetting, "")) {
            try MonitorPlan(target: target, settings: MonitorSettings(interval: longest))
        }
        #expect(throws: ProbeError(.badSetting, "")) {
            try SweepPlan(targets: SweepTargets([target]), settings: SweepSettings(mode: .count(2, period: longest)))
        }
    }

    @Test func `a sweep's back-off is no overflow`() throws {
        let settings = SweepSettings(mode: .untilReply(retries: 20), timeout: .seconds(2_000_000), backoff: 5)
        #expect(settings.waits.last == Setting.longest)
        _ = try SweepPlan(targets: SweepTargets([target]), settings: settings)
    }

    @Test func `an arrival for a probe that never was is a stray`() throws {
        var plan = try PingPlan(target: target, settings: PingSettings())
        _ = plan.step(at: .zero)
        for probe in [Int.min, -1, 1, Int.max] {
            let response = ProbeReply(from: target, rtt: .zero, kind: .echoReply)
            #expect(plan.receive(Arrival(probe: probe, at: .zero, reply: response)) == .stray)
        }
    }

    @Test func `what a stall missed beyond a burst is not made up for, even one by one`() {
        var pacer = Pacer(interval: .milliseconds(10), burst: 8)
        var sent = 0
        #expect(pacer.take(upTo: 1, at: .zero) == 1)
        // Nothing could be sent for five seconds; then there is room for one probe each millisecond.
        for millisecond in 5000..<5400 { sent += pacer.take(upTo: 1, at: .milliseconds(millisecond)) }
        #expect((40...48).contains(sent))
    }

    @Test func `a report says what its run was if that is not the usual`() throws {
        let run = RunDescription(
            verb: "http", target: nil, method: .tcp, mode: "test", startedAt: .epoch,
            parameters: RunDescription.Parameters(interval: .seconds(1) / 3))
        let started = [ProbeEvent(at: .zero, .started(run))]
        let trace = try TraceReport.Fold.replay(started)
        #expect(try JSON.decode(TraceReport.self, from: JSON.encode(trace)) == trace)
        let ping = try PingReport.Fold.replay(started)
        #expect(try JSON.decode(PingReport.self, from: JSON.encode(ping)) == ping)
        let path = try MonitorReport.Fold.replay(started)
        #expect(try JSON.decode(MonitorReport.self, from: JSON.encode(path)) == path)
        let sweep = try SweepReport.Fold.replay(started)
        #expect(try JSON.decode(SweepReport.self, from: JSON.encode(sweep)) == sweep)
    }
}
