internal import TraceCore

/// A target as the store knows it.
package struct StoredTarget: Sendable, Hashable {
    /// Its number, by which samples are kept.
    package let id: Int64
    /// Its name, which no other target has.
    package let name: String
    /// Its settings as JSON.
    package let settings: [UInt8]
    /// What it is found by.
    package let labels: [String: String]
}

extension StoreWriter {
    /// The number of the target with a name. A new name gets a number; the settings and labels are kept as they are now.
    package func target(_ name: String, settings: [UInt8] = Array("{}".utf8), labels: [String: String] = [:])
        throws(StoreError) -> Int64
    {
        var id = try database.number("SELECT id FROM target WHERE name = ?", .text(name))
        if let id {
            try database.run("UPDATE target SET settings = ? WHERE id = ?", .json(settings), .int(id))
        } else {
            try database.run(
                "INSERT INTO target(name, settings, created) VALUES(?, ?, ?)", .text(name), .json(settings),
                .time(.now))
            id = database.lastRow
        }
        guard let id, id < Period.targetLimit else {
            throw StoreError(
                .badValue, database.path, "There is no room for more than \(Period.targetLimit - 1) targets")
        }
        try database.run("DELETE FROM label WHERE target = ?", .int(id))
        for (label, value) in labels {
            try database.run("INSERT INTO label VALUES(?, ?, ?)", .int(id), .text(label), .text(value))
        }
        return id
    }
}

extension StoreReader {
    /// The target with a name.
    package func target(named name: String) throws(StoreError) -> StoredTarget? {
        try targets("WHERE name = ?", .text(name)).first
    }

    /// The target with a number.
    package func target(_ id: Int64) throws(StoreError) -> StoredTarget? {
        try targets("WHERE id = ?", .int(id)).first
    }

    /// All targets, by their names; with a label, those that have it with this value.
    package func targets(label: (name: String, value: String)? = nil) throws(StoreError) -> [StoredTarget] {
        guard let label else { return try targets("WHERE ? IS NULL ORDER BY name", nil) }
        let found = try database.all(
            "SELECT target FROM label WHERE name = ? AND value = ?", .text(label.name), .text(label.value)
        ) { $0.int(0) }
        var targets: [StoredTarget] = []
        for id in found { if let target = try target(id) { targets.append(target) } }
        return targets.sorted { $0.name < $1.name }
    }

    private func targets(_ which: String, _ value: SQLValue) throws(StoreError) -> [StoredTarget] {
        let rows = try database.all("SELECT id, name, settings FROM target \(which)", value) {
            (id: $0.int(0), name: $0.text(1), settings: $0.bytes(2))
        }
        var targets: [StoredTarget] = []
        for row in rows {
            let labels = try database.all("SELECT name, value FROM label WHERE target = ?", .int(row.id)) {
                ($0.text(0), $0.text(1))
            }
            targets.append(
                StoredTarget(
                    id: row.id, name: row.name, settings: row.settings,
                    labels: Dictionary(labels, uniquingKeysWith: { $1 })))
        }
        return targets
    }
}
