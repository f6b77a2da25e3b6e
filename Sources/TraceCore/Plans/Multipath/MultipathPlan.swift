/// Finds all paths to a target: which routers there are at each hop, and which leads to which.
///
/// The multipath detection algorithm (Augustin, Friedman, Teixeira, *Multipath tracing with Paris traceroute*, 2007): each
/// node gets as many flows as the stop rule demands, and only flows that are known to go through it count. What is to be
/// asked follows from what is known and is worked out anew after each answer, so hops are explored side by side: the
/// first flows go to all hops that there are as soon as these are known to be there.
public struct MultipathPlan: ProbePlan {
    /// A flow that is to be asked about at a hop.
    struct Question: Hashable {
        let flow: UInt16
        let hop: Int
    }

    private struct HopBook {
        /// Which flows are being asked about.
        var out = FlowSet()
        var attempts: [UInt16: Int] = [:]
        /// The longest round trip: the ways to a hop may differ.
        var longestRTT: Duration?
        var wait: Duration
        /// The time between two probes where answers stay away, since a router may limit them; and when the next may go.
        var pause = Duration.zero
        var next = Duration.zero
    }

    /// How long a pause grows at the most: many systems answer each asker once a second.
    private static let longestPause = Duration.seconds(1)

    /// How many hops behind the last one known are looked for at once.
    private static let lookahead = 4

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
    private var books: [HopBook]
    private var questions: [Question] = []
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
    public init(
        target: IPAddress, settings: MultipathSettings, facts: ChannelFacts? = nil
    ) throws(ProbeError) {
        try settings.validate()
        self.target = target
        self.settings = settings
        isSerial = facts?.hasSerialFlows ?? false
        flowLimit = max(1, min(settings.maxFlows, facts?.flowLimit ?? .max))
        ledger = ProbeLedger(memory: 4096)
        judge = SilenceJudge(attempts: settings.attempts)
        pacer = Pacer(interval: settings.sendInterval)
        let count = Int(settings.maxTTL) - Int(settings.firstTTL) + 2
        books = Array(repeating: HopBook(wait: settings.patience.max), count: count)
    }

    /// The most probes that are out at the same time.
    public var window: Int { settings.window }

    private var gapLimit: Int { settings.gapLimit > 0 ? min(settings.gapLimit, 255) : 256 }
    private var lastHop: Int { min(books.count - 1, lastAnswered + gapLimit) }

    private func hop(_ probe: Probe) -> Int { Int(probe.ttl) - Int(settings.firstTTL) + 1 }

    /// What to do at a time.
    public mutating func step(at now: Duration) -> PlanStep {
        if let end { return .end(end) }
        let expired = expire(at: now)
        if !expired.isEmpty { return .timedOut(expired) }
        if isStale || nextPause.map({ now >= $0 }) ?? false { findQuestions(at: now) }
        if nextQuestion == questions.count, ledger.outCount == 0, nextPause == nil { return finish(reason) }
        if let deadline = settings.deadline, now >= deadline { return finish(RunEnd(.deadline)) }

        let count = pacer.take(upTo: min(questions.count - nextQuestion, window - ledger.outCount), at: now)
        if count > 0 { return .send((0..<count).map { _ in nextProbe(at: now) }) }

        var wake = deadlines.next
        if nextQuestion < questions.count, ledger.outCount < window { wake = min(wake, pacer.next) }
        if let nextPause { wake = ledger.outCount == 0 ? nextPause : min(wake, nextPause) }
        if let deadline = settings.deadline { wake = min(wake, deadline) }
        return .wait(until: wake)
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
    public mutating func receive(_ arrival: Arrival) -> ArrivalFate {
        let fate = ledger.settle(arrival.probe)
        switch fate {
        case .reply(let probe):
            books[hop(probe)].out.remove(probe.flow)
            note(arrival.response, of: probe)
        case .late(let probe): note(arrival.response, of: probe)
        case .duplicate, .stray: break
        }
        return fate
    }

    /// Takes note of a probe that could not be sent: its flow is not asked about any more.
    public mutating func sendFailed(_ id: Probe.ID, at now: Duration) -> Probe? {
        guard let probe = ledger.fail(id) else { return nil }
        books[hop(probe)].out.remove(probe.flow)
        unusable.insert(probe.flow)
        failures += 1
        isStale = true
        return probe
    }

    /// The same, and why: where nothing can be sent at all, the search is over.
    public mutating func sendFailed(_ id: Probe.ID, _ error: ProbeError, at now: Duration) -> Probe? {
        let probe = sendFailed(id, at: now)
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
    private mutating func note(_ response: Response, of probe: Probe) {
        let hop = hop(probe)
        isStale = true
        failures = 0
        judge.answered(probe)
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
        if map.silence(at: hop) == .unproven {
            books[hop].pause = min(Self.longestPause, max(.milliseconds(20), books[hop].pause * 2))
        } else {
            books[hop].pause = .zero
        }
        if judge.unanswered(probe, at: hop, in: map) { map.giveUp(probe.flow, at: hop) }
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
    /// Questions as they are put together, none twice and none that is out.
    private struct Agenda {
        var questions: [Question] = []
        /// Which flows are asked about at a hop.
        var asked: [FlowSet]
        /// The flows that have a question already, where each can have but one.
        var busy: FlowSet?

        mutating func add(_ question: Question) {
            guard asked[question.hop].insert(question.flow) else { return }
            if busy != nil, !(busy?.insert(question.flow) ?? true) {
                asked[question.hop].remove(question.flow)
                return
            }
            questions.append(question)
        }
    }

    private mutating func findQuestions(at now: Duration) {
        isStale = false
        map.conclude(settings.confidence, upTo: lastHop, gapLimit: gapLimit)
        var agenda = Agenda(asked: Array(repeating: FlowSet(), count: books.count))
        if isSerial {
            agenda.busy = books.reduce(into: FlowSet()) { busy, book in book.out.forEach { busy.insert($0) } }
        }
        let first = min(map.demand(toMeet: 2), flowLimit)
        for hop in 1...max(1, lastHop) {
            askFirst(first, at: hop, &agenda)
            guard hop - 1 < map.hops.count, !map.hops[hop - 1].isEmpty else { continue }
            askOnward(to: hop, &agenda)
            askAgain(at: hop, &agenda)
        }
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

    private mutating func ask(_ flow: Int, at hop: Int, _ agenda: inout Agenda) {
        let question = Question(flow: UInt16(flow), hop: hop)
        guard hop < books.count, !books[hop].out.contains(question.flow), !map.isDecided(flow, at: hop),
            !unusable.contains(question.flow)
        else { return }
        agenda.add(question)
    }

    /// Every hop that there is needs the first flows, and behind the last that is known some are looked for.
    private mutating func askFirst(_ count: Int, at hop: Int, _ agenda: inout Agenda) {
        guard hop <= firstFinal ?? .max else { return }
        if hop <= horizon + 1 {
            // Where it is known what a flow went through before, what that needs decides.
            for flow in 0..<count where !map.isDecided(flow, at: hop - 1) && map.node(of: flow, at: hop - 1) == nil {
                ask(flow, at: hop, &agenda)
            }
        } else if firstFinal == nil, hop <= horizon + Self.lookahead {
            ask(hop % count, at: hop, &agenda)
        }
    }

    /// Asks for the next hop what the nodes of the one before still need.
    private mutating func askOnward(to hop: Int, _ agenda: inout Agenda) {
        let before = hop - 1
        var missing = map.counts(at: before)
        for number in map.numbers(at: before) {
            let way = map.onward(from: number, at: before)
            missing[number] = max(0, way.need - way.flows)
        }
        guard missing.total > 0 else { return }
        books[hop].out.forEach { flow in
            guard !map.isDecided(Int(flow), at: hop), let number = map.node(of: Int(flow), at: before) else { return }
            missing.take(number)
        }
        for flow in 0..<(map.hops[before].only != nil ? flowLimit : map.flowCount(at: before)) {
            guard missing.total > 0 else { return }
            guard let number = map.node(of: flow, at: before), missing[number] > 0,
                !map.isDecided(flow, at: hop), !books[hop].out.contains(UInt16(flow))
            else { continue }
            missing.take(number)
            ask(flow, at: hop, &agenda)
        }
        // Where one node alone is known, that is soon decided; then every flow goes through it that has not ended before.
        if map.numbers(at: before).count > 1 || before > firstFinal ?? .max { steer(to: missing, at: before, &agenda) }
    }

    /// Looks for more flows through nodes that need them: half as many as will do, by how often they were met, since what is
    /// asked too much is lost, and asking again costs but a round trip.
    private mutating func steer(to missing: FlowMap.Counts, at hop: Int, _ agenda: inout Agenda) {
        var met = map.counts(at: hop)
        for flow in 0..<map.flowCount(at: hop) {
            if let number = map.seen(flow, at: hop) { met[number] += 1 }
        }
        guard met.total > 0 else { return }
        let numbers = map.numbers(at: hop)
        let least = 1 / Double(numbers.count { met[$0] > 0 } + 1)
        var wanted = 0
        for number in numbers where missing[number] > 0 {
            let share = max(Double(met[number]) / Double(met.total), least)
            wanted = max(wanted, Int((Double(missing[number]) / share / 2).rounded(.up)))
        }
        // What is on its way may be what is missing.
        wanted -= books[hop].out.count + agenda.asked[hop].count
        var flow = 0
        while wanted > 0, flow < flowLimit {
            defer { flow += 1 }
            guard !map.isDecided(flow, at: hop), !books[hop].out.contains(UInt16(flow)) else { continue }
            if let number = map.node(of: flow, at: hop - 1) {
                guard !map.isFinal(number, at: hop - 1) else { continue }
            } else if hop > firstFinal ?? .max {
                // It may have ended before; that is to be known first.
                askBack(flow, at: hop - 1, &agenda)
                wanted -= 1
                continue
            }
            ask(flow, at: hop, &agenda)
            wanted -= 1
        }
    }

    private mutating func askBack(_ flow: Int, at hop: Int, _ agenda: inout Agenda) {
        var hop = hop
        while hop > 1, hop > firstFinal ?? .max, map.node(of: flow, at: hop - 1) == nil { hop -= 1 }
        if let number = map.node(of: flow, at: hop - 1), map.isFinal(number, at: hop - 1) { return }
        ask(flow, at: hop, &agenda)
    }

    /// Asks about flows again where there are several ways on: one that does not keep to its way is dealt out by packet.
    ///
    /// The nodes of a hop are tried together, each at least twice; where one does not keep flows together, each alone.
    private mutating func askAgain(at hop: Int, _ agenda: inout Agenda) {
        let before = hop - 1
        guard !map.hops[before].isShuffled else { return }
        let branching = map.numbers(at: before).filter { map.onward(from: $0, at: before).successors.count > 1 }
        guard !branching.isEmpty else { return }
        let rule = StopRule(confidence: settings.confidence)
        let isSuspicious = branching.contains { map.onward(from: $0, at: before).isByPacket }
        for number in branching {
            let way = map.onward(from: number, at: before)
            guard !way.isByPacket else { continue }
            let alone = rule.repeats(among: way.successors.count)
            let count = isSuspicious ? alone : max(2, (alone + branching.count - 1) / branching.count)
            var left = count - way.repeats
            guard left > 0 else { continue }
            // Different flows, so that questions do not wait for each other.
            for flow in 0..<map.flowCount(at: hop) where left > 0 {
                guard map.node(of: flow, at: before) == number, let next = map.seen(flow, at: hop),
                    next != FlowMap.silent, map.repeats(of: UInt16(flow), at: hop) == 0
                else { continue }
                left -= 1
                if !books[hop].out.contains(UInt16(flow)) { agenda.add(Question(flow: UInt16(flow), hop: hop)) }
            }
        }
    }
}
