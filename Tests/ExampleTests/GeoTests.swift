import Foundation
import Testing
import TraceCoreFuzzChecks

@Suite struct `geo, as a person starts it` {
    private let geo = Program(name: "geo")

    private static let table = """
        network,city,country.iso_code,location.latitude,location.longitude,autonomous_system_number
        192.0.2.0/24,Berlin,DE,52.52,13.4,64500
        2001:db8::/32,"Wien, Innere Stadt",AT,48.21,16.37,64501

        """

    /// A database of the table, at a path of its own.
    private func database() throws -> String {
        let path = try Program.file("") + ".mmdb"
        let table = try Program.file(Self.table)
        let built = try geo("build", "--format", "csv", table, "-o", path, "--type", "Test-City")
        #expect(built.status == 0 && built.output.isEmpty, "\(built.errors)")
        #expect(built.errors.contains("2 networks written"))
        return path
    }

    @Test func `looks addresses up as text`() throws {
        let result = try geo("--db", try database(), "192.0.2.9", "2001:db8::7")
        #expect(result.status == 0)
        #expect(
            result.output == """
                192.0.2.9  192.0.2.0/24  Berlin, DE  AS64500
                2001:db8::7  2001:db8::/32  Wien, Innere Stadt, AT  AS64501

                """)
    }

    @Test func `prints a line of JSON for each, with null where there is no record`() throws {
        let result = try geo("--db", try database(), "--json", "192.0.2.9", "198.51.100.1")
        #expect(result.status == 1)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines.first == """
                {"address":"192.0.2.9","network":"192.0.2.0/24","record":{"city":"Berlin","country":{"iso_code":"DE"},\
                "location":{"latitude":52.52,"longitude":13.4},"autonomous_system_number":64500}}
                """)
        #expect(lines.last?.contains(#""address":"198.51.100.1""#) == true)
        #expect(lines.last?.hasSuffix(#""record":null}"#) == true)
    }

    @Test func `asks several databases at once`() throws {
        let path = try database()
        let result = try geo("--db", path, "--db", path, "--json", "192.0.2.9")
        let line = try #require(
            JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let results = try #require(line["results"] as? [[String: Any]])
        #expect(results.map { $0["network"] as? String } == ["192.0.2.0/24", "192.0.2.0/24"])
    }

    @Test func `reads addresses from a file and from standard input, and names the line that is none`() throws {
        let path = try database()
        let list = try Program.file("# ours\n192.0.2.1\n\nnot-an-address\n192.0.2.2 and more\n")
        let result = try geo("--db", path, "-f", list)
        #expect(result.status == 2)
        #expect(result.output.split(separator: "\n").count == 2)
        #expect(result.errors.contains(":4: \"not-an-address\" is not an IP address"))
        let piped = try geo.run(["--db", path], input: "192.0.2.1\n")
        #expect(piped.status == 0 && piped.output.contains("Berlin"))
    }

    @Test func `what it dumps it builds again, record by record`() throws {
        let path = try database()
        let dump = try geo("dump", path)
        #expect(dump.status == 0 && dump.output.split(separator: "\n").count == 2)
        let copy = path + ".copy"
        #expect(try geo("build", "--format", "jsonl", try Program.file(dump.output), "-o", copy).status == 0)
        #expect(try geo("dump", copy).output == dump.output)
        #expect(try geo("dump", "--within", "192.0.0.0/16", copy).output.contains("Berlin"))
        #expect(try geo("dump", "--within", "198.51.100.0/24", copy).output.isEmpty)
        #expect(try geo("verify", path, copy).status == 0)
        let info = try geo("info", path)
        #expect(info.output.contains("Test-City") && info.output.contains("24-bit records"))
    }

    @Test func `says when a database was built, also where there is no such date`() throws {
        var bytes = DatabaseBytes(record: DatabaseBytes.string("x"))
        let path = try Program.file("") + ".mmdb"
        try Data(bytes.bytes).write(to: URL(fileURLWithPath: path))
        #expect(try geo("info", path).output.contains("  built 2023-09-12T06:06:56.000000Z\n"))
        #expect(
            try geo("info", "--json", path).output.contains(#""built":"2023-09-12T06:06:56.000000Z","buildEpoch":16"#))
        bytes.buildEpoch = [UInt8](repeating: 0xFF, count: 8)
        try Data(bytes.bytes).write(to: URL(fileURLWithPath: path))
        let late = try geo("info", path)
        #expect(late.status == 0 && late.output.contains("  built 18446744073709551615 seconds after 1970\n"))
        let json = try geo("info", "--json", path).output
        #expect(json.contains(#""buildEpoch":18446744073709551615,"#) && !json.contains(#""built""#), "\(json)")
        #expect(try geo("--db", path, "192.0.2.1").status == 0)
        #expect(try geo("verify", path).status == 0)
    }

    @Test func `finds what is broken, and looks other files up nevertheless`() throws {
        let path = try database()
        var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        // The first records of the tree lead beyond everything.
        for index in 0..<6 { bytes[index] = 0xFF }
        let broken = path + ".broken"
        try Data(bytes).write(to: URL(fileURLWithPath: broken))
        let result = try geo("verify", broken, path)
        #expect(result.status == 2)
        #expect(result.errors.contains("data section"), "\(result.errors)")
        #expect(result.output == "\(path): sound\n")
    }

    @Test(arguments: [
        (["192.0.2.1"], "give one with --db FILE"), (["--db", "/nowhere.mmdb", "192.0.2.1"], "does not exist"),
        (["--db", "/", "192.0.2.1"], "is a directory"), (["build", "table.csv"], "give one with -o FILE"),
        (["build", "table", "-o", "/tmp/x.mmdb"], "--format"),
        (["build", "/nowhere.csv", "-o", "x.mmdb"], "no such file"),
        (["dump", "/dev/null"], "regular file"), (["info", "/nowhere.mmdb"], "does not exist"),
        (["verify", "/nowhere.mmdb"], "does not exist"), (["dump"], "file"),
    ]) func `a mistake is one error for people`(_ arguments: [String], _ part: String) throws {
        let result = try geo.run(arguments)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("geo") && result.errors.contains(part), "\(result.errors)")
    }

    @Test func `names the line of a table that is wrong, and leaves the old database`() throws {
        let path = try database()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let table = try Program.file("network,city\n192.0.2.0/24,Berlin\n300.0.0.0/8,Nowhere\n")
        let result = try geo("build", "--format", "csv", table, "-o", path)
        #expect(result.status == 2)
        #expect(result.errors.contains(":3"), "\(result.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test func `shows no control character of a record`() throws {
        let table = try Program.file("network,city\n192.0.2.0/24,\"\u{1B}]0;gotcha\u{7}Berlin\"\n")
        let path = table + ".mmdb"
        #expect(try geo("build", "--format", "csv", table, "-o", path).status == 0)
        for arguments in [["--db", path, "192.0.2.1"], ["--db", path, "--json", "192.0.2.1"], ["dump", path]] {
            let result = try geo.run(arguments)
            #expect(result.output.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F })
            #expect(result.output.contains("gotcha"))
        }
    }

    @Test(arguments: [["--help"], ["build", "--help"], ["verify", "--man"], ["dump", "--completion", "bash"]])
    func `has pages for all that it does`(_ arguments: [String]) throws {
        let result = try geo.run(arguments)
        #expect(result.status == 0 && result.output.count > 200)
    }
}

@Suite struct `trace with places` {
    private let trace = Program(name: "trace")

    @Test func `says beside each hop where it is, and whose`() throws {
        let result = try trace("--network", "demo", "--geo", "demo", "tokyo.example")
        #expect(result.status == 0)
        #expect(result.output.contains("(198.51.100.21) [London, GB  AS64497 Transit Example]"))
        #expect(result.output.contains("(203.0.113.110) [Tokyo, JP  AS64500 Hosting Example]"))
    }

    @Test func `says only whose network each hop is in, live and replayed`() throws {
        let result = try trace("--network", "demo", "-A", "tokyo.example")
        #expect(result.status == 0)
        #expect(result.output.contains(" gw.home.example (192.0.2.1) [*]  "), "\(result.output)")
        #expect(result.output.contains(" (198.51.100.21) [AS64497]  ") && !result.output.contains("London"))
        #expect(result.output.contains(" tokyo.example (203.0.113.110) [AS64500]  "))
        let log = try trace("--network", "demo", "--ndjson", "tokyo.example").output
        #expect(try trace("--replay", "-", "-A", "--geo", "demo", input: log).output == result.output)
        let document = try trace("--network", "demo", "-A", "--json", "tokyo.example").output
        #expect(document.contains("64500"))
        #expect(try trace("-A", "127.0.0.1").errors.contains("give one with --geo FILE"))
    }

    @Test func `marks a place that no light can come from in time`() throws {
        // London is put into Sydney: 20 ms of light away, and not 17,000 km.
        let geo = Program(name: "geo")
        let table = try Program.file(
            "network,city,country.iso_code,location.latitude,location.longitude\n"
                + "198.51.100.20/30,Sydney,AU,-33.87,151.21\n")
        let path = table + ".mmdb"
        #expect(try geo("build", "--format", "csv", table, "-o", path).status == 0)
        let map = path + ".svg"
        let result = try trace("--network", "demo", "-n", "--geo", path, "--map", map, "london.example")
        #expect(result.output.contains("(claimed Sydney, AU: ") || result.output.contains("claimed Sydney"))
        let picture = try String(contentsOfFile: map, encoding: .utf8)
        #expect(!picture.contains("Sydney"))
        let document = try trace("--network", "demo", "-n", "--geo", path, "--json", "london.example").output
        #expect(document.contains("\"impossible\""))
    }

    @Test func `takes back what the whole path shows to be wrong`() throws {
        // Nobody knows where the probes came from, and the hops that rule Sydney out come later.
        let table = try Program.file(
            "network,city,country.iso_code,location.latitude,location.longitude\n"
                + "192.0.2.129/32,Sydney,AU,-33.87,151.21\n192.0.2.137/32,Lisbon,PT,38.72,-9.14\n"
                + "198.51.100.20/30,London,GB,51.5,-0.12\n203.0.113.20/32,London,GB,51.5,-0.12\n")
        let path = table + ".mmdb"
        #expect(try Program(name: "geo")("build", "--format", "csv", table, "-o", path).status == 0)
        let events = try trace("--network", "demo", "-n", "-N", "1", "--ndjson", "london.example").output
        let log = try Program.file(events)
        let lines = try trace("--replay", log, "-n", "--geo", path).output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix(" 2  192.0.2.129 [Sydney, AU]") })
        #expect(lines.contains { $0.hasPrefix("by the whole path, hop 2 ") && $0.contains("claimed Sydney") })
        // At once, all is known before the first line is out, and nothing is to be taken back.
        let atOnce = try trace("--network", "demo", "-n", "--geo", path, "london.example").output
        #expect(!atOnce.contains("Sydney, AU]") && !atOnce.contains("by the whole path"))
    }

    @Test func `draws many paths on one map, and the same as data`() throws {
        let folder = try Program.file("")
        let hosts = ["tokyo.example", "saopaulo.example", "sydney.example"]
        let drawn = try trace.run(["--network", "demo", "--map", folder + ".svg"] + hosts)
        #expect(drawn.status == 0, "\(drawn.errors)")
        let picture = try String(contentsOfFile: folder + ".svg", encoding: .utf8)
        #expect(picture.hasPrefix("<svg") || picture.hasPrefix("<?xml"))
        for host in hosts { #expect(picture.contains(host)) }
        #expect(try trace.run(["--network", "demo", "--map", folder + ".geojson"] + hosts).status == 0)
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + ".geojson"))
        let document = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(document["type"] as? String == "FeatureCollection")
        #expect((document["features"] as? [Any])?.isEmpty == false)
    }

    @Test(arguments: [
        (["--map", "x.png", "--network", "demo", "tokyo.example"], "ends in .svg"),
        (["--here", "91,0", "--geo", "demo", "--network", "demo", "tokyo.example"], "latitude"),
        (["--here", "1,2", "--network", "demo", "tokyo.example"], "--here is for"),
        (["--geo", "/nowhere.mmdb", "--network", "demo", "tokyo.example"], "does not exist"),
        (["--map", "/nowhere/x.svg", "--network", "demo", "tokyo.example"], "cannot be written"),
        (["--geo", "demo", "--ndjson", "--network", "demo", "tokyo.example"], "--geo"),
    ]) func `a mistake is one error for people`(_ arguments: [String], _ part: String) throws {
        let result = try trace.run(arguments)
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("trace: ") && result.errors.contains(part), "\(result.errors)")
    }
}
