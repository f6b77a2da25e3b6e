/// Finds the path to a host.
///
/// ```swift
/// let trace = try await PathTracer(prober).trace("example.com")
/// for hop in trace.hops { print(hop.ttl, hop.addresses) }
/// ```
public struct PathTracer: ProbeRunner {
    /// How the tracer asks.
    public let prober: any Prober
    /// What it asks, and how long it waits.
    public var settings: TraceSettings
    /// What all runs have in common.
    public var options: RunOptions

    /// A tracer over a prober.
    public init(_ prober: some Prober, settings: TraceSettings = TraceSettings(), options: RunOptions = RunOptions()) {
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
        try await report(for: target)
    }

    /// Finds all paths to a host, and gives the graph that they form: what ``PathFinder`` does with the settings of the
    /// tracer.
    ///
    /// - Parameters:
    ///   - target: Where the paths lead to.
    ///   - confidence: How sure it is to be that nothing was missed.
    /// - Throws: What kept the search from beginning.
    public func paths(
        to target: some ProbeTargetConvertible, confidence: Double = 0.95
    ) async throws(ProbeError) -> PathGraph {
        let settings = MultipathSettings(confidence: confidence, like: settings)
        return try await PathFinder(prober, settings: settings, options: options).report(for: target)
    }

    /// Finds how large packets to a host may be: what ``MTUFinder`` does with the settings of the tracer.
    ///
    /// - Throws: What kept the run from beginning; `unsupported` for a prober whose packets have no size.
    public func pathMTU(to target: some ProbeTargetConvertible) async throws(ProbeError) -> PathMTUReport {
        try await MTUFinder(prober, settings: PathMTUSettings(trace: settings), options: options).report(for: target)
    }
}

extension TraceSettings: RunSettings {
    /// Makes a ``TraceReport``.
    public typealias Fold = TraceReport.Fold

    /// A trace.
    public static var verb: Verb { .trace }

    /// Room for the window, and as long as an answer is waited for.
    public var needs: ChannelSettings {
        ChannelSettings(capacity: window ?? 96, timeout: patience.max, payloadSize: size)
    }

    /// With five hops out, unless the window says otherwise.
    public var amongMany: TraceSettings {
        var settings = self
        settings.window = window ?? queries * 5
        return settings
    }

    /// A plan that traces one target.
    public func plan(for target: IPAddress, over facts: ChannelFacts) throws(ProbeError) -> some ProbePlan {
        try TracePlan(target: target, settings: self)
    }

    /// The TTLs, the queries and the gap limit.
    public func parameters(over facts: ChannelFacts) -> RunDescription.Parameters {
        RunDescription.Parameters(
            firstTTL: Int(firstTTL), maxTTL: Int(maxTTL), queries: queries, gapLimit: gapLimit > 0 ? gapLimit : nil
        ).with(facts)
    }
}
