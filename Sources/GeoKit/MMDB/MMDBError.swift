/// Why a database could not be opened, read or written.
public struct MMDBError: Error, Sendable, Hashable {
    /// The kinds of errors.
    public enum Code: String, Sendable, Hashable {
        /// The file cannot be opened: it does not exist, or access is denied.
        case unreadable
        /// The file is not a database in this format.
        case notADatabase
        /// The file breaks a rule of the format.
        case broken
        /// A record, or the list of networks, exceeds the limits of the reader.
        case tooMuch
        /// The address or the request does not fit this database.
        case unfit
        /// A value breaks a rule of the format, or the file cannot be written.
        case unwritable
    }

    /// The kind of error.
    public let code: Code
    /// What happened, for people.
    public let message: String
    /// The position in the file, in bytes from its beginning, if the error is about one.
    public let offset: Int?

    /// An error.
    public init(_ code: Code, _ message: String, at offset: Int? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
    }
}

extension MMDBError: CustomStringConvertible {
    /// The message, with the position in the file.
    public var description: String { offset.map { "\(message) (at byte \($0))" } ?? message }
}
