import Glibc
import TraceCore
import TraceCoreCommandLine

/// What a command line asks for: which path is watched, how, and what is printed of it.
@MainActor struct MTRRequest {
    let options: MTROptions
    let parsed: ParsedArguments
    /// What is printed, or nil for the screen.
    let format: MTRFormat?
    /// Finds the numbers of networks, where they are asked for.
    let systems: (@Sendable (IPAddress) -> UInt32?)?
    private let host: TargetName?

    /// - Throws: What does not go together, in a sentence for people; or why a database cannot be read.
    init(_ options: MTROptions, host: String?, in parsed: ParsedArguments) throws {
        self.options = options
        self.parsed = parsed
        self.host = host.map { TargetName($0) }
        format = try options.format(in: parsed)
        try options.check(parsed, format: format)
        try options.network.checkHosts(host == nil ? 0 : 1, in: parsed)
        if host == nil, parsed[options.network.replay] == nil { throw UsageError.noHost }
        systems = try options.systems(in: parsed, format: format)
    }

    /// Does what is asked for; gives the exit code.
    func show() async throws -> Int32 {
        if parsed[options.changes] { return try await ChangesRun(request: self).show() }
        if let format { return try await ReportRun(request: self, format: format).show() }
        if let exitCode = try await showOnScreen() { return exitCode }
        Output.error.print("mtr: standard output is not a terminal: here is a report, as with -r")
        return try await ReportRun(request: self, format: .text).show()
    }

    /// Shows the path on the screen until the person leaves it; nil where there is no screen.
    private func showOnScreen() async throws -> Int32? {
        guard Terminal.output.allowsAnimation else { return nil }
        let source: PathSource
        switch try await self.source() {
        case .recorded(let run):
            source = PathSource(recorded: run, isPaced: parsed[options.network.realTime])
        case .host(let target, let resolver):
            source = PathSource(asking: method, resolver: resolver) { method, gate, show in
                let events = try events(for: target, by: method, rounds: parsed[options.count], behind: gate)
                for try await event in events { show(event) }
            }
        }
        let screen = PathScreen(source, fields: parsed[options.order], hosts: options.hosts(in: parsed))
        guard let screen else { return nil }
        switch try await screen.show() {
        case .left: return 0
        case .signal(let signal): return 128 + signal.rawValue
        }
    }
}

// MARK: - How it is asked

extension MTRRequest {
    /// Where the events come from.
    enum Source {
        /// A recording.
        case recorded(RecordedRun)
        /// A run that is still to be made. A name is looked up once, so that all runs of a screen ask the same address.
        case host(ProbeTarget, any NameResolver)
    }

    /// How probes are made, unless the screen changes it.
    var method: ProbeMethod { options.probes.method(in: parsed) }

    /// Where the events come from.
    func source() async throws -> Source {
        if let run = try options.network.recordedRun(of: "monitor", in: parsed) { return .recorded(run) }
        guard let host else { throw UsageError.noHost }
        let run = options.probes.request([host.text], .monitor(MonitorSettings()), in: parsed)
        let resolver = try options.network.prober(for: run, in: parsed).resolver
        return .host(try await host.probeTarget(using: resolver, family: run.family), resolver)
    }

    /// The events of a run that asks a host.
    func events(
        for target: ProbeTarget, by method: ProbeMethod, rounds: Int?, behind gate: PauseGate? = nil
    ) throws -> RunStream<ProbeEvent> {
        let settings = try options.settings(for: target, method, rounds: rounds, in: parsed)
        let run = options.probes.request([target.text], .monitor(settings), by: method, in: parsed)
        var prober = try options.network.prober(for: run, in: parsed)
        if let gate { prober = PausableProber(prober, gate: gate) }
        return run.events(over: prober, for: target)
    }
}
