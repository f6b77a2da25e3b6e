import Foundation
import GeoKit
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `What the writer writes` {
    static let options = MMDBWriter.Options(databaseType: "Test", buildDate: .epoch)

    private func reader(
        of entries: [(String, MMDBValue)], _ options: MMDBWriter.Options = options,
        conflict: MMDBWriter.Conflict = .replace
    ) throws -> PlainReader {
        var writer = MMDBWriter(options)
        for (place, value) in entries { try writer.insert(value, for: network(place), conflict: conflict) }
        return try PlainReader(try writer.encoded())
    }

    static let everyType: [MMDBValue] = [
        .map([]), .array([]), .string(""), .bytes([]), .boolean(true), .boolean(false), .uint16(0), .uint16(255),
        .uint16(.max), .uint32(0), .uint32(70_000), .uint32(.max), .uint64(0), .uint64(1 << 40), .uint64(.max),
        .uint128(0), .uint128(1 << 64), .uint128(.max), .int32(0), .int32(1), .int32(-1), .int32(.min), .int32(.max),
        .double(0), .double(-0.0), .double(1.5), .double(.infinity), .double(.leastNonzeroMagnitude), .float(-2.25),
        .bytes([0, 255, 128]), .string("naïve 東京 🗼"), .string("\u{10F7FF} is a scalar"),
        .array([.uint32(1), .array([.boolean(true)]), .map([.init("a", .string("a"))])]),
        .map([.init("", .string("empty key")), .init("b", .map([.init("b", .double(2))]))]),
    ]

    @Test(arguments: everyType.indices)
    func `every type comes back as it went in`(index: Int) throws {
        var value = Self.everyType[index]
        if case .string(let text) = value { value = .string(UntrustedText(decoding: text.raw.utf8)) }
        let found = try reader(of: [("192.0.2.0/24", .array([value, .array([value])]))])
        #expect(try found.value(address("192.0.2.9")) == .array([value, .array([value])]))
    }

    @Test(arguments: [0, 1, 28, 29, 30, 284, 285, 286, 65_820, 65_821, 65_822, 200_000])
    func `sizes at the bounds of their forms come back`(size: Int) throws {
        let text = MMDBValue.string(UntrustedText(String(repeating: "x", count: size)))
        let bytes = MMDBValue.bytes([UInt8](repeating: 7, count: size))
        // Long ones of these take seconds, and the bounds are those of the others.
        let count = size > 286 && size != 65_821 ? 1 : size
        let array = MMDBValue.array((0..<count).map { .uint32(UInt32($0 % 3)) })
        let map = MMDBValue.map((0..<count).map { .init(UntrustedText("\($0)"), .boolean(true)) })
        let found = try reader(of: [
            ("192.0.2.0/26", text), ("192.0.2.64/26", bytes), ("192.0.2.128/26", array), ("192.0.2.192/26", map),
        ])
        #expect(try found.value(address("192.0.2.0")) == text)
        #expect(try found.value(address("192.0.2.64")) == bytes)
        #expect(try found.value(address("192.0.2.128")) == array)
        #expect(try found.value(address("192.0.2.192")) == map)
    }

    @Test func `integers take the fewest bytes`() throws {
        func length(_ value: MMDBValue) throws -> Int {
            var writer = MMDBWriter(Self.options)
            let empty = try writer.encoded().count
            try writer.insert(value, for: network("::/0"))
            return try writer.encoded().count - empty
        }
        // A root that is there in any case, aliases apart; so what is more are the data.
        #expect(try length(.uint32(0)) - length(.uint16(0)) == 0)
        #expect(try length(.uint32(256)) - length(.uint32(255)) == 1)
        #expect(try length(.uint128(.max)) - length(.uint128(0)) == 16)
        #expect(try length(.int32(-1)) - length(.int32(1)) == 3)
    }

    @Test(arguments: [(0x7FF, 2), (0x800, 3), (526_335, 3), (526_336, 4)])
    func `pointers reach across each of their bounds`(offset: Int, length: Int) throws {
        // The filler is laid so that the shared text stands at that offset.
        let header = offset < 300 ? 2 : offset < 65_821 + 4 ? 3 : 4
        let filler = MMDBValue.bytes([UInt8](repeating: 1, count: offset - header))
        let shared = MMDBValue.string("shared by both of them")
        let found = try reader(of: [
            ("192.0.2.0/26", filler), ("192.0.2.64/26", shared),
            ("192.0.2.128/26", .array([shared])),
        ])
        #expect(try found.find(address("192.0.2.64")).offset == offset)
        let start = try #require(try found.find(address("192.0.2.128")).offset)
        #expect(try found.value(at: start) == .array([shared]))
        #expect(found.bytes[(found.nodeCount * found.recordSize / 4 + 16 + start + 2)...].first.map { $0 >> 5 } == 1)
        #expect(start == offset + 23)
        let control = found.bytes[found.nodeCount * found.recordSize / 4 + 16 + start + 2]
        #expect(Int(control >> 3 & 3) + 2 == length)
    }

    @Test func `the metadata say what was asked for`() throws {
        let options = MMDBWriter.Options(
            databaseType: "Test-City", description: ["en": "A test", "de": "Ein Test"], languages: ["en", "de"],
            buildDate: UTCTime(microsecondsSince1970: 1_700_000_000_999_999))
        let metadata = try reader(of: [], options).metadata
        #expect(metadata["database_type"] == .string("Test-City"))
        #expect(metadata["languages"] == .array([.string("en"), .string("de")]))
        #expect(metadata["description"] == .texts(["de": "Ein Test", "en": "A test"]))
        #expect(metadata["build_epoch"] == .uint64(1_700_000_000))
        #expect(metadata["binary_format_major_version"] == .uint16(2))
        #expect(metadata["binary_format_minor_version"] == .uint16(0))
        #expect(metadata["node_count"] == .uint32(1))
    }

    @Test func `a database says when it was written, unless it is told`() throws {
        let before = UInt64(Date().timeIntervalSince1970)
        let metadata = try reader(of: [], MMDBWriter.Options(databaseType: "Test")).metadata
        let after = UInt64(Date().timeIntervalSince1970)
        guard case .uint64(let epoch)? = metadata["build_epoch"] else {
            Issue.record("there is no time")
            return
        }
        #expect((before...after).contains(epoch))
    }

    @Test(arguments: [
        (MMDBWriter.Options(databaseType: "T", buildDate: UTCTime(microsecondsSince1970: -1_000_000)), "before 1970"),
        (MMDBWriter.Options(databaseType: "T", description: ["en": String(repeating: "x", count: 131_072)]), "131072"),
        (MMDBWriter.Options(databaseType: "T", languages: ["MaxMind.com"]), ""),
    ])
    func `metadata that readers would not find are refused`(options: MMDBWriter.Options, words: String) throws {
        let error = refusal { () throws(MMDBError) in _ = try MMDBWriter(options).encoded() }
        #expect((error == nil) == words.isEmpty)
        if let error { #expect(error.message.contains(words)) }
    }

    @Test func `a database without networks has a root and finds nothing`() throws {
        let found = try reader(of: [])
        #expect(found.nodeCount == 1)
        #expect(try found.value(address("192.0.2.1")) == nil)
        #expect(try found.value(address("2001:db8::1")) == nil)
    }

    @Test(arguments: MMDBWriter.RecordSize.allCases, [IPAddress.Family.v4, .v6])
    func `every record size leads to the same`(size: MMDBWriter.RecordSize, family: IPAddress.Family) throws {
        var options = Self.options
        options.recordSize = size
        options.ipVersion = family
        let found = try reader(of: (0..<64).map { ("10.\($0).0.0/16", .uint32($0)) }, options)
        #expect(found.recordSize == size.rawValue)
        for index in 0..<64 {
            #expect(try found.value(IPAddress(10, UInt8(index), 3, 4)) == .uint32(UInt32(index)))
        }
        #expect(try found.value(address("10.64.0.0")) == nil)
    }

    @Test func `records grow where the data reach too far for them`() throws {
        var writer = MMDBWriter(Self.options)
        for index in 0..<200 {
            let content = [UInt8](repeating: UInt8(index), count: 100_000)
            try writer.insert(.bytes(content), for: IPNetwork(IPAddress(10, 0, 0, UInt8(index))))
        }
        let found = try PlainReader(try writer.encoded())
        #expect(found.recordSize == 28)
        #expect(try found.value(address("10.0.0.199")) == .bytes([UInt8](repeating: 199, count: 100_000)))

        var options = Self.options
        options.recordSize = .bits24
        var small = MMDBWriter(options)
        for index in 0..<200 {
            let content = [UInt8](repeating: UInt8(index), count: 100_000)
            try small.insert(.bytes(content), for: IPNetwork(IPAddress(10, 0, 0, UInt8(index))))
        }
        #expect(refusal { () throws(MMDBError) in _ = try small.encoded() }?.code == .unwritable)
    }

    @Test func `what is shared stands once`() throws {
        let country = MMDBValue.texts(["iso_code": "NL", "name": "Netherlands"])
        let names = (0..<50).map { MMDBValue.map([.init("country", country), .init("id", .uint32($0))]) }
        let found = try reader(of: names.enumerated().map { ("10.0.\($0.offset).0/24", $0.element) })
        for index in 0..<50 { #expect(try found.value(IPAddress(10, 0, UInt8(index), 1)) == names[index]) }
        #expect(count(of: "Netherlands", in: found.bytes) == 1)
        #expect(count(of: "iso_code", in: found.bytes) == 1)
        #expect(count(of: "country", in: found.bytes) == 1)
        // Each further record: its own control byte, pointers to the two keys and the country, and its number.
        let first = try #require(try found.find(address("10.0.10.0")).offset)
        let second = try #require(try found.find(address("10.0.11.0")).offset)
        #expect(second - first == 1 + 2 + 2 + 2 + 2)
    }

    @Test func `a record that another one holds is pointed to`() throws {
        let inner = MMDBValue.texts(["iso_code": "NL"])
        let found = try reader(of: [("10.0.0.0/8", .map([.init("country", inner)])), ("11.0.0.0/8", inner)])
        #expect(try found.value(address("11.0.0.1")) == inner)
        #expect(count(of: "NL", in: found.bytes) == 1)
    }

    @Test func `what is no longer reached is not written`() throws {
        let found = try reader(of: [("10.0.0.0/8", .string("forgotten")), ("10.0.0.0/8", .string("kept"))])
        #expect(count(of: "forgotten", in: found.bytes) == 0)
    }

    @Test func `equal neighbours become one network`() throws {
        let value = MMDBValue.texts(["name": "x"])
        let found = try reader(of: [("192.0.2.0/24", value), ("192.0.3.0/24", value)])
        #expect(try found.find(address("192.0.2.1")).length == 96 + 23)
        let four = try reader(of: (0..<4).map { ("10.0.0.\($0 * 64)/26", value) })
        #expect(try four.find(address("10.0.0.200")).length == 96 + 24)
        let all = try reader(
            of: [("0.0.0.0/1", value), ("128.0.0.0/1", value)], .init(databaseType: "Test", ipVersion: .v4))
        #expect(all.nodeCount == 1)
        #expect(try all.value(address("200.0.0.1")) == value)
    }

    @Test func `the same networks give the same bytes`() throws {
        func file() throws -> [UInt8] {
            var writer = MMDBWriter(Self.options)
            for index in 0..<2000 {
                let value = MMDBValue.texts(["a": "\(index % 37)", "b": "\(index % 11)"])
                try writer.insert(value, for: IPNetwork(IPAddress(v4: UInt32(index) &* 2_654_435_761)))
            }
            return try writer.encoded()
        }
        #expect(try file() == file())
    }

    private func count(of text: String, in bytes: [UInt8]) -> Int {
        let text = Array(text.utf8)
        return bytes.indices.count { bytes[$0...].starts(with: text) }
    }
}

/// What a step is refused with, or nil if it is not.
func refusal(_ body: () throws(MMDBError) -> Void) -> MMDBError? {
    do throws(MMDBError) {
        try body()
        return nil
    } catch {
        return error
    }
}
