/// Drives the traces of many targets over one channel: what the driver of one run does, for many at a time.
struct FleetDriver: ~Copyable {
    /// A run that goes on.
    private struct Run {
        let begunAt: Duration
        let names: RunNames
        var hasSent = false
        /// Who answered last: the next one is often the same, and its name then is known to be asked for.
        var lastMet: IPAddress?
    }

    /// How often it is looked whether a name or a target has been found, while other things are going on.
    private static let patrol: Duration = .milliseconds(5)

    private var plan: FleetPlan
    private let channel: any ProbeChannel
    private let options: RunOptions
    private let resolver: any NameResolver
    private let parameters: RunParameters
    private let desk: TargetDesk
    private let targets: AnyIterator<any ProbeTargetConvertible>
    private var position = 0
    private var areTargetsLeft = true
    /// Whether the last target that was asked for is still being looked up.
    private var isTargetPending = false
    private var runs: [Int: Run] = [:]
    /// Runs some of whose names are being looked up, and those that are over but for that.
    private var naming: Set<Int> = []
    private var finishing: [Int: Task<Void, Never>] = [:]
    private let finished = FinishedRuns()
    private var handOver: HandOver
    private var events: [FleetEvent] = []

    init(
        _ plan: FleetPlan, over channel: any ProbeChannel, resolver: any NameResolver, options: RunOptions,
        parameters: RunParameters, targets: AnyIterator<any ProbeTargetConvertible>, handOver: HandOver
    ) {
        self.plan = plan
        self.channel = channel
        self.resolver = resolver
        self.options = options
        self.parameters = parameters
        self.targets = targets
        self.handOver = handOver
        desk = TargetDesk(resolver: resolver, family: options.family)
    }

    /// Runs to the end of the last trace.
    ///
    /// - Parameter sink: Takes the events; it may wait, and so hold up the runs.
    /// - Throws: What made the channel unusable; every run that had begun has ended then.
    mutating func run(sink: (_ events: inout [FleetEvent]) async -> Void) async throws(ProbeError) {
        defer { desk.stop() }
        var failure: ProbeError?
        do throws(ProbeError) {
            try await loop(sink)
        } catch {
            failure = error
        }
        let end = failure.map { RunEnd(.failed, error: $0) } ?? RunEnd(.cancelled)
        for task in finishing.values { task.cancel() }
        for task in finishing.values { await task.value }
        collectFinished()
        for (number, run) in runs.sorted(by: { $0.key < $1.key }) {
            tell(number, at: channel.now - run.begunAt, .ended(end))
        }
        await sink(&events)
        if let failure { throw failure }
    }

    private mutating func loop(_ sink: (inout [FleetEvent]) async -> Void) async throws(ProbeError) {
        while true {
            let now = channel.now
            switch plan.step(at: now) {
            case .begin: try begin(at: now)
            case .timedOut(let run, let probes):
                for probe in probes { tell(run, at: now, since: runs[run]?.begunAt, .timedOut(probe)) }
            case .send(let run, let probes, let numbered):
                if Task.isCancelled { return }
                try await send(probes, numbered, of: run, at: now)
                if events.count >= max(handOver.batch, 1024) { await sink(&events) }
            case .ended(let run, let end): finish(run, end, at: now)
            case .wait(let deadline):
                collectNames(at: now)
                collectFinished()
                if handOver.isDue(events.count, at: now) { await sink(&events) }
                if Task.isCancelled { return }
                if plan.active == 0, isTargetPending || !areTargetsLeft {
                    if await rest(sink) { continue } else { return }
                }
                var wake = handOver.due.map { min($0, deadline) } ?? deadline
                if !naming.isEmpty || !finishing.isEmpty { wake = min(wake, now + Self.patrol) }
                take(try await channel.receive(until: wake))
                for failure in channel.takeFailures() {
                    let now = channel.now
                    guard let (run, probe) = plan.sendFailed(failure.probe, at: now) else { continue }
                    tell(run, at: now, since: runs[run]?.begunAt, .sendFailed(probe, failure.error))
                }
            }
        }
    }

    /// Waits for what is still being looked up where nothing else goes on; false if there is no such thing either.
    private mutating func rest(_ sink: (inout [FleetEvent]) async -> Void) async -> Bool {
        if !events.isEmpty { await sink(&events) }
        if areTargetsLeft {
            await desk.wait()
            isTargetPending = false
            plan.holdBegin(until: channel.now)
            return true
        }
        guard let task = finishing.first?.value else { return false }
        // Whoever ends the run does not wait for names.
        let tasks = Array(finishing.values)
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            for task in tasks { task.cancel() }
        }
        collectFinished()
        return true
    }

    // MARK: - Beginning and ending

    private mutating func begin(at now: Duration) throws(ProbeError) {
        let supply = desk.next(from: targets, &position)
        isTargetPending = false
        switch supply {
        case .pending:
            isTargetPending = true
            plan.holdBegin(until: now + Self.patrol)
        case .finished:
            areTargetsLeft = false
            plan.holdBegin(until: nil)
        case .target(let number, .failure(let error)):
            events.append(FleetEvent(position: number, event: .failure(error)))
        case .target(let number, .success(let target)):
            try plan.begin(run: number, target: target.address, at: now)
            runs[number] = Run(begunAt: now, names: RunNames(resolver: resolver, options: options))
            let facts = channel.facts(for: target.address)
            let description = RunDescription(
                verb: "trace", target: target, source: channel.source(for: target.address), method: facts.method,
                mode: facts.mode, startedAt: facts.openedAt + now, parameters: parameters.with(facts))
            tell(number, at: .zero, .started(description))
        }
    }

    private mutating func finish(_ number: Int, _ end: RunEnd, at now: Duration) {
        guard let run = runs[number] else { return }
        let time = now - run.begunAt
        guard run.names.isBusy else { return conclude(number, end, at: time) }
        // What is still to come are names; meanwhile others are traced.
        naming.remove(number)
        finishing[number] = Task { [finished] in
            var names: [ProbeEvent] = []
            await run.names.finish()
            run.names.collect(into: &names, at: time)
            finished.add(number, names + [ProbeEvent(at: time, .ended(end))])
        }
    }

    private mutating func conclude(_ number: Int, _ end: RunEnd, at time: Duration) {
        tell(number, at: time, .ended(end))
        runs[number] = nil
        naming.remove(number)
    }

    private mutating func collectFinished() {
        guard !finishing.isEmpty else { return }
        for (number, last) in finished.take() {
            for event in last { events.append(FleetEvent(position: number, event: .success(event))) }
            finishing[number] = nil
            runs[number] = nil
        }
    }

    private mutating func collectNames(at now: Duration) {
        for number in naming {
            guard let run = runs[number] else { continue }
            var names: [ProbeEvent] = []
            run.names.collect(into: &names, at: now - run.begunAt)
            for event in names { events.append(FleetEvent(position: number, event: .success(event))) }
            if !run.names.isBusy { naming.remove(number) }
        }
    }

    private mutating func tell(
        _ number: Int, at time: Duration, since begun: Duration? = .zero, _ fact: ProbeEvent.Fact
    ) {
        let event = ProbeEvent(at: time - (begun ?? .zero), fact)
        events.append(FleetEvent(position: number, event: .success(event)))
    }

    // MARK: - Sending and receiving

    private mutating func send(
        _ probes: [Probe], _ numbered: [Probe], of number: Int, at now: Duration
    ) async throws(ProbeError) {
        guard let run = runs[number] else { return }
        let time = now - run.begunAt
        let failures = try await channel.send(numbered)
        var errors: [Probe.ID: ProbeError] = [:]
        for failure in failures { errors[failure.probe] = failure.error }
        for (probe, numbered) in zip(probes, numbered) {
            guard let error = errors[numbered.id] else {
                runs[number]?.hasSent = true
                tell(number, at: time, .sent(probe))
                continue
            }
            _ = plan.sendFailed(numbered.id, at: now)
            tell(number, at: time, .sendFailed(probe, error))
            guard runs[number]?.hasSent == false else { continue }
            // As with one target alone: what cannot even begin is an error, and no path of silent hops.
            plan.drop(run: number)
            return conclude(number, RunEnd(.failed, error: error), at: time)
        }
    }

    private mutating func take(_ arrivals: [Arrival]) {
        for arrival in arrivals {
            guard let (number, time, fate) = plan.receive(arrival) else { continue }
            switch fate {
            case .reply(let probe): tell(number, at: time, .reply(probe, arrival.response))
            case .late(let probe): tell(number, at: time, .late(probe, arrival.response))
            case .duplicate(let probe): tell(number, at: time, .duplicate(probe, arrival.response))
            case .stray: continue
            }
            guard let run = runs[number], arrival.response.from != run.lastMet else { continue }
            runs[number]?.lastMet = arrival.response.from
            var names: [ProbeEvent] = []
            run.names.meet(arrival.response.from, into: &names, at: time)
            for event in names { events.append(FleetEvent(position: number, event: .success(event))) }
            if names.isEmpty, run.names.isBusy { naming.insert(number) }
        }
    }
}

/// Runs that are over, now that their last names have been found.
private final class FinishedRuns: Sendable {
    private let state = Lock<[(number: Int, last: [ProbeEvent])]>([])

    func add(_ number: Int, _ last: [ProbeEvent]) { state.withLock { $0.append((number, last)) } }

    func take() -> [(number: Int, last: [ProbeEvent])] {
        state.withLock { runs in
            defer { runs = [] }
            return runs
        }
    }
}
