internal import CTraceCoreSQLite
internal import TraceCore

/// How large a store is.
package struct StoreSize: Sendable, Hashable {
    /// The bytes of the file.
    package var file: Int64 = 0
    /// The bytes of it that are free.
    package var free: Int64 = 0
    /// The bytes of the log beside it.
    package var log: Int64 = 0
    /// How many targets, runs, changes and alerts there are, and rows of the journal.
    package var targets, runs, changes, alerts, journal: Int64

    init() { (targets, runs, changes, alerts, journal) = (0, 0, 0, 0, 0) }
}

extension PathStore {
    /// How large the store is.
    package func size() async throws(StoreError) -> StoreSize {
        let path = path
        return try await read { (reader) throws(StoreError) in
            func number(_ text: String) throws(StoreError) -> Int64 { try reader.database.number(text) ?? 0 }
            let page = try number("PRAGMA page_size")
            var size = StoreSize()
            size.file = try number("PRAGMA page_count") * page
            size.free = try number("PRAGMA freelist_count") * page
            size.log = max(0, tracecore_sqlite_size(path + "-wal"))
            size.targets = try number("SELECT count(*) FROM target")
            size.runs = try number("SELECT count(*) FROM run")
            size.changes = try number("SELECT count(*) FROM change")
            size.alerts = try number("SELECT count(*) FROM alert")
            size.journal = try number("SELECT count(*) FROM journal")
            return size
        }
    }

    /// What is wrong with the file; nothing in a sound one. It reads all of it.
    package func integrityCheck() async throws(StoreError) -> [String] {
        try await read { (reader) throws(StoreError) in
            let problems = try reader.database.all("PRAGMA integrity_check(20)") { $0.text(0) }
            let orphans = try reader.database.all("PRAGMA foreign_key_check") {
                "a row of \($0.text(0)) without its owner"
            }
            return problems.filter { $0 != "ok" } + orphans
        }
    }

    /// Copies the store, as it is now, into a new file, which is there when it is whole.
    ///
    /// The copy is made by a connection of its own; who writes is not held up. Cancelling the task ends it.
    package func backup(to destination: String) async throws(StoreError) {
        let path = path
        let beside = ["", "-wal", "-shm", "-journal", "-lock"]
        // A log that was left there would be taken for one of the copy; and the store has names that are free at times.
        let taken = beside.map { destination + $0 }.first { tracecore_sqlite_is_there($0) != 0 }
        guard !destination.isEmpty, !destination.utf8.contains(0), taken == nil,
            !beside.contains(where: { Self.leads(destination, to: path + $0) })
        else {
            throw StoreError(
                .cannotOpen, taken ?? destination,
                taken == nil ? "This is no name for a copy" : "There is a file of this name, and it stays as it is",
                remedy: "Give the copy a new name")
        }
        // None that gives way: what is written meanwhile stays in the log until the copy is made.
        let seat = try Seat<StoreReader>(path)
        try await seat.open { () throws(StoreError) in try StoreReader(reading: path) }
        // Whatever else is there is somebody's.
        let partial = "\(destination).\(String(UInt64.random(in: 0 ... .max), radix: 36)).partial"
        do throws(StoreError) {
            try await seat.read { (reader) throws(StoreError) in
                // The transaction begins with the first reading, and what others write is not seen in it.
                _ = try reader.database.number("SELECT count(*) FROM sqlite_master")
                try reader.database.copy(to: partial)
                let code = tracecore_sqlite_rename(partial, destination)
                guard code != -EEXIST else {
                    throw StoreError(
                        .cannotOpen, destination, "There is a file of this name now, and it stays as it is",
                        remedy: "Give the copy a new name")
                }
                guard code == 0 else { throw StoreError(sqlite: 14, "error \(-code)", path: destination) }
            }
        } catch {
            tracecore_sqlite_remove(partial)
            throw error
        }
    }

    /// Whether a name of a file that is not there is this one, whatever links lead to its folder.
    private static func leads(_ name: String, to path: String) -> Bool {
        func split(_ path: String) -> (folder: String, file: Substring) {
            guard let slash = path.lastIndex(of: "/") else { return (".", path[...]) }
            return (String(path[...slash]), path[path.index(after: slash)...])
        }
        func real(_ folder: String) -> String {
            guard let name = tracecore_sqlite_real(folder, 0) else { return folder }
            defer { free(name) }
            return String(cString: name)
        }
        let (one, other) = (split(name), split(path))
        return one.file == other.file && real(one.folder) == real(other.folder)
    }
}

extension Connection {
    /// Copies all pages into a new file.
    fileprivate func copy(to path: String) throws(StoreError) {
        let copy = try Connection(path, .writing)
        try copy.script("PRAGMA synchronous=FULL")
        guard let backup = sqlite.pointee.backup_init(copy.pointer, "main", pointer, "main") else {
            throw copy.failure(1)
        }
        var code: Int32 = 0
        repeat { code = Task.isCancelled ? 9 : sqlite.pointee.backup_step(backup, 256) } while code == 0
        let end = sqlite.pointee.backup_finish(backup)
        guard code != 9 else { throw StoreError(.other, path, "The backup was cancelled") }
        guard code == 101, end == 0 else {
            let words = sqlite.pointee.errstr(code == 101 ? end : code).map { String(cString: $0) }
            throw StoreError(sqlite: code == 101 ? end : code, words ?? "", path: path)
        }
    }
}

extension PathStore {
    /// Takes over the runs of the older tool's table `TRACE` in another file.
    ///
    /// A run keeps its name unless another one has it. One that was taken over before is left out.
    ///
    /// - Returns: How many runs are new here.
    package func importTraces(from other: String) async throws(StoreError) -> Int {
        try await write(.promised) { (writer) throws(StoreError) in
            let database = try Connection(other, .importing)
            let rows = try database.all(
                """
                SELECT ID, HOP, IP, COUNTRY, CITY, ISP, LATITUDE, LONGITUDE, DATE_CREATED FROM TRACE
                WHERE ID IS NOT NULL AND HOP IS NOT NULL ORDER BY min(rowid) OVER (PARTITION BY ID), ID, HOP
                """
            ) { (id: $0.text(0), hop: $0.hop(from: 1), created: $0.text(8)) }
            var count = 0
            for rows in rows.split(whereNextIsNot: { $0.id == $1.id }) {
                let created = rows.lazy.compactMap { UTCTime($0.created) ?? UTCTime($0.created + "Z") }.first
                var run = StoredRun(
                    id: rows[0].id, verb: "trace", target: rows.last?.hop.ip ?? "", method: "",
                    created: created ?? .epoch, report: Array("{}".utf8), hops: rows.map(\.hop))
                // Another one's name is used with a number behind it, the same each time.
                var (known, number) = (try writer.run(run.id), 2)
                while let other = known, other.hops != run.hops {
                    run.id = "\(rows[0].id)-\(number)"
                    (known, number) = (try writer.run(run.id), number + 1)
                }
                guard known == nil else { continue }
                try writer.insert(run)
                count += 1
            }
            return count
        }
    }
}

extension Array {
    /// Pieces of neighbours that belong together.
    fileprivate func split(whereNextIsNot together: (Element, Element) -> Bool) -> [[Element]] {
        var pieces: [[Element]] = []
        var start = startIndex
        for index in indices where index > start && !together(self[index - 1], self[index]) {
            pieces.append(Array(self[start..<index]))
            start = index
        }
        return isEmpty ? [] : pieces + [Array(self[start...])]
    }
}
