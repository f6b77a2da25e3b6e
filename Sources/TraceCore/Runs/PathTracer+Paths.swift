extension PathTracer {
    /// Finds all paths to a host, and gives the graph that they form.
    ///
    /// ```swift
    /// let graph = try await PathTracer(prober).paths(to: "example.com", confidence: 0.99)
    /// print(graph.nodes.count, graph.links.count)
    /// ```
    ///
    /// - Parameters:
    ///   - target: Where the paths lead to.
    ///   - confidence: How sure it is to be that nothing was missed.
    /// - Throws: What kept the search from beginning: no such host, no permission, settings that make no sense.
    public func paths(
        to target: some ProbeTargetConvertible, confidence: Double = 0.95
    ) async throws(ProbeError) -> PathGraph {
        try await paths(to: target, multipathSettings(confidence))
    }

    /// Finds all paths to a host, looked for in a way of one's own.
    public func paths(
        to target: some ProbeTargetConvertible, _ settings: MultipathSettings
    ) async throws(ProbeError) -> PathGraph {
        var fold = PathGraphFold()
        try await searchPaths(target, settings, batch: 64) { events in fold.take(&events) }
        return try fold.finished()
    }

    /// Finds all paths to a host, and tells everything as it happens; ``PathGraphFold`` makes the graph of it.
    public func pathEvents(
        for target: some ProbeTargetConvertible, _ settings: MultipathSettings = MultipathSettings()
    ) -> RunEvents {
        RunEvents { sink throws(ProbeError) in try await searchPaths(target, settings, sink: sink) }
    }

    /// The settings of a search that a tracer's own lead to. The time between two probes is that of searches, or the tracer's
    /// if it is longer.
    public func multipathSettings(_ confidence: Double) -> MultipathSettings {
        MultipathSettings(
            confidence: confidence, firstTTL: settings.firstTTL, maxTTL: settings.maxTTL,
            sendInterval: max(settings.sendInterval, MultipathSettings().sendInterval), patience: settings.patience,
            gapLimit: settings.gapLimit, size: settings.size, deadline: settings.deadline)
    }

    private func searchPaths(
        _ target: some ProbeTargetConvertible, _ settings: MultipathSettings, batch: Int = 1,
        sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) {
        try settings.validate()
        let target = try await target.probeTarget(using: prober.resolver, family: options.family)
        let run = try await prober.begin(
            "paths", target: target, window: settings.window, wait: settings.patience.max, payloadSize: settings.size,
            keepsFlows: true, options: options,
            parameters: RunParameters(
                firstTTL: Int(settings.firstTTL), maxTTL: Int(settings.maxTTL),
                gapLimit: settings.gapLimit > 0 ? settings.gapLimit : nil, confidence: settings.confidence,
                attempts: settings.attempts))
        let plan = try MultipathPlan(target: target.address, settings: settings, facts: run.channel.facts)
        await run.drive(plan, batch: batch, sink: sink)
    }
}
