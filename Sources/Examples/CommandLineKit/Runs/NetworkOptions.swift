public import TraceCore

/// The options that choose where events come from: a simulated internet, or a recorded run.
public struct NetworkOptions: Sendable {
    /// The simulated internet.
    public let network = Option(
        "network", value: .internet,
        help: "Use a simulated internet instead of the real network: `demo`, or a topology file.")
    /// The recorded run.
    public let replay = Option(
        "replay", value: .file,
        help: "Read events from a file that `--ndjson` wrote, or from standard input with `-`, and report them again.")

    /// Whether simulated time takes as long as real time.
    public let realTime = Option("real-time", help: "Let simulated time pass as on the clock, and not in an instant.")

    /// The options.
    public init() {}

    /// The group for the command's table.
    public var group: OptionGroup { OptionGroup("Network", [network, replay, realTime]) }

    /// The simulated internet that was asked for.
    public func internet(in parsed: ParsedArguments) throws -> SimulatedInternet {
        guard let name = parsed[network] else {
            throw ProbeError(
                .badSetting, "No simulated internet was asked for", remedy: "Give --network demo, or --network FILE")
        }
        return try SimulatedInternet(at: name)
    }

    /// The prober for a request: of the simulated internet that was asked for, or of the real network.
    ///
    /// A simulated run that has no end by itself keeps to the clock: it would print without end otherwise. So does one
    /// that somebody watches.
    public func prober(
        for request: RunRequest, isWatched: Bool = false, in parsed: ParsedArguments
    ) throws -> any Prober {
        guard parsed[network] != nil else {
            LiveProber.raiseDescriptorLimit()
            return LiveProber(request.transport, options: request.live)
        }
        let internet = try internet(in: parsed)
        let simulation = SimulatedInternet.Options(packets: request.live.packets)
        return request.isEndless || isWatched || parsed[realTime]
            ? SimulatedProber(request.transport, internet, options: simulation, clock: ContinuousClock())
            : SimulatedProber(request.transport, internet, options: simulation)
    }

    /// The recorded run, or nil if none was asked for.
    ///
    /// - Parameters:
    ///   - verb: What the run does.
    ///   - parsed: The command line.
    ///   - needsBeginning: Whether a log without its beginning is refused.
    @MainActor public func recordedRun(
        of verb: Verb, in parsed: ParsedArguments, needsBeginning: Bool = true
    ) throws(InputError) -> RecordedRun? {
        guard let path = parsed[replay] else { return nil }
        return try RecordedRun(Input(path), of: verb, needsBeginning: needsBeginning)
    }

    /// The events of each of the runs that were recorded together, or nil if none was asked for.
    ///
    /// - Throws: `badInput` for a log of another verb, of runs that were recorded one after the other, or of one whose
    ///   beginning is missing.
    public func recordedRuns(of verb: Verb, in parsed: ParsedArguments) throws -> [[ProbeEvent]]? {
        guard let path = parsed[replay] else { return nil }
        let input = Input(path)
        let recordings = try EventLog.recordings(from: input.bytes(), name: input.name)
        if let line = recordings.first?.brokenLine { input.warnOfBreak(in: line) }
        for recording in recordings {
            var hasBegun = false
            for event in recording.events {
                // Of a host that could not be traced there is only the end.
                if !hasBegun, event.probe != nil { throw input.lacksBeginning }
                guard case .started(let run) = event.fact else { continue }
                try input.check(run, is: verb, afterOthers: hasBegun)
                hasBegun = true
            }
        }
        return recordings.map(\.events)
    }

    /// Refuses hosts beside a recording, which says what it is about.
    public func checkHosts(_ count: Int, in parsed: ParsedArguments) throws(UsageError) {
        guard parsed[replay] != nil, count > 0 else { return }
        throw UsageError("--replay takes no host: the recording says which one it was")
    }
}

extension Sequence<ProbeEvent> {
    /// What the first run of these events is about.
    public var firstRun: RunDescription? {
        lazy.compactMap { if case .started(let run) = $0.fact { run } else { nil } }.first
    }
}
