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
        return results(for: hosts, rate: rate)
    }

    /// Asks many addresses, and gives each one's result as soon as its fate is decided.
    ///
    /// - Parameters:
    ///   - targets: The addresses, each of them once.
    ///   - rate: The probes in a second, or nil for what the settings say.
    public func results<Targets: RandomAccessCollection & Sendable>(
        for targets: Targets, rate: Int? = nil
    ) -> RunValues<SweepResult> where Targets.Element == IPAddress, Targets.Index: Sendable {
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
    public func sweep<Targets: RandomAccessCollection & Sendable>(
        _ targets: Targets
    ) async throws(ProbeError) -> SweepReport
    where Targets.Element == IPAddress, Targets.Index: Sendable {
        var fold = SweepFold()
        try await run(targets, batch: 64) { events in fold.take(&events) }
        return try fold.finished()
    }

    /// Asks many addresses, and tells everything as it happens.
    public func events<Targets: RandomAccessCollection & Sendable>(
        for targets: Targets
    ) -> RunEvents where Targets.Element == IPAddress, Targets.Index: Sendable {
        RunEvents { sink throws(ProbeError) in try await run(targets, sink: sink) }
    }

    private func run<Targets: RandomAccessCollection & Sendable>(
        _ targets: Targets, batch: Int = 1, sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) where Targets.Element == IPAddress, Targets.Index: Sendable {
        let isUntilReply: Bool
        switch settings.mode {
        case .untilReply: isUntilReply = true
        case .count: isUntilReply = false
        }
        let plan = try SweepPlan(targets: targets, settings: settings)
        let run = try await prober.begin(
            "sweep", target: nil, window: plan.window, wait: plan.longestWait, payloadSize: settings.size,
            options: options,
            parameters: RunParameters(
                queries: settings.tries, count: targets.count, untilReply: isUntilReply,
                interval: settings.interval))
        await run.drive(plan, batch: batch, sink: sink)
    }
}
