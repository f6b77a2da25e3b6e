import CommandLineKit
import TraceCore

/// The MTU of the path to one host, live or from a recording.
@MainActor struct PathMTURun {
    let options: TraceOptions
    let parsed: ParsedArguments

    private func makePrinter() throws(UsageError) -> RunPrinter<PathMTUFold, PathMTUText> {
        let form: RunForm =
            switch try options.format(in: parsed) {
            case .text: .text
            case .ndjson: .events
            case .json: .document(FoldDocument(PathMTUFold.self, json: .pretty) { $0 })
            case let other: throw UsageError("--mtu prints text, json or ndjson: \(other.rawValue) has no room for it")
            }
        return RunPrinter(PathMTUFold.self, PathMTUText(hops: options.text(in: parsed, nil)), form: form)
    }

    /// Finds the MTU; gives the exit code.
    func run(to target: TargetName) async throws -> Int32 {
        let prober = try options.probes.prober(of: options.network, in: parsed)
        let settings = try options.settings(in: parsed)
        let run = options.probes.run(in: parsed)
        func events(from prober: some Prober) -> RunEvents {
            Tracer(prober, settings: settings, options: run).pathMTUEvents(to: target)
        }
        let events = events(from: prober)
        var printer = try makePrinter()
        try await untilInterrupted {
            for try await event in events { try printer.apply(event) }
        }
        return try printer.finish().isReached ? 0 : 1
    }

    /// Shows a recorded run again; gives the exit code.
    func replay() throws -> Int32 {
        var printer = try makePrinter()
        for event in try options.network.recordedEvents(of: "mtu", in: parsed) ?? [] { try printer.apply(event) }
        return try printer.finish().isReached ? 0 : 1
    }
}
