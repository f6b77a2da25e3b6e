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

extension FleetEvent: Codable {
    /// Reads an event; without the number of a run, it is of the run 0.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: EventKey.self)
        self.init(
            position: try container.decodeIfPresent(Int.self, forKey: .runID) ?? 0,
            event: .success(try ProbeEvent(from: decoder)))
    }

    /// Writes the event as that of one run, with the number of the run beside it.
    ///
    /// A run that could not begin is written as one that failed: its end is the only event of it.
    public func encode(to encoder: any Encoder) throws {
        switch event {
        case .success(let event): try event.encode(to: encoder)
        case .failure(let error):
            try ProbeEvent(at: .zero, .ended(RunEnd(.failed, error: error))).encode(to: encoder)
        }
        var container = encoder.container(keyedBy: EventKey.self)
        try container.encode(position, forKey: .runID)
    }
}

/// What came of one of many targets.
public struct FleetReport<Report: Sendable>: Sendable {
    /// Which of the targets it is, counted from 0 in the order in which they were given.
    public let position: Int
    /// The target as it was given: a name or an address.
    public let target: String
    /// The report, or why there is none.
    public let result: Result<Report, ProbeError>

    /// What came of one of many targets.
    public init(position: Int, target: String, result: Result<Report, ProbeError>) {
        self.position = position
        self.target = target
        self.result = result
    }
}
