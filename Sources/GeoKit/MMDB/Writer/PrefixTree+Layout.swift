extension MMDBWriter.PrefixTree {
    /// The tree as it is written: without nodes whose sides are equal, and numbered from the root, left before right.
    ///
    /// A node is followed by its whole left side and then by its whole right side. So the sizes of the sides give the
    /// numbers, and addresses that are close to each other are close in the file.
    struct Layout {
        private let tree: MMDBWriter.PrefixTree
        /// What each node becomes: a value, nothing, or a number of nodes.
        private let outcomes: [Record]
        /// The number of nodes that are written.
        let nodeCount: Int

        init(_ tree: MMDBWriter.PrefixTree) {
            self.tree = tree
            var outcomes = [Record](repeating: .empty, count: tree.nodeCount)
            // From the last to the first, because everything below a node comes after it.
            for node in (0..<tree.nodeCount).reversed() {
                let left = tree.records[node << 1]
                let right = tree.records[node << 1 | 1]
                let (leftLeaf, leftSize) = Self.side(left, in: outcomes, of: tree)
                let (rightLeaf, rightSize) = Self.side(right, in: outcomes, of: tree)
                if let leftLeaf, leftLeaf == rightLeaf {
                    outcomes[node] = leftLeaf
                } else {
                    outcomes[node] = .node(1 &+ leftSize &+ rightSize)
                }
            }
            self.outcomes = outcomes
            // There must be a root, even an empty one.
            nodeCount = outcomes[0].node.map(Int.init) ?? 1
        }

        /// What a record becomes: a value or nothing, or nil and a number of nodes.
        private static func side(
            _ record: Record, in outcomes: [Record], of tree: MMDBWriter.PrefixTree
        ) -> (leaf: Record?, size: UInt32) {
            if record.isAlias {
                // Its target is counted elsewhere.
                let target = outcomes[Int(tree.ipv4Root)]
                return (target.isNode ? nil : target, 0)
            }
            guard let node = record.node else { return (record, 0) }
            guard let size = outcomes[Int(node)].node else { return (outcomes[Int(node)], 0) }
            return (nil, size)
        }

        /// Calls the body with the two records of each node, in the order of the file. Records that lead to nodes have
        /// the numbers of the file.
        func forEachNode<Failure: Error>(
            _ body: (_ left: Record, _ right: Record) throws(Failure) -> Void
        ) throws(Failure) {
            guard outcomes[0].isNode else {
                return try body(outcomes[0], outcomes[0])
            }
            var number: UInt32 = 0
            var pending: [Int] = [0]
            while let node = pending.popLast() {
                let left = tree.records[node << 1]
                let right = tree.records[node << 1 | 1]
                let (leftLeaf, leftSize) = Self.side(left, in: outcomes, of: tree)
                let (rightLeaf, _) = Self.side(right, in: outcomes, of: tree)
                // An alias is not a node of its own, but its target may be one: behind 96 zero bits, it has number 96.
                let ipv4 = Record.node(96)
                if rightLeaf == nil, let next = right.node { pending.append(Int(next)) }
                if leftLeaf == nil, let next = left.node { pending.append(Int(next)) }
                try body(
                    leftLeaf ?? (left.isAlias ? ipv4 : .node(number &+ 1)),
                    rightLeaf ?? (right.isAlias ? ipv4 : .node(number &+ 1 &+ leftSize)))
                number &+= 1
            }
        }
    }
}
