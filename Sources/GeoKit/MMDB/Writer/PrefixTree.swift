internal import TraceCore

extension MMDBWriter {
    /// A binary tree over the bits of addresses, in one flat array, so that a million networks need no million objects.
    ///
    /// A node has two records, for the bits 0 and 1. A record is empty, a value, another node, or an alias of the IPv4
    /// part. Nodes are only added, after those that lead to them. So a walk from the last node to the first sees
    /// everything below a node before the node itself.
    struct PrefixTree: Sendable {
        /// The first bits of an address, left-aligned.
        struct Prefix: Sendable, Hashable {
            var bits: UInt128
            var length: Int
        }

        /// Why a network cannot be inserted.
        enum Fault: Error {
            case aliased
            case overlaps(Prefix)
            case full
            case values(ValueStore.Fault)
        }

        /// The change that an insertion makes to the records of its network.
        enum Change {
            case replacing(with: UInt32)
            case filling(with: UInt32)
            case merging(UInt32)

            var value: UInt32 {
                switch self {
                case .replacing(let id), .filling(let id), .merging(let id): id
                }
            }
        }

        /// The other half of the numbers are for values.
        static let nodeLimit = 0x7FFF_FFFF

        private(set) var records: [Record] = [.empty, .empty]
        /// The node at which the IPv4 networks begin. In an IPv6 tree it always exists.
        private(set) var ipv4Root: UInt32 = 0
        /// Parts that a value must not replace as a whole: the IPv4 part and its aliases.
        let landmarks: [Prefix]

        init(family: IPAddress.Family, hasAliases: Bool) {
            guard family == .v6 else {
                landmarks = []
                return
            }
            let aliases =
                hasAliases
                ? [
                    Prefix(bits: 0xFFFF << 32, length: 96), Prefix(bits: 0x2002 << 112, length: 16),
                    Prefix(bits: 0x2001 << 112, length: 32),
                ] : []
            let ipv4 = Prefix(bits: 0, length: 96)
            landmarks = aliases + [ipv4]
            // The aliases first: like every node, their target must come after them.
            for alias in aliases {
                let parent = lead(to: alias.parent)
                self[parent, alias.bit(alias.length - 1)] = .alias
            }
            ipv4Root = lead(to: ipv4)
        }

        var nodeCount: Int { records.count / 2 }

        subscript(node: UInt32, bit: Int) -> Record {
            get { records[Int(node) << 1 | bit] }
            set { records[Int(node) << 1 | bit] = newValue }
        }

        mutating func add(_ node: (left: Record, right: Record)) {
            records.append(node.left)
            records.append(node.right)
        }

        /// Adds the nodes that lead to a prefix in an empty part of the tree.
        private mutating func lead(to prefix: Prefix) -> UInt32 {
            var node: UInt32 = 0
            for depth in 0..<prefix.length {
                let bit = prefix.bit(depth)
                if let next = self[node, bit].node {
                    node = next
                } else {
                    let next = UInt32(truncatingIfNeeded: nodeCount)
                    add((.empty, .empty))
                    self[node, bit] = .node(next)
                    node = next
                }
            }
            return node
        }
    }
}

extension MMDBWriter.PrefixTree.Prefix {
    func bit(_ depth: Int) -> Int { Int(truncatingIfNeeded: bits >> UInt128(127 &- depth)) & 1 }

    var parent: Self { Self(bits: bits, length: length - 1) }

    func child(_ bit: Int) -> Self {
        Self(bits: bits | UInt128(bit) << UInt128(127 - length), length: length + 1)
    }

    /// Whether the other prefix is this one or is below it.
    func contains(_ other: Self) -> Bool {
        length <= other.length && (length == 0 || (bits ^ other.bits) >> UInt128(128 - length) == 0)
    }
}

extension MMDBWriter.PrefixTree {
    /// What one side of a node leads to, in four bytes.
    struct Record: Sendable, Hashable {
        private let word: UInt32

        private init(word: UInt32) { self.word = word }

        // Nothing leads to the root, so its number is free.
        static let empty = Record(word: 0)
        static let alias = Record(word: 0x7FFF_FFFF)
        static func node(_ number: UInt32) -> Record { Record(word: number) }
        static func value(_ id: UInt32) -> Record { Record(word: id | 0x8000_0000) }

        var isEmpty: Bool { word == 0 }
        var isAlias: Bool { word == 0x7FFF_FFFF }
        var isNode: Bool { word &- 1 < 0x7FFF_FFFE }
        var node: UInt32? { isNode ? word : nil }
        var value: UInt32? { word & 0x8000_0000 != 0 ? word & 0x7FFF_FFFF : nil }
    }
}
