/// The search tree of a database: it leads from the bits of an address to the position of a record.
struct SearchTree: Sendable {
    /// The sizes of records.
    enum Width: Sendable { case bits24, bits28, bits32 }

    /// Where a walk ended: at a node, at the position of a record or at nothing.
    struct Step {
        /// Less than the number of nodes: a node. Equal: nothing. Greater: the position of a record.
        var record: UInt32
        /// The number of bits used.
        var depth: Int
    }

    let nodeCount: UInt32
    let width: Width
    /// The size in bytes.
    let size: Int

    init(_ metadata: MMDBDatabase.Metadata) {
        nodeCount = UInt32(truncatingIfNeeded: metadata.nodeCount)
        switch metadata.recordSize {
        case 24: (width, size) = (.bits24, metadata.nodeCount &* Records24.nodeSize)
        case 28: (width, size) = (.bits28, metadata.nodeCount &* Records28.nodeSize)
        default: (width, size) = (.bits32, metadata.nodeCount &* Records32.nodeSize)
        }
    }

    /// One of the records of a node, by the bit 0 or 1.
    @inline(__always)
    func record(in bytes: Span<UInt8>, of node: UInt32, side: Int) -> UInt32 {
        switch width {
        case .bits24: Records24.record(in: bytes, of: node, side: side)
        case .bits28: Records28.record(in: bytes, of: node, side: side)
        case .bits32: Records32.record(in: bytes, of: node, side: side)
        }
    }

    /// Walks on, guided by the first bits of a number, until they are used up or the tree ends.
    @inline(__always)
    func walk(in bytes: Span<UInt8>, from step: Step, by bits: UInt64, count: Int) -> Step {
        switch width {
        case .bits24: walk(Records24.self, in: bytes, from: step, by: bits, count: count)
        case .bits28: walk(Records28.self, in: bytes, from: step, by: bits, count: count)
        case .bits32: walk(Records32.self, in: bytes, from: step, by: bits, count: count)
        }
    }

    @inline(__always)
    private func walk<Records: RecordWidth>(
        _: Records.Type, in bytes: Span<UInt8>, from step: Step, by bits: UInt64, count: Int
    ) -> Step {
        var (record, bits, left) = (step.record, bits, count)
        while record < nodeCount, left > 0 {
            record = Records.record(in: bytes, of: record, side: Int(truncatingIfNeeded: bits >> 63))
            bits <<= 1
            left &-= 1
        }
        return Step(record: record, depth: step.depth &+ count &- left)
    }
}
