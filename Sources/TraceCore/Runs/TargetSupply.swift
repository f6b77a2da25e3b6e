/// The targets of many runs: taken from a list as there is room for them, and looked up ahead, many at the same time.
///
/// They come out as they are found: a name whose servers keep silent holds nobody up.
final class TargetSupply {
    /// What comes out next.
    enum Next {
        /// The target at a position, or why there is none, and how long it was looked for.
        case target(position: Int, Result<ProbeTarget, ProbeError>, took: Duration)
        /// Targets that are still being looked up.
        case pending
        /// Nothing any more.
        case finished
    }

    /// How many are looked up at the same time.
    private static let limit = 64

    private let targets: AnyIterator<any ProbeTargetConvertible>
    private let desk: TargetDesk
    private var position = 0

    init(_ targets: AnyIterator<any ProbeTargetConvertible>, resolver: any NameResolver, options: RunOptions) {
        self.targets = targets
        desk = TargetDesk(resolver, options)
    }

    /// The next target, with some of those behind it looked up meanwhile.
    func next() -> Next {
        var hasMore = true
        while hasMore, desk.count < Self.limit {
            guard let target = targets.next() else {
                hasMore = false
                break
            }
            desk.lookUp(target, position)
            position += 1
        }
        if let found = desk.take() { return .target(position: found.position, found.result, took: found.took) }
        return hasMore || desk.count > 0 ? .pending : .finished
    }

    /// Waits until a target has been found, or the task is cancelled.
    func wait() async { await desk.wait() }

    /// Gives up what is being looked up.
    func stop() { desk.stop() }

    /// Looks up one target, within the time that a run may last.
    ///
    /// - Returns: The target, and how long that took.
    /// - Throws: `cancelled` as soon as the task is, whatever the resolver does.
    static func find(
        _ target: some ProbeTargetConvertible, resolver: any NameResolver, options: RunOptions
    ) async throws(ProbeError) -> (ProbeTarget, took: Duration) {
        // Nothing is looked up for these.
        if target is ProbeTarget || target is IPAddress {
            return (try await target.probeTarget(using: resolver, family: options.family), .zero)
        }
        let desk = TargetDesk(resolver, options)
        desk.lookUp(target, 0)
        await desk.wait()
        guard let found = desk.take() else {
            throw ProbeError(.cancelled, "The run was cancelled while \(UntrustedText(target.text)) was looked up")
        }
        return (try found.result.get(), found.took)
    }
}

/// What is being looked up, and what has been found.
private final class TargetDesk: Sendable {
    typealias Found = (position: Int, result: Result<ProbeTarget, ProbeError>, took: Duration)

    private struct State {
        var found = WaitingLine<Found>()
        var lookups: [Int: [Task<Void, Never>]] = [:]
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let resolver: any NameResolver
    private let options: RunOptions
    private let state = Lock(State())

    init(_ resolver: any NameResolver, _ options: RunOptions) {
        self.resolver = resolver
        self.options = options
    }

    /// How many are being looked up, or have been found and not taken.
    var count: Int { state.withLock { $0.lookups.count + $0.found.count } }

    func take() -> Found? { state.withLock { $0.found.popFirst() } }

    /// Waits until something has been found, nothing is looked up any more, or the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if !state.found.isEmpty || state.lookups.isEmpty || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            stop()
        }
    }

    func stop() {
        let (lookups, waiter) = state.withLock { state in
            defer {
                state.lookups = [:]
                state.waiter = nil
            }
            return (state.lookups, state.waiter)
        }
        for task in lookups.values.joined() { task.cancel() }
        waiter?.resume()
    }

    func lookUp(_ target: any ProbeTargetConvertible, _ position: Int) {
        let began = ContinuousClock.now
        state.withLock { $0.lookups[position] = [] }
        // At once, so that an address, which needs no look-up, is found when this returns.
        let task = Task.immediate { [resolver, options] in
            let result: Result<ProbeTarget, ProbeError>
            do throws(ProbeError) {
                result = .success(try await target.probeTarget(using: resolver, family: options.family))
            } catch {
                result = .failure(error)
            }
            settle(position, result, began)
        }
        keep(task, for: position)
        guard let deadline = options.deadline, state.withLock({ $0.lookups[position] != nil }) else { return }
        let limit = Task {
            try? await Task.sleep(for: deadline)
            let error = ProbeError(
                .lookupFailed, "No address of \(UntrustedText(target.text)) was found within the \(deadline) of the run"
            )
            settle(position, .failure(error), began)
        }
        keep(limit, for: position)
    }

    /// Keeps a task while its target is being looked up.
    private func keep(_ task: Task<Void, Never>, for position: Int) {
        state.withLock { state in
            if state.lookups[position] == nil { task.cancel() } else { state.lookups[position]?.append(task) }
        }
    }

    /// Takes note of what was found, or of why nothing was; what comes later does not count.
    private func settle(
        _ position: Int, _ result: Result<ProbeTarget, ProbeError>, _ began: ContinuousClock.Instant
    ) {
        let (tasks, waiter) = state.withLock { state -> ([Task<Void, Never>], CheckedContinuation<Void, Never>?) in
            guard let tasks = state.lookups.removeValue(forKey: position) else { return ([], nil) }
            // What is known without asking takes no time, and a simulated run is the same each time.
            let took = tasks.isEmpty ? .zero : began.duration(to: .now)
            state.found.append((position, result, took))
            defer { state.waiter = nil }
            return (tasks, state.waiter)
        }
        for task in tasks { task.cancel() }
        waiter?.resume()
    }
}
