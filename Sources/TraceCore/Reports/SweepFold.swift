/// Builds a `SweepReport` from a run's events.
public struct SweepFold: EventFold {
    private var tally = SweepTally()
    private var results: [SweepResult] = []
    private var end: RunEnd?

    /// A fold that has seen nothing.
    public init() {}

    /// Takes in the next event.
    public mutating func apply(_ event: ProbeEvent) {
        if let result = tally.apply(event) { results.append(result) }
        if case .ended(let end) = event.fact { self.end = end }
    }

    /// The report so far, or nil before the run's first event.
    public func report() -> SweepReport? {
        tally.run.map { SweepReport(run: $0, results: results, end: end) }
    }
}
