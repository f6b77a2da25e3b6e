import TraceCoreFuzzChecks
import GeoKit
import Testing
import TraceCore

@Suite(.timeLimit(.minutes(10))) struct `Verifying a database` {
    /// A database whose tree is a chain: both sides of each node lead to the next one, the last ones to nothing.
    static func chain(_ count: Int, ipVersion: Int) -> DatabaseBytes {
        var bytes = DatabaseBytes()
        bytes.ipVersion = ipVersion
        bytes.nodes = (1...count).map { (UInt32($0), UInt32($0)) }
        return bytes
    }

    /// Whether the database is sound; if it is, every look-up that is tried succeeds.
    @discardableResult
    static func check(_ bytes: [UInt8], _ comment: Comment = "") throws -> Bool {
        let database = try MMDBDatabase(bytes: bytes)
        guard (try? database.verify()) != nil else { return false }
        for address in DatabaseEdges(bytes, database.metadata).addresses {
            #expect(throws: Never.self, comment) { _ = try database.lookup(address).record?.value() }
        }
        return true
    }

    @Test(arguments: [(4, 32), (6, 128)])
    func `a tree is as deep as an address has bits and no deeper, and its ways are not counted`(
        ipVersion: Int, bits: Int
    ) throws {
        // Each level doubles the ways: none but the first of these would ever end if they were walked.
        for depth in [1, bits / 2, bits - 1, bits] {
            #expect(try Self.check(Self.chain(depth, ipVersion: ipVersion).bytes), "\(depth) levels")
        }
        #expect(try !Self.check(Self.chain(bits + 1, ipVersion: ipVersion).bytes))
    }

    @Test func `levels of many nodes that all lead to each other are walked once`() throws {
        // 100 levels of 50 nodes; each leads to two of the next level.
        var bytes = DatabaseBytes()
        bytes.ipVersion = 6
        let (levels, width) = (100, 50)
        bytes.nodes = (0..<levels * width).map { index in
            let (level, place) = (index / width, index % width)
            guard level + 1 < levels else { return (UInt32(levels * width), UInt32(levels * width + 16)) }
            let next = (level + 1) * width
            return (UInt32(next + place * 7 % width), UInt32(next + (place * 3 + 1) % width))
        }
        bytes.data = Bytes.uint16(1)
        #expect(throws: Never.self) { try MMDBDatabase(bytes: bytes.bytes).verify() }
        // With one way back there is a way without an end.
        bytes.nodes[70 * width].1 = UInt32(29 * width + 3)
        #expect(throws: MMDBError.self) { try MMDBDatabase(bytes: bytes.bytes).verify() }
    }

    /// A tree of both families with 192.0.2.0/24, in which one record is another one.
    @Test(arguments: [
        // A node at which IPv4 begins leads to itself, or is an alias of it too deep for its networks.
        (96, 0, 96), (97, 0, 96), (119, 0, 96), (119, 1, 96),
        // The way to IPv4 leads back.
        (95, 0, 0), (95, 0, 95), (0, 0, 0), (40, 0, 10), (0, 1, 0),
        // Into the separator, into the middle of a value, and beyond the data.
        (5, 1, 121), (119, 0, 120 + 16 + 2), (5, 1, 120 + 16 + 17),
    ])
    func `what look-ups fail on is not sound`(node: Int, side: Int, record: Int) throws {
        var bytes = TestDatabase.oneNetwork(recordSize: 24, ipVersion: 6)
        if side == 0 { bytes.nodes[node].0 = UInt32(record) } else { bytes.nodes[node].1 = UInt32(record) }
        #expect(throws: MMDBError.self) { try MMDBDatabase(bytes: bytes.bytes).verify() }
    }

    @Test(arguments: [(96, 1), (104, 2), (105, nil)] as [(Int, Int?)])
    func `an alias of the IPv4 networks is sound where these fit`(depth: Int, count: Int?) throws {
        var bytes = TestDatabase.oneNetwork(recordSize: 24, ipVersion: 6)
        // A way of ones to the node at which IPv4 begins, whose only network needs 24 bits.
        let first = UInt32(bytes.nodes.count)
        let shift = UInt32(depth - 1)
        bytes.nodes = bytes.nodes.map { left, right in
            (left >= first ? left + shift : left, right >= first ? right + shift : right)
        }
        for step in 1..<UInt32(depth) {
            bytes.nodes.append((first + shift, step + 1 == UInt32(depth) ? 96 : first + step))
        }
        bytes.nodes[0].1 = first
        let database = try MMDBDatabase(bytes: bytes.bytes)
        #expect(try Self.check(bytes.bytes) == (count != nil))
        // The list skips an alias of all of IPv4, has a deeper one as IPv6, and fails where look-ups do.
        var (networks, found) = (database.networks(), 0)
        guard let count else {
            #expect(throws: MMDBError.self) { while try networks.next() != nil {} }
            return
        }
        while try networks.next() != nil { found += 1 }
        #expect(found == count)
    }

    /// Records that are sound each by itself, but not where pointers put them together.
    static let records: [(name: String, data: [UInt8], place: Int, isSound: Bool)] = {
        let deep = `Databases that break the rules`.nested(400)
        let wide = Bytes.array((0..<40_000).map { _ in Bytes.head(14, size: 1) })
        let long = Bytes.string(String(repeating: "x", count: 1_100_000))
        func pair(_ value: [UInt8]) -> [UInt8] { value + Bytes.array([Bytes.pointer(0), Bytes.pointer(0)]) }
        let nest = (0..<200).flatMap { _ in Bytes.head(11, size: 1) } + Bytes.pointer(0)
        let doubling = `Databases that break the rules`.fan(levels: 100, width: 2)
        // 2^15 values at the end, in 2^15 - 1 arrays that are 15.
        let allowed = `Databases that break the rules`.fan(levels: 15, width: 2)
        return [
            ("600 levels by way of a pointer", deep + nest, deep.count, false),
            ("513 levels by way of a pointer", Array(deep.dropFirst(176)) + nest, deep.count - 176, false),
            ("512 levels by way of a pointer", Array(deep.dropFirst(178)) + nest, deep.count - 178, true),
            ("twice 40000 values", pair(wide), wide.count, false),
            ("twice a long text", pair(long), long.count, false),
            (
                "a long key twice",
                long + Bytes.head(7, size: 2) + Bytes.pointer(0) + [0xA0] + Bytes.pointer(0) + [0xA0],
                long.count, false
            ),
            ("100 levels that double", doubling, 0, false),
            ("15 levels that double", allowed, 0, true),
            ("a map that holds itself", Bytes.map([("a", Bytes.pointer(0))]), 0, false),
            ("a pointer into a text", Bytes.string("aaaAaa") + Bytes.pointer(4), 7, false),
            (
                "a key by a pointer into a text",
                Bytes.string("aaaAaa") + Bytes.head(7, size: 1) + Bytes.pointer(4) + Bytes.uint16(1), 7, false
            ),
            ("a pointer to a key", Bytes.map([("key", Bytes.uint16(1))]) + Bytes.pointer(1), 8, true),
        ]
    }()

    @Test(.timeLimit(.minutes(10)), arguments: records.indices)
    func `a record is sound if it can be read as a whole`(index: Int) throws {
        let (name, data, place, isSound) = Self.records[index]
        #expect(try Self.check(DatabaseBytes(record: data, at: place).bytes, "\(name)") == isSound, "\(name)")
    }

    @Test func `what many records share is read once`() throws {
        // 60,000 values in 2000 records: read in each of them, these would be 120 million.
        let shared = Bytes.array((0..<60_000).map { _ in Bytes.head(14, size: 1) })
        let records = (0..<2000).map { _ in Bytes.array([Bytes.pointer(0)]) }
        let bytes = DatabaseBytes(record: shared + records.joined(), at: shared.count)
        #expect(throws: Never.self) { try MMDBDatabase(bytes: bytes.bytes).verify() }
    }

    /// Databases like those of vendors: both families with aliases, IPv4 alone, each size of records.
    static let sound: [[UInt8]] = {
        let sizes: [(MMDBWriter.RecordSize, IPAddress.Family)] = [(.bits24, .v6), (.bits28, .v6), (.bits32, .v4)]
        return sizes.compactMap { size, family in
            var writer = MMDBWriter(
                MMDBWriter.Options(databaseType: "Test", ipVersion: family, recordSize: size, buildDate: .epoch))
            for index in 0..<24 {
                let record: MMDBValue = [
                    "city": .map([.init("names", ["en": .string(UntrustedText("City \(index % 5)"))])]),
                    "location": ["latitude": .double(Double(index)), "accuracy_radius": .uint16(100)],
                    "subdivisions": .array([["iso_code": "BE"], ["iso_code": .string(UntrustedText("\(index % 3)"))]]),
                ]
                let last = UInt8(index * 10)
                var networks = [IPNetwork(containing: IPAddress(192, last, 2, last), prefixLength: 8 + index)]
                if family == .v6 {
                    let bits = UInt128(0x2003_0000 + index) << 96
                    networks.append(IPNetwork(containing: IPAddress(v6: bits), prefixLength: 20 + index * 4))
                }
                for network in networks.compactMap(\.self) { try? writer.insert(record, for: network) }
            }
            return try? writer.encoded()
        }
    }()

    @Test func `databases as they are made are sound`() throws {
        #expect(Self.sound.count == 3)
        for bytes in Self.sound { #expect(try Self.check(bytes)) }
        for (size, version) in `Looking up addresses in a database`.kinds {
            #expect(try Self.check(TestDatabase.oneNetwork(recordSize: size, ipVersion: version).bytes))
        }
    }

    @Test(arguments: 0..<6) func `no look-up fails in a mutated database that is called sound`(part: Int) throws {
        var random = SeededGenerator(seed: 40 + UInt64(part))
        let original = Self.sound[part % 3]
        var counts = (opened: 0, sound: 0)
        for round in 0..<150 {
            let bytes = try random.mutated(original, inTree: round % 2 == 0)
            guard (try? MMDBDatabase(bytes: bytes)) != nil else { continue }
            counts.opened += 1
            if try Self.check(bytes, "seed \(40 + part), round \(round)") { counts.sound += 1 }
        }
        // Both kinds come, or nothing is tested.
        #expect(counts.sound > 5 && counts.opened - counts.sound > 5, "\(counts)")
    }
}

extension SeededGenerator {
    /// A database in which a few bytes, or a record of the tree, are others.
    fileprivate mutating func mutated(_ original: [UInt8], inTree: Bool) throws -> [UInt8] {
        var bytes = original
        let metadata = try MMDBDatabase(bytes: original).metadata
        let size = metadata.recordSize / 4
        guard inTree, below(3) > 0 else {
            for _ in 0...below(3) { bytes[below(bytes.count)] = UInt8(truncatingIfNeeded: next()) }
            return bytes
        }
        // One node, or both or one of its records, is like another: ways lead back and forth, and to what they share.
        let (node, other) = (below(metadata.nodeCount), below(metadata.nodeCount))
        switch below(3) {
        case 0: for index in 0..<size { bytes[node * size + index] = original[other * size + index] }
        case 1 where size != 7:
            let half = size / 2
            let (to, from) = (below(2) * half, below(2) * half)
            for index in 0..<half { bytes[node * size + to + index] = original[other * size + from + index] }
        default:
            // The lowest bytes of a record give a node nearby.
            bytes[node * size + (size - 1)] = UInt8(truncatingIfNeeded: other)
            if size != 6 || other > 255 { bytes[node * size + size - 2] = UInt8(truncatingIfNeeded: other >> 8) }
        }
        return bytes
    }
}

/// The addresses at the edges of a tree: the first and the last one below each node and record, at every depth.
private struct DatabaseEdges {
    private(set) var addresses: [IPAddress] = []
    private let bytes: [UInt8]
    private let metadata: MMDBDatabase.Metadata
    private var width: Int { metadata.ipVersion == 4 ? 32 : 128 }

    private struct Place: Hashable {
        let record: Int
        let depth: Int
    }

    init(_ bytes: [UInt8], _ metadata: MMDBDatabase.Metadata) {
        self.bytes = bytes
        self.metadata = metadata
        var seen: Set<Place> = []
        var open: [(place: Place, bits: UInt128)] = [(Place(record: 0, depth: 0), 0)]
        while let (place, bits) = open.popLast() {
            guard seen.insert(place).inserted else { continue }
            add(bits)
            add(bits | (UInt128.max >> UInt128(128 - width + place.depth)))
            guard place.record < metadata.nodeCount, place.depth < width else { continue }
            for side in 0..<2 {
                let next = Place(record: record(place.record, side), depth: place.depth + 1)
                open.append((next, bits | UInt128(side) << UInt128(width - next.depth)))
            }
        }
    }

    private mutating func add(_ bits: UInt128) {
        if width == 128 { addresses.append(IPAddress(v6: bits)) }
        if width == 32 || bits >> 32 == 0 { addresses.append(IPAddress(v4: UInt32(truncatingIfNeeded: bits))) }
    }

    private func record(_ node: Int, _ side: Int) -> Int {
        PlainReader.record(node, side, of: bytes, size: metadata.recordSize)
    }
}
