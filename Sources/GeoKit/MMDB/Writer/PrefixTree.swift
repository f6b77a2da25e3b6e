internal import TraceCore

extension MMDBWriter {
    /// A binary tree over the bits of addresses, in one flat array: a million networks need no million objects.
    ///
    /// A node is two records, for the bit 0 and the bit 1. A record is empty, a value, another node, or an alias of the
    /// IPv4 part. Nodes are only ever added, behind those that lead to them, so that a walk from the last to the first
    /// has seen what is below a node before it comes to the node.
    struct PrefixTree: Sendable {
        /// The first bits of an address, left-aligned.
        struct Place: Sendable, Hashable {
            var bits: UInt128
            var length: Int
        }

        /// Why a network cannot be put in.
        enum Fault: Error {
            case aliased
            case overlaps(Place)
            case full
            case values(ValueStore.Fault)
        }

        /// What a record becomes that had a value, or was empty.
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

        /// Half of the numbers are for values.
        static let nodeLimit = 0x7FFF_FFFF

        private(set) var records: [Record] = [.empty, .empty]
        /// The node at which the IPv4 networks begin, which is always there.
        private(set) var ipv4Root: UInt32 = 0
        /// What a value must not be put over: the IPv4 part and its aliases.
        let landmarks: [Place]

        init(family: IPAddress.Family, hasAliases: Bool) {
            guard family == .v6 else {
                landmarks = []
                return
            }
            let aliases =
                hasAliases
                ? [
                    Place(bits: 0xFFFF << 32, length: 96), Place(bits: 0x2002 << 112, length: 16),
                    Place(bits: 0x2001 << 112, length: 32),
                ] : []
            let ipv4 = Place(bits: 0, length: 96)
            landmarks = aliases + [ipv4]
            // The aliases first: what they lead to has to be behind them, as with every node.
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

        /// Makes the nodes down to a place of an empty part of the tree.
        private mutating func lead(to place: Place) -> UInt32 {
            var node: UInt32 = 0
            for depth in 0..<place.length {
                let bit = place.bit(depth)
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

extension MMDBWriter.PrefixTree.Place {
    func bit(_ depth: Int) -> Int { Int(truncatingIfNeeded: bits >> UInt128(127 &- depth)) & 1 }

    var parent: Self { Self(bits: bits, length: length - 1) }

    func child(_ bit: Int) -> Self {
        Self(bits: bits | UInt128(bit) << UInt128(127 - length), length: length + 1)
    }

    /// Whether the other place is this one or below it.
    func contains(_ other: Self) -> Bool {
        length <= other.length && (length == 0 || (bits ^ other.bits) >> UInt128(128 - length) == 0)
    }
}

extension MMDBWriter.PrefixTree {
    /// What half of a node leads to, in four bytes.
    struct Record: Sendable, Hashable {
        private let word: UInt32

        private init(word: UInt32) { self.word = word }

        // The root is what nothing leads to, so that its number is free.
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
