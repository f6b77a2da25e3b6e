extension Prober {
    /// Opens a channel for a run with a plan, and says what the run is.
    ///
    /// - Parameters:
    ///   - verb: What the run does.
    ///   - target: Whom it is about.
    ///   - window: The most probes that the plan has out.
    ///   - wait: How long the plan waits for an answer at the most.
    ///   - memory: For how long a late answer is of interest.
    ///   - payloadSize: The payload of every probe in bytes, or nil for what the prober was set to.
    ///   - variesSize: Whether probes have many sizes, and must not be cut.
    ///   - keepsFlows: Whether all probes of a flow have to look alike to routers.
    ///   - options: What all runs have in common.
    ///   - parameters: What the report repeats of the settings.
    func begin(
        _ verb: String, target: ProbeTarget?, window: Int, wait: Duration,
        memory: Duration = ChannelSettings().memory, payloadSize: UInt16?, variesSize: Bool = false,
        keepsFlows: Bool = false, options: RunOptions, parameters: RunParameters
    ) async throws(ProbeError) -> OpenRun {
        var settings = ChannelSettings(target: target?.address, capacity: window, payloadSize: payloadSize)
        settings.variesSize = variesSize
        settings.keepsFlows = keepsFlows
        // An answer that the plan still waits for must not be forgotten by the channel.
        settings.memory = max(memory, wait)
        settings.timeout = wait
        let channel = try await open(settings)
        let facts = channel.facts
        var parameters = parameters.with(facts)
        if variesSize { parameters.headerSize = facts.headerSize }
        let description = RunDescription(
            verb: verb, target: target, source: target.flatMap { channel.source(for: $0.address) },
            method: facts.method, mode: facts.mode, startedAt: facts.openedAt, parameters: parameters)
        return OpenRun(
            channel: channel, description: description, names: RunNames(resolver: resolver, options: options))
    }
}

extension RunParameters {
    /// The settings with what a channel knows of the packets, whatever kind of run they are for.
    func with(_ facts: ChannelFacts) -> RunParameters {
        var parameters = self
        parameters.packetSize = facts.packetSize
        parameters.trafficClass = facts.trafficClass.map(Int.init)
        parameters.segmentSize = facts.segmentSize.map(Int.init)
        return parameters
    }
}

/// A run that has its channel and has still to be driven, once, by a plan.
///
/// The channel is an existential and no type parameter: what drives it then depends on the plan's type alone and
/// is compiled for each plan, where a driver generic over the prober was not. A simulated trace takes a
/// quarter less time so.
struct OpenRun {
    let channel: any ProbeChannel
    var description: RunDescription
    let names: RunNames

    /// Drives the plan over the channel to the end of the run, and gives the channel back.
    ///
    /// - Parameters:
    ///   - plan: What is to be done.
    ///   - batch: How many events are gathered before the sink gets them; 1 where somebody watches.
    ///   - hold: How long events are held back at the most while fewer have been gathered.
    ///   - sink: Takes the events.
    func drive(
        _ plan: some ProbePlan, batch: Int = 1, hold: Duration = .seconds(3600),
        sink: (inout [ProbeEvent]) async -> Void
    ) async {
        defer { channel.close() }
        var driver = RunDriver(plan: plan, channel: channel, names: names, batch: batch, hold: hold)
        await driver.run(description, sink: sink)
    }
}

extension EventFold {
    /// Applies events and empties their array.
    mutating func take(_ events: inout [ProbeEvent]) {
        apply(events.span)
        events.removeAll(keepingCapacity: true)
    }

    /// Applies events in their order. A span lends them, where a loop over the array would copy each.
    private mutating func apply(_ events: Span<ProbeEvent>) {
        for index in events.indices { apply(events[index]) }
    }

    /// The report of a run that has ended.
    func finished() throws(ProbeError) -> Report {
        if let report = report() { return report }
        throw ProbeError(.network, "The run ended without having begun")
    }
}

extension ProbeRegistry {
    /// The time between two probes at which half of all identities are in use, if each is of interest for so long.
    ///
    /// Faster than that, a sweep of millions would come to have no identity left for its next probe.
    static func shortestInterval(_ memory: Duration) -> Duration { memory / (limit / 2) }
}
