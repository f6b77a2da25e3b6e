import TraceCore

/// Finds the first router on the way to a host.
struct FirstHopFinder: ProbeRunner {
    let prober: any Prober
    var settings: FirstHopSettings
    var options: RunOptions

    init(
        _ prober: some Prober, settings: FirstHopSettings = FirstHopSettings(), options: RunOptions = RunOptions()
    ) {
        self.prober = prober
        self.settings = settings
        self.options = options
    }
}

// MARK: - What it asks

/// How the first hop is asked.
struct FirstHopSettings: RunSettings {
    /// How many probes are sent.
    var count = 3
    /// How long an answer is waited for.
    var timeout: Duration = .seconds(1)

    typealias Fold = FirstHopReport.Fold

    static var verb: Verb { "first-hop" }

    func validate() throws(ProbeError) {
        guard (1...100).contains(count) else {
            throw ProbeError(.badSetting, "A setting cannot be used: from 1 to 100 probes ask the first hop")
        }
        guard timeout > .zero, timeout <= .seconds(3600) else {
            throw ProbeError(
                .badSetting, "A setting cannot be used: the timeout must be more than zero, and an hour at most")
        }
    }

    var needs: ChannelSettings { ChannelSettings(capacity: count, timeout: timeout) }

    func plan(for target: IPAddress, over facts: ChannelFacts) throws(ProbeError) -> FirstHopPlan {
        FirstHopPlan(target: target, count: count, timeout: timeout)
    }

    func parameters(over facts: ChannelFacts) -> RunDescription.Parameters {
        RunDescription.Parameters(firstTTL: 1, maxTTL: 1, queries: count).with(facts)
    }
}

/// Sends all probes at once, with TTL 1, and ends when all are decided.
struct FirstHopPlan: ProbePlan {
    private enum Fate { case out, answered, timedOut, failed }

    private struct Entry {
        let probe: Probe
        let due: Duration
        var fate: Fate
    }

    private let target: IPAddress
    private let count: Int
    private let timeout: Duration
    /// By the number of the probe.
    private var entries: [Entry] = []

    init(target: IPAddress, count: Int, timeout: Duration) {
        self.target = target
        self.count = count
        self.timeout = timeout
    }

    mutating func step(at now: Duration, sending most: Int) -> PlanStep {
        var expired: [Probe] = []
        for index in entries.indices where entries[index].fate == .out && entries[index].due <= now {
            entries[index].fate = .timedOut
            expired.append(entries[index].probe)
        }
        if !expired.isEmpty { return .timedOut(expired) }

        let left = count - entries.count
        if left > 0, most > 0 {
            var probes: [Probe] = []
            for _ in 0..<min(left, most) {
                let id = entries.count
                let probe = Probe(id: id, target: target, ttl: 1, sequence: id)
                entries.append(Entry(probe: probe, due: now + timeout, fate: .out))
                probes.append(probe)
            }
            return .send(probes)
        }

        // They all wait equally long, so the first that is out is the first due.
        let next = entries.first { $0.fate == .out }?.due
        if left == 0, next == nil { return .end(RunEnd(.completed)) }
        return .wait(until: next ?? now + .seconds(3600), nextSend: left > 0 ? Duration.zero : nil)
    }

    mutating func receive(_ arrival: Arrival) -> ArrivalFate {
        guard entries.indices.contains(arrival.probe) else { return .stray }
        let entry = entries[arrival.probe]
        switch entry.fate {
        case .out:
            entries[arrival.probe].fate = .answered
            return .reply(entry.probe)
        case .timedOut:
            entries[arrival.probe].fate = .answered
            return .late(entry.probe)
        case .answered: return .duplicate(entry.probe)
        case .failed: return .stray
        }
    }

    mutating func sendFailed(_ id: Probe.ID, _ error: ProbeError, at now: Duration) -> Probe? {
        guard entries.indices.contains(id), entries[id].fate == .out else { return nil }
        entries[id].fate = .failed
        return entries[id].probe
    }
}

// MARK: - What it finds

/// The first hop on the way to a host.
struct FirstHopReport: Sendable, Hashable {
    /// A router, or the target itself where that is one hop away.
    struct Router: Sendable, Hashable {
        let address: IPAddress
        /// Its name, where it is known.
        var name: UntrustedText?
        /// Whether it is the target.
        let isTarget: Bool
        /// Its answers, late ones too.
        var answers = 0
        /// Its shortest round trip.
        var shortest: Duration
    }

    var run: RunDescription
    /// Who answered, in the order of their first answers: several where the first hop is balanced.
    var routers: [Router]
    var sent: Int
    var answered: Int
    var lost: Int
    var failed: Int
    /// How the run ended, or nil while it lasts.
    var end: RunEnd?

    /// Builds the report from a run's events.
    struct Fold: EventFold {
        private var run: RunDescription?
        private var routers: [Router] = []
        private var names: [IPAddress: UntrustedText] = [:]
        private var sent = 0
        private var answered = 0
        private var lost = 0
        private var failed = 0
        private var end: RunEnd?

        init() {}

        mutating func apply(_ event: ProbeEvent) {
            switch event.fact {
            case .started(let run): self.run = run
            case .sent: sent += 1
            case .sendFailed: failed += 1
            case .timedOut: lost += 1
            case .reply(_, let reply):
                answered += 1
                add(reply)
            case .late(_, let reply): add(reply)
            case .duplicate: break
            case .named(let address, let name): names[address] = name
            case .ended(let end): self.end = end
            }
        }

        func report() -> FirstHopReport? {
            guard let run else { return nil }
            var named = routers
            for index in named.indices { named[index].name = names[named[index].address] }
            return FirstHopReport(
                run: run, routers: named, sent: sent, answered: answered, lost: lost, failed: failed, end: end)
        }

        private mutating func add(_ reply: ProbeReply) {
            let index: Int
            if let known = routers.firstIndex(where: { $0.address == reply.from }) {
                index = known
            } else {
                index = routers.count
                routers.append(
                    Router(address: reply.from, isTarget: reply.kind.isFromTarget, shortest: reply.rtt))
            }
            routers[index].answers += 1
            routers[index].shortest = min(routers[index].shortest, reply.rtt)
        }
    }
}

// MARK: - With the simulated internet

/// One target: the first router is 192.0.2.1, gw.home.example.
func firstHop() async throws -> FirstHopReport {
    try await FirstHopFinder(SimulatedProber(.icmp, .demo)).report(for: "tokyo.example")
}

/// Many targets, over one channel.
func firstHops() async throws -> [String: FirstHopReport] {
    let finder = FirstHopFinder(SimulatedProber(.udp, .demo))
    var found: [String: FirstHopReport] = [:]
    for try await next in finder.reports(for: ["tokyo.example", "london.example", "sydney.example"]) {
        found[next.target] = try next.result.get()
    }
    return found
}
