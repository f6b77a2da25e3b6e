import Glibc
import TraceCore
import TraceCoreCommandLine

/// What a command line asks for: which hosts, how they are asked, and what is printed of it.
@MainActor struct SweepRun {
    private let options: SweepOptions
    private let hosts: [String]
    private let parsed: ParsedArguments
    private let format: SweepFormat

    /// - Throws: What does not go together, in a sentence for people.
    init(_ options: SweepOptions, hosts: [String], in parsed: ParsedArguments) throws(UsageError) {
        self.options = options
        self.hosts = hosts
        self.parsed = parsed
        try options.probes.check(parsed, over: options.network)
        try options.network.checkHosts(hosts.count, in: parsed)
        if parsed[options.file] != nil, !hosts.isEmpty {
            throw UsageError("-f and hosts cannot be used together: add them to the file")
        }
        format = try options.output.format(in: parsed)
    }

    /// Does what is asked for; gives the exit code.
    func show() async throws -> Int32 {
        do {
            if let run = try options.network.recordedRun(of: "sweep", in: parsed) { return try replay(run.all()) }
            return try await sweep()
        } catch let error as ProbeError where error.code == .badSetting {
            throw UsageError(error.description)
        }
    }

    /// Shows a recorded sweep again. How wide the column of names is, only the whole of it says.
    private func replay(_ events: [ProbeEvent]) throws -> Int32 {
        var style = try options.style(in: parsed, of: events.firstRun)
        let targets = Set(events.compactMap(\.probe?.target))
        style.nameWidth = targets.reduce(0) { max($0, "\($1)".utf8.count) }
        for event in events {
            if case .named(let address, let name?) = event.fact, targets.contains(address) {
                style.nameWidth = max(style.nameWidth, name.description.utf8.count)
            }
        }
        let printer = SweepPrinter(format, output(style))
        try printer.apply(events)
        try printer.finish()
        return exitCode(printer, unknown: 0)
    }

    /// Asks the hosts.
    private func sweep() async throws -> Int32 {
        var style = try options.style(in: parsed)
        let settings = options.settings(in: parsed)
        let request = options.probes.request(hosts, .sweep(settings), in: parsed)
        let prober = try options.network.prober(for: request, in: parsed)
        let list = try await targets(resolver: prober.resolver, family: request.family)
        guard list.targets.count > 0 else {
            if list.unknown == 0 { Output.error.print("sweep: there are no hosts to ask: the list is empty") }
            return list.unknown > 0 ? 2 : 1
        }
        guard try agrees(to: list.targets.count, every: settings.interval) else {
            Output.error.print("sweep: nothing was sent")
            return 4
        }
        let isReverse = parsed[options.reverse]
        let looksUp = isReverse || parsed[options.named]
        style.naming = parsed[options.byAddress] ? (looksUp ? .both : .address) : .name
        if style.content != .targets { style.nameWidth = list.nameWidth(style.naming) }
        let isListed = style.content == .targets && format == .text
        let printer = SweepPrinter(
            format, output(style, unknown: list.unknown),
            total: isListed ? list.targets.count : nil, interval: settings.interval)

        let given = isReverse ? [] : list.names
        let named = Set(given.map(\.address))
        let isNeeded = { (event: ProbeEvent) in
            switch event.fact {
            case .sent, .started, .named, .ended: false
            case .timedOut where style.listing == .alive: false
            default: event.probe.map { !named.contains($0.target) } ?? false
            }
        }
        let queue = NamedEvents(prober.resolver, isNeeded: looksUp ? isNeeded : nil) { try printer.apply($0) }
        let run = Sweeper(prober, settings: settings, options: request.options).events(for: list.targets)
        let interruption = try await untilInterrupted(onQuit: { printer.showSummary() }) {
            for try await batch in run.batches {
                guard let first = batch.first, case .started = first.fact else {
                    try await queue.add(batch)
                    continue
                }
                // The names that hosts were given by are facts of the run, and a recording has them.
                let names = given.map { ProbeEvent(at: .zero, .named($0.address, $0.name)) }
                try await queue.add([first] + names + batch.dropFirst())
            }
            try await queue.finish()
        }
        try printer.finish()
        return interruption.exitCode(of: exitCode(printer, unknown: list.unknown))
    }

    /// The most addresses of networks that nobody is asked about: one too short a prefix asks for the whole internet.
    private static let unquestionedCount = 1 << 20

    /// Whether that many addresses are meant to be asked; where a person can say so, that person is asked.
    private func agrees(to count: Int, every interval: Duration) throws(UsageError) -> Bool {
        guard parsed[options.generate], count > Self.unquestionedCount, !parsed[options.yes] else { return true }
        let time = roughTime(seconds: Double(count) * (interval / .seconds(1)))
        let words = "\(count.grouped) addresses" + (interval > .zero ? " take at least \(time)" : ", without a pause")
        guard isatty(STDIN_FILENO) == 1 else {
            throw UsageError("-g: \(words); give --yes as well if that is meant")
        }
        Output.error.write("sweep: \(words). Go on? [y/N] ")
        Output.error.flush()
        return ["y", "yes"].contains(readLine()?.lowercased())
    }

    /// What counts, and makes the lines of text.
    private func output(_ style: FpingOutput.Style, unknown: Int = 0) -> FpingOutput {
        var output = FpingOutput(style, unknown: unknown)
        output.timeOfDay = { $0.localTimeOfDay }
        return output
    }

    /// The hosts to ask.
    private func targets(resolver: any NameResolver, family: IPAddress.Family?) async throws -> TargetList {
        if parsed[options.generate] { return try TargetList(generatedFrom: hosts) }
        var names = hosts.map { TargetName($0) }
        if names.isEmpty {
            if parsed[options.file] == nil, isatty(STDIN_FILENO) == 1 {
                throw UsageError("which hosts? Give some, a list with -f, or networks with -g")
            }
            names = try TargetName.list(in: Input(parsed[options.file] ?? "-"))
        }
        return await TargetList(names, resolver: resolver, family: family, takesAll: parsed[options.all])
    }

    private func exitCode(_ printer: SweepPrinter, unknown: Int) -> Int32 {
        if printer.end?.reason == .failed { return 4 }
        if let wanted = parsed[options.reachable] {
            let isEnough = printer.alive >= wanted
            Output.standard.print(
                "\(isEnough ? "Enough" : "Not enough") hosts reachable (required: \(wanted), reachable: \(printer.alive))"
            )
            return isEnough ? 0 : 1
        }
        if unknown > 0 { return 2 }
        // Who was not asked any more is not known to be alive; only a loop is meant to be interrupted.
        let isWhole = printer.end?.reason == .completed || parsed[options.loop]
        return isWhole && printer.alive == printer.asked ? 0 : 1
    }
}
