/// The tree of a database: from the bits of an address to a record's place.
struct SearchTree: Sendable {
    /// The widths of records.
    enum Width: Sendable { case bits24, bits28, bits32 }

    /// How far a walk came: to a node, to a record's place or to nothing.
    struct Step {
        /// Below the number of nodes it is a node, at it there is nothing, and above it a record's place.
        var record: UInt32
        /// How many bits were used.
        var depth: Int
    }

    let nodeCount: UInt32
    let width: Width
    /// How many bytes it takes.
    let size: Int

    init(_ metadata: MMDBMetadata) {
        nodeCount = UInt32(truncatingIfNeeded: metadata.nodeCount)
        switch metadata.recordSize {
        case 24: (width, size) = (.bits24, metadata.nodeCount &* Records24.nodeSize)
        case 28: (width, size) = (.bits28, metadata.nodeCount &* Records28.nodeSize)
        default: (width, size) = (.bits32, metadata.nodeCount &* Records32.nodeSize)
        }
    }

    /// The record of a node on one side.
    @inline(__always)
    func record(in bytes: Span<UInt8>, of node: UInt32, side: Int) -> UInt32 {
        switch width {
        case .bits24: Records24.record(in: bytes, of: node, side: side)
        case .bits28: Records28.record(in: bytes, of: node, side: side)
        case .bits32: Records32.record(in: bytes, of: node, side: side)
        }
    }

    /// Walks on by the first bits of a number, until there are no more of them or the tree ends.
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
