internal import TraceCore

/// The tables, and how a file gets them.
enum Schema {
    /// "Path", which tells the file from others.
    static let applicationID: Int64 = 0x5061_7468

    /// What makes each version of the one before; the number of them is the version.
    ///
    /// The key of what is kept by time and target is `period << 24 | target`: in the order of time a table grows at its
    /// end and shrinks at its beginning, and no index is needed.
    static let steps = [
        """
        CREATE TABLE address(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, name TEXT);
        CREATE TABLE target(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, settings TEXT NOT NULL,
            created INTEGER NOT NULL);
        CREATE TABLE label(target INTEGER NOT NULL REFERENCES target(id) ON DELETE CASCADE, name TEXT NOT NULL,
            value TEXT NOT NULL, PRIMARY KEY(target, name)) WITHOUT ROWID;

        CREATE TABLE journal(number INTEGER PRIMARY KEY, at INTEGER NOT NULL, rounds BLOB NOT NULL);
        CREATE TABLE block(id INTEGER PRIMARY KEY, number INTEGER NOT NULL, rounds BLOB NOT NULL);
        CREATE TABLE minutes(id INTEGER PRIMARY KEY, slots BLOB NOT NULL);
        CREATE TABLE quarters(id INTEGER PRIMARY KEY, slots BLOB NOT NULL);
        CREATE TABLE days(id INTEGER PRIMARY KEY, slots BLOB NOT NULL);
        CREATE TABLE progress(tier INTEGER PRIMARY KEY, folded INTEGER NOT NULL, trimmed INTEGER NOT NULL);
        INSERT INTO progress VALUES(0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0);
        CREATE TABLE gap(id INTEGER PRIMARY KEY, target INTEGER, since INTEGER NOT NULL, until INTEGER NOT NULL,
            why TEXT NOT NULL);
        CREATE INDEX gap_until ON gap(until);

        CREATE TABLE change(id INTEGER PRIMARY KEY, target INTEGER NOT NULL, at INTEGER NOT NULL,
            noticed INTEGER NOT NULL, kind TEXT NOT NULL, hop INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE INDEX change_target ON change(target, at);
        CREATE INDEX change_at ON change(at);
        CREATE TABLE state(key TEXT NOT NULL UNIQUE, value BLOB NOT NULL);

        CREATE TABLE alert(id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, rule TEXT NOT NULL,
            labels TEXT NOT NULL, body TEXT NOT NULL, since INTEGER NOT NULL, resolved INTEGER);
        CREATE UNIQUE INDEX alert_open ON alert(key) WHERE resolved IS NULL;
        CREATE INDEX alert_since ON alert(since);
        CREATE TABLE delivery(id TEXT NOT NULL UNIQUE, alert INTEGER REFERENCES alert(id) ON DELETE CASCADE,
            receiver TEXT NOT NULL, body BLOB NOT NULL, made INTEGER NOT NULL, due INTEGER NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0, state INTEGER NOT NULL DEFAULT 0, words TEXT);
        CREATE INDEX delivery_due ON delivery(due) WHERE state = 0;
        CREATE INDEX delivery_alert ON delivery(alert);
        CREATE INDEX delivery_settled ON delivery(made) WHERE state != 0;
        CREATE TABLE silence(id INTEGER PRIMARY KEY AUTOINCREMENT, labels TEXT NOT NULL, since INTEGER NOT NULL,
            until INTEGER NOT NULL, by TEXT NOT NULL, why TEXT NOT NULL);

        CREATE TABLE run(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, verb TEXT NOT NULL, target TEXT NOT NULL,
            method TEXT NOT NULL, created INTEGER NOT NULL, report BLOB NOT NULL, events BLOB);
        CREATE INDEX run_created ON run(created);
        CREATE TABLE hop(run INTEGER NOT NULL REFERENCES run(number) ON DELETE CASCADE, hop INTEGER NOT NULL, ip TEXT,
            country TEXT, city TEXT, isp TEXT, latitude REAL, longitude REAL, PRIMARY KEY(run, hop)) WITHOUT ROWID;
        CREATE VIEW TRACE(ID, HOP, IP, COUNTRY, CITY, ISP, LATITUDE, LONGITUDE, DATE_CREATED) AS
            SELECT run.id, hop, ip, country, city, isp, latitude, longitude,
                strftime('%Y-%m-%d %H:%M:%S', created / 1000000, 'unixepoch')
                    || printf('.%03d+0000', created / 1000 % 1000)
            FROM run JOIN hop ON hop.run = run.number;
        """,
        """
        CREATE TABLE outgoing(kind INTEGER NOT NULL, id INTEGER NOT NULL, version INTEGER NOT NULL,
            PRIMARY KEY(kind, id)) WITHOUT ROWID;
        """,
    ]

    /// Makes or brings up the tables of a file that is to be written.
    static func prepare(_ connection: Connection) throws(StoreError) {
        // Before there is a first table.
        try connection.script("PRAGMA page_size=8192; PRAGMA auto_vacuum=INCREMENTAL")
        let version = try check(connection, mayBeEmpty: true)
        // 64 MB is the most that the log keeps when it is begun anew.
        try connection.script(
            """
            PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA journal_size_limit=67108864;
            PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=1000
            """)
        guard version < steps.count else { return }
        try connection.script("BEGIN IMMEDIATE")
        do {
            for step in steps[version...] { try connection.script(step) }
            try connection.script(
                "PRAGMA application_id=\(applicationID); PRAGMA user_version=\(steps.count); COMMIT")
        } catch {
            try? connection.script("ROLLBACK")
            throw error
        }
    }

    /// The version of a file, which is 0 for a new one.
    ///
    /// - Throws: That the file is not a store, or one of a newer version.
    @discardableResult
    static func check(_ connection: Connection, mayBeEmpty: Bool) throws(StoreError) -> Int {
        let version = Int(try connection.number("PRAGMA user_version") ?? 0)
        let id = try connection.number("PRAGMA application_id")
        let isEmpty = try connection.number("SELECT count(*) FROM sqlite_master") == 0
        if isEmpty, id == 0, mayBeEmpty { return 0 }
        guard id == applicationID else {
            throw StoreError(
                .notAStore, connection.path,
                isEmpty ? "The database is empty" : "The database is one of another program",
                remedy: "Give another file")
        }
        guard version <= steps.count else {
            throw StoreError(
                .newer, connection.path,
                "The file has version \(version), and this program knows \(steps.count)",
                remedy: "Use the newer program that wrote it, or another file")
        }
        // What is read of it is as old as the first version.
        if !mayBeEmpty, version < 1 {
            throw StoreError(
                .notAStore, connection.path, "The file has version \(version), and this program reads \(steps.count)",
                remedy: "Open it once to be written")
        }
        return version
    }
}
