import Glibc
import TraceCore
import TraceCoreCommandLine
import TraceCoreGeoOptions

/// What a command line asks for: which paths are watched, how, and what is printed of them.
@MainActor struct MTRRequest {
    let options: MTROptions
    let parsed: ParsedArguments
    /// What is printed, or nil for the screen.
    let format: MTRFormat?
    /// What knows networks and places, where they are shown.
    let places: PathPlaces?
    private let hosts: [TargetName]

    /// - Throws: What does not go together, in a sentence for people; or why a file cannot be read.
    init(_ options: MTROptions, hosts: [String], in parsed: ParsedArguments) throws {
        self.options = options
        self.parsed = parsed
        let format = try options.format(in: parsed)
        self.format = format
        try options.check(parsed, format: format)
        let listed = try parsed[options.hostList].map { try TargetName.list(in: Input($0)) } ?? []
        self.hosts = hosts.map { TargetName($0) } + listed
        try options.network.checkHosts(self.hosts.count, in: parsed)
        places = try options.places(in: parsed, format: format)
        guard parsed[options.network.replay] == nil else { return }
        if self.hosts.isEmpty {
            guard let list = parsed[options.hostList] else { throw UsageError.noHost }
            throw UsageError("\(Input(list).name) lists no hosts")
        }
        guard self.hosts.count > 1 else { return }
        if parsed[options.changes] || parsed[options.chart.file] != nil {
            throw UsageError("\(parsed[options.changes] ? "--changes" : "--chart") is for one host")
        }
        if let format, !format.takesSeveralHosts {
            throw UsageError("--\(format.rawValue) is for one host: give each a file of its own")
        }
    }

    /// Does what is asked for; gives the exit code.
    func show() async throws -> Int32 {
        if parsed[options.changes] { return try await ChangesRun(request: self).show() }
        if let format { return try await showReports(as: format) }
        if let exitCode = try await showOnScreen() { return exitCode }
        Output.error.print("mtr: standard output is not a terminal: here is a report, as with -r")
        return try await showReports(as: .text)
    }

    // MARK: Reports

    /// Reports of all paths, one after the other, until the person interrupts; the worst of their exit codes.
    private func showReports(as format: MTRFormat) async throws -> Int32 {
        let run = ReportRun(request: self, format: format)
        if hosts.count < 2 { return try await run.show(try await source()).exitCode }
        var exitCode: Int32 = 0
        for host in hosts {
            do {
                let end = try await run.show(.host(try await target(of: host)))
                exitCode = max(exitCode, end.exitCode)
                if end.isInterrupted { break }
            } catch let error as ProbeError {
                Output.standard.flush()
                Output.error.print("mtr: \(error)")
                exitCode = 2
            }
        }
        return exitCode
    }

    // MARK: The screen

    /// Shows the paths on the screen until the person leaves it; nil where there is no screen. What was shown last stays
    /// behind as text.
    private func showOnScreen() async throws -> Int32? {
        guard Terminal.output.allowsAnimation else { return nil }
        let sources: [PathSource]
        if let recorded = try recording() {
            sources = [PathSource(recorded: recorded, isPaced: parsed[options.network.realTime])]
        } else {
            sources = try hosts.map(source)
        }
        let screen = PathScreen(
            sources, fields: parsed[options.order], hosts: options.hosts(in: parsed),
            fact: options.shownFact(in: parsed), geography: places)
        guard let screen else { return nil }
        switch try await screen.show() {
        case .left:
            for error in screen.failures { Output.error.print("mtr: \(error)") }
            for var path in screen.reports {
                // What was still out is neither lost nor answered.
                for index in path.hops.indices {
                    path.hops[index].sent = path.hops[index].answered + path.hops[index].lost
                }
                let report = report(of: path, fields: screen.fields, hosts: screen.hosts, fact: screen.fact)
                for line in report.textLines() { Output.standard.print(line) }
            }
            Output.standard.flush()
            return 0
        case .signal(let signal): return 128 + signal.rawValue
        }
    }

    /// Where the events of a host come from. Its name is looked up once, so that all runs of a screen ask the same address.
    private func source(of host: TargetName) throws -> PathSource {
        let resolver = try naming(of: host).resolver
        var known: ProbeTarget?
        let settings = options.pathSettings(rounds: parsed[options.count], in: parsed)
        return PathSource(asking: host.text, settings, resolver: resolver) { settings, gate, dial, show in
            if known == nil { known = try await target(of: host) }
            guard let known else { return }
            let turned = MonitorSettings.Dial()
            dial.turn = { try turned.set(try options.settings(for: known, $0, in: parsed)) }
            for try await event in try events(for: known, settings, behind: gate, turnedBy: turned) { show(event) }
        }
    }

    /// A path as a report in mtr's forms.
    func report(
        of path: MonitorReport, fields: MTRReport.Fields, hosts: MTRReport.HostStyle, fact: PathFact?
    ) -> MTRReport {
        // A recording does not say what its packets were filled with.
        let isRecorded = parsed[options.network.replay] != nil
        var report = MTRReport(
            path, fields: fields, hosts: hosts, showsLabels: parsed[options.labels],
            trafficClass: isRecorded ? nil : parsed[options.probes.trafficClass] ?? 0,
            bitPattern: isRecorded ? nil : options.probes.packets(in: parsed).pattern.first)
        guard let fact, let facts = places?.facts(of: path) else { return report }
        if fact == .number {
            report.system = { facts[$0]?.number }
        } else {
            report.note = { fact.text(of: facts[$0]) }
        }
        return report
    }
}

// MARK: - How it is asked

extension MTRRequest {
    /// Where the events come from.
    enum Source {
        /// A recording.
        case recorded(RecordedRun)
        /// A run that is still to be made.
        case host(ProbeTarget)
    }

    /// How probes are made, unless the screen changes it.
    var method: ProbeMethod { options.probes.method(in: parsed) }

    /// The recording, if there is one. Each change has a time, so that of the beginning has to be known.
    func recording() throws -> RecordedRun? {
        try options.network.recordedRun(of: "monitor", in: parsed, needsBeginning: parsed[options.changes])
    }

    /// Where the events of the one path come from.
    func source() async throws -> Source {
        if let run = try recording() { return .recorded(run) }
        return .host(try await target(of: hosts[0]))
    }

    private func target(of host: TargetName) async throws -> ProbeTarget {
        let (resolver, family) = try naming(of: host)
        return try await host.probeTarget(using: resolver, family: family)
    }

    /// What finds the addresses of a host, and in which family.
    private func naming(of host: TargetName) throws -> (resolver: any NameResolver, family: IPAddress.Family?) {
        let run = options.probes.request([host.text], .monitor(MonitorSettings()), in: parsed)
        return (try options.network.prober(for: run, in: parsed).resolver, run.family)
    }

    /// The events of a run that asks a host.
    func events(
        for target: ProbeTarget, _ settings: PathSettings, behind gate: PauseGate? = nil,
        turnedBy dial: MonitorSettings.Dial? = nil
    ) throws -> RunStream<ProbeEvent> {
        var monitor = try options.settings(for: target, settings, in: parsed)
        monitor.dial = dial
        let run = options.probes.request([target.text], .monitor(monitor), by: settings.method, in: parsed)
        var prober = try options.network.prober(for: run, isWatched: gate != nil, in: parsed)
        if let gate { prober = PausableProber(prober, gate: gate) }
        return run.events(over: prober, for: target)
    }
}
