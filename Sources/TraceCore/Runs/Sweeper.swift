/// Asks many addresses whether they are there, thousands at a time.
///
/// ```swift
/// for try await result in Sweeper(prober).results(for: network, rate: 10_000) where result.isAlive {
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
    /// - Parameters:
    ///   - network: The network; of IPv4 its own and its broadcast address are left out.
    ///   - rate: The probes in a second, 0 for no limit, or nil for that of the settings.
    public func results(for network: IPNetwork, rate: Int? = nil) -> RunStream<SweepReport.Result> {
        guard let hosts = network.hosts.indexed else {
            return RunStream { _ throws(ProbeError) in
                throw ProbeError(
                    .badSetting, "\(network) has more addresses than can be counted",
                    remedy: "Give a smaller network, or a list of addresses")
            }
        }
        return results(for: SweepTargets(hosts), rate: rate)
    }

    /// Asks many addresses, and gives each one's result as soon as its fate is decided.
    ///
    /// - Parameters:
    ///   - targets: The addresses; with a count, each of them once.
    ///   - rate: The probes in a second, 0 for no limit, or nil for that of the settings.
    public func results(for targets: SweepTargets, rate: Int? = nil) -> RunStream<SweepReport.Result> {
        let sweeper = with(rate)
        return RunStream { sink throws(ProbeError) in
            var tally = SweepTally()
            var results: [SweepReport.Result] = []
            try await sweeper.run(targets, handOver: .inBatches) { events in
                for event in events { if let result = tally.apply(event) { results.append(result) } }
                events.removeAll(keepingCapacity: true)
                if !results.isEmpty { await sink(&results) }
            }
        }
    }

    private func with(_ rate: Int?) -> Sweeper {
        guard let rate else { return self }
        var sweeper = self
        // A rate below zero is refused as an interval below zero.
        sweeper.settings.interval = rate > 0 ? .seconds(1) / rate : rate == 0 ? .zero : .seconds(-1)
        return sweeper
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
    /// - Parameters:
    ///   - targets: The addresses; with a count, each of them once.
    ///   - rate: The probes in a second, or nil for what the settings say.
    @inlinable public func results<Targets: RandomAccessCollection & Sendable>(
        for targets: Targets, rate: Int? = nil
    ) -> RunStream<SweepReport.Result> where Targets.Element == IPAddress, Targets.Index: Sendable {
        results(for: SweepTargets(targets), rate: rate)
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
