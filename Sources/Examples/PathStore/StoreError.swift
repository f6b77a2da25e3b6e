internal import TraceCore

/// Why the store did not do what it was asked.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    /// The kinds of reasons.
    package enum Code: Sendable, Hashable {
        /// libsqlite3 is not there, or too old.
        case missingLibrary
        /// The file cannot be opened or made.
        case cannotOpen
        /// The file may not be written.
        case readOnly
        /// Another process has the store.
        case locked
        /// There is no more room on the disk.
        case full
        /// The file is cut short or broken, or is no database.
        case damaged
        /// The file is a database of something else.
        case notAStore
        /// The file was written by a newer version.
        case newer
        /// What is to be kept is not as it must be: a number out of range, a name that is taken, a target that is unknown.
        case badValue
        /// The store was closed.
        case closed
        /// Anything else.
        case other
    }

    /// The kind.
    package let code: Code
    /// The file.
    package let path: String
    /// What happened.
    package let message: String
    /// What helps, where something does.
    package let remedy: String?

    init(_ code: Code, _ path: String, _ message: String, remedy: String? = nil) {
        (self.code, self.path, self.message, self.remedy) = (code, path, message, remedy)
    }

    /// The file, what happened, and what helps.
    package var description: String {
        "\(UntrustedText(path)): \(message)" + (remedy.map { ". \($0)" } ?? "")
    }
}

extension StoreError {
    /// The error for a number of SQLite's, with its words.
    init(sqlite number: Int32, _ words: String, path: String) {
        let words = UntrustedText(words).description
        // The second is what comes of a disk without room for the index of the log.
        switch (number & 0xff, number) {
        case (13, _), (_, 10 | 19 << 8):
            self.init(.full, path, "There is no more room on the disk", remedy: "Make room, or keep less")
        case (8, _):
            self.init(
                .readOnly, path, "The file may not be written", remedy: "See whose file it is, and what the disk allows"
            )
        case (5, _), (6, _):
            self.init(.locked, path, "Another program holds the database", remedy: "End what else has the file open")
        case (11, _), (26, _):
            self.init(
                .damaged, path,
                number & 0xff == 26 ? "This is no database" : "The file is cut short or damaged (\(words))",
                remedy: "Put a backup in its place, or move it away to begin anew")
        case (14, _), (3, _), (23, _):
            self.init(
                .cannotOpen, path, "The file cannot be opened (\(words))",
                remedy: "See whether its folder is there and may be written by this user")
        case (19, _): self.init(.badValue, path, "The database does not take this (\(words))")
        default: self.init(.other, path, "SQLite says \(words) (\(number))")
        }
    }
}
