public import TraceCore

extension MMDBDatabase {
    /// The networks of a database in the order of their addresses. The tree is walked as they are asked for.
    ///
    ///     var networks = database.networks()
    ///     while let found = try networks.next() { print(found.network) }
    ///
    /// In a database of both families, the IPv4 networks come first, as IPv4 networks. Other parts of the tree that
    /// lead to them, such as 2002::/16, are skipped.
    public struct Networks: Sendable {
        /// A branch of the tree that has yet to be walked.
        private struct Branch {
            var record: UInt32
            /// The bits of the address that lead here, left-aligned.
            var bits: UInt128
            var depth: Int
        }

        private let file: DatabaseFile
        private let includesEmpty: Bool
        private var branches: [Branch] = []
        private var failure: MMDBError?
        /// The depth at which the walk began. A walk that begins at an alias of the IPv4 networks does not skip it.
        private var firstDepth = 0
        /// How many nodes may still be visited. In a sound tree, few nodes are reached twice. A malicious tree can
        /// reach a node once for every address.
        private var visitsLeft: Int

        private var width: Int { file.addressWidth }

        init(_ file: DatabaseFile, within network: IPNetwork?, includesEmpty: Bool) {
            self.file = file
            self.includesEmpty = includesEmpty
            visitsLeft = file.metadata.nodeCount &* 16 &+ 1024
            guard let network else {
                branches = [Branch(record: 0, bits: 0, depth: 0)]
                return
            }
            begin(at: network)
        }

        private mutating func begin(at network: IPNetwork) {
            let isV4 = network.family == .v4
            if !isV4, width == 32 {
                failure = DatabaseFile.isV4Only()
                return
            }
            // In a database of both families, the IPv4 networks are below 96 zero bits.
            let offset = isV4 && width == 128 ? 96 : 0
            let bits = isV4 ? network.first.bits << UInt128(width - 32 - offset) : network.first.bits
            var branch = Branch(record: isV4 ? file.v4Root.record : 0, bits: 0, depth: offset)
            file.bytes.withSpan { bytes in
                while branch.depth < offset + network.prefixLength, branch.record < file.tree.nodeCount {
                    let side = Int(truncatingIfNeeded: bits >> UInt128(width - 1 - branch.depth)) & 1
                    branch.record = file.tree.record(in: bytes, of: branch.record, side: side)
                    branch.bits |= UInt128(side) << UInt128(width - 1 - branch.depth)
                    branch.depth += 1
                }
            }
            firstDepth = branch.depth
            branches = [branch]
        }

        /// The next network, or nil after the last one. After an error, there are no more.
        public mutating func next() throws(MMDBError) -> MMDBResult? {
            if let failure {
                self.failure = nil
                branches = []
                throw failure
            }
            do throws(MMDBError) {
                return try advance()
            } catch {
                branches = []
                throw error
            }
        }

        private mutating func advance() throws(MMDBError) -> MMDBResult? {
            while let branch = branches.popLast() {
                if branch.record < file.tree.nodeCount {
                    try open(branch)
                    continue
                }
                let offset = try file.offset(of: branch.record)
                if offset >= 0 || includesEmpty { return result(branch, offset) }
            }
            return nil
        }

        /// Adds both sides of a node to what has yet to be walked.
        private mutating func open(_ branch: Branch) throws(MMDBError) {
            if isAlias(branch) { return }
            guard branch.depth < width else {
                _ = try file.offset(of: branch.record)
                return
            }
            visitsLeft -= 1
            guard visitsLeft >= 0 else {
                throw MMDBError(
                    .tooMuch, "the search tree leads to the same nodes again and again, which makes too many networks")
            }
            let (left, right) = file.bytes.withSpan { bytes in
                (
                    file.tree.record(in: bytes, of: branch.record, side: 0),
                    file.tree.record(in: bytes, of: branch.record, side: 1)
                )
            }
            let bit = UInt128(1) << UInt128(width - 1 - branch.depth)
            branches.append(Branch(record: right, bits: branch.bits | bit, depth: branch.depth + 1))
            branches.append(Branch(record: left, bits: branch.bits, depth: branch.depth + 1))
        }

        /// Whether this is an alias of the IPv4 networks. What is deeper than these, or on the way to them, is none:
        /// look-ups fail there for want of bits, and so must the list.
        private func isAlias(_ branch: Branch) -> Bool {
            width == 128 && branch.record == file.v4Root.record && branch.depth > firstDepth
                && branch.depth <= file.v4Root.depth && branch.bits != 0
        }

        private func result(_ branch: Branch, _ offset: Int) -> MMDBResult {
            let isV4 = width == 32 || branch.depth >= 96 && branch.bits >> 32 == 0
            let address = isV4 ? IPAddress(v4: UInt32(truncatingIfNeeded: branch.bits)) : IPAddress(v6: branch.bits)
            return MMDBResult(
                file: file, address: address, prefixLength: width == 128 && isV4 ? branch.depth - 96 : branch.depth,
                offset: offset)
        }
    }

    /// The networks that have a record.
    ///
    /// If one larger network around the given one has a single record, or none, the result is that larger network.
    ///
    /// - Parameters:
    ///   - network: Where to look; nil for everywhere.
    ///   - includesEmpty: Whether to include the networks without a record.
    public func networks(within network: IPNetwork? = nil, includingEmpty includesEmpty: Bool = false) -> Networks {
        Networks(file, within: network, includesEmpty: includesEmpty)
    }
}
