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
