extension Prober {
    /// Makes one run: resolves the target, opens a channel, drives a plan over it, and gives all back.
    func run<Plan: ProbePlan>(
        _ verb: String, to target: some ProbeTargetConvertible, options: RunOptions,
        parameters: RunParameters, plan: (IPAddress) throws(ProbeError) -> Plan,
        sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) {
        let target = try await target.probeTarget(using: resolver, family: options.family)
        try await run(
            verb, target: target, plan: try plan(target.address), options: options, parameters: parameters,
            sink: sink)
    }

    /// Makes one run with a plan that knows its targets.
    func run<Plan: ProbePlan>(
        _ verb: String, target: ProbeTarget?, plan: Plan, options: RunOptions,
        parameters: RunParameters, sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) {
        let channel = try await open(ChannelSettings(target: target?.address, capacity: plan.window))
        defer { channel.close() }
        let facts = channel.facts
        var parameters = parameters
        parameters.packetSize = facts.packetSize
        let description = RunDescription(
            verb: verb, target: target, source: target.flatMap { channel.source(for: $0.address) },
            method: facts.method, mode: facts.mode, startedAt: facts.openedAt, parameters: parameters)
        var driver = RunDriver(
            plan: plan, channel: channel, names: RunNames(resolver: resolver, options: options))
        await driver.run(description, sink: sink)
    }
}

extension EventFold {
    /// The report of a run that has ended.
    func finished() throws(ProbeError) -> Report {
        if let report = report() { return report }
        throw ProbeError(.network, "The run ended without having begun")
    }
}
