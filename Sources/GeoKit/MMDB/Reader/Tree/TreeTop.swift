/// Where the first bits of an address lead, 16 of them in a large tree, so that a look-up begins in the middle of the tree.
struct TreeTop: Sendable {
    /// How many bits: more help a bare look-up, and take the caches from those who read the records.
    let bits: Int
    private var records: [UInt32]
    // Only where the tree ends early does it matter how early: apart, so that what is often read stays small.
    private var depths: [UInt8]

    /// The top of a tree below a root.
    init(of tree: SearchTree, in bytes: Span<UInt8>, root: UInt32) {
        var bits = 0
        // No more places than there are nodes.
        while bits < 16, 1 << bits < Int(tree.nodeCount) { bits += 1 }
        self.bits = bits
        records = Array(repeating: root, count: 1 << bits)
        depths = Array(repeating: 0, count: 1 << bits)
        fill(tree, bytes, root, depth: 0, from: 0)
    }

    private mutating func fill(
        _ tree: SearchTree, _ bytes: Span<UInt8>, _ record: UInt32, depth: Int, from first: Int
    ) {
        guard record < tree.nodeCount, depth < bits else {
            for index in first..<first &+ 1 << (bits &- depth) {
                records[index] = record
                depths[index] = UInt8(truncatingIfNeeded: depth)
            }
            return
        }
        let half = 1 << (bits &- depth &- 1)
        fill(tree, bytes, tree.record(in: bytes, of: record, side: 0), depth: depth &+ 1, from: first)
        fill(tree, bytes, tree.record(in: bytes, of: record, side: 1), depth: depth &+ 1, from: first &+ half)
    }

    /// Where the first bits of an address lead.
    @inline(__always)
    func record(_ bits: Int) -> UInt32 { records[bits] }

    /// How many of the bits it takes to come there.
    @inline(__always)
    func depth(_ bits: Int) -> Int { Int(depths[bits]) }
}
