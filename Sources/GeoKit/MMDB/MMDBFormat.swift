/// The numbers of the file format that the reader and the writer share.
enum MMDBFormat {
    /// The bytes before the metadata.
    static let marker: [UInt8] = [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
    /// The metadata, with the marker, are within this many bytes of the end of the file.
    static let metadataLimit = 128 << 10
    /// The number of zero bytes between the search tree and the data.
    static let separator = 16
    /// The deepest nesting of maps and arrays that we read or write. The format has no limit; readers do.
    static let depthLimit = 512

    /// The types of values, with their numbers in the format.
    enum FieldType: UInt8, Sendable {
        case pointer = 1
        case string, double, bytes, uint16, uint32, map, int32, uint64, uint128, array
        case boolean = 14
        case float = 15

        /// One of the two most frequent types, which have a fast path.
        @inline(__always)
        init?(common type: UInt8) {
            switch type {
            case 2: self = .string
            case 7: self = .map
            default: return nil
            }
        }

        /// The name in the specification of the format.
        var name: String {
            switch self {
            case .pointer: "pointer"
            case .string: "string"
            case .double: "double"
            case .bytes: "bytes"
            case .uint16: "uint16"
            case .uint32: "uint32"
            case .map: "map"
            case .int32: "int32"
            case .uint64: "uint64"
            case .uint128: "uint128"
            case .array: "array"
            case .boolean: "boolean"
            case .float: "float"
            }
        }
    }
}
