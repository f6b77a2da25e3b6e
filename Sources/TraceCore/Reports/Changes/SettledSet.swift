/// The set of those that share a place of the path, such as the routers that answer at a hop, and when it changes.
///
/// A new one belongs to the set after so many sightings that its absence before cannot be chance; one that is gone leaves
/// after an absence that cannot be. Whoever takes turns, however unevenly, is therefore no change, and a replacement
/// is one soon. Shares are remembered for about a thousand turns, and one that left is as new when it returns.
struct SettledSet<Element: Hashable & Comparable & Sendable & Codable>: Sendable, Hashable, Codable {
    /// What the set was and is.
    struct Change {
        var before: [Element]
        var after: [Element]
        /// When the first of the new ones was seen, or the last of those that left.
        var since: UTCTime
    }

    struct Entry: Sendable, Hashable, Codable {
        let element: Element
        var isSettled: Bool
        /// When the first and the newest sighting were.
        var since: UTCTime
        var seenAt: UTCTime
        // Turns are numbered; these are the first and the last it had.
        var first: Int
        var last: Int
        /// The sightings from the first on.
        var count = 0
        /// The turns without it before the first.
        var absentBefore: Int
        /// The sightings since a newcomer was seen first.
        var recent = 0
        /// The turns that nobody took until it was seen last.
        var misses: Int
    }

    /// The most that are kept apart.
    private static var limit: Int { 64 }
    /// So many sightings make a change at least, however unlikely fewer are: a route may waver for a moment.
    private static var sightings: Int { 4 }
    /// In so many turns after the start or a change newcomers are part of what is there.
    private static var learning: Int { 8 }
    /// A newcomer that has kept away for longer is new when it comes again.
    private static var patience: Int { 64 }
    /// Shares are of about so many turns.
    private static var memory: Int { 1024 }
    /// What is this unlikely beside a change that is certain belongs to it.
    private static var accompanying: Double { 1e-3 }

    private var turns = 0
    private var misses = 0
    /// The turn at which the set began to be as it is.
    private var start = 0
    /// The turn at which the newcomers of now began to be seen.
    private var recentStart = 0
    private var entries: [Entry] = []

    /// Those that belong to the set, in order.
    var elements: [Element] { entries.filter(\.isSettled).map(\.element).sorted() }

    var isEmpty: Bool { entries.isEmpty }

    /// Whether whoever comes belongs to what is there.
    var isLearning: Bool { turns &- start < Self.learning }

    mutating func removeAll(above element: Element) { entries.removeAll { $0.element > element } }

    func contains(_ element: Element) -> Bool { entries.contains { $0.element == element && $0.isSettled } }

    /// A turn that nobody took: one of the set may have kept silent.
    mutating func miss() { misses &+= 1 }

    /// A turn that was somebody's.
    @inline(__always)
    mutating func observe(_ element: Element, chance: Double, at time: EventMoment) -> Change? {
        turns &+= 1
        if entries.count == 1, entries[0].element == element {
            touch(0, at: nil)
            return nil
        }
        return observeAmongOthers(element, chance: chance, at: time())
    }

    @inline(__always)
    private mutating func touch(_ index: Int, at time: UTCTime?) {
        entries[index].last = turns
        entries[index].count &+= 1
        entries[index].recent &+= 1
        entries[index].misses = misses
        if let time { entries[index].seenAt = time }
        if turns &- entries[index].first >= Self.memory {
            entries[index].first = turns &- (turns &- entries[index].first) / 2
            entries[index].count /= 2
        }
    }

    private mutating func observeAmongOthers(_ element: Element, chance: Double, at time: UTCTime) -> Change? {
        if let index = entries.firstIndex(where: { $0.element == element }) {
            if !entries[index].isSettled, turns &- entries[index].last > Self.patience { renew(index, at: time) }
            touch(index, at: time)
        } else {
            add(element, at: time)
        }
        return join(chance) ?? leave(chance)
    }

    private mutating func add(_ element: Element, at time: UTCTime) {
        if entries.count >= Self.limit, let oldest = entries.indices.min(by: { entries[$0].last < entries[$1].last }) {
            entries.remove(at: oldest)
        }
        let absence = max(0, turns &- 1 &- start)
        let isSettled = entries.isEmpty || absence < Self.learning
        if !isSettled { beginComparison() }
        entries.append(
            Entry(
                element: element, isSettled: isSettled, since: time, seenAt: time, first: turns, last: turns,
                absentBefore: min(absence, Self.memory), misses: misses))
        touch(entries.count - 1, at: time)
    }

    private mutating func renew(_ index: Int, at time: UTCTime) {
        beginComparison()
        entries[index].absentBefore = min(turns &- entries[index].last &- 1, Self.memory)
        entries[index].first = turns
        entries[index].since = time
        entries[index].count = 0
    }

    /// From here on the sightings of old and new are compared, unless a comparison is on already.
    private mutating func beginComparison() {
        guard !hasNewcomer else { return }
        recentStart = turns
        for index in entries.indices { entries[index].recent = 0 }
    }

    /// Whether somebody who does not belong to the set was seen just now.
    private var hasNewcomer: Bool { entries.contains { !$0.isSettled && turns &- $0.last <= Self.learning } }

    private func chanceOfNewcomer(_ entry: Entry) -> Double {
        Chance.ofAbsence(for: entry.absentBefore, seen: entry.count, of: turns &- entry.first &+ 1)
    }

    /// Takes in the newcomers if it is certain that they are new.
    private mutating func join(_ chance: Double) -> Change? {
        guard entries.contains(where: { !$0.isSettled }) else { return nil }
        let isNew = entries.map { entry in
            !entry.isSettled && entry.count >= Self.sightings && chanceOfNewcomer(entry) < chance
        }
        guard isNew.contains(true) else {
            absorb()
            return nil
        }
        // Who was there before has left, stays, or it cannot be said yet.
        var hasLeft = entries.map { _ in false }
        let most = entries.indices.filter { isNew[$0] }.map { entries[$0].count }.max() ?? 0
        for index in entries.indices where entries[index].isSettled {
            let entry = entries[index]
            let absence = turns &- entry.last
            guard absence >= 2, most < 8 * Self.sightings else { continue }
            let byChance =
                entry.recent == 0
                ? Chance.ofAbsence(for: absence, seen: entry.count, of: entry.last &- entry.first &+ 1)
                : Chance.ofAbsence(for: absence, seen: entry.recent, of: entry.last &- recentStart &+ 1)
            guard byChance < Self.accompanying else { return nil }
            hasLeft[index] = true
        }
        let before = elements
        var begin = turns
        var since: UTCTime?
        for index in entries.indices where !entries[index].isSettled {
            guard isNew[index] || chanceOfNewcomer(entries[index]) < Self.accompanying else { continue }
            entries[index].isSettled = true
            begin = min(begin, entries[index].first)
            since = min(since ?? entries[index].since, entries[index].since)
        }
        // Those who stay share the place with others now: how much is theirs was another question before.
        for index in entries.indices where entries[index].first < recentStart && !hasLeft[index] {
            entries[index].first = recentStart
            entries[index].count = max(1, entries[index].recent)
        }
        entries = zip(entries, hasLeft).filter { !$0.1 }.map(\.0)
        start = begin &- 1
        return since.map { Change(before: before, after: elements, since: $0) }
    }

    /// Who has been there for longer than not, and may always have been, belongs to the set.
    private mutating func absorb() {
        for index in entries.indices where !entries[index].isSettled {
            let entry = entries[index]
            let presence = turns &- entry.first &+ 1
            if entry.count >= Self.sightings, presence >= 2 &* entry.absentBefore &+ Self.patience {
                entries[index].isSettled = true
            }
        }
    }

    /// Lets those go who have kept away for longer than chance has it, also if each turn that nobody took was theirs.
    private mutating func leave(_ chance: Double) -> Change? {
        guard entries.count > 1, !hasNewcomer else { return nil }
        // Each of them could be the one that chance picks.
        let chance = chance / Double(entries.count)
        for index in entries.indices where entries[index].isSettled && entries.count > 1 {
            let entry = entries[index]
            let absence = turns &- entry.last
            guard absence >= Self.sightings else { continue }
            let byChance = Chance.ofAbsence(for: absence, seen: entry.count, of: entry.last &- entry.first &+ 1)
            guard byChance < chance else { continue }
            let silent = max(0, misses &- entry.misses)
            guard byChance * Chance.ways(of: min(silent, absence), among: absence &+ silent) < chance else { continue }
            let before = elements
            guard before.count > 1 else { return nil }
            entries.remove(at: index)
            return Change(before: before, after: elements, since: entry.seenAt)
        }
        return nil
    }
}
