/// Hands values from one task to another, in batches, with a bound on what lies in between.
///
/// The sender waits while too much lies there; so a slow reader slows a run down but never makes it grow. A
/// cancelled sender does not wait, so that it can come to its end and say so.
final class EventPipe<Element: Sendable>: Sendable {
    private struct State {
        var buffer: [Element] = []
        var isFinished = false
        var isClosed = false
        var failure: ProbeError?
        var reader: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
    }

    private let limit: Int
    private let state = Lock(State())

    init(limit: Int = 4096) { self.limit = limit }

    /// Puts values in, and takes them out of the caller's array.
    func send(_ elements: inout [Element]) async {
        let (reader, isFull) = state.withLock { state in
            defer { state.reader = nil }
            if !state.isClosed { state.buffer.append(contentsOf: elements) }
            return (state.reader, state.buffer.count > limit)
        }
        elements.removeAll(keepingCapacity: true)
        reader?.resume()
        guard isFull else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGoOn = state.withLock { state in
                    if state.buffer.count <= limit || state.isClosed || Task.isCancelled { return true }
                    state.writer = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        } onCancel: {
            releaseWriter()
        }
    }

    /// Says that nothing more comes, and why if it should have.
    func finish(_ failure: ProbeError? = nil) {
        let reader = state.withLock { state in
            defer { state.reader = nil }
            state.isFinished = true
            state.failure = failure
            return state.reader
        }
        reader?.resume()
    }

    /// Takes out all that is there, waiting for something; nothing means that it is finished.
    func receive() async throws(ProbeError) -> [Element] {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if !state.buffer.isEmpty || state.isFinished { return true }
                state.reader = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        let (elements, failure) = state.withLock { state in
            let elements = state.buffer
            state.buffer = []
            return (elements, elements.isEmpty ? state.failure : nil)
        }
        releaseWriter()
        if let failure { throw failure }
        return elements
    }

    /// Says that nobody reads any more: what is sent from now on is dropped.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.buffer = []
        }
        releaseWriter()
    }

    private func releaseWriter() {
        let writer = state.withLock { state in
            defer { state.writer = nil }
            return state.writer
        }
        writer?.resume()
    }
}
