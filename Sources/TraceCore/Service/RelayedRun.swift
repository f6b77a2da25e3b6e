/// A run that is made elsewhere, for a client of this service: it has a place here, and is counted and observed as one of
/// our own.
package final class RelayedRun: Sendable {
    private struct State {
        var run: ServiceEvent.Run
        var tally = ServiceEvent.Tally()
        var hasBegun = false
    }

    private let id: Int
    private let place: ServicePlace
    private let state: Lock<State>

    fileprivate init(_ run: ServiceEvent.Run, in place: ServicePlace) {
        id = run.id
        self.place = place
        state = Lock(State(run: run))
    }

    deinit { place.service.forget(id) }

    /// Takes note of events.
    ///
    /// - Throws: That its host cannot be asked, or that too many ask it: which address a name has is known elsewhere first.
    package func take(_ events: [ProbeEvent]) throws(RequestError) {
        for event in events {
            if case .started(let description) = event.fact, let target = description.target {
                state.withLock { state in
                    state.run = ServiceEvent.Run(
                        id: id, request: state.run.request, client: state.run.client, targets: [target])
                }
                begin()
                try meet(target)
            }
            state.withLock { $0.tally.apply(event) }
        }
    }

    /// Says, once, that the run has begun.
    private func begin() {
        let run: ServiceEvent.Run? = state.withLock { state in
            defer { state.hasBegun = true }
            return state.hasBegun ? nil : state.run
        }
        if let run { place.service.observer?(.began(run)) }
    }

    private func meet(_ target: ProbeTarget) throws(RequestError) {
        _ = try place.service.judged([target.address], of: target.name, nil)
        try place.aim(at: [target.address])
    }

    /// Makes the run; it ends early when the service is shut down.
    package func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let service = place.service
        guard service.begin() else { throw RequestError(.unavailable, "The service is being shut down") }
        place.use()
        let task = Task { try await body() }
        service.admit(id) { task.cancel() }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        begin()
        let (run, tally) = state.withLock { state in
            if case .failure(let error) = result {
                state.tally.error = error as? ProbeError ?? ProbeError(.network, "\(error)")
            }
            state.tally.duration = place.length
            return (state.run, state.tally)
        }
        place.leave()
        service.observer?(.ended(run, tally))
        service.end(id)
        try result.get()
    }
}

extension ProbeService {
    /// Lets in a run that is made elsewhere.
    ///
    /// - Throws: What is wrong with the request, that it is not allowed, or that there is no room.
    package func relay(_ request: RunRequest, client: String) throws(RequestError) -> RelayedRun {
        do throws(RequestError) {
            let place = try enter(RunGate.Client(client))
            try limits.check(request)
            // A name is judged when it is known what it leads to.
            for address in request.targets.compactMap({ IPAddress($0) }) { _ = try judged([address], of: nil, nil) }
            return RelayedRun(ServiceEvent.Run(id: newID(), request: request, client: client, targets: []), in: place)
        } catch {
            observer?(.refused(request, client: client, error))
            throw error
        }
    }
}
