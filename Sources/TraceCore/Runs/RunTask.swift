/// The task of one run whose events somebody reads; dropping it ends the run.
final class RunTask<Event: Sendable>: Sendable {
    typealias Body = @Sendable (_ sink: (inout [Event]) async -> Void) async throws(ProbeError) -> Void

    private let body: Body
    private let pipe = EventPipe<Event>()
    private let task = Lock<Task<Void, Never>?>(nil)

    init(_ body: @escaping Body) { self.body = body }

    deinit {
        task.withLock { $0?.cancel() }
        pipe.close()
    }

    /// The next events, or none after the last; the first call starts the run.
    func receive() async throws(ProbeError) -> [Event] {
        let running = task.withLock { task in
            let running = task ?? start()
            task = running
            return running
        }
        let result = await withTaskCancellationHandler {
            await Result(catching: pipe.receive)
        } onCancel: {
            running.cancel()
        }
        return try result.get()
    }

    /// Starts the run. Its task holds the pipe and not this object, so that the object can be dropped while it runs.
    private func start() -> Task<Void, Never> {
        Task { [body, pipe] in
            do throws(ProbeError) {
                try await body { events in await pipe.send(&events) }
                pipe.finish()
            } catch {
                pipe.finish(error)
            }
        }
    }
}

extension Result {
    init(catching body: () async throws(Failure) -> Success) async {
        do throws(Failure) { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
