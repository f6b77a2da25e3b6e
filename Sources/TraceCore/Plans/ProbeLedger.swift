/// The probes of a run and what became of each.
///
/// Identifiers are dense, so the book is one array with a sliding start: looking a probe up costs an index.
/// Decided probes are remembered for a while, so that a late answer or a duplicate is known as such.
///
/// ```swift
/// let probe = ledger.issue(to: target, at: now)
/// timeouts.add(probe.id, due: now + timeout)
/// ```
public struct ProbeLedger: Sendable {
    private enum Fate: UInt8 { case out, answered, refused, timedOut, failed }

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
    public private(set) var outCount = 0

    /// A ledger without probes.
    ///
    /// - Parameters:
    ///   - memory: How many decided probes are kept.
    ///   - firstID: The number of the first probe, where others were issued elsewhere before it.
    public init(memory: Int = 4096, firstID: Int = 0) {
        self.memory = memory
        self.firstID = firstID
        oldestOut = firstID
    }

    /// The number that the next probe gets: as many have been issued.
    public var nextID: Int { firstID + entries.count }

    /// Makes the next probe and counts it as out.
    ///
    /// - Parameters:
    ///   - target: The host that is asked.
    ///   - ttl: How many hops it may live.
    ///   - sequence: Its number among the probes to this target or hop, from 0; nil for the number in the run.
    ///   - flow: Which of several paths it takes, where routers balance.
    ///   - size: The payload in bytes, or nil for the prober's own.
    ///   - now: The time at which it is sent.
    public mutating func issue(
        to target: IPAddress, ttl: UInt8 = 64, sequence: Int? = nil, flow: UInt16 = 0, size: UInt16? = nil,
        at now: Duration
    ) -> Probe {
        if entries.count == entries.capacity { forget() }
        let probe = Probe(
            id: nextID, target: target, ttl: ttl, sequence: sequence ?? nextID, flow: flow, size: size)
        entries.append(Entry(probe: probe, sentAt: now, fate: .out))
        outCount += 1
        return probe
    }

    /// Decides what an arrival means, and takes note of it.
    public mutating func settle(_ id: Probe.ID) -> ArrivalFate {
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
        case .answered, .refused: return .duplicate(entries[index].probe)
        case .failed: return .stray
        }
    }

    /// Decides what an arrival means, and takes note of it and of who has answered.
    mutating func settle(_ arrival: Arrival) -> ArrivalFate {
        let isOverruling = self.isOverruling(arrival)
        let fate = settle(arrival.probe)
        guard let index = index(of: arrival.probe) else { return fate }
        if isOverruling { entries[index].fate = .answered }
        if case .reply = fate, !arrival.reply.kind.isFromTarget { entries[index].fate = .refused }
        return fate
    }

    /// Whether an arrival that is not settled yet is the target's own word about a probe that only a router has answered.
    ///
    /// It is a duplicate to the ledger, and yet it is the answer: a packet that loops, or a stranger, may bring an error before
    /// it.
    func isOverruling(_ arrival: Arrival) -> Bool {
        arrival.reply.kind.isFromTarget && index(of: arrival.probe).map { entries[$0].fate == .refused } ?? false
    }

    /// Gives up a probe, if it is out.
    public mutating func expire(_ id: Probe.ID) -> Probe? { close(id, as: .timedOut) }

    /// Takes note that a probe was not sent after all, if it is out.
    public mutating func fail(_ id: Probe.ID) -> Probe? { close(id, as: .failed) }

    /// Whether a probe is out.
    public func isOut(_ id: Probe.ID) -> Bool {
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

extension ProbeLedger {
    /// The deadlines of probes that all wait equally long, so that the first in is the first due.
    public struct Timeouts: Sendable {
        private struct Entry {
            let id: Probe.ID
            let due: Duration
        }

        private var entries = Queue<Entry>()

        /// No deadlines.
        public init() {}

        /// Adds a probe; its deadline is not before those added earlier.
        public mutating func add(_ id: Probe.ID, due: Duration) { entries.append(Entry(id: id, due: due)) }

        /// The next deadline of a probe that is still out, or nil.
        public mutating func nextDue(in ledger: ProbeLedger) -> Duration? {
            while let first = entries.first {
                if ledger.isOut(first.id) { return first.due }
                _ = entries.popFirst()
            }
            return nil
        }

        /// Gives up the probes that are due.
        public mutating func expire(at now: Duration, in ledger: inout ProbeLedger) -> [Probe] {
            var expired: [Probe] = []
            while let entry = entries.popFirst(where: { $0.due <= now }) {
                if let probe = ledger.expire(entry.id) { expired.append(probe) }
            }
            return expired
        }
    }
}
