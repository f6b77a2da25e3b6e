/// Asks many addresses whether they are there, thousands at a time.
///
/// ```swift
/// for try await result in Sweeper(prober).results(for: network, rate: 10_000) where result.isAlive {
///     print(result.target)
/// }
/// ```
public struct Sweeper<P: Prober>: Sendable {
    /// How the sweeper asks.
    public let prober: P
    /// How fast it asks, and how often.
    public var settings: SweepSettings
    /// What all runs have in common; names are not looked up.
    public var options: RunOptions

    /// A sweeper over a prober.
    public init(
        _ prober: P, settings: SweepSettings = SweepSettings(), options: RunOptions = RunOptions(names: false)
    ) {
        self.prober = prober
        self.settings = settings
        self.options = options
    }

    /// Asks the hosts of a network, and gives each one's result as soon as its fate is decided.
    ///
    /// - Parameters:
    ///   - network: The network; of IPv4 its own and its broadcast address are left out.
    ///   - rate: The probes in a second, or nil for what the settings say.
    public func results(for network: IPNetwork, rate: Int? = nil) -> RunValues<SweepResult> {
        guard let hosts = network.hosts.indexed else {
            let error = ProbeError(
                .badSetting, "\(network) has more addresses than can be counted",
                remedy: "Give a smaller network, or a list of addresses")
            return results(of: RunEvents { _ throws(ProbeError) in throw error })
        }
        return results(for: SweepTargets(hosts), rate: rate)
    }

    /// Asks many addresses, and gives each one's result as soon as its fate is decided.
    ///
    /// - Parameters:
    ///   - targets: The addresses; with a count, each of them once.
    ///   - rate: The probes in a second, or nil for what the settings say.
    public func results(for targets: SweepTargets, rate: Int? = nil) -> RunValues<SweepResult> {
        var sweeper = self
        if let rate { sweeper.settings.interval = rate > 0 ? .seconds(1) / rate : .seconds(-1) }
        return results(of: sweeper.events(for: targets))
    }

    private func results(of events: RunEvents) -> RunValues<SweepResult> {
        RunValues(events) {
            var tally = SweepTally()
            return { tally.apply($0) }
        }
    }

    /// Asks many addresses, and gives the report once all are decided.
    ///
    /// - Throws: What kept the run from beginning: no permission, settings that make no sense.
    public func sweep(_ targets: SweepTargets) async throws(ProbeError) -> SweepReport {
        var fold = SweepFold()
        try await run(targets, batch: 64, hold: .seconds(3600)) { events in fold.take(&events) }
        return try fold.finished()
    }

    /// Asks many addresses, and tells everything as it happens.
    ///
    /// Events are handed on a few at a time where they come fast, and no later than a millisecond after they happened.
    public func events(for targets: SweepTargets) -> RunEvents {
        RunEvents { sink throws(ProbeError) in
            // Waking the reader for each event took twice as long as everything else.
            try await run(targets, batch: 512, hold: .milliseconds(1), sink: sink)
        }
    }

    private func run(
        _ targets: SweepTargets, batch: Int, hold: Duration, sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) {
        let isUntilReply: Bool
        switch settings.mode {
        case .untilReply: isUntilReply = true
        case .count, .repeating: isUntilReply = false
        }
        var plan = try SweepPlan(targets: targets, settings: settings)
        var memory = ChannelSettings().memory
        if plan.mostProbes > ProbeRegistry.limit / 2 {
            // There are more probes than identities: late answers are known for less long, and there is a speed limit.
            memory = plan.longestWait
            var settings = settings
            settings.interval = max(settings.interval, ProbeRegistry.shortestInterval(memory))
            plan = try SweepPlan(targets: targets, settings: settings)
        }
        let run = try await prober.begin(
            "sweep", target: nil, window: plan.window, wait: plan.longestWait, memory: memory,
            payloadSize: settings.size, options: options,
            parameters: RunParameters(
                queries: settings.tries, count: targets.count, untilReply: isUntilReply,
                interval: settings.interval))
        await run.drive(plan, batch: batch, hold: hold, sink: sink)
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
    ) -> RunValues<SweepResult> where Targets.Element == IPAddress, Targets.Index: Sendable {
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
    ) -> RunEvents where Targets.Element == IPAddress, Targets.Index: Sendable {
        events(for: SweepTargets(targets))
    }
}
