internal import TraceCore

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

    /// Closes the gate: who comes by has to wait.
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
