/// The set of elements that share a place on the path, such as the routers that answer at a hop, and its changes.
///
/// A new element joins the set after enough sightings that its earlier absence cannot be chance. An element leaves
/// after an absence that cannot be chance. So routers that take turns, however unevenly, are no change, and a
/// replacement is one soon. Shares are remembered for about a thousand turns, and an element that left counts as new
/// when it returns.
struct SettledSet<Element: Hashable & Comparable & Sendable & Codable>: Sendable, Hashable, Codable {
    /// The set before and after a change.
    struct Change {
        var before: [Element]
        var after: [Element]
        /// When the first new element was seen first, or when the element that left was seen last.
        var since: UTCTime
    }

    struct Entry: Sendable, Hashable, Codable {
        let element: Element
        var isSettled: Bool
        /// When it was seen first and last.
        var since: UTCTime
        var seenAt: UTCTime
        // The numbers of its first and its last turn.
        var first: Int
        var last: Int
        /// Its sightings since the first.
        var count = 0
        /// The turns without it before its first sighting.
        var absentBefore: Int
        /// Its sightings since the current newcomer appeared.
        var recent = 0
        /// The turns without any answer, up to its last sighting.
        var misses: Int
    }

    /// The largest number of elements that are told apart.
    private static var limit: Int { 64 }
    /// The smallest number of sightings for a change: a route may change for a moment only.
    private static var sightings: Int { 4 }
    /// The number of turns after the start, or after a change, in which a newcomer joins at once.
    private static var learning: Int { 8 }
    /// A newcomer that was absent for longer counts as new when it comes again.
    private static var patience: Int { 64 }
    /// The number of turns that the shares cover, roughly.
    private static var memory: Int { 1024 }
    /// Beside a certain change, another one this unlikely to be chance is part of it.
    private static var accompanying: Double { 1e-3 }

    private var turns = 0
    private var misses = 0
    /// The turn at which the set took its current form.
    private var start = 0
    /// The turn at which the current newcomers appeared.
    private var recentStart = 0
    private var entries: [Entry] = []

    /// The elements of the set, sorted.
    var elements: [Element] { entries.filter(\.isSettled).map(\.element).sorted() }

    var isEmpty: Bool { entries.isEmpty }

    /// Whether a newcomer joins at once.
    var isLearning: Bool { turns &- start < Self.learning }

    mutating func removeAll(above element: Element) { entries.removeAll { $0.element > element } }

    func contains(_ element: Element) -> Bool { entries.contains { $0.element == element && $0.isSettled } }

    /// A turn without an answer: an element of the set may have been silent.
    mutating func miss() { misses &+= 1 }

    /// A turn in which an element was seen.
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

    /// Starts to compare the sightings of old and new elements, unless a comparison has begun already.
    private mutating func beginComparison() {
        guard !hasNewcomer else { return }
        recentStart = turns
        for index in entries.indices { entries[index].recent = 0 }
    }

    /// Whether an element outside the set was seen recently.
    private var hasNewcomer: Bool { entries.contains { !$0.isSettled && turns &- $0.last <= Self.learning } }

    private func chanceOfNewcomer(_ entry: Entry) -> Double {
        Chance.ofAbsence(for: entry.absentBefore, seen: entry.count, of: turns &- entry.first &+ 1)
    }

    /// Adds the newcomers to the set if it is certain that they are new.
    private mutating func join(_ chance: Double) -> Change? {
        guard entries.contains(where: { !$0.isSettled }) else { return nil }
        let isNew = entries.map { entry in
            !entry.isSettled && entry.count >= Self.sightings && chanceOfNewcomer(entry) < chance
        }
        guard isNew.contains(true) else {
            absorb()
            return nil
        }
        // Each old element has left, has stayed, or cannot be decided yet.
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
        // The remaining elements now share the place with others, so their earlier shares no longer count.
        for index in entries.indices where entries[index].first < recentStart && !hasLeft[index] {
            entries[index].first = recentStart
            entries[index].count = max(1, entries[index].recent)
        }
        entries = zip(entries, hasLeft).filter { !$0.1 }.map(\.0)
        start = begin &- 1
        return since.map { Change(before: before, after: elements, since: $0) }
    }

    /// An element that has been seen for longer than it was absent may always have been there: it joins without a
    /// change.
    private mutating func absorb() {
        for index in entries.indices where !entries[index].isSettled {
            let entry = entries[index]
            let presence = turns &- entry.first &+ 1
            if entry.count >= Self.sightings, presence >= 2 &* entry.absentBefore &+ Self.patience {
                entries[index].isSettled = true
            }
        }
    }

    /// Removes an element that was absent for longer than chance allows, even if every turn without an answer was its
    /// turn.
    private mutating func leave(_ chance: Double) -> Change? {
        guard entries.count > 1, !hasNewcomer else { return nil }
        // Any of them could be the one that chance leaves out.
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
