/// A place among the runs of a service; it is given back at the end of the run, or when nobody holds it any more.
final class ServicePlace: Sendable {
    let service: ProbeService
    private let client: RunGate.Client
    private let begun: Duration
    private struct State {
        var targets: [IPAddress] = []
        var hasRun = false
        var hasLeft = false
    }
    private let state = Lock(State())

    init(of service: ProbeService, _ client: RunGate.Client, since begun: Duration) {
        self.service = service
        self.client = client
        self.begun = begun
    }

    deinit { leave() }

    func aim(at addresses: [IPAddress]) throws(RequestError) {
        try service.state.withLock { state throws(RequestError) in try state.gate.aim(at: addresses) }
        state.withLock { $0.targets = addresses }
    }

    /// Whether this is the first time that it is used.
    func use() -> Bool {
        state.withLock { state in
            defer { state.hasRun = true }
            return !state.hasRun
        }
    }

    /// How long the place has been taken.
    var length: Duration { service.elapsed - begun }

    func leave() {
        let last: State? = state.withLock { state in
            if state.hasLeft { return nil }
            state.hasLeft = true
            return state
        }
        guard let last else { return }
        let length = last.hasRun ? self.length : nil
        service.state.withLock { $0.gate.leave(client, aimedAt: last.targets, after: length) }
    }
}

/// A run that a service has let in: it begins when its events are read.
final class AdmittedRun: Sendable {
    private let run: ServiceEvent.Run
    private let place: ServicePlace
    private let prober: any Prober
    /// When it has to be over, by the clock of the service.
    private let deadline: Duration?
    private let share: BudgetShare?

    init(_ run: ServiceEvent.Run, in place: ServicePlace, over prober: any Prober, until deadline: Duration?) {
        self.run = run
        self.place = place
        self.prober = prober
        self.deadline = deadline
        share = place.service.budget?.share()
    }

    func run(_ sink: (inout [ProbeEvent]) async -> Void) async throws(ProbeError) {
        guard place.use() else {
            throw ProbeError(
                .badSetting, "A run that was admitted begins once", remedy: "Ask the service for another one")
        }
        let service = place.service
        let events = run.request.work.events(over: prober, options: run.request.options, for: run.targets)
        let pipe = EventPipe<ProbeEvent>()
        let task = Task {
            do throws(ProbeError) {
                for try await var batch in events.batches { await pipe.send(&batch) }
                pipe.finish()
            } catch {
                pipe.finish(error)
            }
        }
        defer {
            pipe.close()
            task.cancel()
        }
        guard service.begin(run.id, stop: { task.cancel() }) else {
            throw ProbeError(.network, "The service is being shut down")
        }
        let alarm = deadline.map { deadline in
            Task { [rest = deadline - service.elapsed] in
                try await Task.sleep(for: max(.zero, rest))
                task.cancel()
            }
        }
        service.observer?(.began(run))
        var tally = ServiceEvent.Tally()
        defer {
            alarm?.cancel()
            tally.duration = place.length
            place.leave()
            service.observer?(.ended(run, tally))
            service.end(run.id)
        }
        do throws(ProbeError) {
            while true {
                let result = await withTaskCancellationHandler {
                    await Result(catching: pipe.receive)
                } onCancel: {
                    task.cancel()
                }
                var batch = try result.get()
                if batch.isEmpty { return }
                for event in batch { tally.apply(event) }
                await sink(&batch)
            }
        } catch {
            tally.error = error
            throw error
        }
    }
}

extension RunRequest.Work {
    /// The events of the verb over a prober, for targets that have been looked up.
    func events(over prober: some Prober, options: RunOptions, for targets: [ProbeTarget]) -> RunEvents {
        guard let target = targets.first else {
            return RunEvents { _ throws(ProbeError) in
                throw ProbeError(.badSetting, "There is no target")
            }
        }
        switch self {
        case .ping(let settings): return Pinger(prober, settings: settings, options: options).events(for: target)
        case .trace(let settings): return PathTracer(prober, settings: settings, options: options).events(for: target)
        case .monitor(let settings):
            return PathMonitor(prober, settings: settings, options: options).events(for: target)
        case .paths(let settings):
            return PathTracer(prober, options: options).pathEvents(for: target, settings)
        case .mtu(let settings):
            return PathTracer(prober, options: options).pathMTUEvents(for: target, settings: settings)
        case .sweep(let settings):
            return Sweeper(prober, settings: settings, options: options).events(for: targets.map(\.address))
        }
    }
}
