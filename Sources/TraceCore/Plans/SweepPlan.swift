/// Asks many targets, few at a time or all: at a steady rate, with retries that wait longer each time.
///
/// Targets are taken from the collection as the rate and the window allow, so that a whole network costs no
/// more memory than the probes that are out.
public struct SweepPlan<Targets: RandomAccessCollection & Sendable>: ProbePlan
where Targets.Element == IPAddress, Targets.Index: Sendable {
    /// A further probe to a target that has had one.
    private struct Turn {
        let target: IPAddress
        let sequence: Int
        let due: Duration
    }

    private let targets: Targets
    private let settings: SweepSettings
    private var next: Targets.Index
    private var ledger: ProbeLedger
    private var pacer: Pacer
    /// One for each try: within a try all wait equally long.
    private var timeouts: [TimeoutQueue]
    private let waits: [Duration]
    /// Later probes of a fixed count, in the order in which they are due.
    private var turns: [Turn] = []
    private var firstTurn = 0
    /// Tries that follow a timeout; they go before new targets.
    private var retries: [Turn] = []
    private var end: RunEnd?

    /// A plan for many targets.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    public init(targets: Targets, settings: SweepSettings) throws(ProbeError) {
        try settings.validate()
        self.targets = targets
        self.settings = settings
        next = targets.startIndex
        ledger = ProbeLedger(memory: settings.window)
        pacer = Pacer(interval: settings.interval, burst: 64)
        let classes: Int
        switch settings.mode {
        case .untilReply(let retries): classes = retries + 1
        case .count: classes = 1
        }
        timeouts = Array(repeating: TimeoutQueue(), count: classes)
        var waits: [Duration] = []
        for _ in 0..<classes {
            // Twenty tries, each waiting five times as long, would be more than a `Duration` holds.
            let wait = waits.last.map { min(Setting.longest, min($0, Setting.longest / 5) * settings.backoff) }
            waits.append(wait ?? settings.timeout)
        }
        self.waits = waits
    }

    /// The most probes that are out at the same time.
    public var window: Int { settings.window }

    /// How long the answer to a last try is waited for.
    var longestWait: Duration { waits.last ?? settings.timeout }

    /// What to do at a time.
    public mutating func step(at now: Duration) -> PlanStep {
        if let end { return .end(end) }
        let expired = expire(at: now)
        if !expired.isEmpty { return .timedOut(expired) }

        let probes = due(at: now)
        if !probes.isEmpty { return .send(probes) }
        let nextTurn = nextTurnDue(at: now)
        if nextTurn == nil, ledger.outCount == 0 {
            let end = RunEnd(.completed)
            self.end = end
            return .end(end)
        }

        var wake = now + .seconds(3600)
        for index in timeouts.indices {
            if let due = timeouts[index].nextDue(in: ledger) { wake = min(wake, due) }
        }
        if let nextTurn, ledger.outCount < window { wake = min(wake, max(nextTurn, pacer.next)) }
        return .wait(until: wake)
    }

    /// Takes note of an arrival.
    public mutating func receive(_ arrival: Arrival) -> ArrivalFate { ledger.settle(arrival.probe) }

    /// Takes note of a probe that could not be sent: it is no try that could be repeated, while a fixed count goes on.
    public mutating func sendFailed(_ id: Probe.ID, at now: Duration) -> Probe? { ledger.fail(id) }

    /// When the next probe may go as far as its target is concerned, or nil if there is none left.
    private func nextTurnDue(at now: Duration) -> Duration? {
        if !retries.isEmpty || next < targets.endIndex { return now }
        return firstTurn < turns.count ? turns[firstTurn].due : nil
    }

    private mutating func expire(at now: Duration) -> [Probe] {
        var expired: [Probe] = []
        for index in timeouts.indices {
            timeouts[index].expire(at: now, in: &ledger, into: &expired)
        }
        guard case .untilReply(let limit) = settings.mode else { return expired }
        for probe in expired where probe.sequence < limit {
            retries.append(Turn(target: probe.target, sequence: probe.sequence + 1, due: now))
        }
        return expired
    }

    private mutating func due(at now: Duration) -> [Probe] {
        // A bounded batch, so that answers are taken in between.
        let room = min(window - ledger.outCount, 512)
        guard room > 0, let first = nextTurnDue(at: now), first <= now else { return [] }
        var probes: [Probe] = []
        for _ in 0..<pacer.take(upTo: min(room, readyCount(upTo: room, at: now)), at: now) {
            guard let turn = takeTurn(at: now) else { break }
            let probe = ledger.issue(
                to: turn.target, ttl: settings.ttl, sequence: turn.sequence, flow: 0, size: settings.size,
                at: now)
            let wait = min(turn.sequence, waits.count - 1)
            timeouts[wait].add(probe.id, due: now + waits[wait])
            if case .count(let count, let period) = settings.mode, turn.sequence + 1 < count {
                turns.append(Turn(target: turn.target, sequence: turn.sequence + 1, due: now + period))
            }
            probes.append(probe)
        }
        return probes
    }

    /// How many probes could go now, up to a limit.
    private func readyCount(upTo limit: Int, at now: Duration) -> Int {
        var count = retries.count
        if count < limit { count += min(limit, targets.distance(from: next, to: targets.endIndex)) }
        var index = firstTurn
        while count < limit, index < turns.count, turns[index].due <= now {
            count += 1
            index += 1
        }
        return min(count, limit)
    }

    private mutating func takeTurn(at now: Duration) -> Turn? {
        if firstTurn < turns.count, turns[firstTurn].due <= now {
            defer {
                firstTurn += 1
                if firstTurn > 64, firstTurn > turns.count / 2 {
                    turns.removeFirst(firstTurn)
                    firstTurn = 0
                }
            }
            return turns[firstTurn]
        }
        if let retry = retries.popLast() { return retry }
        guard next < targets.endIndex else { return nil }
        defer { next = targets.index(after: next) }
        return Turn(target: targets[next], sequence: 0, due: now)
    }
}
