import GeoKit
import TraceCore

/// A database and its path.
struct NamedDatabase {
    let path: String
    let database: MMDBDatabase

    /// Opens a database.
    ///
    /// - Throws: What is wrong with the file, and what to do.
    init(_ path: String) throws(FileError) {
        self.path = path
        do throws(MMDBError) {
            database = try MMDBDatabase(contentsOf: path)
        } catch {
            // The message begins with the path.
            throw FileError(opening: error)
        }
    }
}

/// What is wrong with a file, for the person who named it.
struct FileError: Error, CustomStringConvertible {
    let description: String

    /// A database could not be opened.
    init(opening error: MMDBError) {
        let remedy =
            switch error.code {
            case .unreadable: "Check the path of the database"
            case .notADatabase: "Databases are files in MaxMind's format (.mmdb); `geo build` makes one from a table"
            default: "Get the file again, or try a newer version of it"
            }
        description = "\(error). \(remedy)"
    }

    /// A database could not be written; the message says all.
    init(writing error: MMDBError) { description = error.description }

    /// A part of a database could not be read.
    init(_ path: String, _ error: MMDBError) { description = "\(UntrustedText(path).word): \(error)" }
}
