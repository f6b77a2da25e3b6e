import Foundation
import TraceCoreFuzzChecks
import GeoKit
import Testing
import TraceCore

@Suite struct `Databases that break the rules` {
    /// A value that is broken, and what the error says.
    static let records: [(name: String, data: [UInt8], code: MMDBError.Code, words: String)] = [
        ("a pointer to a pointer", [0x20, 2, 0x20, 0], .broken, "points to a pointer"),
        ("a pointer beyond the data", [0x20, 9], .broken, "beyond the data section"),
        ("a cut pointer", [0x38, 0], .broken, "cut off"),
        ("a string beyond the data", [0x42, 0x61], .broken, "type string and size 2 reaches beyond"),
        (
            "a map beyond the data", Bytes.head(7, size: 16_000_000), .broken,
            "type map and size 16000000 reaches beyond"
        ),
        (
            "an array beyond the data", Bytes.head(11, size: 16_000_000), .broken,
            "type array and size 16000000 reaches beyond"
        ),
        ("a double of 5 bytes", Bytes.field(3, [1, 2, 3, 4, 5]), .broken, "type double has a size of 5"),
        ("a float of 8 bytes", Bytes.field(15, [UInt8](repeating: 0, count: 8)), .broken, "type float has a size of 8"),
        ("a number of 5 bytes", Bytes.field(6, [1, 2, 3, 4, 5]), .broken, "type uint32 has a size of 5"),
        ("a boolean of 2", Bytes.head(14, size: 2), .broken, "type boolean has a size of 2"),
        ("a type of 12", [0, 5], .broken, "type 12"),
        ("a type of 262", [0, 255], .broken, "type 262"),
        ("a cut type", [0], .broken, "cut off"),
        ("a cut size", [0x5E, 1], .broken, "cut off"),
        ("a key that is a number", [0xE1, 0xA0, 0xA0], .broken, "the key of a map has type uint16"),
        ("a map that holds itself", Bytes.map([("a", Bytes.pointer(0))]), .tooMuch, "512 levels"),
        ("an array that holds itself twice", Bytes.array([Bytes.pointer(0), Bytes.pointer(0)]), .tooMuch, ""),
        ("600 levels", nested(600), .tooMuch, "512 levels"),
        ("a fan of pointers", fan(levels: 40, width: 8), .tooMuch, "65536 values"),
        (
            "a fan over text", fan(levels: 2, width: 64, Bytes.string(String(repeating: "x", count: 60_000))), .tooMuch,
            "2 MiB"
        ),
    ]

    /// Arrays of one element, one in the other.
    static func nested(_ levels: Int) -> [UInt8] {
        (0..<levels).flatMap { _ in Bytes.head(11, size: 1) } + Bytes.uint16(1)
    }

    /// Arrays that each point to the one before, and as often as they are wide; the last one first.
    static func fan(levels: Int, width: Int, _ last: [UInt8] = Bytes.uint16(1)) -> [UInt8] {
        // The pointers are of the last form, so that all places can be told beforehand.
        let size = Bytes.head(11, size: width).count + width * 5
        return (0..<levels).flatMap { level in
            Bytes.array((0..<width).map { _ in Bytes.pointer((level + 1) * size) })
        } + last
    }

    private struct Everything: Decodable {
        init(from decoder: any Decoder) throws {
            if let map = try? decoder.container(keyedBy: Key.self) {
                for key in map.allKeys { _ = try map.decode(Everything.self, forKey: key) }
            } else if var array = try? decoder.unkeyedContainer() {
                while !array.isAtEnd { _ = try array.decode(Everything.self) }
            }
        }

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: records.indices)
    func `a broken record is an error that names its rule, and the database goes on`(index: Int) throws {
        let (_, data, code, words) = Self.records[index]
        var bytes = DatabaseBytes()
        let sound = Bytes.string("sound")
        // It lies behind the broken one, whose pointers count from the beginning of the data.
        bytes.data = data
        bytes.nodes = [(17, 2)]
        let alone = try MMDBDatabase(bytes: bytes.bytes)
        let record = try #require(try alone.lookup(IPAddress(v4: 0)).record)
        let error = errorOf { () throws(MMDBError) in _ = try record.value() }
        #expect(error?.code == code)
        #expect(words.isEmpty || error?.message.contains(words) == true, "\(String(describing: error))")
        #expect(error?.offset != nil)
        _ = try? record.decode(Everything.self)
        _ = try? record.string(at: ["a", "a", "a"])
        // Those that are broken by the end of the data are not with something behind them.
        if index > 3 {
            bytes.data += sound
            bytes.nodes = [(17, UInt32(17 + data.count))]
            let both = try MMDBDatabase(bytes: bytes.bytes)
            _ = errorOf { () throws(MMDBError) in _ = try both.lookup(IPAddress(v4: 0)).record?.value() }
            #expect(try both.lookup(IPAddress(v4: .max)).record?.value() == .string("sound"))
        }
    }

    private func errorOf(_ body: () throws(MMDBError) -> Void) -> MMDBError? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func `512 levels are read`() throws {
        #expect(throws: Never.self) { try TestDatabase.record(Self.nested(511)).value() }
    }

    static let files: [(name: String, bytes: [UInt8], code: MMDBError.Code, words: String)] = {
        var files: [(String, [UInt8], MMDBError.Code, String)] = [
            ("nothing", [], .notADatabase, "empty"),
            ("text", Array("hello".utf8), .notADatabase, "contain no metadata"),
            ("a marker alone", [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8), .broken, "outside"),
        ]
        var database = TestDatabase.oneNetwork(recordSize: 24, ipVersion: 4)
        files.append(("cut metadata", Array(database.bytes.dropLast(30)), .broken, ""))
        files.append(("a far marker", database.bytes + [UInt8](repeating: 0, count: 200_000), .notADatabase, "128 KiB"))
        database.claimedNodeCount = 1_000_000
        files.append(("too many nodes", database.bytes, .broken, "1000000 nodes"))
        database.claimedNodeCount = Int(UInt32.max)
        files.append(("most nodes", database.bytes, .broken, "nodes"))
        database.claimedNodeCount = nil
        database.recordSize = 26
        files.append(("26 bits", database.bytes, .broken, "record size of 26 bits"))
        database.recordSize = 0
        files.append(("0 bits", database.bytes, .broken, "record size of 0 bits"))
        database.recordSize = 24
        database.ipVersion = 5
        files.append(("IP version 5", database.bytes, .broken, "IP version 5"))
        return files
    }()

    @Test(arguments: files.indices)
    func `a broken file is not opened`(index: Int) {
        let (_, bytes, code, words) = Self.files[index]
        let error = errorOf { () throws(MMDBError) in _ = try MMDBDatabase(bytes: bytes) }
        #expect(error?.code == code)
        #expect(words.isEmpty || error?.message.contains(words) == true, "\(String(describing: error))")
    }

    @Test(arguments: [(0 as UInt32, 0 as UInt32), (5, 5), (2, 2), (16, 16), (0xFF_FFFF, 0xFF_FFFF)])
    func `a tree that loops or leads astray is an error`(left: UInt32, right: UInt32) throws {
        var bytes = DatabaseBytes(record: Bytes.string("x"))
        bytes.nodes = [(left, right)]
        let database = try MMDBDatabase(bytes: bytes.bytes)
        #expect(throws: MMDBError.self) { try database.lookup(IPAddress(v4: 1)) }
        #expect(throws: MMDBError.self) { try database.verify() }
    }

    @Test func `a tree with a node for many prefixes is no endless list`() throws {
        var bytes = DatabaseBytes()
        bytes.ipVersion = 6
        // 127 levels, each of which leads to the next one on both sides; then nothing.
        bytes.nodes = (1...127).map { (UInt32($0), UInt32($0)) } + [(128, 128)]
        var networks = try MMDBDatabase(bytes: bytes.bytes).networks(includingEmpty: true)
        var count = 0
        let error = errorOf { () throws(MMDBError) in while try networks.next() != nil { count += 1 } }
        #expect(error?.code == .tooMuch && error?.message.contains("again and again") == true)
        #expect(count < 128 * 16 + 1024)
    }

    @Test func `verifying finds what is not zero between the tree and the data, and data that nothing leads to`() throws
    {
        var bytes = DatabaseBytes(record: Bytes.string("x")).bytes
        bytes[6] = 1
        let dirty = try MMDBDatabase(bytes: bytes)
        #expect(errorOf { () throws(MMDBError) in try dirty.verify() }?.offset == 6)
        let unused = try MMDBDatabase(bytes: DatabaseBytes(record: Bytes.string("x") + [0, 5]).bytes)
        #expect(errorOf { () throws(MMDBError) in try unused.verify() }?.message.contains("type 12") == true)
    }

    @Test(arguments: 0..<6)
    func `any byte may be any other`(part: Int) throws {
        var random = SeededGenerator(seed: UInt64(part))
        let sound = [
            TestDatabase.oneNetwork(recordSize: 28, ipVersion: 6).bytes,
            DatabaseBytes(record: `Reading records`.city).bytes,
        ]
        for _ in 0..<150 {
            var bytes = sound[random.below(2)]
            for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
            try checkDatabase(bytes)
        }
    }

    /// The files that the fuzzer starts from.
    private static func corpus() throws -> [(name: String, bytes: [UInt8])] {
        let folder = URL(filePath: #filePath).appending(path: "../../../Fuzz/Corpus/MMDB").standardizedFileURL
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        return try names.sorted().map { ($0, Array(try Data(contentsOf: folder.appending(path: $0)))) }
    }

    @Test func `every file of the fuzzer's corpus keeps the rules`() throws {
        let corpus = try Self.corpus()
        #expect(corpus.count >= 10)
        for (name, bytes) in corpus {
            #expect(throws: Never.self, "\(name)") { try checkDatabase(bytes) }
        }
    }

    @Test func `any file cut anywhere keeps the rules`() throws {
        let bytes = DatabaseBytes(record: `Reading records`.city).bytes
        for count in 0..<bytes.count { try checkDatabase(Array(bytes[..<count])) }
    }
}
