/// What stands at a place of the data section: a value's type and size, and where its payload begins.
struct Field {
    /// The types of the format, by the numbers that they have there.
    enum Kind: UInt8 {
        case pointer = 1
        case string, double, bytes, uint16, uint32, map, int32, uint64, uint128, array
        case boolean = 14
        case float = 15

        /// The two types that most values are of, for a short way to them.
        @inline(__always)
        init?(common type: UInt8) {
            switch type {
            case 2: self = .string
            case 7: self = .map
            default: return nil
            }
        }

        /// The name in the format's specification.
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

    var kind: Kind
    /// Bytes of payload; pairs of a map; elements of an array; the value of a boolean; where a pointer points, from the
    /// beginning of the file.
    var size: Int
    /// Where the payload begins, from the beginning of the file.
    var start: Int

    /// Where the next value stands, after one that holds no others.
    var end: Int {
        switch kind {
        case .pointer, .boolean, .map, .array: start
        default: start &+ size
        }
    }
}
