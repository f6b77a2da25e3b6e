import TraceCoreFuzzChecks
import GeoKit
import Testing
import TraceCore

@Suite struct `Reading records` {
    static let scalars: [([UInt8], MMDBValue)] = [
        (Bytes.string("Zürich"), .string("Zürich")),
        (Bytes.string(""), .string("")),
        (Bytes.string(String(repeating: "a", count: 29)), .string(UntrustedText(String(repeating: "a", count: 29)))),
        (Bytes.string(String(repeating: "b", count: 300)), .string(UntrustedText(String(repeating: "b", count: 300)))),
        (
            Bytes.string(String(repeating: "c", count: 70000)),
            .string(UntrustedText(String(repeating: "c", count: 70000)))
        ),
        (Bytes.field(2, [0xFF]), .string(UntrustedText(decoding: [0xFF]))),
        (Bytes.field(4, [1, 2, 3]), .bytes([1, 2, 3])),
        (Bytes.field(3, [0x40, 0x45, 0, 0, 0, 0, 0, 0]), .double(42)),
        (Bytes.field(15, [0x3F, 0x80, 0, 0]), .float(1)),
        (Bytes.field(5, []), .uint16(0)),
        (Bytes.field(5, [1, 0]), .uint16(256)),
        (Bytes.field(6, [0xFF, 0xFF, 0xFF, 0xFF]), .uint32(.max)),
        (Bytes.field(8, [0xFF, 0xFF, 0xFF, 0xFE]), .int32(-2)),
        (Bytes.field(8, [0xFE]), .int32(254)),
        (Bytes.field(9, [UInt8](repeating: 0xFF, count: 8)), .uint64(.max)),
        (Bytes.field(10, [UInt8](repeating: 0xFF, count: 16)), .uint128(.max)),
        (Bytes.head(14, size: 1), .boolean(true)),
        (Bytes.head(14, size: 0), .boolean(false)),
        (Bytes.array([]), .array([])),
        (Bytes.map([]), .map([])),
    ]

    @Test(arguments: scalars.indices)
    func `every type and every form of size is read`(index: Int) throws {
        let (data, value) = Self.scalars[index]
        #expect(try TestDatabase.record(data).value() == value)
        // And again, from the cache.
        let record = try TestDatabase.record(data)
        _ = try record.value()
        #expect(try record.value() == value)
    }

    @Test(arguments: [(0, 100), (1, 2048), (1, 3000), (2, 526_336), (3, 5), (3, 530_000)])
    func `every form of pointer leads to its value`(form: Int, offset: Int) throws {
        var data = [UInt8](repeating: 0, count: offset) + Bytes.string("there")
        let place = data.count
        data += Bytes.array([Bytes.pointer(offset, form: form), Bytes.string("behind")])
        let record = try TestDatabase.record(data, at: place)
        #expect(try record.value() == .array([.string("there"), .string("behind")]))
        #expect(try record.string(at: [0]) == "there")
        #expect(try record.decode([String].self) == ["there", "behind"])
    }

    static let city = Bytes.map([
        (
            "city",
            Bytes.map([("geoname_id", Bytes.uint32(2_657_896)), ("names", Bytes.map([("en", Bytes.string("Zurich"))]))])
        ),
        ("country", Bytes.map([("iso_code", Bytes.string("CH"))])),
        ("location", Bytes.map([("latitude", Bytes.field(3, [0x40, 0x47, 0xB0, 0, 0, 0, 0, 0]))])),
        ("subdivisions", Bytes.array([Bytes.map([("iso_code", Bytes.string("ZH"))])])),
        ("a_key_that_is_longer_than_sixteen_bytes", Bytes.head(14, size: 1)),
    ])

    @Test func `a path leads to its value, and to nothing where there is none`() throws {
        let record = try TestDatabase.record(Self.city)
        #expect(try record.string(at: ["country", "iso_code"]) == "CH")
        #expect(try record.string(at: ["city", "names", "en"]) == "Zurich")
        #expect(try record.integer(at: ["city", "geoname_id"]) == 2_657_896)
        #expect(try record.double(at: ["location", "latitude"]) == 47.375)
        #expect(try record.double(at: ["city", "geoname_id"]) == 2_657_896)
        #expect(try record.string(at: ["subdivisions", 0, "iso_code"]) == "ZH")
        #expect(try record.value(at: "a_key_that_is_longer_than_sixteen_bytes") == .boolean(true))
        #expect(try record.value(at: []) == record.value())
    }

    @Test(
        arguments: [
            ["nowhere"], ["country", "iso_codes"], ["country", "iso_cod"], ["subdivisions", 1], ["subdivisions", -1],
            ["country", 0], ["subdivisions", "iso_code"], ["country", "iso_code", "deeper"],
            ["a_key_that_is_longer_than_sixteen_bytez"], [""],
        ] as [MMDBPath])
    func `a path that leads nowhere finds nothing`(path: MMDBPath) throws {
        #expect(try TestDatabase.record(Self.city).value(at: path) == nil)
    }

    struct City: Decodable, Equatable {
        struct Place: Decodable, Equatable { var names: [String: String] }
        struct Country: Decodable, Equatable { var iso_code: String }
        struct Location: Decodable, Equatable {
            var latitude: Double
            var time_zone: String?
        }
        var city: Place
        var country: Country
        var location: Location?
        var subdivisions: [Country]
        var postal: Country?
    }

    @Test func `a type is decoded with the keys that it names`() throws {
        let city = try TestDatabase.record(Self.city).decode(City.self)
        let expected = City(
            city: City.Place(names: ["en": "Zurich"]), country: City.Country(iso_code: "CH"),
            location: City.Location(latitude: 47.375), subdivisions: [City.Country(iso_code: "ZH")])
        #expect(city == expected)
    }

    @Test func `a type that does not fit is an error with the path`() throws {
        struct Wrong: Decodable {
            struct Country: Decodable { var iso_code: Int }
            var country: Country
        }
        let record = try TestDatabase.record(Self.city)
        let error = #expect(throws: DecodingError.self) { try record.decode(Wrong.self) }
        guard case .typeMismatch(_, let context) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(context.codingPath.map(\.stringValue) == ["country", "iso_code"])
        #expect(context.debugDescription.hasPrefix("/country/iso_code: expected Int, found a string"))
    }

    @Test func `a missing key, a number that does not fit and text that is none are errors`() throws {
        struct Missing: Decodable { var continent: String }
        struct Small: Decodable { var number: UInt8 }
        let record = try TestDatabase.record(Self.city)
        #expect(throws: DecodingError.self) { try record.decode(Missing.self) }
        let number = try TestDatabase.record(Bytes.map([("number", Bytes.uint16(256))]))
        #expect(throws: DecodingError.self) { try number.decode(Small.self) }
        let stray = try TestDatabase.record(Bytes.field(2, [0xFF]))
        #expect(throws: DecodingError.self) { try stray.decode(String.self) }
        #expect(try stray.decode(UntrustedText.self).bytes == [0xFF])
    }

    @Test(arguments: [[0, 1], [1, 0], [0, 1, 0, 1], [1, 1, 0, 0]])
    func `two keys whose texts begin at the same byte are two`(order: [Int]) throws {
        // The size of 29 and 0x43 more has its last byte where a key of three bytes begins: one in the other.
        let long = "abc" + String(repeating: "x", count: 29 + 0x43 - 3)
        let key = Bytes.string(long)
        try #require(key[1] == 0x43)
        var bytes = DatabaseBytes()
        // Two maps of one pair; their keys are the same bytes but for the first one.
        bytes.data = key
        let places = [0, 1].map { offset in
            defer { bytes.data += Bytes.head(7, size: 1) + Bytes.pointer(offset) + Bytes.uint16(1) }
            return bytes.data.count
        }
        bytes.nodes = [(UInt32(17 + places[0]), UInt32(17 + places[1]))]
        let database = try MMDBDatabase(bytes: bytes.bytes)
        for side in order {
            let record = try database.lookup(IPAddress(v4: side == 0 ? 0 : .max)).record
            let name = UntrustedText(side == 0 ? long : "abc")
            #expect(try record?.value() == .map([MMDBValue.Pair(name, .uint16(1))]))
        }
    }

    @Test func `many tasks read one database at once`() async throws {
        let database = try MMDBDatabase(bytes: TestDatabase.oneNetwork(recordSize: 24, ipVersion: 6).bytes)
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var count = 0
                    for last in 0..<UInt8.max {
                        let record = try database.lookup(IPAddress(192, 0, 2, last)).record
                        if case .map = try record?.value() { count += 1 }
                    }
                    return count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == [Int](repeating: 255, count: 8))
    }
}
