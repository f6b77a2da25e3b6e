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
        // Each network of a sweep once, and not in the lock: there may be thousands.
        let addresses = Array(Set(addresses.map(\.counted)))
        try service.state.withLock { state throws(RequestError) in try state.gate.aim(at: addresses) }
        state.withLock { $0.targets = addresses }
    }

    /// Takes note that a run has begun in it.
    func use() { state.withLock { $0.hasRun = true } }

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

    /// The events of the run; once.
    func events() -> RunStream<ProbeEvent> {
        let task = RunTask<ProbeEvent>(limit: 4096) { sink throws(ProbeError) in try await self.run(sink) }
        // The task lives as long as the stream; the service ends it, and does not keep it.
        place.service.admit(run.id) { [weak task] in task?.cancel() }
        return RunStream(task)
    }

    private func run(_ sink: (inout [ProbeEvent]) async -> Void) async throws(ProbeError) {
        let service = place.service
        guard service.begin() else {
            service.forget(run.id)
            throw ProbeError(.cancelled, "The service is being shut down")
        }
        place.use()
        service.observer?(.began(run))
        var tally = ServiceEvent.Tally()
        // A run whose reader does not read waits for it and not for its deadline; cancelled, it waits for nobody.
        let alarm = deadline.map { [id = run.id] end in
            Task {
                try await Task.sleep(for: max(.zero, end - service.elapsed) + .seconds(1))
                service.stop(id)
            }
        }
        defer {
            alarm?.cancel()
            share?.release()
            tally.duration = place.length
            place.leave()
            service.observer?(.ended(run, tally))
            service.end(run.id)
        }
        let time = deadline.map { max(.nanoseconds(1), $0 - service.elapsed) }
        do throws(ProbeError) {
            try await run.request.run(
                over: prober, at: run.targets, within: time, allowance: share, gathering: service.gather
            ) { events in
                for event in events { tally.apply(event) }
                // How many a search sends is not known beforehand.
                if let most = service.limits.mostProbes, tally.sent + tally.notSent >= most { service.stop(run.id) }
                await sink(&events)
            }
        } catch {
            tally.error = error
            throw error
        }
    }

    deinit { place.service.forget(run.id) }
}
