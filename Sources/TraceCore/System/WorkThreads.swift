internal import CTraceCoreSystem

/// Threads for what must not wait for other work, nor let other work wait: tasks that prefer them run there, and of one
/// thread also actors. Priorities of tasks are no promise: it is up to the system what becomes of them.
@safe package final class WorkThreads: TaskExecutor, SerialExecutor {
    /// What the threads themselves hold on to, so that they end when nobody needs them any more.
    // The gate is made for threads; the last who knows it frees it.
    @safe private final class Work: @unchecked Sendable {
        private struct State {
            /// Each with the executor that it is for, which has to be there as long as it runs.
            var jobs: [(job: UnownedJob, threads: WorkThreads)] = []
            /// Where the next job lies; those before it are done.
            var next = 0
            var isOver = false
        }

        private let state = Lock(State())
        private let gate = UnsafeMutablePointer<tracecore_gate>.allocate(capacity: 1)
        private let givesWay: Bool

        init(givesWay: Bool) {
            self.givesWay = givesWay
            unsafe tracecore_gate_init(gate)
        }

        deinit {
            unsafe tracecore_gate_destroy(gate)
            unsafe gate.deallocate()
        }

        func add(_ job: UnownedJob, _ threads: WorkThreads) {
            state.withLock { $0.jobs.append((job, threads)) }
            unsafe tracecore_gate_open(gate)
        }

        func end() {
            state.withLock { $0.isOver = true }
            unsafe tracecore_gate_open(gate)
        }

        func run() {
            if givesWay { tracecore_give_way() }
            while true {
                unsafe tracecore_gate_wait(gate)
                let (next, isOver) = state.withLock { state -> ((job: UnownedJob, threads: WorkThreads)?, Bool) in
                    guard state.next < state.jobs.count else { return (nil, state.isOver) }
                    let job = state.jobs[state.next]
                    state.next += 1
                    if state.next == state.jobs.count {
                        state.jobs.removeAll(keepingCapacity: state.jobs.capacity <= 1_024)
                        state.next = 0
                    }
                    return (job, false)
                }
                if let (job, threads) = next {
                    threads.run(job)
                } else if isOver {
                    // The next thread is to end, too.
                    unsafe tracecore_gate_open(gate)
                    return
                }
            }
        }
    }

    private let work: Work
    private let isSerial: Bool

    /// Starts the threads.
    ///
    /// - Parameter isSerial: Whether it is one thread for actors, and not several for tasks.
    private init(_ count: Int, isSerial: Bool, givesWay: Bool = false) throws(ProbeError) {
        self.isSerial = isSerial
        work = Work(givesWay: givesWay)
        for _ in 0..<count {
            let box = unsafe Unmanaged.passRetained(work)
            let code = unsafe tracecore_start_thread(
                { context in
                    if let context = unsafe context {
                        unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
                    }
                    return nil
                }, box.toOpaque())
            if code == 0 { continue }
            unsafe box.release()
            throw ProbeError(
                .outOfResources, "There is no thread to be had",
                remedy: "Allow this user or this container more threads.")
        }
    }

    /// Threads for tasks.
    package convenience init(_ count: Int) throws(ProbeError) { try self.init(count, isSerial: false) }

    /// A thread for actors.
    ///
    /// - Parameter givesWay: Whether it is for what is in no hurry. Such a thread should not wake tasks on the threads that all
    ///   share: a new one of those would give way like the one that made it.
    package static func one(givesWay: Bool = false) throws(ProbeError) -> WorkThreads {
        try WorkThreads(1, isSerial: true, givesWay: givesWay)
    }

    deinit { work.end() }

    package func enqueue(_ job: consuming ExecutorJob) { work.add(UnownedJob(job), self) }

    private func run(_ job: UnownedJob) {
        if isSerial {
            unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        } else {
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
