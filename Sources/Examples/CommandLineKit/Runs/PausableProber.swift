public import TraceCore

/// Holds a run up and lets it go on.
public final class PauseGate: Sendable {
    private struct State {
        var isClosed = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextID = 0
    }

    private let state = Lock(State())

    /// An open gate.
    public init() {}

    /// Holds up whoever comes by.
    public func close() { state.withLock { $0.isClosed = true } }

    /// Lets everybody go on.
    public func open() {
        let waiting = state.withLock { state in
            state.isClosed = false
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// How many tasks wait at the gate.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Waits while the gate is closed, and no longer than the task lasts.
    ///
    /// - Returns: Whether it had to wait.
    @discardableResult public func pass() async -> Bool {
        let id: Int? = state.withLock { state in
            guard state.isClosed else { return nil }
            state.nextID += 1
            return state.nextID
        }
        guard let id else { return false }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGoOn = state.withLock { state in
                    if !state.isClosed || Task.isCancelled { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
        return true
    }
}

/// A prober that sends nothing while a gate is closed.
///
/// The run's time stands still meanwhile: no round falls due and no probe is given up, so that a pause leaves no trace in the
/// statistics. Answers to what is out already are received afterwards, with their true round trips.
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
    public func open(_ settings: ChannelSettings) async throws(ProbeError) -> PausableChannel {
        PausableChannel(try await base.open(settings), gate: gate)
    }
}

/// An open way to the network that sends nothing while a gate is closed.
public final class PausableChannel: ProbeChannel {
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
    public var facts: ChannelFacts { base.facts }

    /// The time since the channel was opened, without the pauses.
    public var now: Duration { base.now - time.withLock { $0.lost } }

    /// The source of the channel itself.
    public func source(for target: IPAddress) -> IPAddress? { base.source(for: target) }

    /// Sends probes once the gate is open; of a cancelled run, none.
    public func send(_ probes: [Probe]) async throws(ProbeError) -> [SendFailure] {
        let before = base.now
        if await gate.pass() {
            time.withLock { time in
                time.pausedAt = before - time.lost
                time.lost += base.now - before
            }
            if Task.isCancelled {
                return probes.map { SendFailure(probe: $0.id, error: ProbeError(.network, "The run was cancelled")) }
            }
        }
        return try await base.send(probes)
    }

    /// Waits for answers as the channel itself does.
    public func receive(until deadline: Duration) async throws(ProbeError) -> [Arrival] {
        let time = time.withLock { $0 }
        let arrivals = try await base.receive(until: deadline + time.lost)
        guard time.lost > .zero else { return arrivals }
        // What came while the run's time stood still came when it stood still.
        return arrivals.map { arrival in
            Arrival(
                probe: arrival.probe, at: max(arrival.at - time.lost, time.pausedAt), response: arrival.response)
        }
    }

    /// Closes the channel itself.
    public func close() { base.close() }
}
