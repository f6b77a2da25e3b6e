extension PathTracer {
    /// Traces many hosts at once, and gives each path as soon as it is known.
    ///
    /// ```swift
    /// for try await result in PathTracer(prober).traces(of: hosts) {
    ///     print(result.position, try result.trace.get().hops.count)
    /// }
    /// ```
    ///
    /// All go over one channel and share one rate. Hosts are taken from the sequence as there is room for them, and
    /// nothing is kept of those that are done, so that there may be any number of them.
    ///
    /// - Parameters:
    ///   - targets: Whom to trace.
    ///   - pace: How fast, all together; unless told otherwise, routers that the paths share are spared.
    public func traces<Targets: Sequence & Sendable>(
        of targets: Targets, pace: FleetPace = .sparing
    ) -> RunStream<FleetTrace> where Targets.Element: ProbeTargetConvertible {
        RunStream { sink throws(ProbeError) in
            var iterator = targets.makeIterator()
            var folds: [Int: TraceFold] = [:]
            var done: [FleetTrace] = []
            try await run(AnyIterator { iterator.next() as (any ProbeTargetConvertible)? }, pace) { events in
                for event in events { if let trace = Self.fold(event, into: &folds) { done.append(trace) } }
                events.removeAll(keepingCapacity: true)
                if !done.isEmpty { await sink(&done) }
            }
        }
    }

    /// Takes in an event; gives the trace that it completes.
    private static func fold(_ next: FleetEvent, into folds: inout [Int: TraceFold]) -> FleetTrace? {
        switch next.event {
        case .failure(let error): return FleetTrace(position: next.position, trace: .failure(error))
        case .success(let event):
            folds[next.position, default: TraceFold()].apply(event)
            guard case .ended = event.fact else { return nil }
            return folds.removeValue(forKey: next.position)?.report().map {
                FleetTrace(position: next.position, trace: .success($0))
            }
        }
    }

    /// Traces many hosts at once, and tells everything as it happens.
    ///
    /// The events of each host are those of a run of its own, which begins when its turn has come.
    ///
    /// - Parameters:
    ///   - targets: Whom to trace.
    ///   - pace: How fast, all together; unless told otherwise, routers that the paths share are spared.
    public func events<Targets: Sequence & Sendable>(
        for targets: Targets, pace: FleetPace = .sparing
    ) -> RunStream<FleetEvent> where Targets.Element: ProbeTargetConvertible {
        RunStream { sink throws(ProbeError) in
            var iterator = targets.makeIterator()
            try await run(AnyIterator { iterator.next() as (any ProbeTargetConvertible)? }, pace, sink: sink)
        }
    }

    private func run(
        _ targets: AnyIterator<any ProbeTargetConvertible>, _ pace: FleetPace,
        sink: (inout [FleetEvent]) async -> Void
    ) async throws(ProbeError) {
        // A run that is over is told nothing more, so that no probe is of interest for longer than it is waited for.
        let memory = settings.patience.max
        let plan = try FleetPlan(settings, pace, interval: max(pace.interval, ProbeRegistry.shortestInterval(memory)))
        let channelSettings = ChannelSettings(capacity: plan.window, memory: memory, payloadSize: settings.size)
        let channel = try await prober.open(channelSettings)
        defer { channel.close() }
        var driver = FleetDriver(
            plan, over: channel, resolver: prober.resolver, options: options,
            parameters: RunParameters(
                firstTTL: Int(settings.firstTTL), maxTTL: Int(settings.maxTTL), queries: settings.queries,
                gapLimit: settings.gapLimit > 0 ? settings.gapLimit : nil),
            targets: targets, handOver: HandOver(batch: 256, hold: .milliseconds(1)))
        try await driver.run(sink: sink)
    }
}
