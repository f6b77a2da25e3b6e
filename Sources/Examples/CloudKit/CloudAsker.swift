package import TraceCore
package import TraceCoreServer

/// What asks for a benchmark: this machine, or a looking glass elsewhere.
package protocol CloudAsker: Sendable {
    /// Asks many addresses side by side, and hands over what happens.
    func sweep(
        _ addresses: [IPAddress], by method: CloudMethod, _ settings: SweepSettings,
        _ take: @escaping @Sendable (ProbeEvent) -> Void
    ) async throws(ProbeError)

    /// Finds the ways to addresses, and hands each over with its place among them. One that cannot be found is left out.
    ///
    /// - Parameter rate: Probes a second, in all.
    func trace(
        _ addresses: [IPAddress], by method: CloudMethod, rate: Int,
        _ take: @escaping @Sendable (Int, TraceReport) -> Void
    ) async throws(ProbeError)
}

/// This machine.
package struct OwnAsker: CloudAsker {
    private let prober: @Sendable (ProbeTransport) -> any Prober

    /// - Parameter prober: Gives a prober of a method.
    package init(prober: @escaping @Sendable (ProbeTransport) -> any Prober) { self.prober = prober }

    package func sweep(
        _ addresses: [IPAddress], by method: CloudMethod, _ settings: SweepSettings,
        _ take: @escaping @Sendable (ProbeEvent) -> Void
    ) async throws(ProbeError) {
        let sweeper = Sweeper(prober(method.transport), settings: settings)
        for try await event in sweeper.events(for: SweepTargets(addresses)) { take(event) }
    }

    package func trace(
        _ addresses: [IPAddress], by method: CloudMethod, rate: Int,
        _ take: @escaping @Sendable (Int, TraceReport) -> Void
    ) async throws(ProbeError) {
        let tracer = PathTracer(prober(method.transport))
        for try await report in tracer.reports(for: addresses, pace: FleetPace(rate: rate)) {
            if case .success(let trace) = report.result { take(report.position, trace) }
        }
    }
}

/// A looking glass. It makes a run for each method, of all addresses, so that they are asked side by side as they are here.
package struct VantageAsker: CloudAsker {
    private let point: VantagePoint
    private let isExplained: Bool

    /// The most probes that a request may have out, as looking glasses allow it.
    private static let window = 1_024
    /// The longest time between two probes, as looking glasses allow it.
    private static let interval = Duration.seconds(1)
    /// How many ways are looked for at a time: a looking glass has other clients, too.
    private static let tracesAtOnce = 3

    /// - Parameters:
    ///   - point: The looking glass.
    ///   - isExplained: Whether its errors say all that is known, for those who may know where it is.
    package init(_ point: VantagePoint, isExplained: Bool) { (self.point, self.isExplained) = (point, isExplained) }

    package func sweep(
        _ addresses: [IPAddress], by method: CloudMethod, _ settings: SweepSettings,
        _ take: @escaping @Sendable (ProbeEvent) -> Void
    ) async throws(ProbeError) {
        var settings = settings
        settings.window = min(settings.window, Self.window)
        settings.interval = min(settings.interval, Self.interval)
        let request = RunRequest(
            addresses.map { "\($0)" }, .sweep(settings), by: method.transport, names: false)
        let end = Lock<RunEnd?>(nil)
        try await run(request) { event in
            if case .ended(let reason) = event.fact { end.withLock { $0 = reason } }
            take(event)
        }
        let reason = end.withLock { $0?.reason }
        guard reason == .deadline || reason == .cancelled, !Task.isCancelled else { return }
        throw ProbeError(
            .network, "The vantage point \(UntrustedText(point.name).word) ended the run before it was whole",
            remedy: reason == .deadline ? "Ask for fewer rounds, or start it with a longer --timeout" : nil)
    }

    package func trace(
        _ addresses: [IPAddress], by method: CloudMethod, rate: Int,
        _ take: @escaping @Sendable (Int, TraceReport) -> Void
    ) async throws(ProbeError) {
        let queue = Queue(addresses)
        await withDiscardingTaskGroup { group in
            for _ in 0..<Self.tracesAtOnce {
                group.addTask {
                    while !Task.isCancelled, let (place, address) = queue.next() {
                        do throws(ProbeError) {
                            if let report = try await way(to: address, by: method) { take(place, report) }
                        } catch {
                            if error.code == .outOfResources { queue.end() }
                        }
                    }
                }
            }
        }
    }

    /// Addresses whose ways are still to be found, the best first. Where one is refused because there were too many, none of
    /// the others is asked for.
    private final class Queue: Sendable {
        private let open: Lock<ArraySlice<(Int, IPAddress)>>

        init(_ addresses: [IPAddress]) { open = Lock(addresses.enumerated().map { ($0, $1) }[...]) }

        func next() -> (Int, IPAddress)? { open.withLock { $0.popFirst() } }
        func end() { open.withLock { $0 = [] } }
    }

    private func way(to address: IPAddress, by method: CloudMethod) async throws(ProbeError) -> TraceReport? {
        let fold = Lock(TraceReport.Fold())
        let request = RunRequest("\(address)", .trace(TraceSettings()), by: method.transport)
        try await run(request) { event in fold.withLock { $0.apply(event) } }
        return fold.withLock { $0.report() }
    }

    private func run(
        _ request: RunRequest, _ take: @escaping @Sendable (ProbeEvent) -> Void
    ) async throws(ProbeError) {
        do {
            try await point.feed(request).forEachBatch { events in events.forEach(take) }
        } catch let refusal as RequestError {
            throw error(refusal, of: request)
        } catch let failure as VantagePoint.Failure {
            throw ProbeError(.network, isExplained ? failure.explanation : failure.description)
        } catch let error as ProbeError {
            throw error
        } catch {
            throw ProbeError(.cancelled, "The run was given up")
        }
    }

    /// What a looking glass refuses, and what helps.
    private func error(_ refusal: RequestError, of request: RunRequest) -> ProbeError {
        let isAmount = refusal.field?.raw == "verb" || refusal.field?.raw == "targets"
        guard request.work.verb == .sweep, isAmount else {
            return ProbeError(refusal.kind == .limited ? .outOfResources : .badSetting, "\(refusal)")
        }
        let name = UntrustedText(point.name).word
        let most = max(300, (request.targets.count + 99) / 100 * 100)
        return ProbeError(
            .badSetting,
            refusal.field?.raw == "verb"
                ? "The looking glass \(name) asks one host at a time"
                : "The looking glass \(name) does not ask \(request.targets.count) hosts at a time: \(refusal.message)",
            remedy: "Start it with --most-hosts \(most)")
    }
}

/// Nobody: what was to ask is not there any more.
package struct MissingAsker: CloudAsker {
    private let error: ProbeError

    package init(_ name: String) {
        error = ProbeError(.badSetting, "There is no vantage point \(UntrustedText(name).word) any more")
    }

    package func sweep(
        _ addresses: [IPAddress], by method: CloudMethod, _ settings: SweepSettings,
        _ take: @escaping @Sendable (ProbeEvent) -> Void
    ) async throws(ProbeError) { throw error }

    package func trace(
        _ addresses: [IPAddress], by method: CloudMethod, rate: Int,
        _ take: @escaping @Sendable (Int, TraceReport) -> Void
    ) async throws(ProbeError) { throw error }
}

/// Names that are looked up once for several runs, so that all of them ask the same addresses. They are cancelled together.
package final class SharedNames: NameResolver {
    private let resolver: any NameResolver
    private let lookUps = Lock<[String: Task<Result<[IPAddress], ProbeError>, Never>]>([:])

    package init(_ resolver: any NameResolver) { self.resolver = resolver }

    package func addresses(of name: String) async throws(ProbeError) -> [IPAddress] {
        let lookUp = lookUps.withLock { known in
            if let task = known[name] { return task }
            let task = Task { [resolver] in
                do throws(ProbeError) {
                    return Result<[IPAddress], ProbeError>.success(try await resolver.addresses(of: name))
                } catch {
                    return .failure(error)
                }
            }
            known[name] = task
            return task
        }
        return try await withTaskCancellationHandler {
            await lookUp.value
        } onCancel: {
            lookUp.cancel()
        }.get()
    }

    package func name(of address: IPAddress) async -> UntrustedText? { await resolver.name(of: address) }
    package func known(_ address: IPAddress) -> KnownName { resolver.known(address) }
}
