extension RunRequest {
    /// The events of the run over a prober, where no service stands between: nothing is limited or shared.
    ///
    /// ```swift
    /// let request = try RunRequest(parsing: pairs)
    /// let events = request.events(over: LiveProber(request.transport, options: request.live))
    /// ```
    ///
    /// They are about one host, unless the request is for a sweep.
    public func events(over prober: some Prober) -> RunStream<ProbeEvent> {
        RunStream { sink throws(ProbeError) in
            guard work.verb == .sweep else {
                guard targets.count == 1 else {
                    throw ProbeError(
                        .badSetting, "A \(work.verb.rawValue) has one host, and \(targets.count) were given",
                        remedy: "Make a request for each")
                }
                return try await run(over: prober, at: targets, sink: sink)
            }
            var addresses: [IPAddress] = []
            for target in targets {
                if let network = IPNetwork(target) {
                    guard network.hosts.count <= Self.mostHosts else {
                        throw ProbeError(
                            .badSetting, "\(network) has more than \(Self.mostHosts) addresses",
                            remedy: "Sweep a part of it, or give a Sweeper its range")
                    }
                    addresses += network.hosts
                } else {
                    addresses.append(
                        try await target.probeTarget(using: prober.resolver, family: family).address)
                }
            }
            try await run(over: prober, at: addresses, sink: sink)
        }
    }

    /// The most hosts of a network here, where each is held: as many as a /8 of IPv4 has.
    private static let mostHosts = 1 << 24

    /// The events of the run over a prober, for a host that a program knows by more than its name: it has been looked up, or
    /// comes from a line of a file.
    public func events(
        over prober: some Prober, for target: some ProbeTargetConvertible
    ) -> RunStream<ProbeEvent> {
        RunStream { sink throws(ProbeError) in try await run(over: prober, at: [target], sink: sink) }
    }

    /// Whether the run goes on until somebody ends it.
    public var isEndless: Bool {
        guard deadline == nil else { return false }
        return switch work {
        case .ping(let settings): settings.count == nil
        case .monitor(let settings): settings.rounds == nil
        case .sweep(let settings): if case .repeating = settings.mode { true } else { false }
        case .trace, .paths, .mtu: false
        }
    }

    /// What all runs have in common.
    public var options: RunOptions {
        RunOptions(family: family, deadline: deadline, names: names && work.verb != .sweep)
    }

    /// Runs the verb.
    ///
    /// - Parameters:
    ///   - time: How long it may take, where it is less than the request says.
    ///   - gather: For how long what happens may be gathered.
    func run<Target: ProbeTargetConvertible>(
        over prober: some Prober, at targets: [Target], within time: Duration? = nil, allowance: BudgetShare? = nil,
        gathering gather: Duration = .zero, sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) {
        var options = options
        if let time { options.deadline = time }
        options.gather = gather
        guard let target = targets.first else { throw ProbeError(.badSetting, "There is no target") }
        func run(_ runner: some ProbeRunner) async throws(ProbeError) {
            try await runner.run(target, allowance: allowance, sink: sink)
        }
        switch work {
        case .ping(let settings): try await run(Pinger(prober, settings: settings, options: options))
        case .trace(let settings): try await run(PathTracer(prober, settings: settings, options: options))
        case .monitor(let settings): try await run(PathMonitor(prober, settings: settings, options: options))
        case .paths(let settings): try await run(PathFinder(prober, settings: settings, options: options))
        case .mtu(let settings): try await run(MTUFinder(prober, settings: settings, options: options))
        case .sweep(let settings):
            var addresses: [IPAddress] = []
            for target in targets {
                addresses.append(try await target.probeTarget(using: prober.resolver, family: family).address)
            }
            try await Sweeper(prober, settings: settings, options: options)
                .run(SweepTargets(addresses), handOver: .inBatches, allowance: allowance, sink: sink)
        }
    }
}
