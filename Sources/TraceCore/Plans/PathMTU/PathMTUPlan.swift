/// Finds the MTU of the path to one target, and where it shrinks: a trace with small packets, then packets of many sizes.
///
/// A router's word that a packet is too big decides at once. Silence decides only after several packets of the size were
/// lost while a small one, sent behind them, was answered: so neither loss nor a router that limits its answers is taken
/// for a small MTU. A hop that does not answer small packets any more is left out.
struct PathMTUPlan: ProbePlan {
    private enum Phase {
        /// The path is traced with small packets.
        case tracing
        /// Sizes are tried; the trace ended for this reason.
        case searching(after: RunEnd)
        case over(RunEnd)
    }

    private var phase = Phase.tracing
    private let target: IPAddress
    private let settings: PathMTUSettings
    /// The bytes of a packet that are no payload.
    private let headerSize: Int
    private var trace: TracePlan
    /// How many probes the trace has sent: those with smaller numbers are its own.
    private var traceCount = 0

    // What the trace found, for each TTL.
    private var responders: [Int: Set<IPAddress>] = [:]
    private var targetTTL: Int?
    private var unreachableTTL: Int?
    private var roundTrips: [Int: Duration] = [:]

    private var search = PathMTUSearch(ttls: [], largest: 0)
    private var ledger = ProbeLedger(memory: 4096)
    private var pacer: Pacer
    private var trials: [PathMTUTrial] = []
    /// A probe that has just been handed over: if it comes back as too large, it shows what the own interface takes.
    private var handedOver: (id: Probe.ID, size: Int)?
    /// How often sending failed for another reason.
    private var refusals = 0
    private var deadlines: [Probe.ID: Duration] = [:]
    private var controls = 0
    /// How many small packets to a hop have been sent and lost, for a guess how many large ones do: for each
    /// hop, for those before a lossy link know nothing of it.
    private var known: [Int: (sent: Int, lost: Int)] = [:]

    /// How often a packet that cannot be sent is tried again.
    private static let refusalLimit = 16

    /// The most probes of many sizes that are out at the same time.
    private static let ownWindow = 64

    /// A plan for one target.
    ///
    /// - Parameters:
    ///   - target: The host at the end of the path.
    ///   - settings: How it is asked.
    ///   - headerSize: The bytes of a packet that are no payload.
    /// - Throws: `badSetting` for settings that make no sense.
    init(target: IPAddress, settings: PathMTUSettings, headerSize: Int) throws(ProbeError) {
        try settings.validate()
        try Setting.check((1...PathMTUSettings.small).contains(headerSize), "headers must fit the smallest packet")
        self.target = target
        self.settings = settings
        self.headerSize = headerSize
        var traced = settings.trace
        traced.window = traced.window ?? TraceSettings.sparing.window
        traced.size = UInt16(PathMTUSettings.small - headerSize)
        trace = try TracePlan(target: target, settings: traced)
        pacer = Pacer(interval: settings.sendInterval)
    }

    /// The most probes that are out at the same time.
    var window: Int { settings.window }

    /// What to do at a time.
    mutating func step(at now: Duration, sending most: Int) -> PlanStep {
        switch phase {
        case .tracing: stepOfTrace(at: now, sending: most)
        case .searching(let end): stepOfSearch(after: end, at: now, sending: most)
        case .over(let end): .end(end)
        }
    }

    private mutating func stepOfTrace(at now: Duration, sending most: Int) -> PlanStep {
        let step = trace.step(at: now, sending: most)
        switch step {
        case .end(let end):
            beginSearch(after: end)
            return stepOfSearch(after: end, at: now, sending: most)
        case .send(let probes):
            traceCount += probes.count
            // Lost until it is answered.
            for probe in probes { noteSmall(to: Int(probe.ttl), sent: 1, lost: 1) }
        case .timedOut, .wait: break
        }
        return step
    }

    private mutating func stepOfSearch(after traceEnd: RunEnd, at now: Duration, sending most: Int) -> PlanStep {
        let expired = expire(at: now)
        if !expired.isEmpty { return .timedOut(expired) }
        if let sent = handedOver {
            handedOver = nil
            search.noteSent(sent.size)
        }
        while settleTrials(at: now) {
            guard most > 0 else { return .wait(until: wake(after: now), nextSend: nextSend) }
            switch search.next() {
            case .send(let size, let ttl):
                let probe = issue(size, to: ttl, at: now)
                handedOver = (probe.id, size)
                // If it leaves, the next one follows at its distance.
                _ = pacer.take(upTo: 1, at: now)
                return .send([probe])
            case .test(let size, let ttls):
                trials = ttls.map { ttl in
                    let out = deadlines.keys.count { ledger.probe($0).map { isTrial($0, size, ttl) } ?? false }
                    return PathMTUTrial(ttl: ttl, size: size, out: out)
                }
            case .done:
                phase = .over(traceEnd)
                return .end(traceEnd)
            }
        }
        let probes = due(at: now, upTo: most)
        if !probes.isEmpty { return .send(probes) }
        return .wait(until: wake(after: now), nextSend: nextSend)
    }

    /// When the next probe of the search may go, or nil if there is none to send or no room for it.
    private var nextSend: Duration? {
        if trials.isEmpty { return .zero }
        guard ledger.outCount < Self.ownWindow else { return nil }
        return trials.compactMap(\.nextBegin).min().map { max($0, pacer.next) }
    }

    /// Takes note of an arrival; a late one still tells that its size gets through.
    mutating func receive(_ arrival: Arrival) -> ArrivalFate {
        let isTraced = arrival.probe < traceCount
        let fate = isTraced ? trace.receive(arrival) : ledger.settle(arrival.probe)
        switch fate {
        case .reply(let probe), .late(let probe):
            if isTraced { noteTraced(arrival.reply, to: probe) } else { note(arrival.reply, to: probe) }
        case .duplicate, .stray: break
        }
        if !isTraced { deadlines[arrival.probe] = nil }
        return fate
    }

    /// Takes note of a probe that could not be sent: as too large for the own interface, or as lost.
    mutating func sendFailed(_ id: Probe.ID, _ error: ProbeError, at now: Duration) -> Probe? {
        if id < traceCount { return trace.sendFailed(id, error, at: now) }
        guard error.code == .tooLarge else { return fail(id) }
        if handedOver?.id == id { handedOver = nil }
        let probe = fail(id)
        if let probe { search.noteTooLarge(size(of: probe)) }
        return probe
    }

    private mutating func fail(_ id: Probe.ID) -> Probe? {
        deadlines[id] = nil
        if let sent = handedOver, sent.id == id {
            handedOver = nil
            refusals += 1
            // Whatever keeps it from being sent has nothing to do with its size.
            if refusals > Self.refusalLimit { search.noteSent(sent.size) }
        }
        guard let probe = ledger.fail(id) else { return nil }
        lose(probe)
        return probe
    }
}

// MARK: - From the trace to the search

extension PathMTUPlan {
    private mutating func noteTraced(_ response: ProbeReply, to probe: Probe) {
        let ttl = Int(probe.ttl)
        noteSmall(to: ttl, lost: -1)
        responders[ttl, default: []].insert(response.from)
        roundTrips[ttl] = max(roundTrips[ttl] ?? .zero, response.rtt)
        if response.kind.isFromTarget {
            targetTTL = min(targetTTL ?? .max, ttl)
        } else if response.kind.isUnreachable {
            unreachableTTL = min(unreachableTTL ?? .max, ttl)
        }
    }

    private mutating func beginSearch(after end: RunEnd) {
        phase = .searching(after: end)
        let last = targetTTL ?? unreachableTTL ?? .max
        let ttls = responders.keys.filter { $0 <= last }
        search = PathMTUSearch(ttls: ttls, largest: Int(settings.largest))
        ledger = ProbeLedger(memory: 4096, firstID: traceCount)
    }

    private mutating func noteSmall(to ttl: Int, sent: Int = 0, lost: Int = 0) {
        known[ttl, default: (0, 0)].sent += sent
        known[ttl, default: (0, 0)].lost += lost
    }

    private func size(of probe: Probe) -> Int { Int(probe.size ?? 0) + headerSize }

    private func isTrial(_ probe: Probe, _ size: Int, _ ttl: Int) -> Bool {
        Int(probe.ttl) == ttl && self.size(of: probe) == size
    }
}

// MARK: - What answers and silence say

extension PathMTUPlan {
    private mutating func note(_ response: ProbeReply, to probe: Probe) {
        let ttl = Int(probe.ttl)
        let size = size(of: probe)
        roundTrips[ttl] = max(roundTrips[ttl] ?? .zero, response.rtt)
        let answer = PathMTUAnswer(response, to: size, responders: responders[ttl] ?? [])
        guard size > PathMTUSettings.small else {
            for index in trials.indices where trials[index].ttl == ttl { trials[index].controlSettled(answered: true) }
            return
        }
        switch answer {
        case .arrived: search.noteArrival(of: size, at: ttl)
        case .tooBig(let mtu):
            search.noteFailure(of: size, at: ttl)
            // Whoever refuses it had got it.
            if let hop = responders.hop(of: response.from, before: ttl) { search.noteArrival(of: size, at: hop) }
            if let mtu { search.noteHint(mtu) }
        case .unclear: break
        }
        for index in trials.indices where isTrial(probe, trials[index].size, trials[index].ttl) {
            trials[index].settled(isDecided: answer != .unclear)
        }
    }

    private mutating func lose(_ probe: Probe) {
        let isControl = size(of: probe) <= PathMTUSettings.small
        if isControl { noteSmall(to: Int(probe.ttl), lost: 1) }
        for index in trials.indices where trials[index].ttl == Int(probe.ttl) {
            if isControl {
                trials[index].controlSettled(answered: false)
            } else if isTrial(probe, trials[index].size, trials[index].ttl) {
                trials[index].settled(isDecided: false)
            }
        }
    }

    /// Decides what can be decided; true once no test is under way.
    private mutating func settleTrials(at now: Duration) -> Bool {
        var index = 0
        while index < trials.count {
            switch trials[index].settle(tries: triesNeeded(at: trials[index].ttl), at: now) {
            case .goesOn: index += 1
            case .isDecided: trials.remove(at: index)
            case .failed:
                search.noteFailure(of: trials[index].size, at: trials[index].ttl, isSilent: true)
                trials.remove(at: index)
            case .isMute:
                search.drop(trials[index].ttl)
                trials.remove(at: index)
            }
        }
        return trials.isEmpty
    }

    /// The share of small packets to some hops that gets lost, guessed as if one of two more had been.
    private func loss(at ttls: [Int]) -> Double {
        let all = ttls.compactMap { known[$0] }.reduce((sent: 2, lost: 1)) { ($0.sent + $1.sent, $0.lost + $1.lost) }
        return Double(all.lost) / Double(all.sent)
    }

    /// How often a size is tried at a hop, so that one that arrives is mistaken once in ten thousand times.
    private func triesNeeded(at ttl: Int) -> Int {
        // Packets to the hops behind pass it as well: they lose no fewer, and there are more of them.
        let loss = max(loss(at: [ttl]), loss(at: search.ttls.filter { $0 >= ttl }))
        var count = settings.tries
        var chance = (0..<count).reduce(1.0) { chance, _ in chance * loss }
        while chance > 0.0001, count < 12 {
            chance *= loss
            count += 1
        }
        return count
    }
}

// MARK: - Sending and giving up

extension PathMTUPlan {
    private mutating func issue(_ size: Int, to ttl: Int, at now: Duration) -> Probe {
        let isControl = size <= PathMTUSettings.small
        if isControl {
            controls += 1
            noteSmall(to: ttl, sent: 1)
        }
        let flow: UInt16 = if case .constant(let flow) = settings.trace.flow { flow } else { 0 }
        let probe = ledger.issue(
            to: target, ttl: UInt8(clamping: ttl), sequence: isControl ? settings.trace.queries + controls : 0,
            flow: flow,
            size: UInt16(clamping: size - headerSize), at: now)
        let patience = settings.trace.patience
        let wait = roundTrips[ttl].map { patience.here($0) } ?? patience.max
        deadlines[probe.id] = now + max(wait, min(settings.floor, patience.max))
        return probe
    }

    private mutating func due(at now: Duration, upTo most: Int) -> [Probe] {
        var probes: [Probe] = []
        for index in trials.indices {
            while probes.count < most, let size = trials[index].sizeToSend(at: now), ledger.outCount < Self.ownWindow,
                pacer.take(upTo: 1, at: now) > 0
            {
                trials[index].noteSent(size)
                probes.append(issue(size, to: trials[index].ttl, at: now))
            }
        }
        return probes
    }

    private mutating func expire(at now: Duration) -> [Probe] {
        let due = deadlines.filter { $0.value <= now }.keys.sorted()
        var expired: [Probe] = []
        for id in due {
            deadlines[id] = nil
            guard let probe = ledger.expire(id) else { continue }
            lose(probe)
            expired.append(probe)
        }
        return expired
    }

    private func wake(after now: Duration) -> Duration { deadlines.values.min() ?? now + .seconds(3600) }
}
