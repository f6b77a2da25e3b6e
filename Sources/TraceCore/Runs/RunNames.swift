/// Looks up the names of the addresses that a run meets, beside the run: no probe ever waits for a name.
///
/// A name that the resolver knows already becomes an event at once. Others are looked up by tasks, so many at a
/// time, and are collected whenever the run comes by.
final class RunNames: Sendable {
    /// The most addresses that are known to have been asked for. A sweep of the whole internet meets more; what is
    /// forgotten is asked for again, mostly of what the resolver knows already.
    static let metLimit = 65_536
    /// The most addresses that wait to be looked up. A name that comes an hour after its answer helps nobody.
    static let waitingLimit = 16_384

    /// How soon it is worth looking whether a name has come that was just asked for, and how seldom at the least.
    static let firstWait = Duration.milliseconds(4)
    static let longestWait = Duration.milliseconds(256)

    private struct State {
        var met = RecentSet<IPAddress>(limit: RunNames.metLimit)
        var waiting = WaitingLine<IPAddress>()
        var found: [(IPAddress, UntrustedText?)] = []
        var tasks: [IPAddress: Task<Void, Never>] = [:]
        var finished: CheckedContinuation<Void, Never>?
    }

    private let resolver: any NameResolver
    private let options: RunOptions
    private let state = Lock(State())

    init(resolver: any NameResolver, options: RunOptions) {
        self.resolver = resolver
        self.options = options
        if options.names { state.withLock { $0.met.reserveCapacity(32) } }
    }

    /// Takes note of an address that answered; returns whether its name has to be looked up.
    @discardableResult
    func meet(_ address: IPAddress, into events: inout [ProbeEvent], at now: Duration) -> Bool {
        guard options.names, state.withLock({ $0.met.insert(address) }) else { return false }
        switch resolver.known(address) {
        case .none: events.append(ProbeEvent(at: now, .named(address, nil)))
        case .name(let name): events.append(ProbeEvent(at: now, .named(address, name)))
        case .unknown:
            state.withLock { state in
                // Whoever answers again later has another chance.
                guard state.waiting.count < Self.waitingLimit else { return state.met.remove(address) }
                state.waiting.append(address)
            }
            startTasks()
            return true
        }
        return false
    }

    /// Adds the names that have been found since the last time, and whom nobody knows a name of.
    func collect(into events: inout [ProbeEvent], at now: Duration) {
        for (address, name) in state.withLock({ state in
            defer { state.found.removeAll() }
            return state.found
        }) { events.append(ProbeEvent(at: now, .named(address, name))) }
    }

    /// How many addresses are remembered, and how many of them wait to be looked up.
    var load: (met: Int, waiting: Int) { state.withLock { ($0.met.count, $0.waiting.count) } }

    /// Whether names are being looked up.
    var isBusy: Bool { state.withLock { !$0.tasks.isEmpty || !$0.waiting.isEmpty || !$0.found.isEmpty } }

    /// Waits for the names that are being looked up, but not for long, and not at all in a cancelled run.
    ///
    /// - Parameter channel: The run's, whose time it is that is not to be long.
    func finish(on channel: any ProbeChannel) async {
        let deadline = channel.now + options.nameGrace
        await finish { await channel.sleep(until: deadline) }
    }

    /// The same, beside other runs on the channel: in real time, since the channel's may be theirs to wait for.
    func finish() async {
        let grace = options.nameGrace
        await finish { try? await Task.sleep(for: grace) }
    }

    private func finish(within grace: @escaping @Sendable () async -> Void) async {
        if state.withLock({ !$0.tasks.isEmpty || !$0.waiting.isEmpty }) {
            let limit = Task {
                await grace()
                stop()
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isDone = state.withLock { state in
                        guard !state.tasks.isEmpty || !state.waiting.isEmpty else { return true }
                        state.finished = continuation
                        return false
                    }
                    if isDone { continuation.resume() }
                }
            } onCancel: {
                stop()
            }
            limit.cancel()
        }
    }

    /// Gives up the look-ups that are under way.
    func stop() {
        let (tasks, finished) = state.withLock { state in
            defer {
                state.tasks = [:]
                state.waiting = WaitingLine()
                state.finished = nil
            }
            return (state.tasks, state.finished)
        }
        for task in tasks.values { task.cancel() }
        finished?.resume()
    }

    private func startTasks() {
        state.withLock { state in
            while state.tasks.count < options.nameLimit, let address = state.waiting.popFirst() {
                state.tasks[address] = Task { [resolver] in
                    self.found(address, await resolver.name(of: address))
                }
            }
        }
    }

    private func found(_ address: IPAddress, _ name: UntrustedText?) {
        let finished = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.tasks.removeValue(forKey: address) != nil else { return nil }
            state.found.append((address, name))
            guard state.tasks.isEmpty, state.waiting.isEmpty else { return nil }
            defer { state.finished = nil }
            return state.finished
        }
        finished?.resume()
        startTasks()
    }
}
