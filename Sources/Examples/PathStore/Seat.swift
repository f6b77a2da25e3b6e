internal import CTraceCoreSQLite
internal import TraceCore

/// A thread that does one job after the other: what waits for a disk must not hold up a thread that all tasks share.
final class StoreThread: SerialExecutor {
    /// What the thread itself holds on to, so that it ends when nobody needs it any more.
    // The gate is made for threads, and freed by the only one that waits at it.
    private final class Work: @unchecked Sendable {
        let gate: UnsafeMutablePointer<tracecore_sqlite_gate>
        /// Each with the executor that it is for, which has to be there as long as it runs.
        let jobs = Lock<[(job: UnownedJob, thread: StoreThread)]>([])
        let isOver = Lock(false)

        init(_ gate: UnsafeMutablePointer<tracecore_sqlite_gate>) { self.gate = gate }

        func run() {
            while true {
                tracecore_sqlite_gate_wait(gate)
                let next = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                if let (job, thread) = next {
                    job.runSynchronously(on: thread.asUnownedSerialExecutor())
                } else if isOver.withLock({ $0 }) {
                    break
                }
            }
            tracecore_sqlite_gate_free(gate)
        }
    }

    private let work: Work

    /// Starts the thread.
    init(for path: String) throws(StoreError) {
        guard let gate = tracecore_sqlite_gate_make() else { throw StoreError(.other, path, "There is no memory") }
        work = Work(gate)
        let work = Unmanaged.passRetained(work)
        let code = tracecore_sqlite_start(
            { work in
                guard let work else { return nil }
                Unmanaged<Work>.fromOpaque(work).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        guard code != 0 else { return }
        work.release()
        tracecore_sqlite_gate_free(gate)
        throw StoreError(
            .other, path, "There is no thread for the store", remedy: "Allow this user or this container more threads")
    }

    deinit {
        work.isOver.withLock { $0 = true }
        tracecore_sqlite_gate_open(work.gate)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        work.jobs.withLock { $0.append((job, self)) }
        tracecore_sqlite_gate_open(work.gate)
    }
}

/// Where a connection is used: on a thread of its own, by one after the other.
actor Seat<Session: StoreReader> {
    private let thread: StoreThread
    nonisolated let unownedExecutor: UnownedSerialExecutor
    private let path: String
    private var session: Session?

    init(_ path: String) throws(StoreError) {
        thread = try StoreThread(for: path)
        unownedExecutor = thread.asUnownedSerialExecutor()
        self.path = path
    }

    /// Begins to use a connection.
    func open(_ make: @Sendable () throws(StoreError) -> Session) throws(StoreError) { session = try make() }

    /// Calls the body with the connection, on the thread.
    func perform<Value: Sendable>(_ body: @Sendable (Session) throws(StoreError) -> Value) throws(StoreError) -> Value {
        guard let session else { throw StoreError(.closed, path, "The store is closed") }
        return try body(session)
    }

    /// Closes the connection.
    func close() { session = nil }
}
