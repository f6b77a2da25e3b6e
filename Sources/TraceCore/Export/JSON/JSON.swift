/// Reads and writes JSON without Foundation, so that programs stay small and text stays safe to print.
///
/// Written JSON can be printed on a terminal as it is: every control, format and other invisible character is written
/// as `\uXXXX`. Keys are in the order in which they were encoded.
public enum JSON {
    /// The layout of a document.
    public enum Style: Sendable, Hashable {
        /// On one line, without spaces.
        case compact
        /// One line for each value, indented by two spaces.
        case pretty
    }

    /// A value as JSON bytes.
    ///
    /// - Throws: `EncodingError` for a number that JSON cannot express, with its path.
    public static func encode(_ value: some Encodable, style: Style = .compact) throws -> [UInt8] {
        let writer = JSONWriter(style: style)
        try writer.writeDocument(value)
        return writer.bytes
    }

    /// A value as JSON text.
    ///
    /// - Throws: `EncodingError` for a number that JSON cannot express, with its path.
    public static func text(_ value: some Encodable, style: Style = .compact) throws -> String {
        String(decoding: try encode(value, style: style), as: UTF8.self)
    }

    /// The value in JSON bytes.
    ///
    /// - Throws: `JSON.Failure` if the bytes are not JSON, `DecodingError` if they are not such a value.
    public static func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws -> T {
        try T(from: JSONValueDecoder(try JSON.Value(parsing: bytes)))
    }
}

extension JSON {
    /// Writes values as lines of JSON into a buffer, whose storage is reused.
    public struct Lines: ~Copyable {
        private let writer = JSONWriter(style: .compact)

        /// A writer with an empty buffer.
        public init() {}

        /// The lines since the buffer was last emptied.
        public var bytes: [UInt8] { writer.bytes }

        /// Adds a value and a line end.
        public func write(_ value: some Encodable) throws {
            try writer.writeDocument(value)
            writer.newline()
        }

        /// Empties the buffer and keeps the storage.
        public func removeAll() { writer.removeAll() }
    }
}
