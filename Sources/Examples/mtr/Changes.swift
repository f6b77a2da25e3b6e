import TraceCoreCommandLine
import Glibc
import TraceCore

/// Prints each change of the path as it happens, and gives the exit code: whether the host answered.
@MainActor func watchChanges() async throws -> Int32 {
    var interruption = Interruption()
    var watch = try ChangeWatch()
    let rounds = parsed[asking.count]
    switch try await watched(isEndless: rounds == nil) {
    case .recorded(let events):
        let run = events.lazy.compactMap { if case .started(let run) = $0.fact { run } else { nil } }.first
        guard let run else { throw IncompleteRun.noBeginning }
        try watch.begin(run.target, by: run.method, recordedAt: run.startedAt)
        for event in events { try watch.take(event) }
    case .host(let target, _):
        let method = asking.probes.method(in: parsed)
        try watch.begin(target, by: method)
        let events = try events(for: target, by: method, rounds: rounds, isEndless: rounds == nil)
        interruption = try await untilInterrupted { for try await event in events { try watch.take(event) } }
    }
    try watch.finish()
    return interruption.exitCode(of: watch.isReached ? 0 : 1)
}

/// A watch for changes: folds the events, prints what is found, and keeps its state where one is kept.
struct ChangeWatch {
    private var fold: ChangeFold
    private var state: ChangeState?
    private let isDocument = parsed[reporting.own.json]
    private let isStream = parsed[reporting.own.ndjson]
    private var end: RunEnd?
    private var told: [ChangeReport.Change] = []
    /// Whether the host has answered in this watch.
    private(set) var isReached = false

    /// A watch as the arguments want it, which goes on from the state that was kept.
    @MainActor init() throws {
        let settings = ChangeFold.Settings(limit: parsed[reporting.limit])
        state = parsed[reporting.state].map { ChangeState($0) }
        fold = try state?.fold(for: settings) ?? ChangeFold(settings: settings)
    }

    /// Makes sure that the state can go on with this path, and can be kept, before anything is asked or told.
    mutating func begin(_ target: ProbeTarget?, by method: ProbeMethod, recordedAt time: UTCTime? = nil) throws {
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
        if !changes.isEmpty { told = (told + changes).suffix(ChangeFold.changeLimit) }
        guard !changes.isEmpty, !isDocument else {
            state?.keepNowAndThen(fold)
            return
        }
        for change in changes { Output.standard.print(isStream ? try JSON.text(change) : change.text) }
        // The reader first: what nobody was told may not be known already the next time.
        Output.standard.flush()
        state?.keepNow(fold)
    }

    /// Prints what comes at the end, and keeps the state.
    mutating func finish() throws {
        guard var report = fold.report() else { throw IncompleteRun.noBeginning }
        // What an earlier watch has told is known; an outage that began there may have ended here.
        report.changes = told
        let ends = Set(told.filter { $0.kind == .targetBack }.map(\.at))
        report.outages.removeAll { outage in outage.length.map { !ends.contains(outage.start + $0) } ?? false }
        if isDocument { Output.standard.print(try JSON.text(report, style: .pretty)) }
        Output.standard.flush()
        // Whoever interrupts a watch knows that it is not finished.
        if let end, end.reason != .cancelled, let remark = end.remark { Output.error.print("mtr: \(remark)") }
        if end == nil { IncompleteRun.warnOfMissingEnd() }
        try state?.keep(fold)
    }
}
