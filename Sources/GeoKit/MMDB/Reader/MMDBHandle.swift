internal import TraceCore

/// The database at a path. A newer file can replace it while it is in use.
///
///     let handle = try MMDBHandle(path: "GeoLite2-City.mmdb")
///     try handle.database.lookup(IPAddress(192, 0, 2, 1))
///     try handle.reloadIfChanged()
///
/// Each use of ``database`` gives the newest one, so take it once for a series of look-ups. An old database is closed
/// when nothing holds it or one of its records any more.
public final class MMDBHandle: Sendable {
    private struct Current: Sendable {
        var database: MMDBDatabase
        /// The number of the opening. If two happen at once, the later one stays.
        var opening: Int
    }

    /// The path of the database.
    public let path: String
    private let access: MMDBDatabase.Access
    private let current: Lock<Current>
    private let openings = Lock(0)

    /// Opens the database at a path.
    public init(path: String, access: MMDBDatabase.Access = .mapped) throws(MMDBError) {
        self.path = path
        self.access = access
        current = Lock(Current(database: try MMDBDatabase(contentsOf: path, access: access), opening: 0))
    }

    /// The newest database that has been opened.
    public var database: MMDBDatabase { current.withLock { $0.database } }

    /// Opens the file that is at the path now. If that fails, the old database stays.
    public func reload() throws(MMDBError) {
        let opening = openings.withLock { count in
            count += 1
            return count
        }
        let database = try MMDBDatabase(contentsOf: path, access: access)
        current.withLock { current in
            if opening > current.opening { current = Current(database: database, opening: opening) }
        }
    }

    /// Opens the file that is at the path now if it is not the open one, and returns whether it did.
    @discardableResult
    public func reloadIfChanged() throws(MMDBError) -> Bool {
        let now: FileIdentity
        do throws(FileError) {
            now = try FileIdentity(path: path)
        } catch {
            throw MMDBError(error, path: path)
        }
        guard now != database.file.mapping.identity else { return false }
        try reload()
        return true
    }
}
