import TraceCore
import TraceCoreCloud
import TraceCoreCommandLine

/// Measures clouds from here, and prints which is nearest.
@MainActor struct BenchCommand {
    private let choice = CloudChoice()
    private let network = CloudNetwork()
    private let vantages = CloudVantages()
    private let output = CloudOutput()

    private let rounds = Option(
        "n", "number", value: .integer(1...1_000), default: 10, help: "Measure each region by this many round trips.")
    private let window = Option(
        "c", "concurrency", value: .integer(1...65_536), default: 4_096,
        help: "Have at most this many probes out at the same time.")
    private let rate = Option(
        "rate", value: .integer(1...100_000), default: 250, help: "Send this many probes a second, to all together.")
    private let wait = Option(
        "W", "wait", value: .duration(unit: .seconds(1)), default: .seconds(2), help: "Wait this long for an answer.")
    private let timeout = Option(
        "t", "timeout", value: .duration(unit: .seconds(1)), help: "End after this time with what is known then.")
    private let four = Option("4", "ipv4", help: "Ask over IPv4 only.")
    private let six = Option("6", "ipv6", help: "Ask over IPv6 only.")
    private let paths = Option(
        "paths", value: .integer(0...10_000),
        bare: 10_000,
        help:
            "Trace the ways to so many of the best regions, and to the best of each provider: 10 if not given, none with 0, "
            + "all where no number is given. From several vantage points none are traced if it is not given.")

    func run(_ arguments: [String]) async {
        let command = Command(
            "cloudbench", summary: "Find out which cloud region is nearest from here or from elsewhere, and why.",
            description: [
                "Looks up a host of each region, finds out whether it answers ICMP, TCP 443 or TCP 80, measures all of them side by "
                    + "side, and traces the ways to the best. It needs no privilege.",
                "With `--from` looking glasses measure, each from where it is: one as this machine would, several as a matrix of "
                    + "regions and vantage points.",
                "Regions that cannot be told apart share a rank: `2-4` is a region that may be second, third or fourth. A host "
                    + "that answers faster than light could come from its region is a front end near here, and is not ranked.",
            ],
            options: [
                choice.group,
                OptionGroup("How to measure", [rounds, window, rate, wait, timeout, four, six, paths, output.weights]),
                vantages.group, output.group, network.group,
            ],
            oneOf: [[four, six], output.exclusive],
            subcommands: [
                "serve": "Measure from a page that several people can watch.",
                "catalogue": "List the regions that are known, or check their hosts.",
            ],
            exitCodes: [
                0: "At least one region was ranked.", 1: "None was.", 2: "Something is wrong.",
                143: "The system asked the program to end (SIGTERM); what was known until then was printed.",
            ],
            examples: [
                "cloudbench --network clouds": "All providers of a simulated internet.",
                "cloudbench -p aws -p gcp --html report.html": "Two providers, with a report to send on.",
                "cloudbench --top": "The nearest region, for scripts.",
                "cloudbench --network clouds --from here --from tokyo": "From two places, as a matrix.",
                "cloudbench --json > monday.json; cloudbench --compare monday.json":
                    "What became better or worse since.",
            ],
            seeAlso: ["trace(1)", "ping(1)", "lookingglass(1)"])
        await command.run(arguments) { parsed in try await bench(parsed) }
    }

    private static func title(_ step: CloudEvent.Step) -> String {
        switch step {
        case .resolving: "looking names up"
        case .looking: "finding out how hosts answer"
        case .measuring: "measuring round trips"
        case .tracing: "tracing the ways of the best"
        }
    }

    private func bench(_ parsed: ParsedArguments) async throws -> Int32 {
        let earlier = try output.earlier(parsed)
        if let path = parsed[output.replay] {
            let matrix = try output.matrix(in: path, parsed)
            try output.check(parsed, of: matrix.reports.count)
            return try output.show(matrix, earlier, parsed)
        }
        let (catalogue, regions) = try await choice.catalogue(in: parsed)
        let ground = try network.ground(catalogue, in: parsed)
        let points = try vantages.chosen(over: ground, in: parsed)
        try output.check(parsed, of: points.count)
        let runs = CloudRuns(over: ground, catalogue, regions, settings(parsed, for: points.count), from: points)
        var failures: [String] = []
        let (fold, interruption) = try await Self.follow(runs, for: parsed[timeout]) { event in
            if parsed[output.ndjson] { Output.standard.print(try JSON.text(event)) }
            if case .ended(let reason?) = event.fact, event.from != nil || points.count > 1 { failures.append(reason) }
        }
        guard let matrix = fold.matrix(by: parsed[output.weights]) else { return interruption.exitCode(of: 2) }
        let code = try output.show(matrix, earlier, parsed)
        for reason in failures { Output.error.print("cloudbench: \(UntrustedText(reason).escaped)") }
        return interruption.exitCode(of: code)
    }

    /// Follows runs to their end, with a line that shows how far they are; or until a time is over, or somebody asks for the end.
    static func follow(
        _ runs: CloudRuns, for limit: Duration? = nil,
        _ take: @escaping @MainActor (CloudEvent) throws -> Void = { _ in }
    ) async throws -> (CloudMatrix.Fold, Interruption) {
        var fold = CloudMatrix.Fold()
        let progress = Progress(every: .milliseconds(100))
        let begun = ContinuousClock.now
        func line() -> String {
            let (done, all) = fold.progress
            return "\(title(fold.step)): \(done) of \(all), \(Int(begun.duration(to: .now) / .seconds(1))) s"
        }
        let interruption = try await untilInterrupted {
            let reading = Task { @MainActor in
                for await event in runs.events() {
                    fold.apply(event)
                    try take(event)
                    progress.show(line())
                }
            }
            let stop = Task {
                guard let limit else { return }
                try await Task.sleep(for: limit)
                reading.cancel()
            }
            defer { stop.cancel() }
            try await withTaskCancellationHandler {
                try await reading.value
            } onCancel: {
                reading.cancel()
            }
        }
        progress.clear()
        let reason = interruption.signal == nil ? "its time was over" : "interrupted"
        fold.end(reason, at: begun.duration(to: .now))
        return (fold, interruption)
    }

    /// - Parameter count: From how many vantage points.
    private func settings(_ parsed: ParsedArguments, for count: Int) -> CloudRun.Settings {
        var settings = CloudRun.Settings()
        settings.rounds = parsed[rounds]
        settings.rate = parsed[rate]
        settings.timeoutMs = max(1, Int(parsed[wait] / .milliseconds(1)))
        settings.window = parsed[window]
        settings.family = parsed[four] ? 4 : parsed[six] ? 6 : nil
        // A matrix is about the regions, and looking glasses have other clients.
        if count > 1 { settings.paths = 0 }
        if let count = parsed[paths] { settings.paths = count == 10_000 ? nil : count }
        if parsed[output.top] { settings.paths = 0 }
        return settings
    }
}
