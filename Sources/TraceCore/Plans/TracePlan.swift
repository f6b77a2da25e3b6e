/// Traces the path to one target: several probes for each hop, many hops at once.
///
/// Probes go out hop by hop, all queries of one before the next: a target that limits its answers then spends
/// them on the probes that count. The trace is over when every query of every hop up to the horizon is
/// decided; the horizon is the target, an unreachable, the end of a gap or the last TTL.
struct TracePlan: ProbePlan {
    private struct Hop {
        var decided = 0
        var answered = 0
        /// The first round trip, or that of a late answer: it says how far the hop is.
        var firstRTT: Duration?
        /// How long its answers are waited for, once it or a later hop has answered.
        var wait = Duration.zero
    }

    private let target: IPAddress
    private let settings: TraceSettings
    private var ledger: ProbeLedger
    private var pacer: Pacer
    /// One for each TTL from the first on.
    private var hops: [Hop]
    private var end: RunEnd?

    // The next probe to send.
    private var nextTTL: Int
    private var nextQuery = 0

    // What is known about the path.
    private var reachedTTL: Int?
    private var unreachableTTL: Int?
    private var unreachable: RunEnd?
    private var gapTTL: Int?
    private var lastAnswered: Int
    private var largestRTT: Duration?
    private var firstUndecided: Int
    /// How long answers of the hops behind the last one that answered are waited for.
    private var waitBeyond: Duration

    private var deadlines = AnswerDeadlines()

    /// A plan for one target.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    init(target: IPAddress, settings: TraceSettings) throws(ProbeError) {
        try settings.validate()
        self.target = target
        self.settings = settings
        ledger = ProbeLedger(memory: 4096)
        pacer = Pacer(interval: settings.sendInterval)
        hops = Array(repeating: Hop(), count: Int(settings.maxTTL) - Int(settings.firstTTL) + 1)
        nextTTL = Int(settings.firstTTL)
        firstUndecided = nextTTL
        lastAnswered = nextTTL - 1
        waitBeyond = settings.patience.max
    }

    /// The most probes that are out at the same time.
    var window: Int { settings.window ?? 96 }

    /// The last TTL that matters, as far as is known.
    private var horizon: Int { reachedTTL ?? unreachableTTL ?? gapTTL ?? Int(settings.maxTTL) }

    /// What to do at a time.
    mutating func step(at now: Duration, sending most: Int) -> PlanStep {
        if let end { return .end(end) }
        let expired = expire(at: now)
        if !expired.isEmpty { return .timedOut(expired) }
        if isDecided { return finish(reason) }
        let probes = due(at: now, upTo: most)
        if !probes.isEmpty { return .send(probes) }

        let nextSend = hasProbesToSend && ledger.outCount < window ? pacer.next : nil
        return .wait(until: deadlines.next, nextSend: nextSend)
    }

    /// Takes note of an arrival; a late one still tells about the path.
    mutating func receive(_ arrival: Arrival) -> ArrivalFate {
        let isOverruling = ledger.isOverruling(arrival)
        let fate = ledger.settle(arrival)
        switch fate {
        case .reply(let probe):
            hops[index(probe.ttl)].decided += 1
            note(arrival.reply, of: probe)
        case .late(let probe): note(arrival.reply, of: probe)
        case .duplicate(let probe) where isOverruling: reachedTTL = min(reachedTTL ?? .max, Int(probe.ttl))
        case .duplicate, .stray: break
        }
        return fate
    }

    /// Takes note of a probe that could not be sent: its query is decided, and was neither lost nor answered.
    mutating func sendFailed(_ id: Probe.ID, _ error: ProbeError, at now: Duration) -> Probe? {
        guard let probe = ledger.fail(id) else { return nil }
        hops[index(probe.ttl)].decided += 1
        findGap()
        deadlines.waitsChanged()
        return probe
    }

    private func index(_ ttl: UInt8) -> Int { Int(ttl) - Int(settings.firstTTL) }
    private func index(_ ttl: Int) -> Int { ttl - Int(settings.firstTTL) }
}

// MARK: - What answers tell about the path

extension TracePlan {
    private mutating func note(_ response: ProbeReply, of probe: Probe) {
        let ttl = Int(probe.ttl)
        hops[index(ttl)].answered += 1
        if hops[index(ttl)].firstRTT == nil {
            hops[index(ttl)].firstRTT = response.rtt
            updateWaits(knowing: response.rtt, of: index(ttl))
            deadlines.waitsChanged()
        }
        if largestRTT.map({ response.rtt > $0 }) ?? true {
            largestRTT = response.rtt
            waitBeyond = settings.patience.beyond(response.rtt)
        }
        if response.kind.isFromTarget {
            if ttl < reachedTTL ?? .max { reachedTTL = ttl }
        } else if response.kind.isUnreachable, ttl < unreachableTTL ?? .max {
            unreachableTTL = ttl
            unreachable = RunEnd(.unreachable, kind: response.kind, from: response.from)
        }
        if ttl > lastAnswered {
            lastAnswered = ttl
            gapTTL = nil
            findGap()
        }
    }

    /// Looks whether enough hops in a row behind the last answer are known to be silent.
    private mutating func findGap() {
        guard settings.gapLimit > 0, gapTTL == nil else { return }
        guard settings.gapLimit <= Int(settings.maxTTL) - lastAnswered else { return }
        let last = lastAnswered + settings.gapLimit
        for index in index(lastAnswered + 1)..<index(last + 1) where hops[index].decided < settings.queries {
            return
        }
        gapTTL = last
    }

    /// Whether every query up to the horizon is decided.
    private var isDecided: Bool {
        mutating get {
            let horizon = horizon
            while firstUndecided <= horizon, hops[index(firstUndecided)].decided >= settings.queries {
                firstUndecided += 1
            }
            return firstUndecided > horizon
        }
    }

    private var reason: RunEnd {
        if reachedTTL != nil { return RunEnd(.reached) }
        if let unreachable { return unreachable }
        return RunEnd(gapTTL != nil ? .gap : .hopLimit)
    }

    private mutating func finish(_ end: RunEnd) -> PlanStep {
        self.end = end
        return .end(end)
    }
}

// MARK: - Sending and giving up

extension TracePlan {
    private var hasProbesToSend: Bool { nextTTL <= horizon }

    private mutating func due(at now: Duration, upTo most: Int) -> [Probe] {
        guard hasProbesToSend else { return [] }
        let left = (horizon - nextTTL + 1) * settings.queries - nextQuery
        let count = pacer.take(upTo: min(left, window - ledger.outCount, most), at: now)
        guard count > 0 else { return [] }
        var probes: [Probe] = []
        probes.reserveCapacity(count)
        for _ in 0..<count {
            let flow: UInt16 =
                switch settings.flow {
                case .constant(let flow): flow
                case .perQuery: UInt16(truncatingIfNeeded: nextQuery)
                case .perProbe: UInt16(truncatingIfNeeded: ledger.nextID)
                }
            let probe = ledger.issue(
                to: target, ttl: UInt8(nextTTL), sequence: nextQuery, flow: flow, size: settings.size, at: now
            )
            deadlines.add(now + wait(at: nextTTL))
            nextQuery += 1
            if nextQuery == settings.queries {
                nextQuery = 0
                nextTTL += 1
            }
            probes.append(probe)
        }
        return probes
    }

    private mutating func expire(at now: Duration) -> [Probe] {
        var deadlines = deadlines
        let due = deadlines.due(at: now, in: ledger) { wait(at: Int($0.ttl)) }
        self.deadlines = deadlines
        guard !due.isEmpty else { return [] }
        let expired = due.compactMap { ledger.expire($0) }
        for probe in expired { hops[index(probe.ttl)].decided += 1 }
        findGap()
        return expired
    }

    /// The wait for probes of a hop.
    private func wait(at ttl: Int) -> Duration { ttl > lastAnswered ? waitBeyond : hops[index(ttl)].wait }

    /// Takes note of a hop's first round trip: it decides the wait there, and at the hops before it that have not
    /// answered. Kept like this and not worked out for all hops whenever it is asked for, which took a
    /// quarter of a simulated trace.
    private mutating func updateWaits(knowing rtt: Duration, of index: Int) {
        hops[index].wait = settings.patience.here(rtt)
        var before = index - 1
        while before >= 0, hops[before].firstRTT == nil {
            hops[before].wait = settings.patience.near(rtt)
            before -= 1
        }
    }
}
