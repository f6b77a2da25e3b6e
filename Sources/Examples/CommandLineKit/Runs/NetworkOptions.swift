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
    /// A simulated run that has no end by itself keeps to the clock: it would print without end otherwise.
    public func prober(for request: RunRequest, in parsed: ParsedArguments) throws -> any Prober {
        guard parsed[network] != nil else {
            LiveProber.raiseDescriptorLimit()
            return LiveProber(request.transport, options: request.live)
        }
        let internet = try internet(in: parsed)
        let simulation = SimulatedInternet.Options(packets: request.live.packets)
        return request.isEndless || parsed[realTime]
            ? SimulatedProber(request.transport, internet, options: simulation, clock: ContinuousClock())
            : SimulatedProber(request.transport, internet, options: simulation)
    }

    /// The events of the recorded run, or nil if none was asked for.
    ///
    /// - Throws: `badInput` for a log of another verb or of several runs: their events have no common report.
    public func recordedEvents(of verb: Verb, in parsed: ParsedArguments) throws -> [ProbeEvent]? {
        guard let path = parsed[replay] else { return nil }
        let input = Input(path)
        let recording = try EventLog.recording(from: input.bytes(), name: input.name)
        warn(of: recording, from: input)
        try check(recording.events, of: verb, from: input)
        return recording.events
    }

    /// The events of each of the runs that were recorded together, or nil if none was asked for.
    ///
    /// - Throws: `badInput` for a log of another verb, or of runs that were recorded one after the other.
    public func recordedRuns(of verb: Verb, in parsed: ParsedArguments) throws -> [[ProbeEvent]]? {
        guard let path = parsed[replay] else { return nil }
        let input = Input(path)
        let recordings = try EventLog.recordings(from: input.bytes(), name: input.name)
        if let first = recordings.first { warn(of: first, from: input) }
        for recording in recordings { try check(recording.events, of: verb, from: input) }
        return recordings.map(\.events)
    }

    /// Refuses hosts beside a recording, which says what it is about.
    public func checkHosts(_ count: Int, in parsed: ParsedArguments) throws(UsageError) {
        guard parsed[replay] != nil, count > 0 else { return }
        throw UsageError("--replay takes no host: the recording says which one it was")
    }

    private func warn(of recording: EventLog.Recording, from input: Input) {
        guard let line = recording.brokenLine else { return }
        Output.error.print(
            "\(programName): \(UntrustedText(input.name)):\(line): the recording breaks off within this line, which is left out"
        )
    }

    private func check(_ events: [ProbeEvent], of verb: Verb, from input: Input) throws {
        let runs = events.compactMap { event in
            if case .started(let run) = event.fact { run } else { nil }
        }
        if let run = runs.first, run.verb != verb {
            throw ProbeError(
                .badInput,
                "\(UntrustedText(input.name)): the log of a \(UntrustedText(run.verb.rawValue)), not of a \(verb)",
                remedy: Self.advice(run.verb.rawValue, insteadOf: verb.rawValue))
        }
        if runs.count > 1 {
            throw ProbeError(
                .badInput, "\(UntrustedText(input.name)): the logs of \(runs.count) runs, one after the other",
                remedy: "Each \"started\" event begins a run; replay one at a time")
        }
    }

    /// What replays the log of a verb where that of another was wanted.
    private static func advice(_ verb: String, insteadOf wanted: String) -> String {
        let modes = ["mtu": "--mtu", "paths": "--paths"]
        let instead = modes[wanted].map { ", without \($0)" } ?? ""
        switch verb {
        case "trace": return "Replay it with trace\(instead)"
        case "mtu", "paths": return "Replay it with trace --\(verb)\(instead)"
        case "monitor": return "Replay it with mtr"
        case "ping", "sweep": return "Replay it with \(verb)"
        default: return "Replay it with the program that recorded it"
        }
    }
}

extension Sequence<ProbeEvent> {
    /// What the first run of these events is about.
    public var firstRun: RunDescription? {
        lazy.compactMap { if case .started(let run) = $0.fact { run } else { nil } }.first
    }
}
