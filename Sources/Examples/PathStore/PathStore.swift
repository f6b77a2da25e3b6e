internal import CTraceCoreSQLite
package import TraceCore

/// What is kept of paths: samples and what became of them, changes, alerts, runs. In a file of SQLite.
///
/// One thread writes, and two others read what was there when a reading began; who reads much has one more, which gives
/// way. Nothing that was acknowledged is lost when the program is killed; what was promised to somebody is not lost either
/// when the machine loses power.
package final class PathStore: Sendable {
    /// What a store is opened for.
    package enum Use: Sendable, Hashable {
        /// For one program at a time.
        case writing
        /// For any number of programs, beside the one that writes.
        case reading
    }

    /// How much it takes to lose what was written.
    package enum Durability: Sendable, Hashable {
        /// The machine loses power: the last seconds are gone.
        case samples
        /// The disk breaks.
        case promised
    }

    /// How long what is seen is kept. Nil for ever.
    package struct Retention: Sendable, Hashable {
        /// The rounds as they were.
        package var rounds: Duration? = .seconds(86_400)
        /// What became of each minute.
        package var minutes: Duration? = .seconds(30 * 86_400)
        /// What became of each quarter of an hour.
        package var quarters: Duration? = .seconds(365 * 86_400)
        /// What became of each day.
        package var days: Duration?
        /// Changes, and alerts that are over, with what was told of them.
        package var events: Duration? = .seconds(365 * 86_400)

        /// A day of rounds, a month of minutes, a year of quarter hours and of events, and all days.
        package init() {}
    }

    /// The file.
    package let path: String
    private let writer: Seat<StoreWriter>?
    private let readers: [Seat<StoreReader>]
    /// How many wait for each reader.
    private let waiting: Lock<[Int]>
    private let ownership: Ownership?
    /// What the file was when it was opened.
    private let identity: UInt64

    /// Opens the store in a file, which is made if it is to be written and not there yet.
    ///
    /// - Throws: What is wrong with the file, or who has it.
    package init(_ path: String, for use: Use = .writing, retention: Retention = Retention())
        async throws(StoreError)
    {
        let size = tracecore_sqlite_size(path)
        guard !path.isEmpty, !path.utf8.contains(0), size != Int64(-EISDIR) else {
            throw StoreError(.cannotOpen, path, "This is no file")
        }
        // The log and the lock are beside the file itself, whatever links lead to it.
        let path =
            tracecore_sqlite_real(path, use == .writing ? 1 : 0).map { name in
                defer { free(name) }
                return String(cString: name)
            } ?? path
        self.path = path
        switch use {
        case .writing:
            _ = try SQLiteLibrary.shared.get()
            guard size < 0 || tracecore_sqlite_may_write(path) == 0 else { throw StoreError(sqlite: 8, "", path: path) }
            ownership = try Ownership(of: path)
            let writer = try Seat<StoreWriter>(path)
            try await writer.open { () throws(StoreError) in try StoreWriter(path, retention) }
            self.writer = writer
        case .reading:
            (ownership, writer) = (nil, nil)
        }
        var readers: [Seat<StoreReader>] = []
        for _ in 0..<2 {
            let reader = try Seat<StoreReader>(path)
            try await reader.open { () throws(StoreError) in try StoreReader(reading: path) }
            readers.append(reader)
        }
        self.readers = readers
        waiting = Lock([0, 0])
        identity = tracecore_sqlite_identity(path)
    }

    /// That the file is no longer where it was: what is written goes into one that has no name.
    package func checkPlace() throws(StoreError) {
        guard tracecore_sqlite_identity(path) != identity else { return }
        throw StoreError(
            .cannotOpen, path, "The file was removed, or replaced by another one, while it was being written",
            remedy: "Start the program again; what it has seen meanwhile is lost")
    }

    /// Calls the body on the writer's thread, in a transaction: all of it is kept, or nothing.
    ///
    /// - Throws: Why nothing was kept. The store can be used afterwards; with a full disk too, to read.
    @discardableResult
    package func write<Value: Sendable>(
        _ durability: Durability = .samples, _ body: @Sendable (StoreWriter) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        guard let writer else {
            throw StoreError(.readOnly, path, "The store was opened to be read", remedy: "Open it to be written")
        }
        return try await writer.perform { (session) throws(StoreError) in
            try session.transaction(durability) { () throws(StoreError) in try body(session) }
        }
    }

    /// Calls the body on a reader's thread: all that it reads is of one moment.
    package func read<Value: Sendable>(_ body: @Sendable (StoreReader) throws(StoreError) -> Value)
        async throws(StoreError) -> Value
    {
        let index = waiting.withLock { waiting in
            let index = waiting[0] <= waiting[1] ? 0 : 1
            waiting[index] += 1
            return index
        }
        defer { waiting.withLock { $0[index] -= 1 } }
        return try await readers[index].read(body)
    }

    /// A reader of one's own for much that is in no hurry: it gives way to everything else, and holds little in memory.
    package func patientReader() async throws(StoreError) -> PatientReader {
        let (path, seat) = (path, try Seat<StoreReader>(path, isPatient: true))
        try await seat.open { () throws(StoreError) in try StoreReader(reading: path, cache: 1_024) }
        return PatientReader(seat: seat, door: readers[0])
    }

    /// Folds what is complete, removes what is older than it is kept, and gives room back: about 20 ms of work.
    ///
    /// - Returns: Whether there is more to do now.
    @discardableResult
    package func maintain(now: UTCTime) async throws(StoreError) -> Bool {
        try await write { (writer) throws(StoreError) in try writer.maintain(now: now, for: .milliseconds(20)) }
    }

    /// Ends all use of the file. What is written later fails.
    package func close() async {
        for reader in readers { await reader.close() }
        await writer?.close()
        ownership?.end()
    }
}

/// Reads a store on a thread that gives way to others.
package struct PatientReader: Sendable {
    fileprivate let seat: Seat<StoreReader>
    /// By which one comes back.
    fileprivate let door: Seat<StoreReader>

    /// Calls the body on the thread: all that it reads is of one moment.
    package func read<Value: Sendable>(_ body: @Sendable (StoreReader) throws(StoreError) -> Value)
        async throws(StoreError) -> Value
    {
        try await door.read(on: seat, body)
    }

    /// Ends the use of the file.
    package func close() async { await seat.close() }
}

/// The right to write a store, which one program has at a time.
private final class Ownership: Sendable {
    private let file: Lock<Int32?>

    init(of path: String) throws(StoreError) {
        var holder: Int64 = 0
        let file = tracecore_sqlite_hold(path + "-lock", &holder)
        guard file < 0 else {
            self.file = Lock(file)
            return
        }
        switch -file {
        case EWOULDBLOCK:
            throw StoreError(
                .locked, path,
                holder > 0 ? "The process \(holder) writes this store" : "Another program writes this store",
                remedy: "End it, or open the store to be read")
        case EROFS, EACCES, EPERM:
            throw StoreError(
                .readOnly, path, "The folder of the file may not be written",
                remedy: "See whose folder it is, and what the disk allows")
        case ENOSPC: throw StoreError(sqlite: 13, "", path: path)
        default: throw StoreError(sqlite: 14, "\(path)-lock: error \(-file)", path: path)
        }
    }

    func end() {
        file.withLock { file in
            if let file { tracecore_sqlite_let_go(file) }
            file = nil
        }
    }

    deinit { end() }
}
