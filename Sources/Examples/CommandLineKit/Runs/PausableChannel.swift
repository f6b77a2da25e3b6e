public import TraceCore

/// An open way to the network that sends nothing while a gate is closed.
final class PausableChannel: ProbeChannel {
    private struct Time {
        /// How long the channel has waited at the gate.
        var lost: Duration = .zero
        /// When the last pause began, in the run's time.
        var pausedAt: Duration = .zero
    }

    private let base: any ProbeChannel
    private let gate: PauseGate
    private let time = Lock(Time())

    init(_ base: any ProbeChannel, gate: PauseGate) {
        self.base = base
        self.gate = gate
    }

    /// The facts of the channel itself.
    var facts: ChannelFacts { base.facts }

    /// The facts of the channel itself.
    func facts(for target: IPAddress) -> ChannelFacts { base.facts(for: target) }

    /// The time since the channel was opened, without the pauses.
    var now: Duration { base.now - time.withLock { $0.lost } }

    /// The source of the channel itself.
    func source(for target: IPAddress) -> IPAddress? { base.source(for: target) }

    /// Sends probes once the gate is open; of a cancelled run, none.
    func send(_ probes: [Probe]) async throws(ProbeError) -> [Probe.Failure] {
        let before = base.now
        if await gate.pass() {
            time.withLock { time in
                time.pausedAt = before - time.lost
                time.lost += base.now - before
            }
            if Task.isCancelled {
                return probes.map { Probe.Failure(probe: $0.id, error: ProbeError(.network, "The run was cancelled")) }
            }
        }
        return try await base.send(probes)
    }

    /// So often the plan is asked anew: whoever changes its settings does not wait for the next round.
    private static let pulse = Duration.milliseconds(100)

    /// Waits for answers as the channel itself does, and no longer than a moment.
    func receive(until deadline: Duration) async throws(ProbeError) -> [Arrival] {
        let time = time.withLock { $0 }
        let arrivals = try await base.receive(until: min(deadline + time.lost, base.now + Self.pulse))
        guard time.lost > .zero else { return arrivals }
        // What came while the run's time stood still came when it stood still.
        return arrivals.map { arrival in
            Arrival(
                probe: arrival.probe, at: max(arrival.at - time.lost, time.pausedAt), reply: arrival.reply)
        }
    }

    /// The failures of the channel itself.
    func takeFailures() -> [Probe.Failure] { base.takeFailures() }

    /// The counts of the channel itself.
    var counts: ChannelFacts.Counts { base.counts }

    /// Waits as the channel itself does, which knows nothing of the pauses.
    func sleep(until deadline: Duration) async {
        await base.sleep(until: deadline + time.withLock { $0.lost })
    }

    /// Closes the channel itself.
    func close() { base.close() }
}

/// A prober that sends nothing while a gate is closed.
///
/// The run's time stands still meanwhile: no round falls due and no probe is given up, so that a pause leaves no trace in
/// the statistics. Answers to what is out already are received afterwards, with their true round trips.
public struct PausableProber: Prober {
    private let base: any Prober
    private let gate: PauseGate

    /// A prober behind a gate.
    public init(_ base: any Prober, gate: PauseGate) {
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
