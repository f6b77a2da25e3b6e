/// Databases built byte by byte, so that they can be wrong in any way.
public struct DatabaseBytes {
    /// The bits of a record of the tree, as the metadata give them.
    public var recordSize = 24
    /// The number of nodes that the metadata give; as many as there are, if it is nil.
    public var claimedNodeCount: Int?
    /// The IP version of the metadata.
    public var ipVersion = 4
    /// The bytes of the number of seconds from 1970 to its making.
    public var buildEpoch: [UInt8] = [0x65, 0, 0, 0]
    /// The records of each node: below the number of nodes a node, equal to it nothing, above it an offset in the data.
    public var nodes: [(UInt32, UInt32)] = []
    /// The data section.
    public var data: [UInt8] = []

    /// A database without nodes and data.
    public init() {}

    /// A database with one node, both sides of which lead to the value at the start of the data or at another offset.
    public init(record data: [UInt8], at offset: Int = 0) {
        self.data = data
        nodes = [(UInt32(17 + offset), UInt32(17 + offset))]
    }

    /// The whole file.
    public var bytes: [UInt8] {
        tree + [UInt8](repeating: 0, count: 16) + data + [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8) + metadata
    }

    private var tree: [UInt8] {
        nodes.flatMap { left, right in
            switch recordSize {
            case 28:
                Self.low(left, 3) + [UInt8(left >> 24 & 0xF) << 4 | UInt8(right >> 24 & 0xF)] + Self.low(right, 3)
            case 32: Self.low(left, 4) + Self.low(right, 4)
            default: Self.low(left, 3) + Self.low(right, 3)
            }
        }
    }

    private var metadata: [UInt8] {
        Self.map([
            ("node_count", Self.uint32(UInt32(claimedNodeCount ?? nodes.count))),
            ("record_size", Self.uint16(UInt16(recordSize))),
            ("ip_version", Self.uint16(UInt16(ipVersion))),
            ("binary_format_major_version", Self.uint16(2)),
            ("binary_format_minor_version", Self.uint16(0)),
            ("database_type", Self.string("Test")),
            ("languages", Self.array([Self.string("en")])),
            ("build_epoch", Self.field(9, buildEpoch)),
            ("description", Self.map([("en", Self.string("made for a test"))])),
        ])
    }

    private static func low(_ number: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> UInt32($0 * 8)) }
    }

    /// The first bytes of a value: its type and its size, in the shortest form.
    public static func head(_ type: Int, size: Int) -> [UInt8] {
        let small: Int
        let rest: [UInt8]
        switch size {
        case ..<29: (small, rest) = (size, [])
        case ..<285: (small, rest) = (29, low(UInt32(size - 29), 1))
        case ..<65821: (small, rest) = (30, low(UInt32(size - 285), 2))
        default: (small, rest) = (31, low(UInt32(size - 65821), 3))
        }
        return (type < 8 ? [UInt8(type << 5 | small)] : [UInt8(small), UInt8(type - 7)]) + rest
    }

    /// A value of a type with its payload.
    public static func field(_ type: Int, _ payload: [UInt8]) -> [UInt8] { head(type, size: payload.count) + payload }

    /// A string.
    public static func string(_ text: String) -> [UInt8] { field(2, Array(text.utf8)) }

    /// A number of 16 bits.
    public static func uint16(_ number: UInt16) -> [UInt8] { field(5, low(UInt32(number), 2)) }

    /// A number of 32 bits.
    public static func uint32(_ number: UInt32) -> [UInt8] { field(6, low(number, 4)) }

    /// A map of values that are made already.
    public static func map(_ pairs: [(String, [UInt8])]) -> [UInt8] {
        head(7, size: pairs.count) + pairs.flatMap { string($0.0) + $0.1 }
    }

    /// An array of values that are made already.
    public static func array(_ values: [[UInt8]]) -> [UInt8] { head(11, size: values.count) + values.flatMap(\.self) }

    /// A pointer to a place of the data, in one of its four forms.
    public static func pointer(_ offset: Int, form: Int = 3) -> [UInt8] {
        let distance = UInt32(offset - [0, 2048, 526_336, 0][form])
        let high = form == 3 ? 0 : UInt8(truncatingIfNeeded: distance >> UInt32(8 * (form + 1)))
        return [UInt8(1 << 5 | form << 3) | high] + low(distance, form + 1)
    }
}
