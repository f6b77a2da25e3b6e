extension MMDBWriter.PrefixTree {
    /// The tree as it is written: without nodes whose sides are equal, and numbered from the root, left before right.
    ///
    /// A node's left side follows it, and its right side follows all of that: with the size of each side, the numbers
    /// come of themselves, and addresses that are near each other stand near each other in the file.
    struct Layout {
        private let tree: MMDBWriter.PrefixTree
        /// What a node comes to: a value or nothing, or else the number of nodes that it takes.
        private let outcomes: [Record]
        /// How many nodes are written.
        let nodeCount: Int

        init(_ tree: MMDBWriter.PrefixTree) {
            self.tree = tree
            var outcomes = [Record](repeating: .empty, count: tree.nodeCount)
            // From the last to the first: what is below a node stands behind it.
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
            // There has to be a root, even if it is empty.
            nodeCount = outcomes[0].node.map(Int.init) ?? 1
        }

        /// What a record comes to: a value or nothing, or nil for nodes, and how many.
        private static func side(
            _ record: Record, in outcomes: [Record], of tree: MMDBWriter.PrefixTree
        ) -> (leaf: Record?, size: UInt32) {
            if record.isAlias {
                // The nodes that it leads to are counted where they stand.
                let target = outcomes[Int(tree.ipv4Root)]
                return (target.isNode ? nil : target, 0)
            }
            guard let node = record.node else { return (record, 0) }
            guard let size = outcomes[Int(node)].node else { return (outcomes[Int(node)], 0) }
            return (nil, size)
        }

        /// Tells the two records of each node, in the order in which the nodes are written; those that lead to nodes
        /// have the numbers of these.
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
                // An alias is never written as a node of its own, but its target may be one: with its zeros, it is
                // the 96th from the root.
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
