/// Pings one host: a probe for each interval, until all are decided or, where answers are counted, enough have come.
public struct PingPlan: ProbePlan {
    private let target: IPAddress
    private let settings: PingSettings
    private var ledger: ProbeLedger
    private var timeouts = TimeoutQueue()
    private var nextSend: Duration = .zero
    private var lastSend: Duration = .zero
    private var answers = 0
    private var end: RunEnd?

    /// A plan for one host.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    public init(target: IPAddress, settings: PingSettings) throws(ProbeError) {
        try settings.validate()
        self.target = target
        self.settings = settings
        ledger = ProbeLedger(memory: 4096)
    }

    /// The most probes that are out at the same time.
    public var window: Int { settings.window }

    /// What to do at a time.
    public mutating func step(at now: Duration) -> PlanStep {
        if let end { return .end(end) }
        var expired: [Probe] = []
        timeouts.expire(at: now, in: &ledger, into: &expired)
        if !expired.isEmpty { return .timedOut(expired) }
        if let count = settings.count, settings.countsAnswers, answers >= count { return finish(.completed) }
        if let deadline = settings.deadline, now >= deadline { return finish(.deadline) }

        let probes = due(at: now)
        if !probes.isEmpty { return .send(probes) }
        if left == 0, ledger.outCount == 0 { return finish(.completed) }

        let canSend = left > 0 && ledger.outCount < window
        let times = [timeouts.nextDue(in: ledger), canSend ? nextSend : nil, settings.deadline]
        // Something is always to come: a probe to send, or one that is out.
        return .wait(until: times.compactMap { $0 }.min() ?? now + settings.timeout)
    }

    /// Takes note of an arrival.
    public mutating func receive(_ arrival: Arrival) -> ArrivalFate {
        let fate = ledger.settle(arrival.probe)
        if case .reply = fate {
            answers += 1
            if settings.adaptive { nextSend = min(nextSend, max(arrival.at, lastSend + settings.shortestInterval)) }
        }
        return fate
    }

    /// Takes note of a probe that could not be sent.
    ///
    /// Without a pause, the next one would fail in the same instant, and so on without end.
    public mutating func sendFailed(_ id: Probe.ID, at now: Duration) -> Probe? {
        nextSend = max(nextSend, now + .milliseconds(10))
        return ledger.fail(id)
    }

    /// The probes that have still to be sent.
    private var left: Int { (settings.countsAnswers ? nil : settings.count).map { $0 - ledger.nextID } ?? .max }

    private mutating func due(at now: Duration) -> [Probe] {
        guard now >= nextSend else { return [] }
        let wanted = ledger.nextID == 0 ? settings.preload : settings.interval > .zero ? 1 : window
        let count = min(wanted, left, window - ledger.outCount)
        guard count > 0 else { return [] }
        // A run that was held up does not send what it missed in a burst: a ping measures at a steady pace.
        nextSend = max(nextSend + settings.interval, now)
        lastSend = now
        return (0..<count).map { _ in
            let probe = ledger.issue(
                to: target, ttl: settings.ttl, sequence: ledger.nextID, flow: 0, size: settings.size, at: now)
            timeouts.add(probe.id, due: now + settings.timeout)
            return probe
        }
    }

    private mutating func finish(_ reason: RunEnd.Reason) -> PlanStep {
        let end = RunEnd(reason)
        self.end = end
        return .end(end)
    }
}
