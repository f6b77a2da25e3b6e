/// Finds all paths to a host that routers balance over.
///
/// ```swift
/// let graph = try await PathFinder(prober).report(for: "example.com")
/// print(graph.nodes.count, graph.links.count)
/// ```
public struct PathFinder: ProbeRunner {
    /// How the finder asks.
    public let prober: any Prober
    /// How sure it is to be, and how far it looks.
    public var settings: MultipathSettings
    /// What all runs have in common.
    public var options: RunOptions

    /// A finder over a prober.
    public init(
        _ prober: some Prober, settings: MultipathSettings = MultipathSettings(), options: RunOptions = RunOptions()
    ) {
        self.prober = prober
        self.settings = settings
        self.options = options
    }
}

extension MultipathSettings: RunSettings {
    /// Makes a ``PathGraph``.
    public typealias Fold = PathGraph.Fold

    /// A search for all paths.
    public static var verb: Verb { .paths }

    /// The settings of a search that those of a trace lead to. The time between two probes is that of searches, or the
    /// trace's if it is longer.
    public init(confidence: Double = 0.95, like trace: TraceSettings) {
        self.init(
            confidence: confidence, firstTTL: trace.firstTTL, maxTTL: trace.maxTTL,
            sendInterval: max(trace.sendInterval, MultipathSettings().sendInterval), patience: trace.patience,
            gapLimit: trace.gapLimit, size: trace.size)
    }

    /// Room for the window, and flows that are kept.
    public var needs: ChannelSettings {
        var needs = ChannelSettings(capacity: window, timeout: patience.max, payloadSize: size)
        needs.keepsFlows = true
        return needs
    }

    /// A plan that looks for all paths to one target.
    public func plan(for target: IPAddress, over facts: ChannelFacts) throws(ProbeError) -> some ProbePlan {
        try MultipathPlan(target: target, settings: self, facts: facts)
    }

    /// The TTLs, the confidence and the attempts.
    public func parameters(over facts: ChannelFacts) -> RunDescription.Parameters {
        RunDescription.Parameters(
            firstTTL: Int(firstTTL), maxTTL: Int(maxTTL), gapLimit: gapLimit > 0 ? gapLimit : nil,
            confidence: confidence, attempts: attempts
        ).with(facts)
    }
}
