/// Checks that the search tree leads every address to a record or to nothing.
///
/// Each node is visited once, however many ways lead to it. A node is sound at any depth where what is below it does
/// not need more bits than the address has left.
struct TreeCheck {
    private let file: DatabaseFile
    /// Where the values of the data section begin.
    private let values: PositionSet
    /// How many bits of an address are needed from a node on; 0 as long as nothing is known. At most 128.
    private var heights: [UInt8]

    init(_ file: DatabaseFile, values: PositionSet) {
        self.file = file
        self.values = values
        heights = Array(repeating: 0, count: Int(file.tree.nodeCount))
    }

    /// Checks all that can be reached. The IPv4 addresses are a part of the IPv6 ones.
    mutating func check(in bytes: Span<UInt8>) throws(MMDBError) {
        _ = try height(of: 0, in: bytes, depth: 0)
    }

    /// How many bits are needed from a record of the tree on.
    private mutating func height(
        of record: UInt32, in bytes: Span<UInt8>, depth: Int
    ) throws(MMDBError) -> UInt8 {
        guard record < file.tree.nodeCount else {
            try checkEnd(record)
            return 0
        }
        let known = heights[Int(record)]
        // A node that leads to itself is found here, too: it is not known before all below it is.
        guard depth &+ max(1, Int(known)) <= file.addressWidth else { throw file.misled(record) }
        if known > 0 { return known }
        let left = file.tree.record(in: bytes, of: record, side: 0)
        let right = file.tree.record(in: bytes, of: record, side: 1)
        let height = max(
            try height(of: left, in: bytes, depth: depth &+ 1), try height(of: right, in: bytes, depth: depth &+ 1))
        heights[Int(record)] = height &+ 1
        return height &+ 1
    }

    private func checkEnd(_ record: UInt32) throws(MMDBError) {
        let offset = try file.offset(of: record)
        guard offset < 0 || values.contains(offset) else {
            throw MMDBError(.broken, "the search tree leads into the middle of a value", at: offset)
        }
    }
}
