package import TraceCore

/// What is to be sent on to a larger store: what was written since, and what was written anew.
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

    /// What is to be settled when all of it has been taken.
    package fileprivate(set) var notes: [Note] = []
    package fileprivate(set) var minutes: [Minute] = []
    package fileprivate(set) var changes: [(target: StoredTarget, change: StoredChange)] = []
    /// The alerts, each with a number that grows with each time it is written.
    package fileprivate(set) var alerts: [(alert: StoredAlert, version: Int64)] = []
    package fileprivate(set) var runs: [StoredRun] = []
    /// The names of addresses, as far as they are known.
    package fileprivate(set) var names: [IPAddress: UntrustedText] = [:]
    /// How many minutes of targets were to be sent and are not kept any more.
    package fileprivate(set) var missing = 0

    /// How many hops of minutes it has.
    package fileprivate(set) var rows = 0
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
    private static let key = "shipping"

    /// Takes note of all that is written from now on, for somebody to whom it is sent. For a new one, what there is already is
    /// noted, too: the rounds as far back as a time.
    package func ship(to name: String, from time: UTCTime) throws(StoreError) {
        defer { isShipping = nil }
        let bytes = Array(name.utf8)
        guard try state(Self.key) != bytes else { return }
        let version = nextVersion()
        let first = Period.key(max(0, time.microsecondsSince1970) / Tier.rounds.row, 0)
        try database.run("DELETE FROM outgoing")
        try database.run("INSERT INTO outgoing SELECT 0, id, ? FROM block WHERE id >= ?", .int(version), .int(first))
        try database.run("INSERT INTO outgoing SELECT 1, id, ? FROM change", .int(version))
        try database.run("INSERT INTO outgoing SELECT 2, id, ? FROM alert", .int(version))
        try database.run("INSERT INTO outgoing SELECT 3, number, ? FROM run", .int(version))
        try setState(Self.key, to: bytes)
    }

    /// Takes no more note of anything.
    package func shipNothing() throws(StoreError) {
        defer { isShipping = nil }
        guard try state(Self.key) != nil else { return }
        try database.run("DELETE FROM outgoing")
        try setState(Self.key, to: nil)
    }

    /// Takes note of something that was written, if there is somebody to whom it is sent.
    func noteOutgoing(_ kind: Outgoing.Kind, _ id: Int64) throws(StoreError) {
        if isShipping == nil { isShipping = try state(Self.key) != nil }
        guard isShipping == true else { return }
        try database.run(
            "INSERT OR REPLACE INTO outgoing VALUES(?, ?, ?)", .int(kind.rawValue), .int(id), .int(nextVersion()))
    }

    /// A number that is larger than all before, also after a restart.
    private func nextVersion() -> Int64 {
        lastVersion = max(lastVersion + 1, UTCTime.now.microsecondsSince1970)
        return lastVersion
    }

    /// Forgets what has been taken; what was written anew meanwhile stays.
    package func settle(_ notes: [Outgoing.Note]) throws(StoreError) {
        for note in notes {
            try database.run(
                "DELETE FROM outgoing WHERE kind = ? AND id = ? AND version = ?", .int(note.kind), .int(note.id),
                .int(note.version))
        }
    }

    /// Forgets the minutes before a time, and says how many there were; nothing else is ever forgotten.
    package func dropOutgoing(before time: UTCTime) throws(StoreError) -> Int {
        let end = Period.key(max(0, time.microsecondsSince1970) / Tier.rounds.row, 0)
        return try database.run("DELETE FROM outgoing WHERE kind = 0 AND id < ?", .int(end))
    }
}

extension StoreReader {
    /// What is to be sent on, the events first and then the oldest minutes, with about so many hops.
    package func outgoing(rows limit: Int) throws(StoreError) -> Outgoing {
        var outgoing = Outgoing()
        let events = try notes(
            "SELECT kind, id, version FROM outgoing WHERE kind > 0 ORDER BY kind, id LIMIT ?", min(limit, 500))
        for note in events { try add(note, to: &outgoing) }
        var targets: [Int64: StoredTarget] = [:]
        // A target has a hop at least, and its end.
        for note in try notes(
            "SELECT kind, id, version FROM outgoing WHERE kind = 0 ORDER BY id LIMIT ?", max(1, limit / 2))
        where outgoing.rows < limit {
            outgoing.notes.append(note)
            let (row, id) = (Period.period(of: note.id), Period.target(of: note.id))
            if targets[id] == nil { targets[id] = try target(id) }
            guard let target = targets[id], let slot = try minute(row, of: id, names: &outgoing.names) else {
                outgoing.missing += 1
                continue
            }
            outgoing.minutes.append(Outgoing.Minute(target: target, slot: slot))
            outgoing.rows += slot.hops.count + 1
        }
        return outgoing
    }

    /// How much is to be sent on.
    package func outgoingSize() throws(StoreError) -> OutgoingSize {
        let minutes = try database.first("SELECT count(*), min(id) FROM outgoing WHERE kind = 0") {
            (count: Int($0.int(0)), oldest: $0.isNull(1) ? nil : $0.int(1))
        }
        return OutgoingSize(
            minutes: minutes?.count ?? 0,
            oldest: minutes?.oldest.map {
                UTCTime(microsecondsSince1970: Period.period(of: $0) * Tier.rounds.row)
            },
            events: Int(try database.number("SELECT count(*) FROM outgoing WHERE kind > 0") ?? 0))
    }

    private func notes(_ text: String, _ limit: Int) throws(StoreError) -> [Outgoing.Note] {
        try database.all(text, .int(limit)) { Outgoing.Note(kind: $0.int(0), id: $0.int(1), version: $0.int(2)) }
    }

    private func add(_ note: Outgoing.Note, to outgoing: inout Outgoing) throws(StoreError) {
        outgoing.notes.append(note)
        switch Outgoing.Kind(rawValue: note.kind) {
        case .change:
            guard let change = try change(note.id), let target = try target(change.target) else { return }
            outgoing.changes.append((target, change))
        case .alert: if let alert = try alert(note.id) { outgoing.alerts.append((alert, note.version)) }
        case .run:
            let id = try database.first("SELECT id FROM run WHERE number = ?", .int(note.id)) { $0.text(0) }
            if let id, let run = try run(id) { outgoing.runs.append(run) }
        case .minute, nil: break
        }
    }

    /// What became of the probes to a target in a minute, as its block has it; nil where there is none.
    private func minute(
        _ row: Int64, of target: Int64, names: inout [IPAddress: UntrustedText]
    ) throws(StoreError) -> PathHistory.Slot? {
        let start = row * Tier.rounds.row
        var grid = SlotGrid(start: start, length: Tier.rounds.row, count: 1)
        // What is broken is left out, for it would be in the way for ever.
        do throws(StoreError) {
            try read(.rounds, row: row, of: target, in: start..<start + Tier.rounds.row, into: &grid)
        } catch  where error.code == .damaged {}
        let history = try history(grid, gaps: [])
        names.merge(history.names) { $1 }
        return history.slots.first { $0.end != nil }
    }
}
