/// Runs requests of many clients, within what they may ask for and what there is for all of them.
///
/// A server makes one and asks it for every request:
///
/// ```swift
/// let service = ProbeService(policy: .publicOnly)
/// let events = try await service.events(for: request, client: "198.51.100.7")
/// for try await event in events { … }
/// ```
///
/// What is refused is refused by `events(for:client:)`, before there is anything to send on: the error says whose fault it
/// is, and when to come again. A run ends when nobody reads its events any more.
public final class ProbeService: Sendable {
    /// Which addresses may be probed.
    public let policy: TargetPolicy
    /// What each request may ask for.
    public let limits: RunLimits
    /// What there is for all requests together.
    public let quotas: Quotas

    /// What all requests together may use.
    public struct Quotas: Sendable, Hashable {
        /// The probes a second, shared fairly by all runs; nil for no limit.
        public var probesPerSecond: Int?
        /// The runs at a time.
        public var runs: Int
        /// The runs at a time for each client; IPv6 addresses count by their first 64 bits.
        public var runsPerClient: Int
        /// The runs at a time for each address, whoever asks; IPv6 addresses count by their first 64 bits.
        public var runsPerTarget: Int
        /// The look-ups of targets' names a second; nil for no limit.
        public var lookUpsPerSecond: Int?

        /// Quotas; as they are, for a small server that strangers use.
        public init(
            probesPerSecond: Int? = 2_000, runs: Int = 200, runsPerClient: Int = 5, runsPerTarget: Int = 5,
            lookUpsPerSecond: Int? = 50
        ) {
            self.probesPerSecond = probesPerSecond
            self.runs = runs
            self.runsPerClient = runsPerClient
            self.runsPerTarget = runsPerTarget
            self.lookUpsPerSecond = lookUpsPerSecond
        }
    }

    struct State: Sendable {
        var gate: RunGate
        var lastID = 0
        var isClosed = false
        /// What ends the runs that have been admitted, and how many of them go on.
        var stops: [Int: @Sendable () -> Void] = [:]
        var running = 0
        /// Those who wait until the service is over.
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// The most hosts of a network, whatever the limits are: each is judged, and held until the run is over.
    private static let mostHosts = 65_536

    let observer: (@Sendable (ServiceEvent) -> Void)?
    let budget: ProbeBudget?
    let state: Lock<State>
    private let makeProber: @Sendable (RunRequest) -> any Prober
    private let now: @Sendable () -> Duration

    /// A service.
    ///
    /// - Parameters:
    ///   - policy: Which addresses may be probed.
    ///   - limits: What each request may ask for.
    ///   - quotas: What there is for all requests together.
    ///   - observer: Takes what happens, in the task of the run: it does not wait for anything.
    ///   - prober: Gives the prober of a request; unless told otherwise, one of the real network.
    public init(
        policy: TargetPolicy = .publicOnly, limits: RunLimits = RunLimits(), quotas: Quotas = Quotas(),
        observer: (@Sendable (ServiceEvent) -> Void)? = nil,
        prober: @escaping @Sendable (RunRequest) -> any Prober = { LiveProber($0.transport, options: $0.live) }
    ) {
        self.policy = policy
        self.limits = limits
        self.quotas = quotas
        self.observer = observer
        makeProber = prober
        budget = quotas.probesPerSecond.map { ProbeBudget(probesPerSecond: $0) }
        state = Lock(State(gate: RunGate(quotas)))
        let start = ContinuousClock.now
        now = { start.duration(to: ContinuousClock.now) }
    }

    /// How many runs are admitted at the moment.
    public var runs: Int { state.withLock { $0.gate.count } }

    /// The events of a run, which has been admitted and begins when they are read; once.
    ///
    /// - Parameters:
    ///   - request: What is to be run.
    ///   - client: Who asks: an address, or any other name by which clients are counted.
    /// - Throws: Why it is not run: what is wrong with the request, that it is not allowed, or that there is no room.
    public func events(for request: RunRequest, client: String) async throws(RequestError) -> RunStream<ProbeEvent> {
        do throws(RequestError) {
            return try await admit(request, client).events()
        } catch {
            observer?(.refused(request, client: client, error))
            throw error
        }
    }

    private func admit(_ request: RunRequest, _ client: String) async throws(RequestError) -> AdmittedRun {
        let begun = now()
        // First, because it costs least: a server that is full refuses thousands of requests a second. From here on the
        // place is given back by itself, whatever happens.
        let place = try enter(RunGate.Client(client))
        try limits.check(request)
        guard request.targets.count == 1 || request.work.verb == .sweep else {
            throw RequestError(
                .malformed, .targets, nil, "the events of a run are about one host; ask for each by itself")
        }
        let prober = makeProber(request)
        let targets = try await resolve(request, by: prober.resolver, in: place, since: begun)
        return AdmittedRun(
            ServiceEvent.Run(id: newID(), request: request, client: client, targets: targets), in: place, over: prober,
            until: limits.deadline(of: request).map { begun + $0 })
    }

    func newID() -> Int {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    func enter(_ client: RunGate.Client) throws(RequestError) -> ServicePlace {
        try state.withLock { state throws(RequestError) in
            guard !state.isClosed else { throw RequestError(.unavailable, "The service is being shut down") }
            try state.gate.enter(client)
        }
        return ServicePlace(of: self, client, since: now())
    }

    /// For how long a run that begins now gathers what happens. Where there are many, being woken for each packet costs
    /// more than all the rest, and a page or a log that is a tenth of a second late is late for nobody.
    var gather: Duration { .microseconds(min(100_000, max(0, runs - 20) * 250)) }

    /// The time since the service was made.
    var elapsed: Duration { now() }
}

// MARK: - The hosts of a request

extension ProbeService {
    /// Looks up what has to be looked up, once; judges every address; and counts the targets.
    private func resolve(
        _ request: RunRequest, by resolver: any NameResolver, in place: ServicePlace, since begun: Duration
    ) async throws(RequestError) -> [ProbeTarget] {
        let deadline = limits.deadline(of: request).map { begun + $0 }
        var targets: [ProbeTarget] = []
        for text in request.targets {
            switch try TargetText(text, isSweep: request.work.verb == .sweep) {
            case .address(let address): targets.append(try judged([address], of: nil, request.family))
            case .network(let network):
                guard network.hosts.count <= Self.mostHosts, targets.count + Int(network.hosts.count) <= Self.mostHosts
                else {
                    throw RequestError(
                        .malformed, .target, text, "at most \(Self.mostHosts) hosts are swept at a time here")
                }
                for address in network.hosts { targets.append(try judged([address], of: nil, request.family)) }
            case .scoped(let text, let address):
                _ = try judged([address], of: nil, request.family)
                targets.append(try judged(try await addresses(of: text, by: resolver, until: deadline), of: text, nil))
            case .name(let name):
                try state.withLock { [now = elapsed] state throws(RequestError) in try state.gate.lookUp(1, at: now) }
                let addresses = try await addresses(of: name, by: resolver, until: deadline)
                targets.append(try judged(addresses, of: name, request.family))
            }
        }
        try place.aim(at: targets.map(\.address))
        return targets
    }

    /// The first address that may be probed, with the name that it was found by.
    ///
    /// All of them are judged. One that is allowed may be probed, whatever else the name leads to: the run uses this address
    /// and never the name.
    func judged(
        _ addresses: [IPAddress], of name: String?, _ family: IPAddress.Family?
    ) throws(RequestError) -> ProbeTarget {
        let fitting = addresses.filter { family == nil || $0.family == family }
        var refusal: TargetPolicy.Refusal?
        for address in fitting {
            guard let found = policy.refusal(of: address) else { return ProbeTarget(name: name, address: address) }
            if refusal == nil { refusal = found }
        }
        if let refusal {
            guard let name else {
                throw RequestError(
                    .refused, field: "target", value: "\(refusal.address)",
                    "it is not probed from here: it is in \(refusal.place)",
                    address: refusal.address)
            }
            // The address may be known within this network only.
            throw RequestError(
                .refused, field: "target", value: name, "it is not probed from here: it leads to \(refusal.place)",
                address: refusal.address)
        }
        let kind = family.map { "IP\($0) " } ?? ""
        throw RequestError(
            .malformed, field: "target", value: name ?? addresses.first.map { "\($0)" }, "it has no \(kind)address")
    }

    /// The addresses of a name. A resolver that takes longer than the request has time is left to itself.
    private func addresses(
        of name: String, by resolver: any NameResolver, until deadline: Duration?
    ) async throws(RequestError) -> [IPAddress] {
        let found = await promptAnswer(within: deadline.map { $0 - elapsed }) {
            await Result { () async throws(ProbeError) in try await resolver.addresses(of: name) }
        }
        let reason = Task.isCancelled ? "was cancelled" : "took longer than the request may"
        let result = found?.answer ?? .failure(ProbeError(.lookupFailed, "Looking up the name \(reason)"))
        do throws(ProbeError) {
            return try result.get()
        } catch {
            // That a name does not exist is a fact about the request; that nobody answers is one about us.
            let kind: RequestError.Kind = error.code == .unknownHost ? .malformed : .unavailable
            throw RequestError(kind, field: "target", value: name, error.message)
        }
    }
}

// MARK: - Its end

extension ProbeService {
    /// Goes on until ``shutdown()`` is called or the task is cancelled, and until every run is over then.
    ///
    /// That is the form in which ServiceLifecycle and task groups keep services; requests are answered without it too.
    public func run() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isOver = state.withLock { state in
                    if state.isClosed, state.running == 0 { return true }
                    state.waiters.append(waiter)
                    return false
                }
                if isOver { waiter.resume() }
            }
        } onCancel: {
            shutdown()
        }
    }

    /// Takes no more requests, and ends the runs that are going on with the reason `cancelled`; their readers get that as
    /// the last event.
    public func shutdown() {
        let stops = state.withLock { state in
            state.isClosed = true
            return Array(state.stops.values)
        }
        for stop in stops { stop() }
        resumeIfOver()
    }

    /// Takes note of what ends a run that has been admitted.
    func admit(_ id: Int, stop: @escaping @Sendable () -> Void) { state.withLock { $0.stops[id] = stop } }

    /// Ends a run that has been admitted.
    func stop(_ id: Int) { state.withLock { $0.stops[id] }?() }

    /// Forgets a run that nobody can begin or end any more.
    func forget(_ id: Int) { state.withLock { $0.stops[id] = nil } }

    /// Takes note of a run that begins; false if it is too late for it.
    func begin() -> Bool {
        state.withLock { state in
            if !state.isClosed { state.running += 1 }
            return !state.isClosed
        }
    }

    func end(_ id: Int) {
        state.withLock { state in
            state.stops[id] = nil
            state.running -= 1
        }
        resumeIfOver()
    }

    private func resumeIfOver() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard state.isClosed, state.running == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
