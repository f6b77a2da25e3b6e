/// The deadlines of probes that all wait equally long, so that the first in is the first due.
struct TimeoutQueue: Sendable {
    private struct Entry {
        let id: Probe.ID
        let due: Duration
    }

    private var entries = Queue<Entry>()

    /// Adds a probe; its deadline is not before those added earlier.
    mutating func add(_ id: Probe.ID, due: Duration) { entries.append(Entry(id: id, due: due)) }

    /// The next deadline of a probe that is still out, or nil.
    mutating func nextDue(in ledger: ProbeLedger) -> Duration? {
        while let first = entries.first {
            if ledger.isOut(first.id) { return first.due }
            _ = entries.popFirst()
        }
        return nil
    }

    /// Gives up the probes that are due, and adds them to a list.
    mutating func expire(at now: Duration, in ledger: inout ProbeLedger, into expired: inout [Probe]) {
        while let entry = entries.popFirst(where: { $0.due <= now }) {
            if let probe = ledger.expire(entry.id) { expired.append(probe) }
        }
    }
}
