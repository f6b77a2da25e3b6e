public import TraceCore

/// The networks of a database in the order of their addresses, found as they are asked for.
///
///     var networks = database.networks()
///     while let found = try networks.next() { print(found.network) }
///
/// In a database of both kinds of addresses the IPv4 networks come first, as such; where the tree leads to them a second
/// time, as it does for 2002::/16, they are left out.
public struct MMDBNetworks: Sendable {
    /// A place of the tree that is still to be gone to.
    private struct Place {
        var record: UInt32
        /// The bits that led here, the first one the highest of the address.
        var bits: UInt128
        var depth: Int
    }

    private let file: DatabaseFile
    private let includesEmpty: Bool
    private var places: [Place] = []
    private var failure: MMDBError?
    /// The depth that it began at: whoever begins at IPv4 addresses under a second name wants them.
    private var firstDepth = 0
    /// How many nodes may still be visited. In a sound tree only few are led to twice; in one that is built to be slow
    /// a node has as many names as there are addresses.
    private var visitsLeft: Int

    private var width: Int { file.metadata.ipVersion == 4 ? 32 : 128 }

    init(_ file: DatabaseFile, within network: IPNetwork?, includesEmpty: Bool) {
        self.file = file
        self.includesEmpty = includesEmpty
        visitsLeft = file.metadata.nodeCount &* 16 &+ 1024
        guard let network else {
            places = [Place(record: 0, bits: 0, depth: 0)]
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
        // An IPv4 network in a database of both kinds lies below 96 zeros.
        let offset = isV4 && width == 128 ? 96 : 0
        let bits = isV4 ? network.first.bits << UInt128(width - 32 - offset) : network.first.bits
        var place = Place(record: isV4 ? file.v4Root.record : 0, bits: 0, depth: offset)
        file.bytes.withSpan { bytes in
            while place.depth < offset + network.prefixLength, place.record < file.tree.nodeCount {
                let side = Int(truncatingIfNeeded: bits >> UInt128(width - 1 - place.depth)) & 1
                place.record = file.tree.record(in: bytes, of: place.record, side: side)
                place.bits |= UInt128(side) << UInt128(width - 1 - place.depth)
                place.depth += 1
            }
        }
        firstDepth = place.depth
        places = [place]
    }

    /// The next network; nil after the last one. After an error there are no more.
    public mutating func next() throws(MMDBError) -> MMDBResult? {
        if let failure {
            self.failure = nil
            places = []
            throw failure
        }
        do throws(MMDBError) {
            return try advance()
        } catch {
            places = []
            throw error
        }
    }

    private mutating func advance() throws(MMDBError) -> MMDBResult? {
        while let place = places.popLast() {
            if place.record < file.tree.nodeCount {
                try open(place)
                continue
            }
            let offset = try file.offset(of: place.record)
            if offset >= 0 || includesEmpty { return result(place, offset) }
        }
        return nil
    }

    /// Goes on to both sides of a node.
    private mutating func open(_ place: Place) throws(MMDBError) {
        if isAlias(place) { return }
        guard place.depth < width else {
            _ = try file.offset(of: place.record)
            return
        }
        visitsLeft -= 1
        guard visitsLeft >= 0 else {
            throw MMDBError(.broken, "the search tree leads to its nodes over and over again")
        }
        let (left, right) = file.bytes.withSpan { bytes in
            (
                file.tree.record(in: bytes, of: place.record, side: 0),
                file.tree.record(in: bytes, of: place.record, side: 1)
            )
        }
        let bit = UInt128(1) << UInt128(width - 1 - place.depth)
        places.append(Place(record: right, bits: place.bits | bit, depth: place.depth + 1))
        places.append(Place(record: left, bits: place.bits, depth: place.depth + 1))
    }

    /// Whether this is the root of the IPv4 addresses under another name than theirs.
    private func isAlias(_ place: Place) -> Bool {
        width == 128 && place.record == file.v4Root.record && place.depth > firstDepth
            && !(place.bits == 0 && place.depth == file.v4Root.depth)
    }

    private func result(_ place: Place, _ offset: Int) -> MMDBResult {
        let isV4 = width == 32 || place.depth >= 96 && place.bits >> 32 == 0
        let address = isV4 ? IPAddress(v4: UInt32(truncatingIfNeeded: place.bits)) : IPAddress(v6: place.bits)
        return MMDBResult(
            file: file, address: address, prefixLength: width == 128 && isV4 ? place.depth - 96 : place.depth,
            offset: offset)
    }
}

extension MMDBDatabase {
    /// The networks that have a record, all or those within one.
    ///
    /// Where a larger network than the one that is given has a single record, or none, it is that larger one.
    ///
    /// - Parameters:
    ///   - network: Where to look; everywhere if it is not given.
    ///   - includesEmpty: Whether the networks without a record come too.
    public func networks(within network: IPNetwork? = nil, includingEmpty includesEmpty: Bool = false) -> MMDBNetworks {
        MMDBNetworks(file, within: network, includesEmpty: includesEmpty)
    }
}
