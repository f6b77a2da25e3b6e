package import TraceCore

/// Something that is to be sent on to a larger store, for it was written, or written anew, and not sent since.
///
/// The store keeps only the names of these things, for it has the things themselves. So nothing is kept twice, and what is
/// sent late is sent as it is then.
package struct Outgoing: Sendable {
    enum Kind: Int64, CaseIterable { case minute, change, alert, run }

    /// That something is to be sent, as it was when it was read.
    package struct Note: Sendable, Hashable {
        let kind: Int64
        let id: Int64
        let version: Int64
    }

    /// What became of the probes to a target in a minute.
    package struct Minute: Sendable {
        package let target: StoredTarget
        package let slot: PathHistory.Slot
    }

    package enum Content: Sendable {
        case minute(Minute)
        case change(StoredTarget, StoredChange)
        /// An alert, with a number that grows with each time it is written.
        case alert(StoredAlert, version: Int64)
        case run(StoredRun)
        /// It is not kept any more, cannot be read, or is of no time that can be sent.
        case missing
    }

    /// What is to be settled when it has been taken.
    package let note: Note
    package let content: Content

    /// What it is, for people.
    package var name: String {
        switch content {
        case .minute(let minute): "the minute \(minute.slot.start) of \(UntrustedText(minute.target.name).word)"
        case .change(let target, let change): "a change of \(UntrustedText(target.name).word) at \(change.at)"
        case .alert(let alert, _): "the alert \(UntrustedText(alert.key).word)"
        case .run(let run): "the run \(UntrustedText(run.id).word)"
        case .missing: "what is not kept any more"
        }
    }

    /// How many rows a minute makes, or bytes an event has.
    fileprivate var size: Int {
        switch content {
        case .minute(let minute): minute.slot.hops.count + 1
        case .change(_, let change): change.body.count
        case .alert(let alert, _): alert.body.count
        case .run(let run): run.report.count
        case .missing: 0
        }
    }

    /// The last second that all engines have.
    fileprivate static let endOfTime: Int64 = 4_294_967_295 * 1_000_000
    /// So many events are sent at once, and about so many bytes of them.
    fileprivate static let mostEvents = 500, mostBytes = 8 << 20
    /// Engines want no more days than a hundred at once.
    fileprivate static let mostDays: Int64 = 50
}

/// How much waits to be sent on.
package struct OutgoingSize: Sendable, Hashable {
    /// The minutes of targets, and since when the oldest of them waits.
    package let minutes: Int
    package let oldest: UTCTime?
    /// The changes, alerts and runs.
    package let events: Int

    package init(minutes: Int = 0, oldest: UTCTime? = nil, events: Int = 0) {
        (self.minutes, self.oldest, self.events) = (minutes, oldest, events)
    }
}

extension StoreWriter {
    private static let key = "shipping", seedKey = "shipping.seed", versionKey = "shipping.version"
    /// So many blocks of a past are noted at once.
    private static let seedSize = 50_000

    /// Takes note of all that is written from now on, for somebody to whom it is sent. For a new one, what there is already is
    /// noted, too, by ``seedOutgoing()``: the rounds as far back as a time.
    package func ship(to name: String, from time: UTCTime) throws(StoreError) {
        defer { isShipping = nil }
        let bytes = Array(name.utf8)
        guard try state(Self.key) != bytes else { return }
        let version = try nextVersion()
        try database.run("DELETE FROM outgoing")
        try database.run("INSERT INTO outgoing SELECT 1, id, ? FROM change", .int(version))
        try database.run("INSERT INTO outgoing SELECT 2, id, ? FROM alert", .int(version))
        try database.run("INSERT INTO outgoing SELECT 3, number, ? FROM run", .int(version))
        try setState(Self.seedKey, to: Array("\(Period.key(Self.minute(time), 0))".utf8))
        try setState(Self.key, to: bytes)
    }

    /// Notes a piece of the rounds that were there before somebody wanted them; whether there are more.
    package func seedOutgoing() throws(StoreError) -> Bool {
        guard let text = try state(Self.seedKey), let first = Int64(String(decoding: text, as: UTF8.self)) else {
            return false
        }
        let end = try database.number(
            "SELECT id FROM block WHERE id >= ? ORDER BY id LIMIT 1 OFFSET ?", .int(first), .int(Self.seedSize))
        try database.run(
            "INSERT OR IGNORE INTO outgoing SELECT 0, id, ? FROM block WHERE id >= ? AND id < ?",
            .int(try nextVersion()), .int(first), .int(end ?? .max))
        try setState(Self.seedKey, to: end.map { Array("\($0)".utf8) })
        return end != nil
    }

    /// Takes no more note of anything.
    package func shipNothing() throws(StoreError) {
        defer { isShipping = nil }
        guard try state(Self.key) != nil else { return }
        try database.run("DELETE FROM outgoing")
        try setState(Self.seedKey, to: nil)
        try setState(Self.key, to: nil)
    }

    /// Takes note of something that was written, if there is somebody to whom it is sent.
    func noteOutgoing(_ kind: Outgoing.Kind, _ id: Int64) throws(StoreError) {
        if isShipping == nil { isShipping = try state(Self.key) != nil }
        guard isShipping == true else { return }
        try database.run(
            "INSERT OR REPLACE INTO outgoing VALUES(?, ?, ?)", .int(kind.rawValue), .int(id), .int(try nextVersion()))
    }

    /// A number that is larger than all that were sent before, also after a restart with another clock.
    private func nextVersion() throws(StoreError) -> Int64 {
        if lastVersion == 0, let text = try state(Self.versionKey) {
            lastVersion = Int64(String(decoding: text, as: UTF8.self)) ?? 0
        }
        lastVersion = max(lastVersion + 1, UTCTime.now.microsecondsSince1970)
        return lastVersion
    }

    /// Forgets what has been taken; what was written anew meanwhile stays.
    package func settle(_ notes: some Collection<Outgoing.Note>) throws(StoreError) {
        for note in notes {
            try database.run(
                "DELETE FROM outgoing WHERE kind = ? AND id = ? AND version = ?", .int(note.kind), .int(note.id),
                .int(note.version))
        }
        // The clock may be set back before the next start.
        guard notes.contains(where: { $0.kind != Outgoing.Kind.minute.rawValue }) else { return }
        let last = try nextVersion()
        try setState(Self.versionKey, to: Array("\(last)".utf8))
    }

    /// Forgets the minutes before that of a time, and says how many there were; nothing else is ever forgotten.
    package func dropOutgoing(before time: UTCTime) throws(StoreError) -> Int {
        try database.run("DELETE FROM outgoing WHERE kind = 0 AND id < ?", .int(Period.key(Self.minute(time), 0)))
    }

    private static func minute(_ time: UTCTime) -> Int64 { max(0, time.microsecondsSince1970) / Tier.rounds.row }
}

extension StoreReader {
    /// Visits what is to be sent on, the events first and then the oldest minutes, with about so many rows.
    ///
    /// - Parameter aside: What is left out.
    /// - Returns: Whether there is more than this.
    package func outgoing(
        rows limit: Int, except aside: Set<Outgoing.Note> = [], visit: (Outgoing) throws(StoreError) -> Void
    ) throws(StoreError) -> Bool {
        let events = try notes(
            "SELECT kind, id, version FROM outgoing WHERE kind > 0 ORDER BY kind, id LIMIT ?",
            Outgoing.mostEvents + aside.count)
        var isPart = events.count - aside.count >= Outgoing.mostEvents
        var bytes = 0
        for note in events where !aside.contains(note) {
            guard bytes < Outgoing.mostBytes else {
                isPart = true
                break
            }
            let event = try event(note)
            bytes += event.size
            try visit(event)
        }
        var targets: [Int64: StoredTarget] = [:]
        // A target has a hop at least, and its end.
        let most = max(1, limit / 2)
        let minutes = try notes(
            "SELECT kind, id, version FROM outgoing WHERE kind = 0 ORDER BY id LIMIT ?", most + aside.count)
        // One that is left out may be much older than the others.
        let first = minutes.first { !aside.contains($0) }
        let end = (first.map { Period.period(of: $0.id) } ?? 0) + Outgoing.mostDays * 1_440
        var rows = 0
        for note in minutes where !aside.contains(note) {
            let (row, id) = (Period.period(of: note.id), Period.target(of: note.id))
            guard rows < limit, row < end, !Task.isCancelled else { return true }
            if targets[id] == nil { targets[id] = try target(id) }
            var content = Outgoing.Content.missing
            if let target = targets[id], let slot = try minute(row, of: id) {
                content = .minute(Outgoing.Minute(target: target, slot: slot))
            }
            let item = Outgoing(note: note, content: content)
            rows += item.size
            try visit(item)
        }
        return isPart || minutes.count - aside.count >= most
    }

    /// The beginning of the oldest minute that is to be sent on.
    package func oldestOutgoing() throws(StoreError) -> UTCTime? {
        try database.number("SELECT min(id) FROM outgoing WHERE kind = 0").map {
            UTCTime(microsecondsSince1970: Period.period(of: $0) * Tier.rounds.row)
        }
    }

    /// How much is to be sent on. It counts, which takes a moment where it is millions.
    package func outgoingSize() throws(StoreError) -> OutgoingSize {
        OutgoingSize(
            minutes: Int(try database.number("SELECT count(*) FROM outgoing WHERE kind = 0") ?? 0),
            oldest: try oldestOutgoing(),
            events: Int(try database.number("SELECT count(*) FROM outgoing WHERE kind > 0") ?? 0))
    }

    private func notes(_ text: String, _ limit: Int) throws(StoreError) -> [Outgoing.Note] {
        try database.all(text, .int(limit)) { Outgoing.Note(kind: $0.int(0), id: $0.int(1), version: $0.int(2)) }
    }

    private func event(_ note: Outgoing.Note) throws(StoreError) -> Outgoing {
        var content = Outgoing.Content.missing
        switch Outgoing.Kind(rawValue: note.kind) {
        case .change:
            guard let change = try change(note.id), let target = try target(change.target) else { break }
            content = .change(target, change)
        case .alert: if let alert = try alert(note.id) { content = .alert(alert, version: note.version) }
        case .run: if let run = try run(numbered: note.id) { content = .run(run) }
        case .minute, nil: break
        }
        return Outgoing(note: note, content: content)
    }

    /// What became of the probes to a target in a minute, as its block has it; nil where there is none, or it is broken: that
    /// would be in the way for ever.
    private func minute(_ row: Int64, of target: Int64) throws(StoreError) -> PathHistory.Slot? {
        let start = row * Tier.rounds.row
        guard start < Outgoing.endOfTime else { return nil }
        var grid = SlotGrid(start: start, length: Tier.rounds.row, count: 1)
        do throws(StoreError) {
            try read(.rounds, row: row, of: target, in: start..<start + Tier.rounds.row, into: &grid)
            return try history(grid, gaps: [], isNamed: false).slots.first { $0.end != nil }
        } catch  where error.code == .damaged {
            return nil
        }
    }
}
