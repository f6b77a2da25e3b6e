/// The layout of the two records of a node. Each size is a type, so that the walk is compiled for each.
protocol RecordWidth {
    /// The size of a node in bytes.
    static var nodeSize: Int { get }

    /// One of the records of a node, by the bit 0 or 1. The node must be in the tree, and the bytes must contain the
    /// whole tree and the separator behind it.
    static func record(in bytes: Span<UInt8>, of node: UInt32, side: Int) -> UInt32
}

/// Three bytes each.
enum Records24: RecordWidth {
    static var nodeSize: Int { 6 }

    @inline(__always)
    static func record(in bytes: Span<UInt8>, of node: UInt32, side: Int) -> UInt32 {
        bytes.word(at: Int(node) &* 6 &+ side &* 3) >> 8
    }
}

/// Three bytes each, and half of the byte between them.
enum Records28: RecordWidth {
    static var nodeSize: Int { 7 }

    @inline(__always)
    static func record(in bytes: Span<UInt8>, of node: UInt32, side: Int) -> UInt32 {
        let word = bytes.word(at: Int(node) &* 7 &+ side &* 3)
        return side == 0 ? (word & 0xF0) << 20 | word >> 8 : word & 0x0FFF_FFFF
    }
}

/// Four bytes each.
enum Records32: RecordWidth {
    static var nodeSize: Int { 8 }

    @inline(__always)
    static func record(in bytes: Span<UInt8>, of node: UInt32, side: Int) -> UInt32 {
        bytes.word(at: Int(node) &* 8 &+ side &* 4)
    }
}
