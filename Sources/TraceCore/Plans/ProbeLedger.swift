/// The probes of a run and what became of each.
///
/// Identifiers are dense, so the book is one array with a sliding start: looking a probe up costs an index.
/// Decided probes are remembered for a while, so that a late answer or a duplicate is known as such.
struct ProbeLedger: Sendable {
    private enum Fate: UInt8 { case out, answered, timedOut, failed }

    private struct Entry {
        let probe: Probe
        let sentAt: Duration
        var fate: Fate
    }

    /// How many decided probes are kept behind the oldest one that is out.
    private let memory: Int
    private var entries: [Entry] = []
    private var firstID = 0
    /// No probe with a smaller identifier is out.
    private var oldestOut = 0

    /// The probes that are out.
    private(set) var outCount = 0

    /// - Parameters:
    ///   - memory: How many decided probes are kept.
    ///   - firstID: The number of the first probe, where others were issued elsewhere before it.
    init(memory: Int, firstID: Int = 0) {
        self.memory = memory
        self.firstID = firstID
        oldestOut = firstID
    }

    /// The number that the next probe gets: as many have been issued.
    var nextID: Int { firstID + entries.count }

    /// Makes the next probe and counts it as out.
    mutating func issue(
        to target: IPAddress, ttl: UInt8, sequence: Int, flow: UInt16, size: UInt16?, at now: Duration
    ) -> Probe {
        if entries.count == entries.capacity { forget() }
        let probe = Probe(
            id: nextID, target: target, ttl: ttl, sequence: sequence, flow: flow, size: size)
        entries.append(Entry(probe: probe, sentAt: now, fate: .out))
        outCount += 1
        return probe
    }

    /// Decides what an arrival means, and takes note of it.
    mutating func settle(_ id: Probe.ID) -> ArrivalFate {
        guard let index = index(of: id) else { return .stray }
        switch entries[index].fate {
        case .out:
            entries[index].fate = .answered
            outCount -= 1
            advanceOldestOut()
            return .reply(entries[index].probe)
        case .timedOut:
            // A second answer after this one is a duplicate.
            entries[index].fate = .answered
            return .late(entries[index].probe)
        case .answered: return .duplicate(entries[index].probe)
        case .failed: return .stray
        }
    }

    /// Gives up a probe, if it is out.
    mutating func expire(_ id: Probe.ID) -> Probe? { close(id, as: .timedOut) }

    /// Takes note that a probe was not sent after all, if it is out.
    mutating func fail(_ id: Probe.ID) -> Probe? { close(id, as: .failed) }

    /// Whether a probe is out.
    func isOut(_ id: Probe.ID) -> Bool {
        index(of: id).map { entries[$0].fate == .out } ?? false
    }

    /// The probe of a number, while it is remembered.
    func probe(_ id: Probe.ID) -> Probe? { index(of: id).map { entries[$0].probe } }

    /// Calls the body for each probe that is out, oldest first, with the time at which it was sent.
    func forEachOut(_ body: (Probe, Duration) -> Void) {
        guard outCount > 0 else { return }
        var left = outCount
        var index = oldestOut - firstID
        while left > 0 {
            if entries[index].fate == .out {
                body(entries[index].probe, entries[index].sentAt)
                left -= 1
            }
            index += 1
        }
    }

    private mutating func close(_ id: Probe.ID, as fate: Fate) -> Probe? {
        guard let index = index(of: id), entries[index].fate == .out else { return nil }
        entries[index].fate = fate
        outCount -= 1
        advanceOldestOut()
        return entries[index].probe
    }

    private func index(of id: Probe.ID) -> Int? {
        let index = id &- firstID
        return entries.indices.contains(index) ? index : nil
    }

    private mutating func advanceOldestOut() {
        while oldestOut < nextID, entries[oldestOut - firstID].fate != .out { oldestOut += 1 }
    }

    /// Drops what is older than the memory, but only when at least half of the array goes: each entry then moves
    /// at most once for each time that as many were added.
    private mutating func forget() {
        advanceOldestOut()
        let superfluous = oldestOut - firstID - memory
        guard superfluous > entries.count / 2 else { return }
        entries.removeFirst(superfluous)
        firstID += superfluous
    }
}
