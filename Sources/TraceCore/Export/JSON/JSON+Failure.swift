extension JSON {
    /// Why bytes are not JSON: where, and what was expected there.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
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
}

extension DecodingError {
    /// What is wrong and where, without the type's own words around it.
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
