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
        guard let found = await lookUp(target, resolver, options) else {
            throw ProbeError(.cancelled, "The run was cancelled while \(UntrustedText(target.text)) was looked up")
        }
        return (try found.result.get(), found.took)
    }

    /// Looks up a target within the time that a run may last; nil where the task is cancelled.
    fileprivate static func lookUp(
        _ target: any ProbeTargetConvertible, _ resolver: any NameResolver, _ options: RunOptions
    ) async -> (result: Result<ProbeTarget, ProbeError>, took: Duration)? {
        let found = await promptAnswer(within: options.deadline) {
            await Result { () async throws(ProbeError) in
                try await target.probeTarget(using: resolver, family: options.family)
            }
        }
        if let found { return (found.answer, found.took) }
        guard !Task.isCancelled, let deadline = options.deadline else { return nil }
        let error = ProbeError(
            .lookupFailed, "No address of \(UntrustedText(target.text)) was found within the \(deadline) of the run")
        return (.failure(error), deadline)
    }
}

/// What is being looked up, and what has been found.
private final class TargetDesk: Sendable {
    typealias Found = (position: Int, result: Result<ProbeTarget, ProbeError>, took: Duration)

    private struct State {
        var found = Queue<Found>()
        /// Those that are being looked up, without their task as long as that is not known.
        var lookups: [Int: Task<Void, Never>?] = [:]
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
        for task in lookups.values { task?.cancel() }
        waiter?.resume()
    }

    func lookUp(_ target: any ProbeTargetConvertible, _ position: Int) {
        state.withLock { $0.lookups[position] = .some(nil) }
        // At once, so that an address, which needs no look-up, is found when this returns.
        let task = Task.immediate { [resolver, options] in
            guard let found = await TargetSupply.lookUp(target, resolver, options) else { return }
            settle((position, found.result, found.took))
        }
        state.withLock { state in
            if !state.lookups.keys.contains(position) { task.cancel() } else { state.lookups[position] = task }
        }
    }

    /// Takes note of what was found, or of why nothing was.
    private func settle(_ found: Found) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.lookups.removeValue(forKey: found.position) != nil else { return nil }
            state.found.append(found)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
