internal import CTraceCoreSQLite
internal import TraceCore

/// A value that goes into a statement.
enum SQLValue: ExpressibleByNilLiteral {
    case null
    case number(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])

    init(nilLiteral: ()) { self = .null }

    static func int(_ value: some BinaryInteger) -> SQLValue { .number(Int64(clamping: value)) }
    static func time(_ time: UTCTime?) -> SQLValue { time.map { .number($0.microsecondsSince1970) } ?? .null }
    static func real(_ value: Double?) -> SQLValue { value.map { .real($0) } ?? .null }
    static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    static func bytes(_ value: [UInt8]?) -> SQLValue { value.map { .bytes($0) } ?? .null }
    /// JSON, which the command line of SQLite shows as text.
    static func json(_ value: [UInt8]) -> SQLValue { .text(String(decoding: value, as: UTF8.self)) }

    func bind(to statement: UnsafeMutableRawPointer, at index: Int32, _ sqlite: UnsafePointer<tracecore_sqlite>)
        -> Int32
    {
        switch self {
        case .null: return sqlite.pointee.bind_null(statement, index)
        case .number(let value): return sqlite.pointee.bind_int64(statement, index, value)
        case .real(let value): return sqlite.pointee.bind_double(statement, index, value)
        case .text(var text):
            return text.withUTF8 { text in
                tracecore_sqlite_bind(sqlite, statement, index, text.baseAddress, Int32(clamping: text.count), 1)
            }
        case .bytes(let bytes):
            return bytes.withUnsafeBytes { bytes in
                tracecore_sqlite_bind(sqlite, statement, index, bytes.baseAddress, Int32(clamping: bytes.count), 0)
            }
        }
    }
}

/// A row that a statement has come to; it is gone with the next one.
struct SQLRow {
    let statement: UnsafeMutableRawPointer
    let sqlite: UnsafePointer<tracecore_sqlite>

    func isNull(_ column: Int32) -> Bool { sqlite.pointee.column_type(statement, column) == 5 }

    func int(_ column: Int32) -> Int64 { sqlite.pointee.column_int64(statement, column) }

    func time(_ column: Int32) -> UTCTime { UTCTime(microsecondsSince1970: int(column)) }

    func optionalTime(_ column: Int32) -> UTCTime? { isNull(column) ? nil : time(column) }

    /// The number, where there is one and not a text.
    func real(_ column: Int32) -> Double? {
        [1, 2].contains(sqlite.pointee.column_type(statement, column))
            ? sqlite.pointee.column_double(statement, column) : nil
    }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// The bytes of a blob or a text.
    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite.pointee.column_blob(statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite.pointee.column_bytes(statement, column))))
    }

    func optionalBytes(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : bytes(column) }
}
