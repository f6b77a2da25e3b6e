public import TraceCore
public import TraceCoreCommandLine

/// The options of a server that makes runs for others: which networks may be asked, and how much there is for all.
public struct ServiceOptions: Sendable {
    /// Networks that may be asked.
    public let allow = Option("allow", each: .network, help: "Let this network be asked, though it is not public.")
    /// Networks that may not.
    public let deny = Option("deny", each: .network, help: "Never ask this network.")
    /// Whether all may.
    public let allowPrivate = Option(
        "allow-private",
        help:
            "Let every network be asked, private ones and this machine too. Without the option that is so only where nobody but "
            + "this machine can reach the server: it listens at 127.0.0.1 or ::1, and there is no `--proxy`.")
    /// How often each client may ask.
    public let rate = Option(
        "ratelimit", value: .rates,
        help: "How often each client may start a run, as `10/minute;100/hour`. The default is 30/minute.")
    /// Runs at once.
    public let runs = Option(
        "runs", value: .integer(1...1_000_000), default: 200, help: "Make this many runs at once in all.")
    /// Runs at once for each client.
    public let runsPerClient = Option(
        "runs-per-client", value: .integer(1...1_000_000), default: 5, help: "Make this many at once for each client.")
    /// Runs at once at each target.
    public let runsPerTarget = Option(
        "runs-per-target", value: .integer(1...1_000_000), default: 5, help: "Make this many at once at each target.")
    /// Probes a second.
    public let probes = Option(
        "probes-per-second", value: .integer(1...10_000_000), default: 2_000,
        help: "Send this many probes a second in all.")
    /// Look-ups a second.
    public let lookUps = Option(
        "lookups-per-second", value: .integer(1...1_000_000), default: 50,
        help: "Look this many names of targets up a second.")

    /// The options.
    public init() {}

    /// Those of the networks that may be asked.
    public var targets: [any OptionRow] { [allow, deny, allowPrivate] }
    /// Those of how much there is.
    public var amounts: [any OptionRow] { [rate, runs, runsPerClient, runsPerTarget, probes, lookUps] }

    /// Whether every address may be asked only because nobody but this machine can ask.
    @MainActor public func isForThisMachine(in parsed: ParsedArguments, of server: Server) -> Bool {
        !server.isReachable && !parsed[allowPrivate]
    }

    /// The service that the options describe, on the real network or on a simulated one.
    ///
    /// - Parameters:
    ///   - parsed: The command line.
    ///   - network: Where probes go.
    ///   - limits: What each request may ask for.
    ///   - isReachable: Whether others than this machine can ask.
    ///   - observer: Takes what happens to runs.
    public func service(
        in parsed: ParsedArguments, over network: NetworkOptions, limits: RunLimits, isReachable: Bool,
        observer: @escaping @Sendable (ServiceEvent) -> Void
    ) throws -> ProbeService {
        let isSimulated = parsed[network.network] != nil
        let policy: TargetPolicy = parsed[allowPrivate] || isSimulated || !isReachable ? .all : .publicOnly
        let quotas = ProbeService.Quotas(
            probesPerSecond: parsed[probes], runs: parsed[runs], runsPerClient: parsed[runsPerClient],
            runsPerTarget: parsed[runsPerTarget], lookUpsPerSecond: parsed[lookUps])
        var prober: @Sendable (RunRequest) -> any Prober = { LiveProber($0.transport, options: $0.live) }
        if isSimulated {
            let internet = try network.internet(in: parsed)
            prober = { request in
                SimulatedProber(
                    request.transport, internet, options: SimulatedInternet.Options(packets: request.live.packets),
                    clock: ContinuousClock())
            }
        }
        return ProbeService(
            policy: policy.allowing(parsed[allow]).denying(parsed[deny]), limits: limits, quotas: quotas,
            observer: observer, prober: prober)
    }
}
