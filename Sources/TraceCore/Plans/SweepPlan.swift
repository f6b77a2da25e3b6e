/// Asks many targets, few at a time or all: at a steady rate, with retries that wait longer each time.
///
/// Targets are taken from the list as the rate and the window allow, so that a whole network costs no more memory
/// than the probes that are out.
struct SweepPlan: ProbePlan {
    /// How many targets are taken from the list at once.
    private static let piece = 512

    private let targets: SweepTargets
    private let settings: SweepSettings
    private var ledger: ProbeLedger
    private var pacer: Pacer
    /// The position of the next target that gets its first probe.
    private var next = 0
    /// The targets from there on that have been taken from the list, and the position of the first.
    private var taken: [IPAddress] = []
    private var takenFrom = 0
    /// One for each try: within a try all wait equally long.
    private var timeouts: [ProbeLedger.Timeouts]
    private let waits: [Duration]
    /// Later probes of a fixed count.
    private var turns = SweepQueue()
    /// Tries that follow a timeout; they go before new targets.
    private var retries = SweepQueue()
    /// Tries that follow a router's word that the target cannot be reached, or the machine's that it cannot send: that may
    /// be false, or be over soon, and so the target has as many tries, with as much time between them, as if nobody had said
    /// anything. One for each try.
    private var refused: [SweepQueue]
    /// Targets that answered after all, behind a router's word, and have a try in one of those queues.
    private var overruled: Set<IPAddress> = []
    private var end: RunEnd?

    /// A plan for many targets.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    init(targets: SweepTargets, settings: SweepSettings) throws(ProbeError) {
        try settings.validate()
        self.targets = targets
        self.settings = settings
        ledger = ProbeLedger(memory: settings.window)
        pacer = Pacer(interval: settings.interval, burst: 64)
        let classes = settings.waits.count
        timeouts = Array(repeating: ProbeLedger.Timeouts(), count: classes)
        refused = Array(repeating: SweepQueue(), count: classes)
        waits = settings.waits
    }

    /// The most probes that are out at the same time.
    var window: Int { settings.window }

    /// What to do at a time.
    mutating func step(at now: Duration, sending most: Int) -> PlanStep {
        if let end { return .end(end) }
        let expired = expire(at: now)
        if !expired.isEmpty { return .timedOut(expired) }

        let probes = due(at: now, upTo: most)
        if !probes.isEmpty { return .send(probes) }
        if ledger.outCount == 0, nextTurnDue == nil {
            let end = RunEnd(.completed)
            self.end = end
            return .end(end)
        }

        var wake = now + .seconds(3600)
        for index in timeouts.indices {
            if let due = timeouts[index].nextDue(in: ledger) { wake = min(wake, due) }
        }
        let nextSend = ledger.outCount < window ? nextTurnDue.map { max($0, pacer.next) } : nil
        return .wait(until: wake, nextSend: nextSend)
    }

    /// Takes note of an arrival.
    mutating func receive(_ arrival: Arrival) -> ArrivalFate {
        let isOverruling = ledger.isOverruling(arrival)
        let fate = ledger.settle(arrival)
        switch fate {
        case .reply(let probe) where !arrival.reply.kind.isFromTarget: tryAgain(probe, at: arrival.at)
        case .duplicate(let probe) where isOverruling: overrule(probe)
        default: break
        }
        return fate
    }

    /// Takes note of a probe that could not be sent. It counts as a try, unless this machine was out of something: it has
    /// that again after a while, and it says nothing about the target.
    mutating func sendFailed(_ id: Probe.ID, _ error: ProbeError, at now: Duration) -> Probe? {
        let probe = ledger.fail(id)
        if let probe, error.code == .outOfResources { tryAgain(probe, at: now) }
        return probe
    }

    /// Gives a target its next try, if it has one left, when this one would have been given up.
    private mutating func tryAgain(_ probe: Probe, at now: Duration) {
        guard case .untilReply(let limit) = settings.mode, probe.sequence < limit else { return }
        refused[probe.sequence].add(
            SweepQueue.Turn(target: probe.target, sequence: probe.sequence + 1, due: now + waits[probe.sequence]))
    }

    /// A target has answered after a router had refused it: it needs no further try.
    private mutating func overrule(_ probe: Probe) {
        guard case .untilReply(let limit) = settings.mode, probe.sequence < limit else { return }
        overruled.insert(probe.target)
    }

    /// When the next probe may go as far as its target is concerned, or nil if there is none left.
    private var nextTurnDue: Duration? {
        if next < targets.count { return .zero }
        var due = retries.nextDue ?? turns.nextDue
        for queue in refused {
            if let first = queue.nextDue { due = min(due ?? first, first) }
        }
        return due
    }

    private mutating func expire(at now: Duration) -> [Probe] {
        var expired: [Probe] = []
        for index in timeouts.indices {
            expired += timeouts[index].expire(at: now, in: &ledger)
        }
        guard case .untilReply(let limit) = settings.mode else { return expired }
        for probe in expired where probe.sequence < limit {
            retries.add(SweepQueue.Turn(target: probe.target, sequence: probe.sequence + 1, due: now))
        }
        return expired
    }

    private mutating func due(at now: Duration, upTo most: Int) -> [Probe] {
        // A bounded batch, so that answers are taken in between.
        let room = min(window - ledger.outCount, Self.piece, most)
        guard room > 0, pacer.interval == .zero || now >= pacer.next else { return [] }
        let count = pacer.take(upTo: readyCount(upTo: room, at: now), at: now)
        guard count > 0 else { return [] }
        var probes: [Probe] = []
        probes.reserveCapacity(count)
        while probes.count < count, let turn = takeTurn(at: now) {
            let probe = ledger.issue(
                to: turn.target, ttl: settings.ttl, sequence: turn.sequence, flow: 0, size: settings.size,
                at: now)
            let wait = min(turn.sequence, waits.count - 1)
            timeouts[wait].add(probe.id, due: now + waits[wait])
            if let period = settings.period(after: turn.sequence) {
                turns.add(SweepQueue.Turn(target: turn.target, sequence: turn.sequence + 1, due: now + period))
            }
            probes.append(probe)
        }
        return probes
    }

    /// How many probes could go now, up to a limit.
    private func readyCount(upTo limit: Int, at now: Duration) -> Int {
        var count = min(limit, targets.count - next)
        if count < limit { count += retries.dueCount(at: now, upTo: limit - count) }
        if count < limit { count += turns.dueCount(at: now, upTo: limit - count) }
        for queue in refused where count < limit { count += queue.dueCount(at: now, upTo: limit - count) }
        return count
    }

    private mutating func takeTurn(at now: Duration) -> SweepQueue.Turn? {
        if let turn = turns.take(at: now) ?? retries.take(at: now) { return turn }
        for index in refused.indices {
            while let turn = refused[index].take(at: now) {
                if overruled.isEmpty || overruled.remove(turn.target) == nil { return turn }
            }
        }
        guard next < targets.count else { return nil }
        if next == takenFrom + taken.count {
            takenFrom = next
            taken.removeAll(keepingCapacity: true)
            targets.append(next..<min(next + Self.piece, targets.count), &taken)
        }
        defer { next += 1 }
        return SweepQueue.Turn(target: taken[next - takenFrom], sequence: 0, due: now)
    }
}
