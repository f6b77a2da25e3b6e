import GeoKit
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `Networks that overlap, and aliases` {
    static let options = MMDBWriter.Options(databaseType: "Test", buildDate: .epoch)

    private static func map(_ pairs: KeyValuePairs<String, MMDBValue>) -> MMDBValue {
        .map(pairs.map { .init(UntrustedText($0.key), $0.value) })
    }

    static let wide = map([
        "a": .uint32(1), "list": .array([.uint32(1), .uint32(2)]), "in": map(["x": .uint32(1), "y": .uint32(1)]),
    ])
    static let narrow = map([
        "b": .uint32(2), "list": .array([.uint32(3)]), "in": map(["y": .uint32(2), "z": .uint32(2)]),
    ])
    static let both = map([
        "a": .uint32(1), "list": .array([.uint32(3)]),
        "in": map(["x": .uint32(1), "y": .uint32(2), "z": .uint32(2)]), "b": .uint32(2),
    ])
    static let bothReversed = map([
        "b": .uint32(2), "list": .array([.uint32(1), .uint32(2)]),
        "in": map(["y": .uint32(1), "z": .uint32(2), "x": .uint32(1)]), "a": .uint32(1),
    ])

    @Test(arguments: [
        (MMDBWriter.Conflict.replace, narrow, wide), (.merge, both, bothReversed), (.keep, wide, narrow),
    ])
    func `a later network does to an earlier one what was asked for`(
        conflict: MMDBWriter.Conflict, narrowLast: MMDBValue, wideLast: MMDBValue
    ) throws {
        var writer = MMDBWriter(Self.options)
        try writer.insert(Self.wide, for: network("10.0.0.0/8"), conflict: conflict)
        try writer.insert(Self.narrow, for: network("10.1.0.0/16"), conflict: conflict)
        let first = try PlainReader(try writer.encoded())
        #expect(try first.value(address("10.1.2.3")) == narrowLast)
        #expect(try first.value(address("10.2.0.0")) == Self.wide)
        #expect(try first.value(address("11.0.0.0")) == nil)

        var other = MMDBWriter(Self.options)
        try other.insert(Self.narrow, for: network("10.1.0.0/16"), conflict: conflict)
        try other.insert(Self.wide, for: network("10.0.0.0/8"), conflict: conflict)
        let second = try PlainReader(try other.encoded())
        #expect(try second.value(address("10.1.2.3")) == wideLast)
        #expect(try second.value(address("10.2.0.0")) == Self.wide)
    }

    @Test(arguments: ["10.1.0.0/16", "10.0.0.0/8", "0.0.0.0/0", "10.1.2.3/32", "::/0", "::/96"])
    func `an overlap is an error where it was to be one, and changes nothing`(text: String) throws {
        var writer = MMDBWriter(Self.options)
        try writer.insert(Self.wide, for: network("10.1.0.0/16"), conflict: .fail)
        try writer.insert(Self.wide, for: network("10.0.0.0/16"), conflict: .fail)
        let before = try writer.encoded()
        let error = refusal { () throws(MMDBError) in
            try writer.insert(Self.narrow, for: network(text), conflict: .fail)
        }
        #expect(error?.code == .unwritable)
        #expect(error?.message.contains("overlaps an earlier network, which has 10.") == true)
        #expect(try writer.encoded() == before)
    }

    @Test func `a map is not merged with what is none`() throws {
        var writer = MMDBWriter(Self.options)
        try writer.insert(.string("text"), for: network("10.0.0.0/8"))
        try writer.insert(Self.wide, for: network("10.0.0.0/9"), conflict: .merge)
        try writer.insert(.uint32(9), for: network("10.0.0.0/10"), conflict: .merge)
        let found = try PlainReader(try writer.encoded())
        #expect(try found.value(address("10.200.0.0")) == .string("text"))
        #expect(try found.value(address("10.64.0.0")) == Self.wide)
        #expect(try found.value(address("10.0.0.0")) == .uint32(9))
    }

    @Test(arguments: ["192.0.2.1", "::192.0.2.1", "::ffff:192.0.2.1", "2002:c000:201::", "2001:0:c000:201::5"])
    func `IPv4 is found through its aliases`(text: String) throws {
        var writer = MMDBWriter(Self.options)
        try writer.insert(.string("four"), for: network("192.0.2.0/24"))
        try writer.insert(.string("six"), for: network("2001:db8::/32"))
        let found = try PlainReader(try writer.encoded())
        #expect(try found.value(address(text)) == .string("four"))
        #expect(try found.value(address("2001:db8::1")) == .string("six"))
        #expect(try found.value(address("2001:1::1")) == nil)
        #expect(try found.value(address("2002:c000:300::")) == nil)
    }

    @Test(arguments: ["::ffff:192.0.2.1", "2002:c000:201::", "2001:0:c000:201::5"])
    func `aliases lead to nothing where there are to be none, and can be filled`(text: String) throws {
        var options = Self.options
        options.ipv4Aliases = false
        var writer = MMDBWriter(options)
        try writer.insert(.string("four"), for: network("192.0.2.0/24"))
        #expect(try PlainReader(try writer.encoded()).value(address(text)) == nil)
        try writer.insert(.string("own"), for: IPNetwork(address(text)))
        #expect(try PlainReader(try writer.encoded()).value(address(text)) == .string("own"))
    }

    @Test(arguments: MMDBWriter.Conflict.allCases, ["::ffff:192.0.2.0/120", "2002::/16", "2001::/32", "2001::/40"])
    func `nothing can be put into an alias`(conflict: MMDBWriter.Conflict, text: String) {
        var writer = MMDBWriter(Self.options)
        let error = refusal { () throws(MMDBError) in
            try writer.insert(.uint32(1), for: network(text), conflict: conflict)
        }
        #expect(error?.code == .unfit)
    }

    @Test(arguments: MMDBWriter.Conflict.allCases, ["::/0", "2000::/3", "::/64", "2001::/16"])
    func `a wide network leaves the aliases in it`(conflict: MMDBWriter.Conflict, text: String) throws {
        var writer = MMDBWriter(Self.options)
        try writer.insert(.string("wide"), for: network(text), conflict: conflict)
        try writer.insert(.string("four"), for: network("192.0.2.0/24"))
        let found = try PlainReader(try writer.encoded())
        for alias in ["192.0.2.1", "::ffff:192.0.2.1", "2002:c000:201::", "2001:0:c000:201::5"] {
            #expect(try found.value(address(alias)) == .string("four"))
        }
        let beside = try #require(IPNetwork(text)).first == address("::") ? "::1:0:0" : "2001:db8::"
        #expect(try found.value(address(beside)) == .string("wide"))
    }

    @Test func `one record for all of IPv4 is found through its aliases`() throws {
        var writer = MMDBWriter(Self.options)
        try writer.insert(.string("four"), for: network("0.0.0.0/0"))
        let found = try PlainReader(try writer.encoded())
        #expect(try found.value(address("203.0.113.7")) == .string("four"))
        #expect(try found.value(address("2002::1")) == .string("four"))
        #expect(try found.value(address("2003::1")) == nil)
    }

    @Test func `IPv6 does not fit a database of IPv4`() throws {
        var writer = MMDBWriter(MMDBWriter.Options(databaseType: "Test", ipVersion: .v4))
        let error = refusal { () throws(MMDBError) in try writer.insert(.uint32(1), for: network("2001:db8::/32")) }
        #expect(error?.code == .unfit)
        try writer.insert(.uint32(1), for: network("192.0.2.0/24"))
        let found = try PlainReader(try writer.encoded())
        #expect(found.ipVersion == 4)
        #expect(try found.find(address("192.0.2.1")).length == 24)
    }
}
