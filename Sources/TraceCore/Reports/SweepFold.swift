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
        switch event.fact {
        // A recorded run may say anything, and the report grows beyond this by itself.
        case .started(let run): results.reserveCapacity(min(max(0, run.parameters.count ?? 0), 1 << 16))
        case .ended(let end): self.end = end
        default: break
        }
    }

    /// The report so far, or nil before the run's first event.
    public func report() -> SweepReport? {
        tally.run.map { SweepReport(run: $0, results: results, end: end) }
    }
}
