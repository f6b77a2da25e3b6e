import CommandLineKit
import Glibc
import TraceCore

/// Prints each change of the path as it happens, and says whether the host answered.
@MainActor func watchChanges() async throws -> Bool {
    var fold = ChangeFold(settings: ChangeSettings(limit: parsed[reporting.limit]))
    var isReached = false
    var end: RunEnd?
    let output = Output.standard
    let isDocument = parsed[reporting.own.json]
    func take(_ event: ProbeEvent) throws {
        if case .reply(_, let response) = event.fact, response.kind.isFromTarget { isReached = true }
        if case .ended(let reason) = event.fact { end = reason }
        let changes = fold.take(event)
        guard !changes.isEmpty, !isDocument else { return }
        for change in changes { output.print(parsed[reporting.own.ndjson] ? try JSON.text(change) : change.text) }
        output.flush()
    }
    let rounds = parsed[asking.count]
    switch try await watched(isEndless: rounds == nil) {
    case .recorded(let events): for event in events { try take(event) }
    case .host(let target, _):
        let events = try events(
            of: target, by: asking.probes.method(in: parsed), rounds: rounds, isEndless: rounds == nil)
        try await untilInterrupted { for try await event in events { try take(event) } }
    }
    guard let report = fold.report() else { throw IncompleteRun.noBeginning }
    if isDocument { output.print(try JSON.text(report, style: .pretty)) }
    output.flush()
    // Whoever interrupts a watch knows that it is not finished.
    if let end, end.reason != .cancelled, let remark = end.remark { Output.error.print("mtr: \(remark)") }
    if end == nil { IncompleteRun.warnOfMissingEnd() }
    return isReached
}
