/// The task of the runs that somebody reads of, and the values that lie between the two: dropping it ends the runs.
///
/// Values are handed over in batches. The runs wait while too much lies there, so a slow reader slows them down and never
/// makes them grow. A cancelled run does not wait, so that it can come to its end and say so.
final class RunTask<Element: Sendable>: Sendable {
    typealias Body = @Sendable (_ sink: (inout [Element]) async -> Void) async throws(ProbeError) -> Void

    private let body: Body
    private let pipe: Pipe
    private let task = Lock<Task<Void, Never>?>(nil)

    /// - Parameters:
    ///   - limit: How many values may lie there before the runs wait.
    ///   - body: Makes the runs.
    init(limit: Int, _ body: @escaping Body) {
        self.body = body
        pipe = Pipe(limit: limit)
    }

    deinit {
        task.withLock { $0?.cancel() }
        pipe.close()
    }

    /// Ends the runs with the reason `cancelled`, if they have begun; what they say then can still be read.
    func cancel() { task.withLock { $0 }?.cancel() }

    /// Begins the runs, if they have not begun, and waits until there is something to read.
    ///
    /// - Throws: Why they could not begin.
    func open() async throws(ProbeError) {
        await untilReadable()
        if let failure = pipe.failure { throw failure }
    }

    /// The next values, or none after the last; the first call begins the runs.
    func receive() async throws(ProbeError) -> [Element] {
        await untilReadable()
        return try pipe.take()
    }

    private func untilReadable() async {
        let running = task.withLock { task in
            let running = task ?? start()
            task = running
            return running
        }
        await withTaskCancellationHandler {
            await pipe.wait()
        } onCancel: {
            running.cancel()
        }
    }

    /// Starts the runs. Their task holds the pipe and not this object, so that the object can be dropped while they run.
    private func start() -> Task<Void, Never> {
        Task { [body, pipe] in
            do throws(ProbeError) {
                try await body { values in await pipe.send(&values) }
                pipe.finish()
            } catch {
                pipe.finish(error)
            }
        }
    }
}

extension RunTask {
    /// What lies between the runs and their reader.
    private final class Pipe: Sendable {
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

        init(limit: Int) { self.limit = limit }

        /// Puts values in, and takes them out of the caller's array; waits where too many lie here.
        func send(_ values: inout [Element]) async {
            let (reader, isFull) = state.withLock { state in
                defer { state.reader = nil }
                if !state.isClosed { state.buffer.append(contentsOf: values) }
                return (state.reader, state.buffer.count > limit)
            }
            values.removeAll(keepingCapacity: true)
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

        /// Waits until there is something to take, or nothing more comes.
        func wait() async {
            await withCheckedContinuation { continuation in
                let (isReady, other) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
                    if !state.buffer.isEmpty || state.isFinished { return (true, nil) }
                    // There is one reader; a second one must not leave the first waiting for ever.
                    defer { state.reader = continuation }
                    return (false, state.reader)
                }
                if isReady { continuation.resume() }
                other?.resume()
            }
        }

        /// Takes out all that is there; nothing means that nothing more comes.
        func take() throws(ProbeError) -> [Element] {
            let (values, failure) = state.withLock { state in
                let values = state.buffer
                state.buffer = []
                return (values, values.isEmpty ? state.failure : nil)
            }
            releaseWriter()
            if let failure { throw failure }
            return values
        }

        /// Why nothing came at all.
        var failure: ProbeError? { state.withLock { $0.buffer.isEmpty ? $0.failure : nil } }

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
}
