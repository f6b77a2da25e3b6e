internal import Glibc
public import TraceCore

/// Where the events of a run come from.
public enum RunSource {
    /// From a run that is made now.
    case live(RunStream<ProbeEvent>)
    /// From a run that is made elsewhere, in batches until it is over.
    case elsewhere(@Sendable (_ body: @escaping @Sendable ([ProbeEvent]) async throws -> Void) async throws -> Void)
    /// From a recording.
    case recorded([ProbeEvent])
}

extension RunPrinter {
    /// Prints a run to its end, and ends the program.
    ///
    /// - Parameters:
    ///   - source: Where the run's events come from.
    ///   - conclude: Prints what else there is to say of the report, and gives the exit code.
    /// - Throws: What kept the run from beginning, or its report from being made.
    @MainActor public func show(
        _ source: RunSource, _ conclude: @escaping @MainActor (Fold.Report) throws -> Int32
    ) async throws -> Never {
        var printer = self
        var interruption = Interruption()
        @MainActor func take(_ event: ProbeEvent) throws {
            try printer.apply(event)
            // Here and at once: for a path of 80 ms, the way back over the tasks that wait would be a part of
            // what one waits for. Who was asked to end it knows why on that way.
            if printer.hasEnded, !Task.isCancelled { exit(try conclude(try printer.finish())) }
        }
        switch source {
        case .recorded(let events): for event in events { try printer.apply(event) }
        case .live(let events):
            interruption = try await untilInterrupted {
                for try await event in events { try take(event) }
            }
        case .elsewhere(let forEachBatch):
            interruption = try await untilInterrupted {
                try await forEachBatch { @MainActor events in for event in events { try take(event) } }
            }
        }
        exit(interruption.exitCode(of: try conclude(try printer.finish())))
    }
}
