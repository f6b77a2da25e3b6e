package import TraceCore

/// A change of a path as it is kept.
package struct StoredChange: Sendable, Hashable {
    /// The target.
    package var target: Int64
    /// When it happened.
    package var at: UTCTime
    /// When it became certain.
    package var noticedAt: UTCTime
    /// What happened.
    package var kind: ChangeReport.Change.Kind
    /// The hop where it happened.
    package var hop: Int
    /// All of it, as JSON.
    package var body: [UInt8]

    /// A change with its body.
    package init(
        target: Int64, at: UTCTime, noticedAt: UTCTime, kind: ChangeReport.Change.Kind, hop: Int, body: [UInt8]
    ) {
        (self.target, self.at, self.noticedAt) = (target, at, noticedAt)
        (self.kind, self.hop, self.body) = (kind, hop, body)
    }
}

extension StoreWriter {
    /// Keeps changes. One that is there already stays as it is: who was killed just after it notices it once more.
    package func append(_ changes: [StoredChange]) throws(StoreError) {
        for change in changes {
            let count = try database.run(
                """
                INSERT INTO change(target, at, noticed, kind, hop, body) SELECT ?1, ?2, ?3, ?4, ?5, ?6
                WHERE NOT EXISTS (SELECT 1 FROM change WHERE target = ?1 AND at = ?2 AND kind = ?4 AND hop = ?5)
                """, .int(change.target), .time(change.at), .time(change.noticedAt), .text(change.kind.rawValue),
                .int(change.hop), .json(change.body))
            if count > 0 { try noteOutgoing(.change, database.lastRow) }
        }
    }

    /// Keeps bytes under a key, or with nil nothing any more.
    package func setState(_ key: String, to value: [UInt8]?) throws(StoreError) {
        if let value {
            try database.run(
                "INSERT INTO state VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value", .text(key),
                .bytes(value))
        } else {
            try database.run("DELETE FROM state WHERE key = ?", .text(key))
        }
    }

    /// Removes what is kept under keys that begin with a text, but for some of them; how many there were.
    @discardableResult
    package func removeState(beginningWith prefix: String, keeping kept: Set<String>) throws(StoreError) -> Int {
        let keys = try database.all("SELECT key FROM state WHERE substr(key, 1, length(?1)) = ?1", .text(prefix)) {
            $0.text(0)
        }
        let gone = keys.filter { !kept.contains($0) }
        for key in gone { try setState(key, to: nil) }
        return gone.count
    }
}

extension StoreReader {
    /// The newest changes in a span of time, of one target or of all, newest first.
    package func changes(of target: Int64? = nil, from: UTCTime, to: UTCTime, limit: Int = 1_000)
        throws(StoreError) -> [StoredChange]
    {
        let found =
            if let target {
                try database.all(
                    "\(Self.changeColumns) WHERE target = ? AND at >= ? AND at < ? ORDER BY at DESC, id DESC LIMIT ?",
                    .int(target), .time(from), .time(to), .int(limit), read: change)
            } else {
                try database.all(
                    "\(Self.changeColumns) WHERE at >= ? AND at < ? ORDER BY at DESC, id DESC LIMIT ?", .time(from),
                    .time(to), .int(limit), read: change)
            }
        return found.compactMap { $0 }
    }

    /// The change with a number.
    func change(_ id: Int64) throws(StoreError) -> StoredChange? {
        try database.first("\(Self.changeColumns) WHERE id = ?", .int(id), read: change) ?? nil
    }

    private static let changeColumns = "SELECT target, at, noticed, kind, hop, body FROM change"

    private func change(_ row: SQLRow) -> StoredChange? {
        // A kind that is unknown is one of another version.
        guard let kind = ChangeReport.Change.Kind(rawValue: row.text(3)) else { return nil }
        return StoredChange(
            target: row.int(0), at: row.time(1), noticedAt: row.time(2), kind: kind, hop: Int(row.int(4)),
            body: row.bytes(5))
    }

    /// The bytes that are kept under a key.
    package func state(_ key: String) throws(StoreError) -> [UInt8]? {
        try database.first("SELECT value FROM state WHERE key = ?", .text(key)) { $0.bytes(0) }
    }
}
