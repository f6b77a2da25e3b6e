/// Why a database could not be opened, read or written.
public struct MMDBError: Error, Sendable, Hashable {
    /// Kinds of reasons.
    public enum Code: String, Sendable, Hashable {
        /// The file cannot be opened: it is not there, or may not be read.
        case unreadable
        /// It is no database of this kind.
        case notADatabase
        /// It breaks a rule of the format.
        case broken
        /// Reading one record of it would take more than a record may.
        case tooMuch
        /// The address or the request does not fit this database.
        case unfit
        /// What was to be written breaks a rule, or the file cannot be written.
        case unwritable
    }

    /// The kind of reason.
    public let code: Code
    /// What happened, for people.
    public let message: String
    /// Where in the file, in bytes from its beginning, if it is about a place there.
    public let offset: Int?

    /// An error.
    public init(_ code: Code, _ message: String, at offset: Int? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
    }
}

extension MMDBError: CustomStringConvertible {
    /// The message with the place that it is about.
    public var description: String { offset.map { "\(message) (at byte \($0))" } ?? message }
}
