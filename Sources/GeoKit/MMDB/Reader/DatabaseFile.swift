internal import TraceCore

/// An open file and its parts. Databases, results and records share it.
@usableFromInline
final class DatabaseFile: Sendable {
    let mapping: FileMapping
    /// The mapping's bytes.
    let bytes: FileBytes
    let metadata: MMDBDatabase.Metadata
    let tree: SearchTree
    let data: DataSection
    /// Where the IPv4 addresses begin in the tree: at the root, or below 96 zero bits.
    let v4Root: SearchTree.Step
    let caches = ValueCaches()
    let places = PlaceCache()
    private let v4Top: TreeTop
    private let v6Top: TreeTop?

    /// The result of a search.
    @usableFromInline
    struct Finding {
        /// The position of the record; -1 if there is none.
        @usableFromInline let offset: Int
        /// The number of bits of the address that were used.
        @usableFromInline let prefixLength: Int
    }

    /// Opens a database: reads the metadata and checks that the parts fit the file.
    init(_ mapping: FileMapping) throws(MMDBError) {
        self.mapping = mapping
        bytes = mapping.bytes
        (metadata, tree, data) = try bytes.withSpan { bytes throws(MMDBError) in
            let (section, marker) = try MMDBDatabase.Metadata.section(in: bytes)
            let metadata = try MMDBDatabase.Metadata(in: bytes, section)
            let tree = SearchTree(metadata)
            let start = tree.size &+ MMDBFormat.separator
            guard start <= marker else {
                throw MMDBError(
                    .broken,
                    "a search tree of \(metadata.nodeCount) nodes of \(metadata.recordSize * 2) bits needs "
                        + "\(start) bytes, and the metadata begin before that", at: marker)
            }
            return (metadata, tree, DataSection(start: start, end: marker))
        }
        let tree = tree
        let isV4 = metadata.ipVersion == 4
        (v4Root, v4Top, v6Top) = bytes.withSpan { bytes in
            let root = SearchTree.Step(record: 0, depth: 0)
            if isV4 { return (root, TreeTop(of: tree, in: bytes, root: 0), nil) }
            var v4Root = tree.walk(in: bytes, from: root, by: 0, count: 64)
            v4Root = tree.walk(in: bytes, from: v4Root, by: 0, count: 32)
            return (
                v4Root, TreeTop(of: tree, in: bytes, root: v4Root.record), TreeTop(of: tree, in: bytes, root: 0)
            )
        }
    }

    /// Searches for an IPv4 address.
    @usableFromInline
    func find(v4 bits: UInt32) throws(MMDBError) -> Finding {
        let first = Int(bits >> UInt32(32 &- v4Top.bits))
        let record = v4Top.record(first)
        guard record < tree.nodeCount else {
            return try finding(SearchTree.Step(record: record, depth: v4Top.depth(first)))
        }
        let step = bytes.withSpan { bytes in
            tree.walk(
                in: bytes, from: SearchTree.Step(record: record, depth: v4Top.bits),
                by: UInt64(bits) << UInt64(32 &+ v4Top.bits), count: 32 &- v4Top.bits)
        }
        return try finding(step)
    }

    /// Searches for an IPv6 address.
    @usableFromInline
    func find(v6 bits: UInt128) throws(MMDBError) -> Finding {
        guard let v6Top else { throw Self.isV4Only() }
        let high = UInt64(truncatingIfNeeded: bits >> 64)
        let first = Int(high >> UInt64(64 &- v6Top.bits))
        let record = v6Top.record(first)
        guard record < tree.nodeCount else {
            return try finding(SearchTree.Step(record: record, depth: v6Top.depth(first)))
        }
        let step = bytes.withSpan { bytes in
            let half = tree.walk(
                in: bytes, from: SearchTree.Step(record: record, depth: v6Top.bits), by: high << UInt64(v6Top.bits),
                count: 64 &- v6Top.bits)
            guard half.record < tree.nodeCount else { return half }
            return tree.walk(in: bytes, from: half, by: UInt64(truncatingIfNeeded: bits), count: 64)
        }
        return try finding(step)
    }

    @inline(__always)
    private func finding(_ step: SearchTree.Step) throws(MMDBError) -> Finding {
        try Finding(offset: offset(of: step.record), prefixLength: step.depth)
    }

    /// The position of the data that a record of the tree leads to; -1 if it leads to none.
    @inline(__always)
    func offset(of record: UInt32) throws(MMDBError) -> Int {
        if record == tree.nodeCount { return -1 }
        let offset = tree.size &+ Int(record) &- Int(tree.nodeCount)
        guard record > tree.nodeCount, offset >= data.start, offset < data.end else { throw misled(record) }
        return offset
    }

    /// The number of bits of the addresses that the tree is for.
    var addressWidth: Int { metadata.ipVersion == 4 ? 32 : 128 }

    /// The error for a record of the tree that leads nowhere.
    @inline(never)
    func misled(_ record: UInt32) -> MMDBError {
        if record < tree.nodeCount {
            return MMDBError(
                .broken, "the search tree is deeper than an address has bits",
                at: Int(record) &* tree.size / max(1, Int(tree.nodeCount)))
        }
        return MMDBError(
            .broken,
            "the search tree points to record \(record), outside of the data section: there are "
                + "\(tree.nodeCount) nodes and \(data.end &- data.start) bytes of data")
    }

    @inline(never)
    static func isV4Only() -> MMDBError {
        MMDBError(.unfit, "the database has IPv4 addresses only, and an IPv6 address was looked up")
    }
}
