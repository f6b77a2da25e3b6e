internal import Glibc
internal import TraceCore

/// Threads of a server's own for what is answered at once: pages, health and refusals do not wait behind the work of all
/// answers, which the shared threads do. Priorities of tasks would say the same, but on Linux they change nothing.
final class HTTPThreads: TaskExecutor {
    // The semaphore is made for threads; the last who knows it frees it.
    private final class Work: @unchecked Sendable {
        private struct State {
            var jobs: [(job: UnownedJob, executor: HTTPThreads)] = []
            /// Where the next job lies; those before it are done.
            var next = 0
            var isOver = false
        }

        private let state = Lock(State())
        private let gate = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

        init() { sem_init(gate, 0, 0) }

        deinit {
            sem_destroy(gate)
            gate.deallocate()
        }

        func add(_ job: UnownedJob, _ executor: HTTPThreads) {
            state.withLock { $0.jobs.append((job, executor)) }
            sem_post(gate)
        }

        func end() {
            state.withLock { $0.isOver = true }
            sem_post(gate)
        }

        func run() {
            while true {
                while sem_wait(gate) != 0 {}
                let (next, isOver) = state.withLock { state -> ((job: UnownedJob, executor: HTTPThreads)?, Bool) in
                    guard state.next < state.jobs.count else { return (nil, state.isOver) }
                    let job = state.jobs[state.next]
                    state.next += 1
                    if state.next == state.jobs.count {
                        state.jobs.removeAll(keepingCapacity: state.jobs.capacity <= 1_024)
                        state.next = 0
                    }
                    return (job, false)
                }
                if let (job, executor) = next {
                    job.runSynchronously(on: executor.asUnownedTaskExecutor())
                } else if isOver {
                    // The next thread is to end, too.
                    sem_post(gate)
                    return
                }
            }
        }
    }

    private let work = Work()

    /// Starts the threads; fewer where the system has no more.
    init(_ count: Int) {
        for _ in 0..<count {
            let box = Unmanaged.passRetained(work)
            var thread = pthread_t()
            let code = pthread_create(
                &thread, nil,
                { context in
                    if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
                    return nil
                }, box.toOpaque())
            if code == 0 { pthread_detach(thread) } else { box.release() }
            if code == 0 { hasThreads.withLock { $0 = true } }
        }
    }

    deinit { work.end() }

    private let hasThreads = Lock(false)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard hasThreads.withLock({ $0 }) else { return globalConcurrentExecutor.enqueue(job) }
        work.add(job, self)
    }
}
