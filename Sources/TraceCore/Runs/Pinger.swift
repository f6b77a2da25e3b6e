/// Asks a host again and again whether it is there, and how far.
///
/// ```swift
/// let report = try await Pinger(prober).ping("example.com", count: 4)
/// print(report.received, report.rtt?.average ?? .zero)
/// ```
public struct Pinger<P: Prober>: Sendable {
    /// How the pinger asks.
    public let prober: P
    /// How often it asks, and how long it waits.
    public var settings: PingSettings
    /// What all runs have in common.
    public var options: RunOptions

    /// A pinger over a prober.
    public init(
        _ prober: P, settings: PingSettings = PingSettings(), options: RunOptions = RunOptions()
    ) {
        self.prober = prober
        self.settings = settings
        self.options = options
    }

    /// Pings a host so many times, and gives the report.
    ///
    /// A host that does not answer is a result. When the task is cancelled, the report is of what was known then.
    ///
    /// - Throws: What kept the run from beginning: no such host, no permission, settings that make no sense.
    public func ping(
        _ target: some ProbeTargetConvertible, count: Int
    ) async throws(ProbeError) -> PingReport {
        var fold = PingFold()
        try await run(target, count: count) { events in
            fold.take(&events)
        }
        return try fold.finished()
    }

    /// Pings a host, and gives each answer as it comes, duplicates and late ones too.
    ///
    /// - Parameters:
    ///   - target: The host to ask.
    ///   - count: How many probes are sent, or nil for what the settings say.
    public func replies(
        from target: some ProbeTargetConvertible, count: Int? = nil
    ) -> RunValues<PingReply> {
        RunValues(events(for: target, count: count)) { { PingReply($0) } }
    }

    /// Pings a host, and tells everything as it happens.
    ///
    /// - Parameters:
    ///   - target: The host to ask.
    ///   - count: How many probes are sent, or nil for what the settings say.
    public func events(for target: some ProbeTargetConvertible, count: Int? = nil) -> RunEvents {
        RunEvents { sink throws(ProbeError) in try await run(target, count: count, sink: sink) }
    }

    private func run(
        _ target: some ProbeTargetConvertible, count: Int?, sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) {
        var settings = settings
        settings.count = count ?? settings.count
        let target = try await target.probeTarget(using: prober.resolver, family: options.family)
        let plan = try PingPlan(target: target.address, settings: settings)
        let run = try await prober.begin(
            "ping", target: target, window: plan.window, wait: settings.timeout, payloadSize: settings.size,
            options: options,
            parameters: RunParameters(count: settings.count, interval: settings.interval))
        await run.drive(plan, sink: sink)
    }
}

extension PingReply {
    /// The answer that an event brings, or nil if it brings none.
    init?(_ event: ProbeEvent) {
        switch event.fact {
        case .reply(let probe, let response): self.init(sequence: probe.sequence, response: response)
        case .late(let probe, let response):
            self.init(sequence: probe.sequence, response: response, isLate: true)
        case .duplicate(let probe, let response):
            self.init(sequence: probe.sequence, response: response, isDuplicate: true)
        default: return nil
        }
    }
}
