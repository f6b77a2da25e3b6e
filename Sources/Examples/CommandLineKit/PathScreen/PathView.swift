internal import TraceCore

/// What the screen knows of a path: the folds over the events since the statistics were last reset.
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
    /// The hops that are asked, where a person has changed them.
    var hops: ClosedRange<UInt8>?

    /// A view of a run that has not begun.
    init() {}

    /// The path as it is now, or nil before the run has begun.
    var report: MonitorReport? {
        guard var report = fold.report() else { return nil }
        if let hops { report.hops.removeAll { UInt8(exactly: $0.ttl).map { !hops.contains($0) } ?? true } }
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
        now = max(now, event.at)
        if let probe = event.probe {
            guard (firstRound..<Int.max).contains(probe.sequence) else { return }
            lastRound = max(lastRound, probe.sequence)
            flows.insert(probe.flow)
        }
        switch event.fact {
        case .started(let run): self.run = run
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
        apply(ProbeEvent(at: now, .named(address, name)))
    }

    /// Begins the statistics anew; the run goes on.
    mutating func reset() {
        fold = MonitorReport.Fold()
        pathFold = PathSetReport.Fold()
        samples = RecentSamples()
        flows = []
        // The round that is under way counts no more: its first hops have been asked before.
        firstRound = lastRound + 1
        guard let run else { return }
        fold.apply(ProbeEvent(at: now, .started(run)))
        pathFold.apply(ProbeEvent(at: now, .started(run)))
        for (address, name) in names { fold.apply(ProbeEvent(at: now, .named(address, name))) }
    }
}
