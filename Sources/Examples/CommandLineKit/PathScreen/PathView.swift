internal import TraceCore

/// What the screen knows of a path: the folds over the events since the statistics were last reset.
///
/// A person may change how the path is asked. That makes another run, whose rounds follow those so far.
struct PathView: Sendable {
    /// The latest round trips.
    private(set) var samples = RecentSamples()
    /// When the last event happened.
    private(set) var now: Duration = .zero
    /// How the run ended, or nil while it lasts.
    private(set) var end: RunEnd?
    /// The last round that has begun, from 0; -1 before the first.
    private(set) var lastRound = -1
    /// The first round of the statistics: answers to probes of those before it belong to what was reset.
    private var firstRound = 0

    /// The flows that were asked by.
    private(set) var flows: Set<UInt16> = []

    private var fold = MonitorReport.Fold()
    private var pathFold = PathSetReport.Fold()
    private var run: RunDescription?
    private var names: [IPAddress: UntrustedText] = [:]
    /// How many rounds and probes the runs before this one had, and how long they took.
    private var earlier = (rounds: 0, probes: 0, time: Duration.zero)
    /// The hops of the probes that are out, and the greatest number of a probe.
    private var out: [Int: UInt8] = [:]
    private var lastProbe = -1
    /// The probes of runs that were left while they were out: neither lost nor answered.
    private var abandoned: [UInt8: Int] = [:]

    /// A view of a run that has not begun.
    init() {}

    /// The path as it is now, or nil before the run has begun.
    var report: MonitorReport? {
        guard var report = fold.report() else { return nil }
        // Hops of an earlier run that this one does not ask.
        if let last = report.run.parameters.maxTTL { report.hops.removeAll { $0.ttl > last } }
        for index in report.hops.indices {
            guard let ttl = UInt8(exactly: report.hops[index].ttl), let count = abandoned[ttl] else { continue }
            report.hops[index].sent -= count
        }
        return report
    }

    /// The paths that flows take, or nil before the run has begun; made anew each time, so only where it is shown.
    var paths: PathSetReport? { pathFold.report() }

    /// The name of an address, where it is known.
    func name(of address: IPAddress) -> UntrustedText? { names[address] }

    /// How many rounds the statistics are of.
    var rounds: Int { fold.report()?.rounds ?? 0 }

    /// The addresses whose names are not known.
    var nameless: [IPAddress] { report?.hops.flatMap(\.addresses).filter { $0.name == nil }.map(\.address) ?? [] }

    /// Takes in the next event of the run.
    mutating func apply(_ event: ProbeEvent) {
        guard let event = event.following(earlier, since: run?.startedAt) else { return }
        now = max(now, event.at)
        if let probe = event.probe {
            guard (firstRound..<Int.max).contains(probe.sequence) else { return }
            lastRound = max(lastRound, probe.sequence)
            lastProbe = max(lastProbe, probe.id)
            flows.insert(probe.flow)
        }
        switch event.fact {
        case .started(let run): self.run = run
        case .sent(let probe): out[probe.id] = probe.ttl
        case .reply(let probe, _), .timedOut(let probe), .sendFailed(let probe, _): out[probe.id] = nil
        case .named(let address, let name): names[address] = name ?? names[address]
        case .ended(let end): self.end = end
        default: break
        }
        fold.apply(event)
        pathFold.apply(event)
        samples.apply(event)
    }

    /// Takes in a name that was not looked up by the run.
    mutating func name(_ address: IPAddress, _ name: UntrustedText) {
        apply(ProbeEvent(at: now - earlier.time, .named(address, name)))
    }

    /// The next event is the first of another run, which goes on with the statistics.
    mutating func goOn() {
        earlier = (lastRound + 1, lastProbe + 1, now)
        for ttl in out.values { abandoned[ttl, default: 0] += 1 }
        out = [:]
        samples.forgetOut()
        flows = []
        end = nil
    }

    /// Begins the statistics anew; the run goes on.
    mutating func reset() {
        fold = MonitorReport.Fold()
        pathFold = PathSetReport.Fold()
        samples = RecentSamples()
        flows = []
        out = [:]
        abandoned = [:]
        // The round that is under way counts no more: its first hops have been asked before.
        firstRound = lastRound + 1
        guard let run else { return }
        fold.apply(ProbeEvent(at: now, .started(run)))
        pathFold.apply(ProbeEvent(at: now, .started(run)))
        for (address, name) in names { fold.apply(ProbeEvent(at: now, .named(address, name))) }
    }
}

extension ProbeEvent {
    /// The event as one of a run that goes on behind others; nil where the numbers of a recording leave no room.
    fileprivate func following(
        _ earlier: (rounds: Int, probes: Int, time: Duration), since start: UTCTime?
    ) -> ProbeEvent? {
        guard earlier.probes > 0 else { return self }
        func moved(_ probe: Probe) -> Probe? {
            let (id, isTooFar) = probe.id.addingReportingOverflow(earlier.probes)
            let (round, isTooLate) = probe.sequence.addingReportingOverflow(earlier.rounds)
            guard !isTooFar, !isTooLate else { return nil }
            return Probe(
                id: id, target: probe.target, ttl: probe.ttl, sequence: round, flow: probe.flow, size: probe.size)
        }
        let moved: Fact? =
            switch fact {
            case .started(var run):
                {
                    run.startedAt = start ?? run.startedAt
                    return .started(run)
                }()
            case .sent(let probe): moved(probe).map { .sent($0) }
            case .sendFailed(let probe, let error): moved(probe).map { .sendFailed($0, error) }
            case .reply(let probe, let reply): moved(probe).map { .reply($0, reply) }
            case .timedOut(let probe): moved(probe).map { .timedOut($0) }
            case .late(let probe, let reply): moved(probe).map { .late($0, reply) }
            case .duplicate(let probe, let reply): moved(probe).map { .duplicate($0, reply) }
            case .named, .ended: fact
            }
        return moved.map { ProbeEvent(at: at + earlier.time, $0) }
    }
}
