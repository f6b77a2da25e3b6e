import Testing
import TraceCore

@testable import GeoKit

@Suite(.onItsOwnThread) struct `Importing tables and JSON lines` {
    private func csv(_ text: String) throws(MMDBWriter.ImportError) -> [ImportLine] {
        try lines(of: try CSVImport(Array(text.utf8), name: "t.csv"))
    }

    private func jsonl(_ text: String) throws(MMDBWriter.ImportError) -> [ImportLine] {
        try lines(of: JSONLImport(Array(text.utf8), name: "t.jsonl"))
    }

    private func lines(of reader: consuming some ImportReader) throws(MMDBWriter.ImportError) -> [ImportLine] {
        var lines: [ImportLine] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    private func error(_ body: () throws(MMDBWriter.ImportError) -> [ImportLine]) -> MMDBWriter.ImportError? {
        do throws(MMDBWriter.ImportError) {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: ["\n", "\r\n"], ["", "\u{FEFF}"])
    func `a table becomes networks and records`(end: String, mark: String) throws {
        let table = [
            "network,country.iso_code,location.latitude,location.longitude,asn,is_anycast,note",
            "192.0.2.0/24,NL,52.5,-4.75,64500,true,\"a, \"\"quoted\"\" note\"", "", "2001:db8::/32,DE,,,4294967296,,",
            "198.51.100.7,,,,-5,,",
        ].joined(separator: end)
        let lines = try csv(mark + table)
        #expect(try csv(mark + table + end) == lines)
        #expect(lines.map(\.number) == [2, 4, 5])
        #expect(
            lines.map(\.networks) == [
                [network("192.0.2.0/24")], [network("2001:db8::/32")], [network("198.51.100.7/32")],
            ])
        #expect(
            lines[0].record
                == .map([
                    .init("country", .texts(["iso_code": "NL"])),
                    .init(
                        "location",
                        .map([.init("latitude", .double(52.5)), .init("longitude", .double(-4.75))])),
                    .init("asn", .uint32(64_500)), .init("is_anycast", .boolean(true)),
                    .init("note", .string("a, \"quoted\" note")),
                ]))
        #expect(
            lines[1].record
                == .map([.init("country", .texts(["iso_code": "DE"])), .init("asn", .uint64(4_294_967_296))]))
        #expect(lines[2].record == .map([.init("asn", .int32(-5))]))
    }

    @Test(arguments: [
        ("0", MMDBValue.uint32(0)), ("4294967295", .uint32(.max)), ("4294967296", .uint64(1 << 32)),
        ("18446744073709551615", .uint64(.max)), ("18446744073709551616", .uint128(1 << 64)),
        ("340282366920938463463374607431768211455", .uint128(.max)), ("-1", .int32(-1)), ("-2147483648", .int32(.min)),
        ("1.0", .double(1)), ("-0.5", .double(-0.5)), ("true", .boolean(true)), ("false", .boolean(false)),
    ])
    func `numbers and truth get the type that holds them, in both kinds of file`(cell: String, value: MMDBValue) throws
    {
        #expect(try csv("network,v\n::/0,\(cell)")[0].record["v"] == value)
        #expect(try jsonl(#"{"network":"::/0","record":{"v":\#(cell)}}"#)[0].record["v"] == value)
    }

    @Test(arguments: [
        "007", "1e5", "+1", "-", ".5", "5.", "1.2.3", "0x10", "True", "nan", "inf", "null", " 1",
        "340282366920938463463374607431768211456", "1,5",
    ])
    func `what may be no number stays text`(cell: String) throws {
        #expect(try csv("network,v\n::/0,\"\(cell)\"")[0].record["v"] == .string(UntrustedText(cell)))
    }

    @Test(arguments: [
        ("string", "12", MMDBValue.string("12")), ("uint16", "12", .uint16(12)), ("uint32", "12", .uint32(12)),
        ("uint64", "12", .uint64(12)), ("uint128", "12", .uint128(12)), ("int32", "12", .int32(12)),
        ("double", "12", .double(12)), ("double", "1e5", .double(100_000)), ("float", "1.5", .float(1.5)),
        ("boolean", "1", .boolean(true)), ("bytes", "00ffAB", .bytes([0, 255, 171])),
    ])
    func `a column's name may say its type`(type: String, cell: String, value: MMDBValue) throws {
        #expect(try csv("network,a.b:\(type)\n::/0,\(cell)")[0].record["a"]?["b"] == value)
    }

    @Test(arguments: [
        ("192.0.2.0", "192.0.2.255", ["192.0.2.0/24"]), ("192.0.2.1", "192.0.2.1", ["192.0.2.1/32"]),
        ("0.0.0.0", "255.255.255.255", ["0.0.0.0/0"]),
        ("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ["::/0"]),
        ("192.0.2.1", "192.0.2.6", ["192.0.2.1/32", "192.0.2.2/31", "192.0.2.4/31", "192.0.2.6/32"]),
        ("255.255.255.254", "255.255.255.255", ["255.255.255.254/31"]),
        ("2001:db8::", "2001:db9:ffff:ffff:ffff:ffff:ffff:ffff", ["2001:db8::/31"]),
    ])
    func `a range becomes the fewest networks`(start: String, end: String, networks: [String]) throws {
        #expect(try csv("start_ip,end_ip,v\n\(start),\(end),1")[0].networks.map(\.description) == networks)
        #expect(try csv("range_start,v,range_end\n\(start),1,\(end)")[0].networks.map(\.description) == networks)
    }

    @Test(arguments: [
        ("", 1, "empty"), ("a,b\n1,2", 1, "has no column of networks; its columns are \"a\", \"b\""),
        ("network;v\n1", 1, "has no column of networks"),
        ("network,a:float32\n", 1, "\"a:float32\" ends in an unknown type"),
        ("network,a,a\n", 1, "\"a\" appears twice"), ("network,a,a.b\n", 1, "\"a.b\" appears twice"),
        ("network,a..b\n", 1, "empty part"), ("network,\n", 1, "empty name"),
        ("network,a\n::/0,1\n::/0\n", 3, "1 cells, and the header has 2"),
        ("network,a\n\n::/0,1,2\n", 3, "3 cells, and the header has 2"),
        ("network,a\n192.0.2.1/24,2\n", 2, "192.0.2.0/24"), ("network,a\nhost,2\n", 2, "\"host\" is not an address"),
        ("network,a\n::/0,\"x\ny\"\n1.2.3.4/33,x", 4, "prefix"), ("network,a\n::/0,x\"y\n", 2, "quotation mark"),
        ("network,a\n::/0,\"x\"y\n", 2, "quotation mark"), ("network,a\n::/0,\"xy\n", 2, "never closed"),
        ("network,a:uint16\n::/0,65536\n", 2, "\"65536\" in the column \"a:uint16\" is not a uint16"),
        ("network,a:uint32\n::/0,-1\n", 2, "is not a uint32"), ("network,a\n::/0,-2147483649\n", 2, "fits no type"),
        ("start_ip,end_ip\n192.0.2.9,192.0.2.1", 2, "back to"), ("start_ip,end_ip\n::1,192.0.2.1", 2, "families"),
    ])
    func `a bad table is told by its line`(text: String, line: Int, words: String) throws {
        let error = try #require(self.error { () throws(MMDBWriter.ImportError) in try csv(text) })
        #expect(error.line == line)
        #expect(error.description.hasPrefix("t.csv:\(line): "))
        #expect(error.description.contains(words))
        #expect(!error.remedy.isEmpty)
    }

    @Test func `text that is not UTF-8 is told`() throws {
        var reader = try CSVImport(Array("network,a\n::/0,".utf8) + [0xE9], name: "t.csv")
        let error = try #require(
            self.error { () throws(MMDBWriter.ImportError) in [try reader.next()].compactMap { $0 } })
        #expect(error.message.contains(#"\x{e9}"#))
    }

    @Test func `JSON lines become networks and records`() throws {
        let lines = try jsonl(
            """
            \u{FEFF}{"network": "192.0.2.0/24", "record": {"a": {"b": [1, -1, 1.5, 1e2, "x", null, true]}, "n": null}}

            { "record" : "just text", "address": "::1", "network" : "2001:db8::1" }\r
            {"network": "192.0.2.0/24", "record": null}
            {"network": "::/0", "record": {"\\u00e9\\ud83d\\uddfc": ""}}
            """)
        #expect(lines.map(\.number) == [1, 3, 5])
        let array = MMDBValue.array([
            .uint32(1), .int32(-1), .double(1.5), .double(100), .string("x"), .boolean(true),
        ])
        #expect(lines[0].record == .map([.init("a", .map([.init("b", array)]))]))
        #expect(lines[1].networks == [network("2001:db8::1/128")])
        #expect(lines[1].record == .string("just text"))
        #expect(lines[2].record == .texts(["é🗼": ""]))
    }

    @Test(arguments: [
        ("{}", "not an object with a network and a record"), ("[]", "not an object"),
        (#"{"network":"::/0"}"#, "not an object with"), (#"{"record":{}}"#, "not an object with"),
        (#"{"network":7,"record":{}}"#, "not an object with"), (#"{"network":"x","record":{}}"#, "\"x\" is not"),
        (#"{"network":"192.0.2.1/24","record":{}}"#, "Write 192.0.2.0/24"),
        (#"{"network":"::/0","record":{}"#, "not JSON"), (#"{"network":"::/0","record":{}} 1"#, "not JSON"),
        (#"{"network":"::/0","record":01}"#, "(at column 28)"), (#"{"network":"::/0","record":tru}"#, "expected true"),
        (#"{"network":"::/0","record":-3000000000}"#, "fits no type"),
        (#"{"network":"::/0","record":340282366920938463463374607431768211456}"#, "128 bits"),
        (#"{"network":"::/0","record":\#(String(repeating: "[", count: 200))"#, "deep"),
    ])
    func `a bad JSON line is told, and the next is read`(text: String, words: String) throws {
        var reader = JSONLImport(
            Array(("\n" + text + "\n{\"network\":\"::/0\",\"record\":1}").utf8), name: "t.jsonl")
        let error = try #require(
            self.error { () throws(MMDBWriter.ImportError) in [try reader.next()].compactMap { $0 } })
        #expect(error.line == 2)
        #expect(error.description.contains(words))
        #expect(try reader.next()?.record == .uint32(1))
    }

    @Test func `what is read goes into a database`() throws {
        var writer = MMDBWriter(MMDBWriter.Options(databaseType: "Test", buildDate: .epoch))
        let table = "start_ip,end_ip,name\n192.0.2.0,192.0.2.2,a\n2001:db8::,2001:db8::,b"
        #expect(try writer.insert(contentsOf: Array(table.utf8), as: .csv, named: "t.csv") == 3)
        let found = try PlainReader(try writer.encoded())
        #expect(try found.value(address("192.0.2.2")) == .texts(["name": "a"]))
        #expect(try found.value(address("192.0.2.3")) == nil)
        #expect(try found.value(address("2001:db8::")) == .texts(["name": "b"]))
    }

    @Test(arguments: [
        ("2002::/16,1", "stands for IPv4"), ("192.0.2.0/25,1", "overlaps"), ("2002::/16,", "stands for IPv4"),
    ])
    func `a line that does not fit the database is told by its number`(text: String, words: String) throws {
        var writer = MMDBWriter(MMDBWriter.Options(databaseType: "Test"))
        let table = Array("network,v\n192.0.2.0/24,1\n\(text)".utf8)
        let error = try #require(
            self.error { () throws(MMDBWriter.ImportError) in
                _ = try writer.insert(contentsOf: table, as: .csv, named: "t.csv", conflict: .fail)
                return []
            })
        #expect(error.line == 3)
        #expect(error.message.contains(words))
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `any bytes give lines or errors, and come to an end`(seed: UInt64) {
        let pieces = [
            "network", ",", "\"", "\n", "\r", "\r\n", "192.0.2.0/24", "::/0", "start_ip", "end_ip", "a.b", ":uint32",
            "{", "}",
            "[", "]", "\"network\":", "\"record\":", "null", "-1", "1e5", "\u{FEFF}", "\\", "0",
            "340282366920938463463374607431768211456",
        ]
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<500 {
            var bytes = Array((random(2) == 0 ? "network,a,b.c\n" : "start_ip,end_ip,a\n").utf8)
            for _ in 0..<random(40) {
                bytes += random(12) == 0 ? [UInt8(random(256))] : Array(pieces[random(pieces.count)].utf8)
            }
            drain(JSONLImport(bytes, name: "any"), of: bytes.count)
            if let reader = try? CSVImport(bytes, name: "any") { drain(reader, of: bytes.count) }
        }
    }

    private func drain(_ reader: consuming some ImportReader, of count: Int) {
        // Each line or error takes a byte at least.
        for _ in 0...count {
            do throws(MMDBWriter.ImportError) {
                if try reader.next() == nil { return }
            } catch {
                continue
            }
        }
        Issue.record("it does not come to an end")
    }
}
