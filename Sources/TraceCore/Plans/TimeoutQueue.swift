/// The deadlines of probes that all wait equally long, so that the first in is the first due.
struct TimeoutQueue: Sendable {
    private struct Entry {
        let id: Probe.ID
        let due: Duration
    }

    private var entries: [Entry] = []
    private var head = 0

    /// Adds a probe; its deadline is not before those added earlier.
    mutating func add(_ id: Probe.ID, due: Duration) {
        if head > 64, head > entries.count / 2 {
            entries.removeFirst(head)
            head = 0
        }
        entries.append(Entry(id: id, due: due))
    }

    /// The next deadline of a probe that is still out, or nil.
    mutating func nextDue(in ledger: ProbeLedger) -> Duration? {
        while head < entries.count, !ledger.isOut(entries[head].id) { head += 1 }
        return head < entries.count ? entries[head].due : nil
    }

    /// Gives up the probes that are due, and adds them to a list.
    mutating func expire(at now: Duration, in ledger: inout ProbeLedger, into expired: inout [Probe]) {
        while head < entries.count, entries[head].due <= now {
            if let probe = ledger.expire(entries[head].id) { expired.append(probe) }
            head += 1
        }
    }
}
