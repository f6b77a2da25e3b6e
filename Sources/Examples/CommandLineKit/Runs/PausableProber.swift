public import TraceCore

/// A prober that sends nothing while a gate is closed.
///
/// The run's time stands still meanwhile: no round falls due and no probe is given up, so that a pause leaves no trace in
/// the statistics. Answers to what is out already are received afterwards, with their true round trips.
public struct PausableProber<Base: Prober>: Prober {
    private let base: Base
    private let gate: PauseGate

    /// A prober behind a gate.
    public init(_ base: Base, gate: PauseGate) {
        self.base = base
        self.gate = gate
    }

    /// The resolver of the prober itself.
    public var resolver: any NameResolver { base.resolver }

    /// Opens a channel of the prober itself.
    public func open(_ settings: ChannelSettings) async throws(ProbeError) -> any ProbeChannel {
        PausableChannel(try await base.open(settings), gate: gate)
    }
}
