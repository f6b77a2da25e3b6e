internal import CTraceCoreSQLite
internal import TraceCore

/// The functions of libsqlite3, found when a first store is opened.
// They are set before anybody sees them, and the library is never unloaded.
struct SQLiteLibrary: @unchecked Sendable {
    let functions: UnsafePointer<tracecore_sqlite>

    /// The library, or what is missing.
    static let shared = load(["libsqlite3.so.0", "libsqlite3.dylib", "libsqlite3.so"])

    /// Looks for a library by its names, in their order.
    static func load(_ names: [String]) -> Result<SQLiteLibrary, StoreError> {
        let functions = UnsafeMutablePointer<tracecore_sqlite>.allocate(capacity: 1)
        functions.initialize(to: tracecore_sqlite())
        let results = names.lazy.map { tracecore_sqlite_load($0, functions) }
        let result = results.first { $0 != TRACECORE_SQLITE_MISSING } ?? TRACECORE_SQLITE_MISSING
        if result == 0 { return .success(SQLiteLibrary(functions: functions)) }
        functions.deallocate()
        return .failure(
            StoreError(
                .missingLibrary, names[0],
                result == TRACECORE_SQLITE_OLD
                    ? "The SQLite of this machine is older than 3.31" : "SQLite is not on this machine",
                remedy: "Install it: the package libsqlite3-0 of Debian and Ubuntu, else sqlite or sqlite-libs"))
    }
}

/// A connection to a database, for one thread at a time.
final class Connection {
    /// What is done with the file.
    enum Access {
        /// Reads, writes, and moves the log into the file.
        case writing
        /// Reads, beside whoever writes.
        case reading
        /// Reads a file that nobody can write, nor the folder around it.
        case readingUnchanged
        /// Reads a file of another program.
        case importing
    }

    let path: String
    let sqlite: UnsafePointer<tracecore_sqlite>
    let pointer: UnsafeMutableRawPointer
    /// Prepared once for each text, for the texts are few and constant.
    private var statements: [String: UnsafeMutableRawPointer] = [:]

    /// Opens a file, which is made if it is to be written.
    init(_ path: String, _ access: Access) throws(StoreError) {
        let library = try SQLiteLibrary.shared.get()
        // READWRITE | CREATE, READWRITE, READONLY | URI; and NOMUTEX.
        let flags: Int32 =
            switch access {
            case .writing: 0x2 | 0x4 | 0x8000
            case .reading: 0x2 | 0x8000
            case .readingUnchanged: 0x1 | 0x40 | 0x8000
            case .importing: 0x1 | 0x8000
            }
        let name = access == .readingUnchanged ? Self.unchangedName(of: path) : path
        var opened: UnsafeMutableRawPointer?
        let code = library.functions.pointee.open_v2(name, &opened, flags, nil)
        guard code == 0, let opened else {
            let words = opened.flatMap { library.functions.pointee.errmsg($0) }.map { String(cString: $0) }
            _ = library.functions.pointee.close_v2(opened)
            throw StoreError(sqlite: code, words ?? "out of memory", path: path)
        }
        (self.path, sqlite, pointer) = (path, library.functions, opened)
        tracecore_sqlite_guard(sqlite, pointer, access == .writing ? 0 : 1)
        _ = sqlite.pointee.busy_timeout(pointer, 5_000)
    }

    deinit {
        for statement in statements.values { _ = sqlite.pointee.finalize(statement) }
        _ = sqlite.pointee.close_v2(pointer)
    }

    /// The name by which SQLite takes no locks and looks for no log.
    private static func unchangedName(of path: String) -> String {
        let escapes: [Character: String] = ["%": "%25", "?": "%3f", "#": "%23"]
        return "file:" + path.map { escapes[$0] ?? String($0) }.joined() + "?immutable=1"
    }

    /// The error for a number of SQLite's.
    func failure(_ code: Int32) -> StoreError {
        let words = sqlite.pointee.errmsg(pointer).map { String(cString: $0) } ?? ""
        return StoreError(sqlite: code == 0 ? code : sqlite.pointee.extended_errcode(pointer), words, path: path)
    }

    /// An error for what is read and is not as it was written.
    func damaged(_ what: String) -> StoreError { StoreError(sqlite: 11, what, path: path) }

    /// Runs a script of several statements.
    func script(_ text: String) throws(StoreError) {
        let code = sqlite.pointee.exec(pointer, text, nil, nil, nil)
        guard code == 0 else { throw failure(code) }
    }

    /// Runs a statement to its end, and says how many rows it changed.
    @discardableResult
    func run(_ text: String, _ values: SQLValue...) throws(StoreError) -> Int {
        try step(text, values) { _ in false }
        return Int(sqlite.pointee.changes(pointer))
    }

    /// Calls the body with each row, until that returns false.
    func rows(_ text: String, _ values: SQLValue..., until body: (SQLRow) throws(StoreError) -> Bool)
        throws(StoreError)
    { try step(text, values, body) }

    /// What the body makes of all rows.
    func all<Value>(_ text: String, _ values: SQLValue..., read: (SQLRow) throws(StoreError) -> Value)
        throws(StoreError) -> [Value]
    {
        var all: [Value] = []
        try step(text, values) { row throws(StoreError) in
            all.append(try read(row))
            return true
        }
        return all
    }

    /// What the body makes of the first row, if there is one.
    func first<Value>(_ text: String, _ values: SQLValue..., read: (SQLRow) throws(StoreError) -> Value)
        throws(StoreError) -> Value?
    {
        var first: Value?
        try step(text, values) { row throws(StoreError) in
            first = try read(row)
            return false
        }
        return first
    }

    /// The first column of the first row, where there is one that is not null.
    func number(_ text: String, _ values: SQLValue...) throws(StoreError) -> Int64? {
        var number: Int64?
        try step(text, values) { row in
            number = row.isNull(0) ? nil : row.int(0)
            return false
        }
        return number
    }

    /// The number of the row that was put in last.
    var lastRow: Int64 { sqlite.pointee.last_insert_rowid(pointer) }

    /// Whether no transaction is open.
    var isIdle: Bool { sqlite.pointee.get_autocommit(pointer) != 0 }

    private func step(_ text: String, _ values: [SQLValue], _ body: (SQLRow) throws(StoreError) -> Bool)
        throws(StoreError)
    {
        let statement = try prepared(text)
        defer {
            _ = sqlite.pointee.reset(statement)
            _ = sqlite.pointee.clear_bindings(statement)
        }
        for (index, value) in values.enumerated() {
            let code = value.bind(to: statement, at: Int32(index + 1), sqlite)
            guard code == 0 else { throw failure(code) }
        }
        while true {
            switch sqlite.pointee.step(statement) {
            case 100: guard try body(SQLRow(statement: statement, sqlite: sqlite)) else { return }
            case 101: return
            case let code: throw failure(code)
            }
        }
    }

    private func prepared(_ text: String) throws(StoreError) -> UnsafeMutableRawPointer {
        // A statement in use is one of a row's body that asks the same again; none does.
        if let statement = statements[text] { return statement }
        var statement: UnsafeMutableRawPointer?
        // PREPARE_PERSISTENT
        let code = sqlite.pointee.prepare_v3(pointer, text, -1, 1, &statement, nil)
        guard code == 0, let statement else { throw failure(code) }
        statements[text] = statement
        return statement
    }
}
