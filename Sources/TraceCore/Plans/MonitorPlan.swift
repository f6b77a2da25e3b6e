/// Watches the path to one target: round after round, one probe for each hop.
///
/// The first round looks for the target over all TTLs; later ones stop at its distance. When a router answers
/// where the target was, or the target keeps silent for some rounds, hops behind are probed again: in every round some,
/// and from time to time all, for the target may be behind more silent hops than those.
///
/// All rounds but the first are spread over half of the interval, in an order by chance. A router that lets only so many packets
/// through then drops those of one hop as often as those of another. A burst in the order of the hops would always lose
/// the far ones.
package struct MonitorPlan: ProbePlan {
    /// How many rounds the target may keep silent at least before the plan looks for it farther away.
    private static let silentRoundsBeforeSearch = 3
    /// The longest time between two probes of a round.
    private static let longestPace = Duration.milliseconds(100)

    private let target: IPAddress
    private var settings: MonitorSettings
    private var dialVersion = 0
    private var ledger: ProbeLedger
    private var timeouts = ProbeLedger.Timeouts()
    private var pacer: Pacer
    private var end: RunEnd?

    /// The way of a flow.
    private struct Way {
        /// The TTL at which the target answers, or 0.
        var end = 0
        /// The last TTL at which a router answered.
        var router = 0
        /// How many of its rounds began since the target answered.
        var silentRounds = 0
    }

    // The round that runs.
    private var round = -1
    private var roundStart: Duration = .zero
    /// The TTLs that are still to be asked in it, the next one last.
    private var left: [UInt8] = []
    /// Those that are not, for the target answered before them, and the last TTL that is here or there.
    private var cut: [UInt8] = []
    private var lastListed = 0
    private var chance: SplitMix
    /// Whether probes of the round could leave if more might be sent.
    private var isHeldUp = false
    private var lastTTL = 0

    // What is known about the path.
    private var place: TargetPlace?
    private var lastAnswered = 0
    /// The way of each flow, where there are several: one may be longer than others.
    private var ways: [Way] = []
    private var silentRounds = 0
    /// When all TTLs are probed if the target is still missing, and how long after that once more; nil while it is not.
    private var wholeSearch: (next: Duration, pause: Duration)?

    /// A plan for one target.
    ///
    /// - Throws: `badSetting` for settings that make no sense.
    ///
    /// - Parameter gather: For how long what arrives is gathered: where there are so many runs, the first round asks one hop
    ///   more each time that it has been told what arrived, and few behind the target.
    package init(
        target: IPAddress, settings: MonitorSettings, gathering gather: Duration = .zero
    ) throws(ProbeError) {
        try settings.validate()
        self.target = target
        self.settings = settings
        isAmongMany = gather > .zero
        // Some rounds of an ordinary path: a thousand monitors remember as many, and one is 24 kB so.
        ledger = ProbeLedger(memory: 96)
        // The search of the first round is a trace and goes at a trace's pace.
        pacer = Pacer(interval: settings.sendInterval ?? max(TraceSettings().sendInterval, gather))
        chance = SplitMix(
            seed: UInt64(truncatingIfNeeded: target.bits) ^ UInt64(truncatingIfNeeded: target.bits >> 64))
        // Kept: a division of durations for each probe took a tenth of the plan's time.
        window = settings.window
        roundsInTimeout = settings.roundsInTimeout
        if settings.flows > 1 { ways = Array(repeating: Way(), count: settings.flows) }
    }

    /// The most probes that are out at the same time: those of all rounds within a timeout.
    package private(set) var window: Int
    private var roundsInTimeout: Int
    private let isAmongMany: Bool

    /// Takes what a person has changed.
    private mutating func adopt(_ new: MonitorSettings) {
        settings.interval = new.interval
        settings.rounds = new.rounds
        (settings.firstTTL, settings.maxTTL) = (new.firstTTL, new.maxTTL)
        (settings.timeout, settings.size) = (new.timeout, new.size)
        endRound(at: Int(settings.maxTTL))
        // What is out already stays so.
        window = max(window, settings.window)
        roundsInTimeout = settings.roundsInTimeout
    }

    /// What to do at a time.
    package mutating func step(at now: Duration, sending most: Int) -> PlanStep {
        if let end { return .end(end) }
        if let new = settings.dial?.settings(after: &dialVersion) { adopt(new) }
        let expired = timeouts.expire(at: now, in: &ledger)
        if !expired.isEmpty { return .timedOut(expired) }

        // A round that waits for its share of a rate is sent whole: far hops would never be asked.
        if hasRoundsLeft, now >= nextRound, !isHeldUp, !isLate { startRound(at: now) }
        let probes = due(at: now, upTo: most)
        if !probes.isEmpty { return .send(probes) }
        if !hasRoundsLeft, left.isEmpty, ledger.outCount == 0 {
            let end = RunEnd(.completed)
            self.end = end
            return .end(end)
        }

        let wake = timeouts.nextDue(in: ledger) ?? now + Setting.longest
        return .wait(
            until: hasRoundsLeft && !isHeldUp && !isLate ? min(wake, nextRound) : wake,
            nextSend: !left.isEmpty && ledger.outCount < window ? pacer.next : nil)
    }

    /// Takes note of an arrival.
    package mutating func receive(_ arrival: Arrival) -> ArrivalFate {
        let isOverruling = ledger.isOverruling(arrival)
        let fate = ledger.settle(arrival)
        switch fate {
        case .reply(let probe), .late(let probe): note(arrival.reply, of: probe)
        case .duplicate(let probe) where isOverruling: note(arrival.reply, of: probe)
        case .duplicate, .stray: break
        }
        return fate
    }

    /// Takes note of a probe that could not be sent.
    package mutating func sendFailed(_ id: Probe.ID, _ error: ProbeError, at now: Duration) -> Probe? {
        ledger.fail(id)
    }

    private var hasRoundsLeft: Bool { settings.rounds.map { round + 1 < $0 } ?? true }

    /// Whether a round is still being sent that many runs at once made late.
    private var isLate: Bool { isAmongMany && !left.isEmpty && ledger.outCount < window }

    private var nextRound: Duration { round < 0 ? .zero : roundStart + settings.interval }

    private mutating func startRound(at now: Duration) {
        // Rounds that a stall ate are not made up for; the beat stays.
        if round < 0 || now < nextRound + settings.interval {
            roundStart = nextRound
        } else {
            roundStart = now
        }
        round += 1
        if round > 0 { silentRounds += 1 }
        lastTTL = reach()
        left.removeAll(keepingCapacity: true)
        cut.removeAll(keepingCapacity: true)
        lastListed = lastTTL
        for ttl in stride(from: lastTTL, through: Int(settings.firstTTL), by: -1) { left.append(UInt8(ttl)) }
        if round > 0 {
            shuffle()
            // Over half of the interval. So no hop is asked again sooner than after the other half, as routers that limit their
            // answers demand, and a round has time for hops of which it learns.
            let pace = settings.interval / (2 * max(8, left.count))
            pacer = Pacer(interval: settings.sendInterval ?? min(Self.longestPace, pace), from: now)
        }
        if !ways.isEmpty { ways[round % ways.count].silentRounds += 1 }
    }

    /// The same order each time that the same plan runs.
    private mutating func shuffle() {
        for count in stride(from: left.count, to: 1, by: -1) {
            left.swapAt(count - 1, Int(chance.next() % UInt64(count)))
        }
    }

    /// Asks in the round that runs up to this hop, and no farther.
    private mutating func endRound(at ttl: Int) {
        guard ttl < lastTTL else { return }
        lastTTL = ttl
        cut += left.filter { Int($0) > ttl }
        left.removeAll { Int($0) > ttl }
    }

    /// Goes on in the round that runs up to some hops behind a router that answered.
    private mutating func extendRound(behind ttl: Int) {
        let last = min(Int(settings.maxTTL), ttl + gapLimit)
        guard last > lastTTL else { return }
        let more = cut.filter { Int($0) <= last } + stride(from: lastListed + 1, through: last, by: 1).map { UInt8($0) }
        cut.removeAll { Int($0) <= last }
        left.insert(contentsOf: more.reversed(), at: 0)
        (lastTTL, lastListed) = (last, max(lastListed, last))
    }

    /// Whether the target has kept silent for so long that it may have moved.
    ///
    /// A target whose answers are still on their way is not silent.
    private var isSearching: Bool { silentRounds > max(Self.silentRoundsBeforeSearch, roundsInTimeout) }

    /// No path has more hops than a TTL can count.
    private var gapLimit: Int { min(settings.gapLimit, 255) }

    /// The last TTL that the round probes which begins.
    private mutating func reach() -> Int {
        let limit = Int(settings.maxTTL)
        if let place, !isSearching {
            guard !ways.isEmpty else { return min(limit, place.reach) }
            let way = ways[round % ways.count]
            // As for the whole path: where the target keeps silent, it is looked for behind hops that may be silent too.
            let isKnown =
                way.end > 0 && way.silentRounds <= max(Self.silentRoundsBeforeSearch, roundsInTimeout)
            return isKnown ? min(limit, way.end) : min(limit, max(place.ttl, way.router, way.end) + gapLimit)
        }
        if isTimeForWholeSearch() { return limit }
        return max(place?.reach ?? 0, min(limit, max(lastAnswered, Int(settings.firstTTL) - 1) + gapLimit))
    }

    /// Whether the round that begins probes all TTLs: the first one does; after it a round when those probes are decided,
    /// and then after twice as long each time, so that a lost probe costs little time and a dead target few probes.
    /// Where a known target is missing, some hops behind are tried for as long first.
    private mutating func isTimeForWholeSearch() -> Bool {
        let decided = max(settings.interval, settings.timeout)
        guard let (next, pause) = wholeSearch else {
            wholeSearch = (roundStart + decided, decided * 2)
            return round == 0
        }
        guard roundStart >= next else { return false }
        wholeSearch = (roundStart + pause, min(decided * 64, pause * 2))
        return true
    }

    private mutating func due(at now: Duration, upTo most: Int) -> [Probe] {
        isHeldUp = false
        guard !left.isEmpty else { return [] }
        isHeldUp = most < min(left.count, window - ledger.outCount) && now >= pacer.next
        let count = pacer.take(upTo: min(left.count, window - ledger.outCount, most), at: now)
        return (0..<count).map { _ in
            let probe = ledger.issue(
                to: target, ttl: left.removeLast(), sequence: round,
                flow: settings.flow &+ UInt16(round % settings.flows), size: settings.size,
                at: now)
            timeouts.add(probe.id, due: now + settings.timeout)
            return probe
        }
    }

    private mutating func note(_ response: ProbeReply, of probe: Probe) {
        let ttl = Int(probe.ttl)
        if !ways.isEmpty { noteWay(response.kind, of: probe) }
        if response.kind.isFinal {
            place?.answer(at: ttl, in: probe.sequence)
            let place = place ?? TargetPlace(ttl: ttl, round: probe.sequence)
            self.place = place
            if ttl <= place.reach {
                lastAnswered = place.ttl
                silentRounds = 0
                wholeSearch = nil
                // Another flow's way may be longer.
                if ways.isEmpty { endRound(at: place.reach) }
            }
            return
        }
        // Only here: what the target answers behind its place says nothing about hops there.
        lastAnswered = max(lastAnswered, ttl)
        guard ways.isEmpty || place == nil else { return }
        if place?.isDisproved(byRouterAt: ttl, in: probe.sequence) ?? false {
            // A router where the target was: the path has grown, so this round goes on. The answer may be of an
            // earlier round, where round trips are longer than the interval.
            place = nil
            extendRound(behind: ttl)
        }
    }

    /// Takes note of how far a flow's way goes; if its round runs, it goes on as far, and no farther.
    private mutating func noteWay(_ kind: ReplyKind, of probe: Probe) {
        let (ttl, index) = (Int(probe.ttl), probe.sequence % ways.count)
        let isOfRound = probe.sequence == round
        if kind.isFinal {
            ways[index].silentRounds = 0
            if ways[index].end == 0 || ttl < ways[index].end { ways[index].end = ttl }
            if isOfRound { endRound(at: ways[index].end) }
        } else {
            ways[index].router = max(ways[index].router, ttl)
            guard ttl >= ways[index].end, ways[index].end > 0 else { return }
            // A router where the target was: the way has grown.
            ways[index].end = 0
            if isOfRound, place != nil { extendRound(behind: ttl) }
        }
    }
}
