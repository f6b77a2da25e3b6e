/// When probes are given up whose waits change with what is learnt of the path.
///
/// The probes that are out are looked through only when one may be due, or after a wait has changed.
struct AnswerDeadlines: Sendable {
    /// No probe that is out is due before this.
    private(set) var next = Duration.zero
    private var haveChanged = true

    /// A probe was sent that is due then.
    mutating func add(_ deadline: Duration) {
        if deadline < next { next = deadline }
    }

    /// The waits of probes that are out are no longer what they were.
    mutating func waitsChanged() { haveChanged = true }

    /// The probes whose time is over.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - ledger: The probes that are out.
    ///   - wait: How long each is waited for.
    mutating func due(at now: Duration, in ledger: ProbeLedger, wait: (Probe) -> Duration) -> [Probe.ID] {
        guard haveChanged || now >= next else { return [] }
        haveChanged = false
        var due: [Probe.ID] = []
        var next = now + .seconds(3600)
        ledger.forEachOut { probe, sentAt in
            let deadline = sentAt + wait(probe)
            if deadline <= now { due.append(probe.id) } else if deadline < next { next = deadline }
        }
        self.next = next
        return due
    }
}
