/// Finds all paths to a target: which routers there are at each hop, and which leads to which.
///
/// The multipath detection algorithm (Augustin, Friedman, Teixeira, *Multipath tracing with Paris traceroute*, 2007): each
/// node gets as many flows as the stop rule demands, and only flows that are known to go through it count. What is to be
/// asked follows from what is known and is worked out anew after each answer, so hops are explored side by side: the
/// first flows go to all hops that there are as soon as these are known to be there.
struct MultipathPlan: ProbePlan {
    /// How long a pause grows at the most: many systems answer each asker once a second.
    private static let longestPause = Duration.seconds(1)

    private let target: IPAddress
    private let settings: MultipathSettings
    /// Whether a flow can be asked about at one hop at a time only.
    private let isSerial: Bool
    private let flowLimit: Int
    private var ledger: ProbeLedger
    private var pacer: Pacer
    private var map = FlowMap()
    private var judge: SilenceJudge
    /// By hop; that of the source is not used.
    private var books: [MultipathHop]
    private var questions: [FlowMap.Question] = []
    private var nextQuestion = 0
    /// When a question may be asked that has to wait.
    private var nextPause: Duration?
    /// Flows that cannot be sent, and how many probes in a row could not.
    private var unusable = FlowSet()
    private var failures = 0
    private var isStale = true
    private var end: RunEnd?

    /// The last hop with a node that leads on, the first with one that does not, and the last with any.
    private var horizon = 0
    private var firstFinal: Int?
    private var lastAnswered = 0
    private var isReached = false
    private var unreachable: RunEnd?
    private var largestRTT: Duration?
    private var deadlines = AnswerDeadlines()

    /// A plan for one target.
    ///
    /// - Parameters:
    ///   - target: Where the paths lead to.
    ///   - settings: How they are looked for.
    ///   - facts: What the channel can do.
    /// - Throws: `badSetting` for settings that make no sense.
    init(
        target: IPAddress, settings: MultipathSettings, facts: ChannelFacts? = nil
    ) throws(ProbeError) {
        try settings.validate()
        self.target = target
        self.settings = settings
        isSerial = facts?.hasSerialFlows ?? false
        flowLimit = max(1, min(settings.maxFlows, facts?.flowLimit ?? .max))
        ledger = ProbeLedger(memory: 4096)
        judge = SilenceJudge(attempts: settings.attempts, confidence: settings.confidence)
        pacer = Pacer(interval: settings.sendInterval)
        let count = Int(settings.maxTTL) - Int(settings.firstTTL) + 2
        books = Array(repeating: MultipathHop(wait: settings.patience.max), count: count)
    }

    /// The most probes that are out at the same time.
    var window: Int { settings.window }

    private var gapLimit: Int { settings.gapLimit > 0 ? min(settings.gapLimit, 255) : 256 }
    private var lastHop: Int { min(books.count - 1, lastAnswered + gapLimit) }

    private func hop(_ probe: Probe) -> Int { Int(probe.ttl) - Int(settings.firstTTL) + 1 }

    /// What to do at a time.
    mutating func step(at now: Duration, sending most: Int) -> PlanStep {
        if let end { return .end(end) }
        let expired = expire(at: now)
        if !expired.isEmpty { return .timedOut(expired) }
        if isStale || nextPause.map({ now >= $0 }) ?? false { findQuestions(at: now) }
        if nextQuestion == questions.count, ledger.outCount == 0, nextPause == nil { return finish(reason) }

        let count = pacer.take(upTo: min(questions.count - nextQuestion, window - ledger.outCount, most), at: now)
        if count > 0 { return .send((0..<count).map { _ in nextProbe(at: now) }) }

        var wake = deadlines.next
        if let nextPause { wake = ledger.outCount == 0 ? nextPause : min(wake, nextPause) }
        let nextSend = nextQuestion < questions.count && ledger.outCount < window ? pacer.next : nil
        return .wait(until: wake, nextSend: nextSend)
    }

    private mutating func nextProbe(at now: Duration) -> Probe {
        let question = questions[nextQuestion]
        nextQuestion += 1
        let attempt = books[question.hop].attempts[question.flow, default: 0]
        books[question.hop].attempts[question.flow] = attempt + 1
        books[question.hop].out.insert(question.flow)
        books[question.hop].next = now + books[question.hop].pause
        deadlines.add(now + wait(at: question.hop))
        let probe = ledger.issue(
            to: target, ttl: UInt8(question.hop + Int(settings.firstTTL) - 1), sequence: attempt, flow: question.flow,
            size: settings.size, at: now)
        judge.sent(probe, to: question.hop, at: now)
        return probe
    }

    /// Takes note of an arrival; a late one still tells about the path.
    mutating func receive(_ arrival: Arrival) -> ArrivalFate {
        let fate = ledger.settle(arrival.probe)
        switch fate {
        case .reply(let probe):
            books[hop(probe)].out.remove(probe.flow)
            note(arrival.reply, of: probe)
        case .late(let probe): note(arrival.reply, of: probe)
        case .duplicate, .stray: break
        }
        return fate
    }

    /// Takes note of a probe that could not be sent: its flow is not asked about any more. Where nothing can be sent at all,
    /// the search is over.
    mutating func sendFailed(_ id: Probe.ID, _ error: ProbeError, at now: Duration) -> Probe? {
        guard let probe = ledger.fail(id) else { return nil }
        books[hop(probe)].out.remove(probe.flow)
        unusable.insert(probe.flow)
        failures += 1
        isStale = true
        if failures >= 64, end == nil { end = RunEnd(.failed, error: error) }
        return probe
    }

    private var reason: RunEnd {
        if isReached { return RunEnd(.reached) }
        if let unreachable { return unreachable }
        return RunEnd(settings.gapLimit > 0 && lastAnswered + gapLimit < books.count ? .gap : .hopLimit)
    }

    private mutating func finish(_ end: RunEnd) -> PlanStep {
        self.end = end
        return .end(end)
    }
}

// MARK: - What answers tell

extension MultipathPlan {
    private mutating func note(_ response: ProbeReply, of probe: Probe) {
        let hop = hop(probe)
        isStale = true
        failures = 0
        judge.answered(probe, at: hop)
        books[hop].pause = books[hop].pause * 3 / 4
        map.answer(probe.flow, at: hop, by: FlowMap.Node(address: response.from, isFinal: response.kind.isFinal))
        if books[hop].longestRTT.map({ response.rtt > $0 }) ?? true { updateWaits(knowing: response.rtt, of: hop) }
        largestRTT = max(largestRTT ?? .zero, response.rtt)
        lastAnswered = max(lastAnswered, hop)
        if response.kind.isFinal { firstFinal = min(firstFinal ?? .max, hop) } else { horizon = max(horizon, hop) }
        if response.kind.isFromTarget {
            isReached = true
        } else if response.kind.isUnreachable, unreachable == nil {
            unreachable = RunEnd(.unreachable, kind: response.kind, from: response.from)
        }
    }

    private mutating func settle(unanswered probe: Probe) {
        let hop = hop(probe)
        isStale = true
        books[hop].out.remove(probe.flow)
        switch judge.unanswered(probe, at: hop, in: map) {
        case .open: break
        case .silent: map.giveUp(probe.flow, at: hop)
        case .cannotTell: map.leaveOpen(probe.flow, at: hop)
        }
        if map.silence(at: hop) != .unproven {
            books[hop].pause = .zero
        } else if judge.suggestsLimit(probe, at: hop) {
            books[hop].pause = min(Self.longestPause, max(.milliseconds(20), books[hop].pause * 2))
        }
    }

    private mutating func expire(at now: Duration) -> [Probe] {
        var deadlines = deadlines
        let due = deadlines.due(at: now, in: ledger) { wait(at: hop($0)) }
        self.deadlines = deadlines
        let expired = due.compactMap { ledger.expire($0) }
        for probe in expired { settle(unanswered: probe) }
        return expired
    }

    private func wait(at hop: Int) -> Duration {
        guard hop > lastAnswered else { return books[hop].wait }
        return largestRTT.map { settings.patience.beyond($0) } ?? settings.patience.max
    }

    private mutating func updateWaits(knowing rtt: Duration, of hop: Int) {
        books[hop].longestRTT = rtt
        books[hop].wait = settings.patience.here(rtt)
        var before = hop - 1
        while before > 0, books[before].longestRTT == nil {
            books[before].wait = settings.patience.near(rtt)
            before -= 1
        }
        deadlines.waitsChanged()
    }
}

// MARK: - What is to be asked

extension MultipathPlan {
    private mutating func findQuestions(at now: Duration) {
        isStale = false
        map.conclude(settings.confidence, upTo: lastHop, gapLimit: gapLimit)
        let first = min(map.demand(toMeet: 2), flowLimit)
        var agenda = MultipathAgenda(
            map: map, hops: books, unusable: unusable, flowLimit: flowLimit, horizon: horizon, firstFinal: firstFinal,
            confidence: settings.confidence)
        if isSerial { agenda.askOneAtATime() }
        agenda.gather(upTo: lastHop, first: first)
        // Where answers stay away, one at a time.
        var paused: Set<Int> = []
        nextPause = nil
        questions = agenda.questions.filter { question in
            guard books[question.hop].pause > .zero else { return true }
            let next = books[question.hop].next
            if next <= now, paused.insert(question.hop).inserted { return true }
            nextPause = min(nextPause ?? .seconds(1 << 40), max(next, now + .milliseconds(1)))
            return false
        }
        nextQuestion = 0
    }
}
