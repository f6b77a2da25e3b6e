extension JSON {
    /// Why bytes are not JSON, and where.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// The offset of the byte where the error was found.
        public let offset: Int
        /// The line, from 1.
        public let line: Int
        /// The column in bytes, from 1.
        public let column: Int
        /// The reason.
        public let message: String

        /// The place and the reason.
        public var description: String { "line \(line), column \(column): \(message)" }
    }
}

extension DecodingError {
    /// The reason and the path, without the type's own description around them.
    package var explanation: String {
        let context: Context
        switch self {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
            .dataCorrupted(let found):
            context = found
        @unknown default: return "\(self)"
        }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return (path.isEmpty ? "" : "\(path): ") + context.debugDescription
    }
}
