import TraceCoreCommandLine
import TraceCore

/// A run for one host: what is asked, what is printed of it, and what it comes to.
@MainActor protocol HostRun {
    associatedtype Fold: EventFold
    associatedtype Text: EventText

    /// What recordings of such runs call them.
    static var verb: Verb { get }
    var request: TraceRequest { get }
    var printer: RunPrinter<Fold, Text> { get }

    /// What is done, where a trace would have these settings.
    func work(_ settings: TraceSettings) -> RunRequest.Work
    /// Prints what stands behind the report; gives the exit code.
    func conclude(_ report: Fold.Report) throws -> Int32
}

extension HostRun {
    /// Shows the run that the command line asks for, live or recorded.
    func show() async throws -> Never {
        if let run = try request.options.network.recordedRun(of: Self.verb, in: request.parsed) {
            try await show(.recorded(request.shown(try run.all())))
        }
        try await show(try await source())
    }

    /// Shows a run.
    func show(_ source: RunSource) async throws -> Never { try await printer.show(source) { try conclude($0) } }

    private func source() async throws -> RunSource {
        let host = request.targets[0]
        var run = request.runRequest(for: [host])
        if let vantage = request.vantage {
            // The name is looked up there.
            run.work = work(try request.settings(for: host.address?.family ?? run.family))
            return try await vantage.source(of: run)
        }
        let prober = try request.prober(for: run)
        let target = try await host.probeTarget(using: prober.resolver, family: run.family)
        // What a packet holds depends on the family, and so on what the name stands for.
        run.work = work(try request.settings(for: target.address.family))
        return .live(run.events(over: prober, for: target))
    }
}
