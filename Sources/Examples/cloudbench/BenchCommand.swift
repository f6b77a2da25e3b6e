import TraceCore
import TraceCoreCloud
import TraceCoreCommandLine

/// Measures clouds from here, and prints which is nearest.
@MainActor struct BenchCommand {
    private let choice = CloudChoice()
    private let network = CloudNetwork()

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
            + "all where no number is given.")
    private let weights = Option(
        "weights", value: .weights, default: CloudRanking.Weights(),
        help: "What counts, and how much: a millisecond of `latency`, one of `jitter`, a percent of `loss`.")

    private let top = Option("top", help: "Print the name of the best region and nothing else.")
    private let csv = Option("csv", help: "Print comma-separated values, a line for each region.")
    private let json = Option("json", help: "Print all that is known as one document.")
    private let ndjson = Option("ndjson", help: "Print each thing that happens as a line of JSON.")
    private let all = Option("all", help: "Show all regions in the table, and not as many as fit the screen.")
    private let before = Option(
        "compare", value: .file, help: "Say what became better or worse since this earlier run, which `--json` wrote.")
    private let replay = Option(
        "replay", value: .file, help: "Report again on a run that `--ndjson` or `--json` wrote; `-` is standard input.")
    private let html = Option(
        "html", value: .file, help: "Also write a report for a browser into this one file, to be mailed or kept.")
    private let map = Option(
        "map", value: .file, help: "Also draw a map of the regions and of the traced ways, as SVG.")
    private let chart = Option("chart", value: .file, help: "Also draw the round trips as bars, as SVG.")

    func run(_ arguments: [String]) async {
        let command = Command(
            "cloudbench", summary: "Find out which cloud region is nearest from here, and why.",
            description: [
                "Looks up a host of each region, finds out whether it answers ICMP, TCP 443 or TCP 80, measures all of them side by "
                    + "side, and traces the ways to the best. It needs no privilege.",
                "Regions that cannot be told apart share a rank: `2-4` is a region that may be second, third or fourth. A host "
                    + "that answers faster than light could come from its region is a front end near here, and is not ranked.",
            ],
            options: [
                choice.group,
                OptionGroup("How to measure", [rounds, window, rate, wait, timeout, four, six, paths, weights]),
                OptionGroup("What to print", [top, csv, json, ndjson, all, before, html, map, chart, replay]),
                network.group,
            ],
            oneOf: [[four, six], [top, csv, json, ndjson]],
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
                "cloudbench --json > monday.json; cloudbench --compare monday.json":
                    "What became better or worse since.",
            ],
            seeAlso: ["trace(1)", "ping(1)"])
        await command.run(arguments) { parsed in try await bench(parsed) }
    }

    nonisolated static func run(
        over ground: CloudNetwork.Ground, _ catalogue: CloudCatalogue, _ regions: [CloudRegion],
        _ settings: CloudRun.Settings
    ) -> CloudRun {
        let providers = Dictionary(catalogue.providers.map { ($0.code, $0.name) }) { first, _ in first }
        return CloudRun(
            CloudRun.Description(
                startedAt: .now, network: ground.name, catalogue: catalogue.date, settings: settings, regions: regions,
                providers: providers, here: ground.here),
            policy: ground.policy, locators: ground.locators, prober: ground.prober)
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
        for (file, what) in [(html, "The report"), (map, "The map"), (chart, "The chart")] {
            if let path = parsed[file] { try checkFile(path, as: what) }
        }
        let earlier = try parsed[before].map { try report(in: $0, parsed) }
        if let path = parsed[replay] { return try show(try report(in: path, parsed), earlier, parsed) }
        let (catalogue, regions) = try await choice.catalogue(in: parsed)
        let ground = try network.ground(catalogue, in: parsed)
        let run = Self.run(over: ground, catalogue, regions, settings(parsed))
        let (fold, interruption) = try await Self.follow(run, for: parsed[timeout]) { event in
            if parsed[ndjson] { Output.standard.print(try JSON.text(event)) }
        }
        guard let report = fold.report(by: parsed[weights]) else { return interruption.exitCode(of: 2) }
        return interruption.exitCode(of: try show(report, earlier, parsed))
    }

    /// Follows a run to its end, with a line that shows how far it is; or until a time is over, or somebody asks for the end.
    static func follow(
        _ run: CloudRun, for limit: Duration? = nil, _ take: @escaping @MainActor (CloudEvent) throws -> Void = { _ in }
    ) async throws -> (CloudReport.Fold, Interruption) {
        var fold = CloudReport.Fold()
        let progress = Progress(every: .milliseconds(100))
        let begun = ContinuousClock.now
        func line() -> String {
            let (done, all) = fold.progress
            return "\(title(fold.step)): \(done) of \(all), \(Int(begun.duration(to: .now) / .seconds(1))) s"
        }
        let interruption = try await untilInterrupted {
            let reading = Task { @MainActor in
                for await event in run.events() {
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
        if fold.isUnderWay {
            let reason = interruption.signal == nil ? "its time was over" : "interrupted"
            fold.apply(CloudEvent(at: begun.duration(to: .now), .ended(reason)))
        }
        return (fold, interruption)
    }

    private func settings(_ parsed: ParsedArguments) -> CloudRun.Settings {
        var settings = CloudRun.Settings()
        settings.rounds = parsed[rounds]
        settings.rate = parsed[rate]
        settings.timeoutMs = max(1, Int(parsed[wait] / .milliseconds(1)))
        settings.window = parsed[window]
        settings.family = parsed[four] ? 4 : parsed[six] ? 6 : nil
        if let count = parsed[paths] { settings.paths = count == 10_000 ? nil : count }
        if parsed[top] { settings.paths = 0 }
        return settings
    }

    /// A report that was written, or made of the events that were.
    private func report(in path: String, _ parsed: ParsedArguments) throws -> CloudReport {
        let input = Input(path)
        let bytes = try input.bytes()
        do {
            let lines = bytes.split(separator: 0x0A)
            if lines.count > 1, let first = try? JSON.decode(CloudEvent.self, from: Array(lines[0])) {
                var fold = CloudReport.Fold()
                fold.apply(first)
                for line in lines.dropFirst() { fold.apply(try JSON.decode(CloudEvent.self, from: Array(line))) }
                if let report = fold.report(by: parsed[weights]) { return report }
            }
            return try JSON.decode(CloudReport.self, from: bytes)
        } catch {
            throw ProbeError(
                .badInput,
                "\(input.name) is no report of cloudbench: \((error as? DecodingError)?.explanation ?? "\(error)")",
                remedy: "Give a file that --json or --ndjson wrote")
        }
    }

    /// Prints a report, and writes what else was asked for; gives the exit code.
    private func show(_ report: CloudReport, _ earlier: CloudReport?, _ parsed: ParsedArguments) throws -> Int32 {
        let ranked = report.results.filter { $0.rank != nil }
        if parsed[top] {
            if let best = ranked.first { Output.standard.print(best.region.id) }
        } else if parsed[csv] {
            for line in report.csv { Output.standard.print(line) }
        } else if parsed[json] {
            Output.standard.print(try JSON.text(report, style: .pretty))
        } else if !parsed[ndjson] {
            let terminal = Terminal.output
            let rows = parsed[all] || !terminal.isTerminal ? nil : max(10, terminal.height - 12)
            for line in CloudText(width: terminal.width, most: rows, isPlain: !terminal.allowsUnicode).lines(report) {
                Output.standard.print(line)
            }
        }
        if let earlier {
            let comparison = CloudComparison(from: earlier, to: report)
            let output = parsed[csv] || parsed[json] || parsed[ndjson] ? Output.error : Output.standard
            output.print("")
            output.print("Since \(comparison.before):")
            for line in comparison.lines { output.print("  \(line)") }
        }
        for (file, what, text) in [
            (html, "The report", { CloudPage(report).html }), (map, "The map", { CloudMap(report).svg }),
            (chart, "The chart", { CloudBars(report).svg }),
        ] as [(Option<String?>, String, () -> String)] {
            if let path = parsed[file] { try replaceFile(path, with: Array(text().utf8), as: what) }
        }
        Output.standard.flush()
        return ranked.isEmpty ? 1 : 0
    }
}

extension ValueKind where Value == CloudRanking.Weights {
    /// `latency=1,jitter=0.5,loss=2`
    fileprivate static var weights: Self {
        Self(
            "LIST", expecting: "weights from 0 to 1000, such as latency=1,jitter=0.5,loss=2, not all of them 0",
            show: { "latency=\($0.latency),jitter=\($0.jitter),loss=\($0.loss)" }
        ) { text in
            var weights = CloudRanking.Weights(latency: 0)
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                let sides = part.split(separator: "=", omittingEmptySubsequences: false)
                guard sides.count == 2, let value = Double(sides[1]), (0...1_000).contains(value) else { return nil }
                switch sides[0] {
                case "latency": weights.latency = value
                case "jitter": weights.jitter = value
                case "loss": weights.loss = value
                default: return nil
                }
            }
            return weights == CloudRanking.Weights(latency: 0) ? nil : weights
        }
    }
}
