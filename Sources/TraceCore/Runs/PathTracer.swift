/// Finds the path to a host.
///
/// ```swift
/// let trace = try await PathTracer(prober).trace("example.com")
/// for hop in trace.hops { print(hop.ttl, hop.addresses) }
/// ```
public struct PathTracer<P: Prober>: Sendable {
    /// How the tracer asks.
    public let prober: P
    /// What it asks, and how long it waits.
    public var settings: TraceSettings
    /// What all runs have in common.
    public var options: RunOptions

    /// A tracer over a prober.
    public init(
        _ prober: P, settings: TraceSettings = TraceSettings(), options: RunOptions = RunOptions()
    ) {
        self.prober = prober
        self.settings = settings
        self.options = options
    }

    /// Traces a host, and gives the whole path once it is known.
    ///
    /// A silent or unreachable target is a result. When the task is cancelled, the result is the path as far as it
    /// was known then, and its end says so.
    ///
    /// - Throws: What kept the trace from beginning: no such host, no permission, settings that make no sense.
    public func trace(_ target: some ProbeTargetConvertible) async throws(ProbeError) -> TraceReport {
        var fold = TraceFold()
        try await run(target, batch: 64) { events in fold.take(&events) }
        return try fold.finished()
    }

    /// Traces a host, and tells everything as it happens.
    public func events(for target: some ProbeTargetConvertible) -> RunEvents {
        RunEvents { sink throws(ProbeError) in try await run(target, sink: sink) }
    }

    private func run(
        _ target: some ProbeTargetConvertible, batch: Int = 1, sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) {
        let target = try await target.probeTarget(using: prober.resolver, family: options.family)
        let plan = try TracePlan(target: target.address, settings: settings)
        let run = try await prober.begin(
            "trace", target: target, window: plan.window, wait: settings.patience.max, payloadSize: settings.size,
            options: options,
            parameters: RunParameters(
                firstTTL: Int(settings.firstTTL), maxTTL: Int(settings.maxTTL), queries: settings.queries,
                gapLimit: settings.gapLimit > 0 ? settings.gapLimit : nil))
        await run.drive(plan, batch: batch, sink: sink)
    }
}
