/// Asks many addresses whether they are there, thousands at a time.
///
/// ```swift
/// let sweeper = Sweeper(prober, settings: SweepSettings(rate: 10_000))
/// for try await result in sweeper.results(for: network) where result.isAlive {
///     print(result.target)
/// }
/// ```
public struct Sweeper: Sendable {
    /// How the sweeper asks.
    public let prober: any Prober
    /// How fast it asks, and how often.
    public var settings: SweepSettings
    /// What all runs have in common; names are not looked up.
    public var options: RunOptions

    /// A sweeper over a prober.
    public init(
        _ prober: some Prober, settings: SweepSettings = SweepSettings(), options: RunOptions = RunOptions(names: false)
    ) {
        self.prober = prober
        self.settings = settings
        self.options = options
    }

    /// Asks the hosts of a network, and gives each one's result as soon as its fate is decided.
    ///
    /// - Parameter network: The network; of IPv4 its own and its broadcast address are left out.
    public func results(for network: IPNetwork) -> RunStream<SweepReport.Result> {
        guard let hosts = network.hosts.indexed else {
            return RunStream { _ throws(ProbeError) in
                throw ProbeError(
                    .badSetting, "\(network) has more addresses than can be counted",
                    remedy: "Give a smaller network, or a list of addresses")
            }
        }
        return results(for: SweepTargets(hosts))
    }

    /// Asks many addresses, and gives each one's result as soon as its fate is decided.
    ///
    /// - Parameter targets: The addresses; with a count, each of them once.
    public func results(for targets: SweepTargets) -> RunStream<SweepReport.Result> {
        RunStream { sink throws(ProbeError) in
            var tally = SweepTally()
            var results: [SweepReport.Result] = []
            try await run(targets, handOver: .inBatches) { events in
                for event in events { if let result = tally.apply(event) { results.append(result) } }
                events.removeAll(keepingCapacity: true)
                if !results.isEmpty { await sink(&results) }
            }
        }
    }

    /// Asks many addresses, and gives the report once all are decided.
    ///
    /// - Throws: What kept the run from beginning: no permission, settings that make no sense.
    public func sweep(_ targets: SweepTargets) async throws(ProbeError) -> SweepReport {
        var fold = SweepReport.Fold()
        try await run(targets, handOver: .gathered) { events in fold.take(&events) }
        return try fold.finished()
    }

    /// Asks many addresses, and gives everything as it happens.
    ///
    /// Events are handed on a few at a time where they come fast, and no later than a millisecond after they happened.
    public func events(for targets: SweepTargets) -> RunStream<ProbeEvent> {
        RunStream { sink throws(ProbeError) in try await run(targets, handOver: .inBatches, sink: sink) }
    }

    /// Sweeps to the end; the events go to the sink.
    func run(
        _ targets: SweepTargets, handOver: HandOver, allowance: (any SendAllowance)? = nil,
        sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) {
        var settings = settings
        try settings.validate()
        try options.validate()
        let wait = settings.waits.last ?? settings.timeout
        let channel = try await prober.open(
            ChannelSettings(capacity: settings.window, timeout: wait, payloadSize: settings.size))
        defer { channel.close() }
        let facts = channel.facts
        if let limit = facts.identityLimit, settings.mostProbes(to: targets.count) > limit / 2 {
            // There are more probes than identities, so there is a speed limit.
            settings.interval = max(settings.interval, facts.shortestInterval(wait))
        }
        let isUntilReply = if case .untilReply = settings.mode { true } else { false }
        let parameters = RunDescription.Parameters(
            queries: settings.tries, count: targets.count, untilReply: isUntilReply, interval: settings.interval)
        let description = RunDescription(.sweep, nil, nil, facts, since: .zero, parameters.with(facts))
        var driver = RunDriver<ProbeEvent>(
            try SweepPlan(targets: targets, settings: settings), of: description, options: options, over: channel,
            resolver: prober.resolver, deadline: options.deadline, handOver: handOver, allowance: allowance)
        _ = await driver.run(sink: sink)
    }
}

extension Sweeper {
    /// Asks the addresses of a collection, and gives each one's result as soon as its fate is decided.
    ///
    /// - Parameter targets: The addresses; with a count, each of them once.
    @inlinable public func results<Targets: RandomAccessCollection & Sendable>(
        for targets: Targets
    ) -> RunStream<SweepReport.Result> where Targets.Element == IPAddress, Targets.Index: Sendable {
        results(for: SweepTargets(targets))
    }

    /// Asks the addresses of a collection, and gives the report once all are decided.
    ///
    /// - Throws: What kept the run from beginning: no permission, settings that make no sense.
    @inlinable public func sweep<Targets: RandomAccessCollection & Sendable>(
        _ targets: Targets
    ) async throws(ProbeError) -> SweepReport
    where Targets.Element == IPAddress, Targets.Index: Sendable {
        try await sweep(SweepTargets(targets))
    }

    /// Asks the addresses of a collection, and tells everything as it happens.
    @inlinable public func events<Targets: RandomAccessCollection & Sendable>(
        for targets: Targets
    ) -> RunStream<ProbeEvent> where Targets.Element == IPAddress, Targets.Index: Sendable {
        events(for: SweepTargets(targets))
    }
}

// MARK: - Hosts by name

extension Sweeper {
    /// Asks hosts that are given by name or address, and gives each one's result as soon as its fate is decided.
    ///
    /// Names are looked up first, many at a time, and each has one address. A name without one has the error as its result.
    /// An address that several names have is asked once, and told of each of them.
    ///
    /// - Parameter hosts: The hosts; results come by their positions.
    public func reports<Hosts: Sequence & Sendable>(
        for hosts: Hosts
    ) -> RunStream<FleetReport<SweepReport.Result>> where Hosts.Element: ProbeTargetConvertible {
        RunStream { sink throws(ProbeError) in
            try settings.validate()
            try options.validate()
            var sweep = HostSweep(hosts, prober.resolver, options)
            let took = try await sweep.lookUp(sink)
            var sweeper = self
            sweeper.options.deadline = options.deadline.map { max(.zero, $0 - took) }
            guard !sweep.addresses.isEmpty else { return }
            try await sweeper.run(SweepTargets(sweep.addresses), handOver: .inBatches) { events in
                for event in events { sweep.apply(event) }
                events.removeAll(keepingCapacity: true)
                if !sweep.done.isEmpty { await sink(&sweep.done) }
            }
        }
    }
}

/// Which hosts have which address, and what came of them.
private struct HostSweep {
    private let supply: TargetSupply
    private let names: Names
    private var positions: [IPAddress: [Int]] = [:]
    private var tally = SweepTally()
    /// The addresses, each once, in the order in which the first hosts that have them were given.
    private(set) var addresses: [IPAddress] = []
    /// Results that have not been handed over.
    var done: [FleetReport<SweepReport.Result>] = []

    /// The hosts as they were given.
    private final class Names {
        var texts: [String] = []
    }

    init<Hosts: Sequence>(
        _ hosts: Hosts, _ resolver: any NameResolver, _ options: RunOptions
    ) where Hosts.Element: ProbeTargetConvertible {
        let names = Names()
        var iterator = hosts.makeIterator()
        let taken = AnyIterator<any ProbeTargetConvertible> {
            guard let host = iterator.next() else { return nil }
            names.texts.append(host.text)
            return host
        }
        self.names = names
        supply = TargetSupply(taken, resolver: resolver, options: options)
    }

    /// Looks all hosts up.
    ///
    /// - Returns: How long that took, if anything had to be waited for.
    mutating func lookUp(
        _ sink: (inout [FleetReport<SweepReport.Result>]) async -> Void
    ) async throws(ProbeError) -> Duration {
        defer { supply.stop() }
        let start = ContinuousClock.now
        var hasWaited = false
        while true {
            switch supply.next() {
            case .finished:
                if !done.isEmpty { await sink(&done) }
                // They came as they were found.
                positions = positions.mapValues { $0.sorted() }
                addresses = positions.sorted { $0.value[0] < $1.value[0] }.map(\.key)
                return hasWaited ? start.duration(to: .now) : .zero
            case .pending:
                hasWaited = true
                if !done.isEmpty { await sink(&done) }
                await supply.wait()
                if Task.isCancelled {
                    throw ProbeError(.cancelled, "The sweep was cancelled while hosts were looked up")
                }
            case .target(let position, .failure(let error), _): report(.failure(error), at: position)
            case .target(let position, .success(let target), _):
                positions[target.address, default: []].append(position)
            }
        }
    }

    mutating func apply(_ event: ProbeEvent) {
        guard let result = tally.apply(event) else { return }
        for position in positions[result.target] ?? [] { report(.success(result), at: position) }
    }

    private mutating func report(_ result: Result<SweepReport.Result, ProbeError>, at position: Int) {
        done.append(FleetReport(position: position, target: names.texts[position], result: result))
    }
}
