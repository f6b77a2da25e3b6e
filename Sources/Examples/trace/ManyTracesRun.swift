import TraceCoreCommandLine
import TraceCore

/// The paths to many hosts, live or recorded.
@MainActor struct ManyTracesRun {
    let request: TraceRequest

    /// Traces the hosts; gives the exit code.
    func show() async throws -> Int32 {
        let events = try liveEvents()
        let printer = makePrinter(total: request.targets.count)
        let interruption = try await untilInterrupted {
            for try await batch in events.batches { try printer.apply(batch) }
        }
        return interruption.exitCode(of: try finish(printer))
    }

    /// Shows recorded traces again; gives the exit code.
    func show(_ runs: [[ProbeEvent]]) throws -> Int32 {
        let printer = makePrinter(total: runs.count)
        for (position, events) in runs.enumerated() {
            try printer.apply(events.map { FleetEvent(position: position, event: .success($0)) })
        }
        return try finish(printer)
    }

    private func liveEvents() throws -> RunStream<FleetEvent> {
        let run = request.runRequest(for: request.targets)
        let settings = try request.settings(for: run.family)
        return PathTracer(try request.prober(for: run), settings: settings, options: run.options)
            .events(for: request.targets, pace: request.pace)
    }

    private func makePrinter(total: Int) -> ManyTraces {
        let traces = ManyTraces(
            request.format, form: request.traceForm, request.text, request.geography, total: total)
        traces.showsRewrites = request.showsRewrites
        return traces
    }

    private func finish(_ printer: ManyTraces) throws -> Int32 {
        try printer.finish()
        try request.geography?.draw(printer.reports)
        return printer.exitCode
    }
}
