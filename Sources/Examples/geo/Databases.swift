import GeoKit
import TraceCore

/// A database with the name that a person gave it.
struct NamedDatabase {
    let path: String
    let database: MMDBDatabase

    /// Opens a database.
    ///
    /// - Throws: What is wrong with it, with its path.
    init(_ path: String) throws(FileError) {
        self.path = path
        do throws(MMDBError) {
            database = try MMDBDatabase(path: path)
        } catch {
            // It says which file.
            throw FileError(error)
        }
    }
}

/// What is wrong with a file, for the person who named it.
struct FileError: Error, CustomStringConvertible {
    let description: String

    init(_ error: MMDBError) { description = error.description }

    init(_ path: String, _ error: MMDBError) { description = "\(UntrustedText(path).word): \(error)" }
}
