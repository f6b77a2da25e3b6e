/// What happened in one of many runs.
public struct FleetEvent: Sendable {
    /// Which of the targets the run is for, counted from 0 in the order in which they were given.
    public let position: Int
    /// The event of the run, or why there is no run for the target: no such host, an address of the other family.
    public let event: Result<ProbeEvent, ProbeError>

    /// An event of one of many runs.
    public init(position: Int, event: Result<ProbeEvent, ProbeError>) {
        self.position = position
        self.event = event
    }
}

/// What came of one of many targets.
public struct FleetTrace: Sendable {
    /// Which of the targets it is, counted from 0 in the order in which they were given.
    public let position: Int
    /// The path, or why it could not be traced.
    public let trace: Result<TraceReport, ProbeError>

    /// The trace of one of many targets.
    public init(position: Int, trace: Result<TraceReport, ProbeError>) {
        self.position = position
        self.trace = trace
    }
}
