/// Watches the path to a host, round after round.
///
/// ```swift
/// for try await view in PathMonitor(prober).views(of: "example.com", every: .seconds(1)) { print(view.hops.count) }
/// ```
public struct PathMonitor<P: Prober>: Sendable {
    /// How the monitor asks.
    public let prober: P
    /// How often it asks, and how far.
    public var settings: MonitorSettings
    /// What all runs have in common.
    public var options: RunOptions

    /// A monitor over a prober.
    public init(
        _ prober: P, settings: MonitorSettings = MonitorSettings(), options: RunOptions = RunOptions()
    ) {
        self.prober = prober
        self.settings = settings
        self.options = options
    }

    /// Watches the path for so many rounds, and gives the report.
    ///
    /// - Throws: What kept the run from beginning: no such host, no permission, settings that make no sense.
    public func report(
        of target: some ProbeTargetConvertible, rounds: Int
    ) async throws(ProbeError) -> MonitorReport {
        var fold = MonitorFold()
        var monitor = self
        monitor.settings.rounds = rounds
        try await monitor.run(target, batch: 64) { events in fold.take(&events) }
        return try fold.finished()
    }

    /// Watches the path, and gives a view of it after each round and at the end.
    ///
    /// - Parameters:
    ///   - target: The host at the end of the path.
    ///   - interval: The time between the starts of two rounds, or nil for what the settings say.
    public func views(
        of target: some ProbeTargetConvertible, every interval: Duration? = nil
    ) -> RunValues<MonitorReport> {
        var monitor = self
        monitor.settings.interval = interval ?? settings.interval
        return RunValues(monitor.events(for: target)) {
            var fold = MonitorFold()
            var round = 0
            return { event in
                defer { fold.apply(event) }
                switch event.fact {
                case .sent(let probe) where probe.sequence > round:
                    round = probe.sequence
                    return fold.report()
                case .ended:
                    var last = fold
                    last.apply(event)
                    return last.report()
                default: return nil
                }
            }
        }
    }

    /// Watches all paths that the flows of the settings take, and gives a view of them after each round and at the end.
    ///
    /// - Parameters:
    ///   - target: The host at the end of the paths.
    ///   - flows: How many flows the rounds take in turn.
    public func pathViews(
        of target: some ProbeTargetConvertible, flows: Int = 16
    ) -> RunValues<PathSetReport> {
        var monitor = self
        monitor.settings.flows = flows
        return RunValues(monitor.events(for: target)) {
            var fold = PathSetFold()
            var round = 0
            return { event in
                fold.apply(event)
                switch event.fact {
                case .sent(let probe) where probe.sequence > round:
                    round = probe.sequence
                    return fold.report()
                case .ended: return fold.report()
                default: return nil
                }
            }
        }
    }

    /// Watches the path, and tells everything as it happens.
    public func events(for target: some ProbeTargetConvertible) -> RunEvents {
        RunEvents { sink throws(ProbeError) in try await run(target, sink: sink) }
    }

    /// Whether several flows can be watched side by side.
    private func check(_ facts: ChannelFacts) throws(ProbeError) {
        if facts.hasSerialFlows {
            throw ProbeError(
                .unsupported,
                "The system lets one connection request of a flow be out at a time, so several flows cannot "
                    + "be watched by TCP", remedy: "Ask by UDP or ICMP, or run it with CAP_NET_RAW")
        }
        if let limit = facts.flowLimit, settings.flows > limit {
            throw ProbeError(
                .badSetting, "\(settings.flows) flows are more than the \(limit) that can be told apart here",
                remedy: "Give at most \(limit)")
        }
    }

    private func run(
        _ target: some ProbeTargetConvertible, batch: Int = 1, sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) {
        let target = try await target.probeTarget(using: prober.resolver, family: options.family)
        let plan = try MonitorPlan(target: target.address, settings: settings)
        let run = try await prober.begin(
            "monitor", target: target, window: plan.window, wait: settings.timeout, payloadSize: settings.size,
            keepsFlows: settings.flows > 1, options: options,
            parameters: RunParameters(
                firstTTL: Int(settings.firstTTL), maxTTL: Int(settings.maxTTL), count: settings.rounds,
                interval: settings.interval))
        if settings.flows > 1 {
            do throws(ProbeError) {
                try check(run.channel.facts)
            } catch {
                run.channel.close()
                throw error
            }
        }
        await run.drive(plan, batch: batch, sink: sink)
    }
}
