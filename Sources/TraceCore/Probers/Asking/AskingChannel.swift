/// The channel of an ``AskingProber``: a task for each probe that is out.
final class AskingChannel<C: Clock>: ProbeChannel where C.Duration == Duration {
    typealias Ask = @Sendable (Probe) async throws(ProbeError) -> Answer?

    private struct State {
        /// What is being asked; without its task, as long as that is not known.
        var tasks: [Probe.ID: Task<Void, Never>?] = [:]
        var arrivals: [Arrival] = []
        var failures: [Probe.Failure] = []
        /// Whether something has come since `receive` last returned.
        var hasNews = false
        var isClosed = false
        /// When each probe was asked, oldest first.
        var asked = Queue<(probe: Probe.ID, at: Duration)>()
        /// The run that waits in `receive`, and the number of that wait.
        var waiter: (number: Int, continuation: CheckedContinuation<Void, Never>)?
        var waits = 0
        /// The last wait whose time has come, even if that was before the wait began.
        var over = 0

        /// Takes out the tasks whose answers are of no interest any more: an endless run would gather them.
        mutating func takeForgotten(before time: Duration) -> [Task<Void, Never>] {
            var forgotten: [Task<Void, Never>] = []
            while let first = asked.popFirst(where: { $0.at < time }) {
                if let task = tasks.removeValue(forKey: first.probe) ?? nil { forgotten.append(task) }
            }
            return forgotten
        }
    }

    /// What the channel is and how it works.
    let facts: ChannelFacts
    private let clock: C
    private let opened: C.Instant
    private let memory: Duration
    private let ask: Ask
    private let state = Lock(State())

    init(method: ProbeMethod, clock: C, settings: ChannelSettings, ask: @escaping Ask) {
        facts = ChannelFacts(method: method, mode: "custom", openedAt: .now)
        self.clock = clock
        opened = clock.now
        memory = settings.memory
        self.ask = ask
    }

    /// The time since the channel was opened.
    var now: Duration { opened.duration(to: clock.now) }

    /// Starts a task for each probe. It runs here until it first waits, so that what fails at once is not waited for.
    func send(_ probes: [Probe]) async throws(ProbeError) -> [Probe.Failure] {
        let now = now
        for probe in probes {
            let isOpen = state.withLock { state in
                guard !state.isClosed else { return false }
                state.asked.append((probe.id, now))
                state.tasks.updateValue(nil, forKey: probe.id)
                return true
            }
            guard isOpen else { break }
            let task = Task.immediate { [weak self] in
                guard let self else { return }
                await self.run(probe)
            }
            let isOut = state.withLock { state in
                guard state.tasks[probe.id] != nil else { return false }
                state.tasks.updateValue(task, forKey: probe.id)
                return true
            }
            if !isOut { task.cancel() }
        }
        let forgotten = state.withLock { $0.takeForgotten(before: now - memory) }
        for task in forgotten { task.cancel() }
        return takeFailures()
    }

    /// The probes whose asking failed.
    func takeFailures() -> [Probe.Failure] {
        state.withLock { state in
            defer { state.failures = [] }
            return state.failures
        }
    }

    /// Waits until an answer has come, or a time has, or the task was cancelled.
    func receive(until deadline: Duration) async throws(ProbeError) -> [Arrival] {
        let number = state.withLock { state in
            state.waits += 1
            return state.waits
        }
        let alarm = Task { [weak self, clock, opened] in
            try? await clock.sleep(until: opened.advanced(by: deadline), tolerance: nil)
            self?.wake(number)
        }
        defer { alarm.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.hasNews || state.over >= number { return true }
                    if Task.isCancelled { return true }
                    state.waiter = (number, continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            wake(number)
        }
        return state.withLock { state in
            defer { (state.arrivals, state.hasNews) = ([], false) }
            return state.arrivals
        }
    }

    /// Waits by the prober's clock.
    func sleep(until deadline: Duration) async {
        try? await clock.sleep(until: opened.advanced(by: deadline), tolerance: nil)
    }

    /// Cancels what is still being asked.
    func close() {
        let tasks = state.withLock { state in
            state.isClosed = true
            defer { state.tasks = [:] }
            return state.tasks
        }
        for task in tasks.values { task?.cancel() }
    }

    /// The same for every target.
    func facts(for target: IPAddress) -> ChannelFacts { facts }

    /// Not known.
    func source(for target: IPAddress) -> IPAddress? { nil }

    /// None: every answer is the return value of a question.
    var counts: ChannelFacts.Counts { ChannelFacts.Counts() }

    private func run(_ probe: Probe) async {
        let start = clock.now
        let result: Result<Answer?, ProbeError>
        do throws(ProbeError) { result = .success(try await ask(probe)) } catch { result = .failure(error) }
        let end = clock.now
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.tasks[probe.id] = nil
            guard !state.isClosed else { return nil }
            switch result {
            case .success(let answer?):
                let rtt = answer.rtt ?? start.duration(to: end)
                guard rtt <= memory else { return nil }
                // In whole nanoseconds, as event logs have it: a third of a second would not be read back the same.
                let response = ProbeReply(
                    from: answer.from ?? probe.target, rtt: .nanoseconds(rtt.wholeNanoseconds), kind: answer.kind)
                state.arrivals.append(
                    Arrival(probe: probe.id, at: opened.duration(to: end), reply: response))
            case .success(nil): return nil
            case .failure(let error): state.failures.append(Probe.Failure(probe: probe.id, error: error))
            }
            state.hasNews = true
            defer { state.waiter = nil }
            return state.waiter?.continuation
        }
        waiter?.resume()
    }

    /// Ends a wait, if it is still the one that goes on; or lets it not begin, where the alarm was faster.
    private func wake(_ number: Int) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.over = max(state.over, number)
            guard state.waiter?.number == number else { return nil }
            defer { state.waiter = nil }
            return state.waiter?.continuation
        }
        waiter?.resume()
    }
}
