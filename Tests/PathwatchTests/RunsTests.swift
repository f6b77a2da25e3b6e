import Foundation
import Testing
import TraceCore
import TraceCorePathStore

@testable import TraceCoreHTTP

@Suite(.serialized) struct `Runs that are kept` {
    private let watch: Pathwatch

    init() throws { watch = try Pathwatch() }

    /// Keeps a run on the simulated internet.
    private func once(_ host: String = "tokyo.example") async throws {
        let result = try await watch("once", "--network", "demo", "--store", "runs.db", host)
        #expect(result.status == 0 && result.errors.isEmpty)
    }

    private func names() async throws -> [String] {
        try await watch("runs", "runs.db").output.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    }

    @Test func `are found by the older tracer's own statements`() async throws {
        try await once()
        try await once("frankfurt.example")
        let all = try await watch.sqlite("runs.db", "SELECT * FROM TRACE").split(separator: "\n").map {
            $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        }
        let names = try await names()
        #expect(names.count == 2 && Set(names).count == 2)
        #expect(Set(all.map { $0[0] }) == Set(names))
        let tokyo = all.filter { $0[0] == names[1] }
        #expect(tokyo.map { $0[1] } == (1...12).map { "\($0)" })
        #expect(
            tokyo.last.map { Array($0[2...7]) } == [
                "203.0.113.110", "JP", "Tokyo", "Hosting Example", "35.68", "139.69",
            ])
        #expect(tokyo[2][2...7].joined() == "")
        let dates = all.filter { $0[8].wholeMatch(of: #/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0000/#) != nil }
        #expect(dates == all)
        // What its map and its plots ask.
        let place = try await watch.sqlite(
            "runs.db",
            "SELECT LATITUDE, LONGITUDE FROM TRACE WHERE ID = '\(names[1])' AND CITY = 'Chicago' ORDER BY HOP")
        #expect(place == "41.88|-87.63\n")
        let countries = try await watch.sqlite(
            "runs.db",
            "SELECT COUNTRY, COUNT(*) FROM TRACE WHERE ID = '\(names[1])' AND COUNTRY IS NOT NULL GROUP BY COUNTRY")
        #expect(countries == "GB|1\nJP|3\nPT|2\nUS|4\n")
    }

    @Test func `are listed, and printed with their places`() async throws {
        try await once()
        try await once("frankfurt.example")
        let list = try await watch("runs", "runs.db").output.split(separator: "\n")
        #expect(
            list.map { $0.split(separator: " ").suffix(3).joined(separator: " ") } == [
                "trace frankfurt.example udp", "trace tokyo.example udp",
            ])
        #expect(
            try await watch("runs", "runs.db", "--limit", "1").output.split(separator: "\n") == Array(list.prefix(1)))
        let id = try await names()[1]
        for name in [id, String(id.prefix(9))] {
            let lines = try await watch("runs", "runs.db", name).output.split(separator: "\n").map(String.init)
            #expect(lines.count == 13 && lines[0].hasPrefix(id))
            #expect(lines[1].wholeMatch(of: #/ 1  gw\.home\.example \(192\.0\.2\.1\)  \d+\.\d{3} ms/#) != nil)
            #expect(lines[3] == " 3  *")
            #expect(lines[12].hasPrefix("12  tokyo.example (203.0.113.110)  "))
            #expect(lines[12].hasSuffix(" ms  [Tokyo, JP, Hosting Example]"))
        }
        let last = try await watch("runs", "runs.db", "last")
        #expect(last.output.contains("frankfurt.example"))
        let report = try await watch("runs", "runs.db", id, "--json").json()
        #expect(report["hops"]?.members.count == 11)
        // The events are those of the run.
        let events = try EventLog.events(from: Array(try await watch("runs", "runs.db", id, "--events").output.utf8))
        var fold = TraceReport.Fold()
        for event in events { fold.apply(event) }
        #expect(fold.report()?.isReached == true && fold.report()?.target?.name == "tokyo.example")
    }

    @Test func `are drawn on one map`() async throws {
        try await once()
        try await once("johannesburg.example")
        let names = try await names()
        let result = try await watch.run(["map", "runs.db"] + names + ["-o", "way.svg"])
        #expect(result.status == 0 && result.output.isEmpty && result.errors.isEmpty)
        let svg = try watch.text(of: "way.svg")
        #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n") || svg.contains("</svg>"))
        for word in ["tokyo.example", "johannesburg.example", "Chicago", "Johannesburg"] { #expect(svg.contains(word)) }
        #expect(try await watch("map", "runs.db", "last", "--output", "way.geojson").status == 0)
        let map = try JSON.Value(parsing: Array(try watch.text(of: "way.geojson").utf8))
        #expect(map["type"]?.text == "FeatureCollection")
    }

    @Test(arguments: [
        (["map", "runs.db", "last"], "ends in .svg or .geojson"),
        (["map", "runs.db", "last", "-o", "way.png"], "ends in .svg or .geojson"),
        (["map", "runs.db", "-o", "way.svg"], "is missing"),
        (["map", "runs.db", "nosuch", "-o", "way.svg"], "runs.db has no run nosuch"),
        (["map", "runs.db", "last", "-o", "/nowhere/way.svg"], "The map cannot be written"),
        (["runs", "runs.db", "nosuch"], "runs.db has no run nosuch"), (["runs", "runs.db", ""], "has no run"),
        (["runs", "runs.db", "%"], "has no run"), (["runs", "none.db"], "none.db"), (["runs"], "store is missing"),
        (["runs", "runs.db", "--json"], "are for one run"),
        (["runs", "runs.db", "--limit", "0"], "is not a whole number"),
        (["runs", "text", "last"], "text: "), (["import", "runs.db"], "is missing"),
        (["import", "runs.db", "none.json"], "there is no such file"),
        (["import", "runs.db", "text"], "This is no report of the monitoring script"),
        (["import", "runs.db", "other.db"], "other.db"),
        (["onec"], "unexpected argument \"onec\""),
    ]) func `say what is wrong with the arguments of their commands`(_ arguments: [String], _ words: String)
        async throws
    {
        try await once()
        try watch.write("what?\n", to: "text")
        if arguments.contains("other.db") { _ = try await watch.sqlite("other.db", "CREATE TABLE other(a)") }
        let result = try await watch.run(arguments)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    @Test func `have no map without a place`() async throws {
        #expect(
            try await watch("once", "--network", "demo", "--no_geo", "--store", "runs.db", "tokyo.example").status == 0)
        let result = try await watch("map", "runs.db", "last", "-o", "way.svg")
        #expect(result.status == 2 && result.errors.contains("No hop of these runs has a place"))
    }

    @Test func `wait for nobody: a store that is being written says who has it`() async throws {
        try await once()
        let holder = try await PathStore(watch.path("runs.db"))
        let result = try await watch("once", "--network", "demo", "--store", "runs.db", "tokyo.example")
        #expect(result.status == 2 && result.errors.contains("writes this store"))
        // Readers do not mind.
        #expect(try await names().count == 1)
        await holder.close()
    }

    // MARK: Import

    private static let table = """
        CREATE TABLE TRACE (ID VARCHAR(256), HOP INT, IP VARCHAR(256), COUNTRY VARCHAR(256), CITY VARCHAR(256),
            ISP VARCHAR(256), LATITUDE FLOAT, LONGITUDE FLOAT, DATE_CREATED DATETIME, PRIMARY KEY (ID, HOP));
        INSERT INTO TRACE VALUES('d3aa', 1, '192.0.2.1', 'Argentina', 'Barranqueras', 'an isp', '-27.5', '-58.93',
            '2020-12-04 19:26:15.220-0300');
        INSERT INTO TRACE VALUES('d3aa', 2, '192.0.2.2', 'Chile', 'Santiago', 'another', -33.45, -70.67, '');
        """

    @Test func `of the older tracer are taken over, once`() async throws {
        _ = try await watch.sqlite("old.sqlite", Self.table)
        let first = try await watch("import", "runs.db", "old.sqlite")
        #expect(first.status == 0 && first.output == "old.sqlite: 1 new run\n")
        #expect(try await watch("import", "runs.db", "old.sqlite").output == "old.sqlite: 0 new runs\n")
        let shown = try await watch("runs", "runs.db", "d3aa").output
        #expect(
            shown == """
                d3aa  2020-12-04T22:26:15.220000Z  trace 192.0.2.2
                 1  192.0.2.1  [Barranqueras, Argentina, an isp]
                 2  192.0.2.2  [Santiago, Chile, another]

                """)
        #expect(try await watch("map", "runs.db", "d3aa", "-o", "way.svg").status == 0)
        #expect(try watch.text(of: "way.svg").contains("Santiago"))
    }

    @Test func `of the older script are taken over, once`() async throws {
        let reports = (0..<3).map { number in
            #"{"ifaces": [], "hops": {"2": [{"rtt": "9.391 ms", "hostname": "b", "ip_address": "192.0.2.2", "latitude": 43.64, "#
                + #""longitude": -79.39}], "1": [{"rtt": "3.451 ms", "hostname": "192.0.2.1", "ip_address": "192.0.2.1"}]}, "#
                + #""probe_end": 1440124700797.208, "pub_ip": "192.0.2.77", "routes": [], "probe_start": \#(1_440_124_697_427 + number).629}"#
        }
        try watch.write(reports[0], to: "one.json")
        try watch.write("[\(reports[0]), \(reports[1])]", to: "list.json")
        try watch.write(reports.joined(separator: "\n") + "\n", to: "lines.json")
        let result = try await watch("import", "runs.db", "one.json", "list.json", "lines.json")
        #expect(result.status == 0)
        #expect(result.output == "one.json: 1 new run\nlist.json: 1 new run\nlines.json: 1 new run\n")
        let shown = try await watch("runs", "runs.db", "last").output
        #expect(
            shown == """
                report-1440124697429629-192.0.2.2  2015-08-21T02:38:17.429629Z  trace 192.0.2.2
                 1  192.0.2.1  3.451 ms
                 2  b (192.0.2.2)  9.391 ms

                """)
        #expect(
            try await watch("import", "runs.db", "one.json", "--host", "www.example.com").output
                == "one.json: 1 new run\n")
        #expect(try await watch("runs", "runs.db").output.split(separator: "\n").count == 4)
    }

    /// What is no report, and what is said of it.
    @Test(arguments: [
        ("[]", "it is empty"), ("{}", "there is no object `hops`"), (#"{"hops": []}"#, "there is no object `hops`"),
        (#"{"hops": {}}"#, "`probe_start` and `probe_end`"),
        (#"{"hops": {"0": []}, "probe_start": 1, "probe_end": 2}"#, "\"0\" is no number of a hop"),
        (#"{"hops": {"1": 5}, "probe_start": 1, "probe_end": 2}"#, "hop 1 is no list"),
        (#"{"hops": {"1": [{"rtt": "1 ms"}]}, "probe_start": 1, "probe_end": 2}"#, "no address"),
        (
            #"{"hops": {"1": [{"rtt": "x ms", "ip_address": "192.0.2.1"}]}, "probe_start": 1, "probe_end": 2}"#,
            "no time such as"
        ),
        (
            #"{"hops": {"1": [{"rtt": "-1 ms", "ip_address": "192.0.2.1"}]}, "probe_start": 1, "probe_end": 2}"#,
            "no time such as"
        ),
        (#"{"hops": {}, "probe_start": 1e300, "probe_end": 2}"#, "`probe_start` and `probe_end`"),
        ("{\"hops\": {}, \"probe_start\": 1, \"probe_end\": 2}\n{\n", "line 2 is no JSON"),
        (#"[{"hops": {}, "probe_start": 1, "probe_end": 2}, {}]"#, "(report 2)"),
    ]) func `are not made of what is no report`(_ text: String, _ words: String) async throws {
        try watch.write(text, to: "report.json")
        let result = try await watch("import", "runs.db", "report.json")
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains("report.json") && result.errors.contains(words), "\(result.errors)")
        #expect(try await watch("runs", "runs.db").output.isEmpty)
    }
}
