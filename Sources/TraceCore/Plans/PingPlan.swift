/// Pings one host: a probe for each interval, until all are decided or, where answers are counted, enough have come.
struct PingPlan: ProbePlan {
    private let target: IPAddress
    private let settings: PingSettings
    private var ledger: ProbeLedger
    private var timeouts = ProbeLedger.Timeouts()
    private var nextTurn: Duration = .zero
    private var lastSend: Duration = .zero
    private var answers = 0
    /// How many probes only a router has answered, until when the target's own answers are waited for, and the longest that one
    /// has taken.
    private var refused = 0
    private var refusedUntil: Duration = .zero
    private var longestTrip: Duration = .zero
    private var end: RunEnd?

    /// A plan for one host.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    init(target: IPAddress, settings: PingSettings) throws(ProbeError) {
        try settings.validate()
        self.target = target
        self.settings = settings
        ledger = ProbeLedger(memory: 4096)
    }

    /// The most probes that are out at the same time.
    var window: Int { settings.window }

    /// What to do at a time.
    mutating func step(at now: Duration, sending most: Int) -> PlanStep {
        if let end { return .end(end) }
        let expired = timeouts.expire(at: now, in: &ledger)
        if !expired.isEmpty { return .timedOut(expired) }
        if let count = settings.count, settings.countsAnswers, answers >= count { return finish(.completed) }
        let probes = due(at: now, upTo: most)
        if !probes.isEmpty { return .send(probes) }
        if left == 0, ledger.outCount == 0 {
            return refused > 0 && now < refusedUntil ? .wait(until: refusedUntil) : finish(.completed)
        }

        return .wait(
            until: timeouts.nextDue(in: ledger) ?? now + Setting.longest,
            nextSend: left > 0 && ledger.outCount < window ? nextTurn : nil)
    }

    /// Takes note of an arrival.
    mutating func receive(_ arrival: Arrival) -> ArrivalFate {
        let isOverruling = ledger.isOverruling(arrival)
        let fate = ledger.settle(arrival)
        if isOverruling { refused -= 1 }
        if arrival.reply.kind.isFromTarget { longestTrip = max(longestTrip, arrival.reply.rtt) }
        if case .reply = fate {
            answers += 1
            if !arrival.reply.kind.isFromTarget { noteRefusal(arrival) }
            if settings.adaptive { nextTurn = min(nextTurn, max(arrival.at, lastSend + settings.shortestInterval)) }
        }
        return fate
    }

    /// Takes note of a probe that could not be sent.
    ///
    /// Without a pause, the next one would fail in the same instant, and so on without end.
    mutating func sendFailed(_ id: Probe.ID, _ error: ProbeError, at now: Duration) -> Probe? {
        nextTurn = max(nextTurn, now + .milliseconds(10))
        return ledger.fail(id)
    }

    /// A router's word is not the last one: the target's own answer may still be on its way, for as long as such answers take.
    private mutating func noteRefusal(_ arrival: Arrival) {
        refused += 1
        let patience = max(.seconds(1), max(longestTrip, arrival.reply.rtt) * 2)
        refusedUntil = max(refusedUntil, arrival.at + min(patience, settings.timeout - arrival.reply.rtt))
    }

    /// The probes that have still to be sent.
    private var left: Int { (settings.countsAnswers ? nil : settings.count).map { $0 - ledger.nextID } ?? .max }

    private mutating func due(at now: Duration, upTo most: Int) -> [Probe] {
        guard now >= nextTurn else { return [] }
        let wanted = max(settings.preload - ledger.nextID, settings.interval > .zero ? 1 : window)
        let count = min(wanted, left, window - ledger.outCount, most)
        guard count > 0 else { return [] }
        // A run that was held up does not send what it missed in a burst: a ping measures at a steady pace.
        if ledger.nextID + count >= settings.preload { nextTurn = max(nextTurn + settings.interval, now) }
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
