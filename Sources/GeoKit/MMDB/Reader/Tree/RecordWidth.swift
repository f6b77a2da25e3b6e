/// How the two records of a node lie in the file. A type each, so that the walk is compiled once for each.
protocol RecordWidth {
    /// How many bytes a node takes.
    static var nodeSize: Int { get }

    /// The record of a node on one side, 0 or 1. The node has to be one of the tree, which the bytes hold wholly, with
    /// the separator after it.
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

/// Three bytes each, and half of the byte in the middle.
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
