/// Looks up the targets of a fleet, some of them ahead and many at the same time.
///
/// They come out as they are found: a name whose servers keep silent holds nobody up.
final class TargetDesk: Sendable {
    /// What comes out next.
    enum Supply: Sendable {
        /// The target at a position, or why it cannot be traced.
        case target(position: Int, Result<ProbeTarget, ProbeError>)
        /// Targets that are still being looked up.
        case pending
        /// Nothing any more.
        case finished
    }

    private struct State {
        var found: [(position: Int, result: Result<ProbeTarget, ProbeError>)] = []
        var head = 0
        var lookups: [Int: Task<Void, Never>] = [:]
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// How many are looked up at the same time.
    private static let limit = 64

    private let resolver: any NameResolver
    private let family: IPAddress.Family?
    private let state = Lock(State())

    init(resolver: any NameResolver, family: IPAddress.Family?) {
        self.resolver = resolver
        self.family = family
    }

    /// The next target, with some of those behind it looked up meanwhile.
    func next(from targets: AnyIterator<any ProbeTargetConvertible>, _ position: inout Int) -> Supply {
        var hasMore = true
        while hasMore, state.withLock({ $0.lookups.count + $0.found.count - $0.head < Self.limit }) {
            guard let target = targets.next() else {
                hasMore = false
                break
            }
            lookUp(target, position)
            position += 1
        }
        return state.withLock { state in
            if state.head < state.found.count {
                let first = state.found[state.head]
                state.head += 1
                if state.head == state.found.count {
                    state.found.removeAll(keepingCapacity: true)
                    state.head = 0
                }
                return .target(position: first.position, first.result)
            }
            return hasMore || !state.lookups.isEmpty ? .pending : .finished
        }
    }

    /// Waits until a target has been found, or the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.head < state.found.count || state.lookups.isEmpty || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            stop()
        }
    }

    /// Gives up what is being looked up.
    func stop() {
        let (lookups, waiter) = state.withLock { state in
            defer {
                state.lookups = [:]
                state.waiter = nil
            }
            return (state.lookups, state.waiter)
        }
        for lookup in lookups.values { lookup.cancel() }
        waiter?.resume()
    }

    private func lookUp(_ target: any ProbeTargetConvertible, _ position: Int) {
        // At once, so that an address, which needs no look-up, is found when this returns.
        let task = Task.immediate { [resolver, family] in
            let result: Result<ProbeTarget, ProbeError>
            do throws(ProbeError) {
                result = .success(try await target.probeTarget(using: resolver, family: family))
            } catch {
                result = .failure(error)
            }
            found(result, position)
        }
        state.withLock { state in
            // It may be done already.
            if !state.found[state.head...].contains(where: { $0.position == position }) {
                state.lookups[position] = task
            }
        }
    }

    private func found(_ result: Result<ProbeTarget, ProbeError>, _ position: Int) {
        let waiter = state.withLock { state in
            state.lookups[position] = nil
            state.found.append((position, result))
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
