package import TraceCore

/// An alert: that something is wrong, or was.
package struct StoredAlert: Sendable, Hashable {
    /// Its number; 0 as long as it is not kept.
    package var id: Int64 = 0
    /// What it is about; no two alerts with the same key are open at once.
    package var key: String
    /// The rule that found it.
    package var rule: String
    /// Its labels, as JSON.
    package var labels: [UInt8]
    /// All of it, as JSON.
    package var body: [UInt8]
    /// Since when something is wrong.
    package var since: UTCTime
    /// When it was right again; nil while it is not.
    package var resolved: UTCTime?

    /// An alert that is to be kept.
    package init(key: String, rule: String, labels: [UInt8], body: [UInt8], since: UTCTime) {
        (self.key, self.rule, self.labels, self.body, self.since) = (key, rule, labels, body, since)
    }
}

/// A time in which alerts with certain labels are not told to anybody.
package struct Silence: Sendable, Hashable {
    /// Its number; 0 as long as it is not kept.
    package var id: Int64 = 0
    /// What the labels have to be, as JSON.
    package var labels: [UInt8]
    /// Since when.
    package var since: UTCTime
    /// Until when.
    package var until: UTCTime
    /// Who wants it.
    package var by: String
    /// Why.
    package var why: String

    /// A silence that is to be kept.
    package init(labels: [UInt8], since: UTCTime, until: UTCTime, by: String, why: String) {
        (self.labels, self.since, self.until, self.by, self.why) = (labels, since, until, by, why)
    }
}

extension StoreWriter {
    /// Keeps an alert, and gives its number. If one with its key is open, that gets the new labels and body.
    @discardableResult
    package func open(_ alert: StoredAlert) throws(StoreError) -> Int64 {
        if let id = try database.number(
            "SELECT id FROM alert WHERE key = ? AND resolved IS NULL", .text(alert.key))
        {
            try database.run(
                "UPDATE alert SET rule = ?, labels = ?, body = ? WHERE id = ?", .text(alert.rule), .json(alert.labels),
                .json(alert.body), .int(id))
            try noteOutgoing(.alert, id)
            return id
        }
        try database.run(
            "INSERT INTO alert(key, rule, labels, body, since) VALUES(?, ?, ?, ?, ?)", .text(alert.key),
            .text(alert.rule), .json(alert.labels), .json(alert.body), .time(alert.since))
        let id = database.lastRow
        try noteOutgoing(.alert, id)
        return id
    }

    /// Ends an alert, with what is to be said of it now; whether it was open.
    @discardableResult
    package func resolve(_ alert: Int64, at time: UTCTime, body: [UInt8]? = nil) throws(StoreError) -> Bool {
        let wasOpen =
            try database.run(
                "UPDATE alert SET resolved = ?, body = coalesce(?, body) WHERE id = ? AND resolved IS NULL",
                .time(time),
                body.map { .json($0) } ?? .null, .int(alert)) > 0
        if wasOpen { try noteOutgoing(.alert, alert) }
        return wasOpen
    }

    /// Keeps a silence, and gives its number.
    @discardableResult
    package func add(_ silence: Silence) throws(StoreError) -> Int64 {
        try database.run(
            "INSERT INTO silence(labels, since, until, by, why) VALUES(?, ?, ?, ?, ?)", .json(silence.labels),
            .time(silence.since), .time(silence.until), .text(silence.by), .text(silence.why))
        return database.lastRow
    }

    /// Ends a silence; whether it lasted.
    @discardableResult
    package func endSilence(_ id: Int64, at time: UTCTime) throws(StoreError) -> Bool {
        try database.run(
            "UPDATE silence SET until = ?2 WHERE id = ?1 AND until > ?2", .int(id), .time(time)) > 0
    }
}

extension StoreReader {
    private static let alertColumns = "SELECT id, key, rule, labels, body, since, resolved FROM alert"

    /// The alerts that are open, by when they began.
    package func openAlerts() throws(StoreError) -> [StoredAlert] {
        try database.all(
            "\(Self.alertColumns) WHERE resolved IS NULL ORDER BY since, id", read: alert)
    }

    /// The alerts that began in a span of time, newest first.
    package func alerts(from: UTCTime, to: UTCTime, limit: Int = 1_000) throws(StoreError) -> [StoredAlert] {
        try database.all(
            "\(Self.alertColumns) WHERE since >= ? AND since < ? ORDER BY since DESC, id DESC LIMIT ?", .time(from),
            .time(to), .int(limit), read: alert)
    }

    /// The alert with a number.
    package func alert(_ id: Int64) throws(StoreError) -> StoredAlert? {
        try database.first("\(Self.alertColumns) WHERE id = ?", .int(id), read: alert)
    }

    /// The newest alert with a key.
    package func alert(named key: String) throws(StoreError) -> StoredAlert? {
        try database.first("\(Self.alertColumns) WHERE key = ? ORDER BY id DESC LIMIT 1", .text(key), read: alert)
    }

    private func alert(_ row: SQLRow) -> StoredAlert {
        var alert = StoredAlert(
            key: row.text(1), rule: row.text(2), labels: row.bytes(3), body: row.bytes(4), since: row.time(5))
        (alert.id, alert.resolved) = (row.int(0), row.optionalTime(6))
        return alert
    }

    /// The silences that last at a time or begin later.
    package func silences(from time: UTCTime) throws(StoreError) -> [Silence] {
        try database.all(
            "SELECT id, labels, since, until, by, why FROM silence WHERE until > ? ORDER BY since, id", .time(time)
        ) { row in
            var silence = Silence(
                labels: row.bytes(1), since: row.time(2), until: row.time(3), by: row.text(4), why: row.text(5))
            silence.id = row.int(0)
            return silence
        }
    }
}
