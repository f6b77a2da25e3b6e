import TraceCoreFuzzChecks
import GeoKit
import Testing
import TraceCore

typealias Bytes = DatabaseBytes

/// Databases for tests, each as small as its point.
enum TestDatabase {
    /// 192.0.2.0/24 has a record; for every width of records, and for both kinds of trees.
    static func oneNetwork(recordSize: Int, ipVersion: Int) -> DatabaseBytes {
        var database = DatabaseBytes()
        database.recordSize = recordSize
        database.ipVersion = ipVersion
        let address = UInt128(0xC000_0200)
        let (width, length) = ipVersion == 4 ? (32, 24) : (128, 120)
        for depth in 0..<length {
            let next = depth == length - 1 ? UInt32(length + 16) : UInt32(depth + 1)
            let empty = UInt32(length)
            let bit = address >> UInt128(width - 1 - depth) & 1
            database.nodes.append(bit == 0 ? (next, empty) : (empty, next))
        }
        database.data = DatabaseBytes.map([("name", DatabaseBytes.string("TEST-NET-1"))])
        return database
    }

    /// The record that both sides of the only node lead to.
    static func record(_ data: [UInt8], at offset: Int = 0) throws -> MMDBRecord {
        let database = try MMDBDatabase(bytes: DatabaseBytes(record: data, at: offset).bytes)
        return try #require(try database.lookup(IPAddress(v4: 0)).record)
    }
}

@Suite struct `Looking up addresses in a database` {
    static let kinds = [24, 28, 32].flatMap { size in [(size, 4), (size, 6)] }

    @Test(arguments: kinds)
    func `an address leads to its record and the network of it`(recordSize: Int, ipVersion: Int) throws {
        let bytes = TestDatabase.oneNetwork(recordSize: recordSize, ipVersion: ipVersion).bytes
        let database = try MMDBDatabase(bytes: bytes)
        let found = try database.lookup(IPAddress(192, 0, 2, 77))
        #expect(found.network.description == "192.0.2.0/24")
        #expect(try found.record?.string(at: "name") == "TEST-NET-1")
        let gap = try database.lookup(IPAddress(192, 0, 3, 1))
        #expect(gap.network.description == "192.0.3.0/24")
        #expect(gap.record == nil)
        #expect(try database.lookup(IPAddress(v4: 0)).network.description == "0.0.0.0/1")
        try database.verify()
    }

    @Test(arguments: kinds)
    func `the networks are those with a record, and the gaps when they are asked for`(
        recordSize: Int, ipVersion: Int
    ) throws {
        let bytes = TestDatabase.oneNetwork(recordSize: recordSize, ipVersion: ipVersion).bytes
        let database = try MMDBDatabase(bytes: bytes)
        #expect(try names(database.networks()) == ["192.0.2.0/24"])
        #expect(try names(database.networks(includingEmpty: true)).count == (ipVersion == 4 ? 25 : 121))
        let within = try #require(IPNetwork("192.0.0.0/16"))
        #expect(try names(database.networks(within: within)) == ["192.0.2.0/24"])
        let inside = try #require(IPNetwork("192.0.2.128/25"))
        #expect(try names(database.networks(within: inside)) == ["192.0.2.0/24"])
        let elsewhere = try #require(IPNetwork("198.51.100.0/24"))
        #expect(try names(database.networks(within: elsewhere)).isEmpty)
    }

    private func names(_ networks: MMDBDatabase.Networks) throws -> [String] {
        var (networks, names) = (networks, [String]())
        while let found = try networks.next() { names.append(found.network.description) }
        return names
    }

    @Test func `IPv6 addresses find the IPv4 part where it is, and are refused by a database of IPv4`() throws {
        let both = try MMDBDatabase(bytes: TestDatabase.oneNetwork(recordSize: 28, ipVersion: 6).bytes)
        let found = try both.lookup(IPAddress(v6: 0xC000_0207))
        #expect(found.network.prefixLength == 120)
        #expect(found.record != nil)
        let v4 = try MMDBDatabase(bytes: TestDatabase.oneNetwork(recordSize: 28, ipVersion: 4).bytes)
        let error = #expect(throws: MMDBError.self) { try v4.lookup(IPAddress(v6: 1)) }
        #expect(error?.code == .unfit)
    }

    @Test func `a tree that ends above the IPv4 part has one record for all of IPv4`() throws {
        var bytes = DatabaseBytes(record: DatabaseBytes.string("all"))
        bytes.ipVersion = 6
        let found = try MMDBDatabase(bytes: bytes.bytes).lookup(IPAddress(192, 0, 2, 1))
        #expect(found.network.description == "0.0.0.0/0")
        #expect(try found.record?.value() == .string("all"))
    }

    @Test func `IPv4 networks come once, though other names lead to them`() throws {
        var bytes = TestDatabase.oneNetwork(recordSize: 24, ipVersion: 6)
        // 8000::/1 leads to where IPv4 begins.
        bytes.nodes[0].1 = 96
        let database = try MMDBDatabase(bytes: bytes.bytes)
        #expect(try names(database.networks()) == ["192.0.2.0/24"])
        let alias = try #require(IPNetwork("8000::/1"))
        #expect(try names(database.networks(within: alias)).count == 1)
    }

    @Test func `the metadata are those of the file`() throws {
        let metadata = try MMDBDatabase(bytes: TestDatabase.oneNetwork(recordSize: 32, ipVersion: 6).bytes).metadata
        #expect(metadata.nodeCount == 120)
        #expect(metadata.recordSize == 32)
        #expect(metadata.ipVersion == 6)
        #expect(metadata.databaseType == "Test")
        #expect(metadata.languages == ["en"])
        #expect(metadata.description == ["en": "made for a test"])
        #expect(metadata.buildEpoch == 0x6500_0000)
        #expect(metadata.buildDate == .epoch + .seconds(0x6500_0000))
    }

    @Test(arguments: [0, 9_223_372_036_854, 9_223_372_036_855, 1 << 63 - 1, 1 << 63, .max] as [UInt64])
    func `any time of the build is a value, and the date stays what a date can be`(seconds: UInt64) throws {
        var bytes = TestDatabase.oneNetwork(recordSize: 24, ipVersion: 4)
        bytes.buildEpoch = (0..<8).reversed().map { UInt8(truncatingIfNeeded: seconds >> UInt64($0 * 8)) }
        let metadata = try MMDBDatabase(bytes: bytes.bytes).metadata
        #expect(metadata.buildEpoch == seconds)
        let isDate = seconds <= 9_223_372_036_854
        #expect(metadata.buildDate.microsecondsSince1970 == (isDate ? Int64(seconds) * 1_000_000 : .max))
        #expect(UTCTime("\(metadata.buildDate)") == metadata.buildDate)
        // Written again, the date is the latest that there is.
        let writer = MMDBWriter(MMDBWriter.Options(databaseType: "Test", buildDate: metadata.buildDate))
        let again = try MMDBDatabase(bytes: writer.encoded()).metadata
        #expect(again.buildEpoch == min(seconds, 9_223_372_036_854))
    }
}
