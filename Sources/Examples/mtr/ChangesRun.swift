import TraceCore
import TraceCoreCommandLine

/// A watch of a path for changes, live or recorded.
@MainActor struct ChangesRun {
    let request: MTRRequest

    /// Prints each change as it happens; gives the exit code: whether the host answered.
    func show() async throws -> Int32 {
        var interruption = Interruption()
        var watch = try ChangeWatch(request)
        let rounds = request.parsed[request.options.count]
        switch try await request.source() {
        case .recorded(let recorded):
            try recorded.forEach { event in
                if case .started(let run) = event.fact {
                    try watch.begin(run.target, by: run.method, recordedAt: run.startedAt)
                }
                try watch.take(event)
            }
        case .host(let target):
            try watch.begin(target, by: request.method)
            let events = try request.events(
                for: target, request.options.pathSettings(rounds: rounds, in: request.parsed))
            interruption = try await untilInterrupted { for try await event in events { try watch.take(event) } }
        }
        try watch.finish()
        return interruption.exitCode(of: watch.isReached ? 0 : 1)
    }
}

/// Folds the events, prints the changes that are found, and keeps its state where a file was named for it.
private struct ChangeWatch {
    private var fold: ChangeReport.Fold
    private var state: ChangeState?
    private let isDocument: Bool
    private let isStream: Bool
    private var end: RunEnd?
    private var told: [ChangeReport.Change] = []
    /// Whether the host has answered in this watch.
    private(set) var isReached = false

    /// A watch that goes on from the state that was kept.
    @MainActor init(_ request: MTRRequest) throws {
        let (options, parsed) = (request.options, request.parsed)
        (isDocument, isStream) = (request.format == .json, request.format == .ndjson)
        let settings = ChangeReport.Fold.Settings(limit: parsed[options.limit])
        state = parsed[options.state].map { ChangeState($0) }
        fold = try state?.fold(for: settings) ?? ChangeReport.Fold(settings: settings)
    }

    /// Makes sure that the state can go on with this path, and can be kept, before anything is asked or told.
    mutating func begin(_ target: ProbeTarget?, by method: ProbeMethod?, recordedAt time: UTCTime? = nil) throws {
        try state?.check(fold, goesOnWith: target, by: method, recordedAt: time)
        try state?.keep(fold)
    }

    /// Takes in the next event, and prints what is certain with it.
    mutating func take(_ event: ProbeEvent) throws {
        switch event.fact {
        case .reply(_, let response) where response.kind.isFromTarget: isReached = true
        case .ended(let reason): end = reason
        default: break
        }
        let changes = fold.take(event)
        if !changes.isEmpty { told = (told + changes).suffix(ChangeReport.Fold.changeLimit) }
        guard !changes.isEmpty, !isDocument else {
            state?.keepNowAndThen(fold)
            return
        }
        for change in changes { Output.standard.print(isStream ? try JSON.text(change) : change.text) }
        // Print first: a change that was kept but never printed would not be reported the next time.
        Output.standard.flush()
        state?.keepNow(fold)
    }

    /// Prints what comes at the end, and keeps the state.
    mutating func finish() throws {
        guard var report = fold.report() else { throw IncompleteRun.noBeginning }
        // Earlier watches have reported their changes; an outage that began in one may have ended here.
        report.changes = told
        let ends = Set(told.filter { $0.kind == .targetBack }.map(\.at))
        report.outages.removeAll { outage in outage.length.map { !ends.contains(outage.start + $0) } ?? false }
        if isDocument { Output.standard.print(try JSON.text(report, style: .pretty)) }
        Output.standard.flush()
        // A person who interrupts a watch knows that it is not finished.
        if let end, end.reason != .cancelled, let remark = end.remark { Output.error.print("mtr: \(remark)") }
        if end == nil { IncompleteRun.warnOfMissingEnd() }
        try state?.keep(fold)
    }
}
