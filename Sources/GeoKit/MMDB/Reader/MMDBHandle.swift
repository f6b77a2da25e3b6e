internal import TraceCore

/// The database under a path, which may be replaced by a newer one while it is used.
///
///     let handle = try MMDBHandle(path: "GeoLite2-City.mmdb")
///     try handle.database.lookup(IPAddress(192, 0, 2, 1))
///     try handle.reloadIfChanged()
///
/// A look-up takes the database that is there when it begins; whoever makes many of them takes it once for all. An old
/// database is closed when nobody holds it, or a record of it, any more.
public final class MMDBHandle: Sendable {
    private struct Current: Sendable {
        var database: MMDBDatabase
        /// Counts the openings, so that of two at once the later one stays.
        var opening: Int
    }

    /// Where the database is.
    public let path: String
    private let access: MMDBDatabase.Access
    private let current: Lock<Current>
    private let openings = Lock(0)

    /// Opens the database under a path.
    public init(path: String, access: MMDBDatabase.Access = .mapped) throws(MMDBError) {
        self.path = path
        self.access = access
        current = Lock(Current(database: try MMDBDatabase(path: path, access: access), opening: 0))
    }

    /// The newest database that was opened.
    public var database: MMDBDatabase { current.withLock { $0.database } }

    /// Opens what is under the path now. If that fails, the database that was there stays.
    public func reload() throws(MMDBError) {
        let opening = openings.withLock { count in
            count += 1
            return count
        }
        let database = try MMDBDatabase(path: path, access: access)
        current.withLock { current in
            if opening > current.opening { current = Current(database: database, opening: opening) }
        }
    }

    /// Opens what is under the path now, if it is another file than the one that is open; and says whether it was.
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
