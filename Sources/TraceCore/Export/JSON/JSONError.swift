/// Why bytes are not JSON: where, and what was expected there.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The offset of the byte at which it was noticed.
    public let offset: Int
    /// The line, from 1.
    public let line: Int
    /// The column in bytes, from 1.
    public let column: Int
    /// What is wrong there.
    public let message: String

    /// The place and what is wrong there.
    public var description: String { "line \(line), column \(column): \(message)" }
}
