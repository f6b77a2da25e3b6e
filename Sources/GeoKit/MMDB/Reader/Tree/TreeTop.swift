/// A table of where the first bits of an address lead, so that a look-up skips the top of the tree.
struct TreeTop: Sendable {
    /// The number of bits, at most 16. More would make look-ups faster, but push the records out of the processor's
    /// caches.
    let bits: Int
    private var records: [UInt32]
    // Needed only where the tree ends early. It is a separate array to keep the frequently used one small.
    private var depths: [UInt8]

    /// The top of the tree below a root.
    init(of tree: SearchTree, in bytes: Span<UInt8>, root: UInt32) {
        var bits = 0
        // No more entries than there are nodes.
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

    /// How many of the bits are used to get there.
    @inline(__always)
    func depth(_ bits: Int) -> Int { Int(depths[bits]) }
}
