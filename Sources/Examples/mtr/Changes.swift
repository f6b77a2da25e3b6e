import CommandLineKit
import Glibc
import TraceCore

/// Prints each change of the path as it happens, and says whether the host answered.
@MainActor func watchChanges() async throws -> Bool {
    var fold = ChangeFold(settings: ChangeSettings(limit: parsed[reporting.limit]))
    var isReached = false
    let output = Output.standard
    let isDocument = parsed[reporting.own.json]
    func take(_ event: ProbeEvent) throws {
        if case .reply(_, let response) = event.fact, response.kind.isFromTarget { isReached = true }
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
    if isDocument, let report = fold.report() { output.print(try JSON.text(report, style: .pretty)) }
    output.flush()
    return isReached
}
