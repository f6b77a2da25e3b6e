import Foundation
import Testing
import TraceCore

@testable import TraceCorePathStore

@Suite struct `Runs` {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private let hops: [StoredRun.Hop] = [
        .init(
            hop: 1, ip: "192.0.2.1", country: "Argentina", city: "Barranqueras", isp: "an isp", latitude: -27.5,
            longitude: -58.93),
        .init(hop: 2, ip: nil), .init(hop: 3, ip: "198.51.100.9", country: "O'Brien"),
    ]

    private func run(_ id: String? = nil, _ seconds: Int = 0) -> StoredRun {
        StoredRun(
            id: id, verb: "trace", target: "www.example.com", method: "udp", created: start + .seconds(seconds),
            report: Array("{\"a\": [1]}".utf8), events: seconds == 0 ? Array("{}\n".utf8) : nil, hops: hops)
    }

    @Test func `are kept, listed from the newest on, and forgotten`() async throws {
        let store = try await PathStore(folder.store)
        let runs = (0..<4).map { run(nil, $0) }
        try await store.write(.promised) { (writer) throws(StoreError) in
            for run in runs { try writer.insert(run) }
            #expect(try writer.removeRun(runs[1].id))
            #expect(try !writer.removeRun(runs[1].id))
        }
        try await store.read { (reader) throws(StoreError) in
            #expect(try reader.newestRun() == runs[3].id)
            #expect(try reader.runs(limit: 10).map(\.id) == [runs[3].id, runs[2].id, runs[0].id])
            #expect(try reader.runs(limit: 1, before: runs[3].id).map(\.id) == [runs[2].id])
            #expect(try reader.run(runs[0].id) == runs[0])
            #expect(try reader.run(runs[2].id) == runs[2])
            #expect(try reader.run(runs[1].id) == nil)
            #expect(try reader.database.number("SELECT count(*) FROM hop") == 9)
        }
        let error = await #expect(throws: StoreError.self) {
            try await store.write { (writer) throws(StoreError) in try writer.insert(runs[0]) }
        }
        #expect(error?.code == .badValue)
        #expect(Set(runs.map(\.id)).count == 4)
        for run in runs {
            #expect(run.id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        }
    }

    @Test func `are found by what they were for, and by the beginning of their names`() async throws {
        let store = try await PathStore(folder.store)
        let runs = [run("aab", 0), run("abc", 1), run("ab", 2)]
        var other = run("x%", 3)
        other.method = "icmp"
        try await store.write(.promised) { [other] (writer) throws(StoreError) in
            for run in runs + [other] { try writer.insert(run) }
        }
        try await store.read { (reader) throws(StoreError) in
            #expect(try reader.newestRun(of: "www.example.com", method: "udp") == "ab")
            #expect(try reader.newestRun(of: "www.example.com", method: "icmp") == "x%")
            #expect(try reader.newestRun(of: "www.example.com", method: "tcp") == nil)
            #expect(try reader.newestRun(of: "www", method: "udp") == nil)
            #expect(try reader.runNames(beginningWith: "ab") == ["ab"])
            #expect(try reader.runNames(beginningWith: "abc") == ["abc"])
            #expect(try reader.runNames(beginningWith: "aa") == ["aab"])
            #expect(try reader.runNames(beginningWith: "a").count == 2)
            #expect(try reader.runNames(beginningWith: "%").isEmpty)
            #expect(try reader.runNames(beginningWith: "A").isEmpty)
        }
    }

    /// What the command line of SQLite gives.
    private func sqlite(_ file: String, _ text: String) throws -> String {
        let tool = "/usr/bin/sqlite3"
        guard FileManager.default.isExecutableFile(atPath: tool) else { try Test.cancel("sqlite3 is not installed") }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = [file, text]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self)
    }

    private static let oldTable = """
        CREATE TABLE TRACE (ID VARCHAR(256), HOP INT, IP VARCHAR(256), COUNTRY VARCHAR(256), CITY VARCHAR(256),
            ISP VARCHAR(256), LATITUDE FLOAT, LONGITUDE FLOAT, DATE_CREATED DATETIME, PRIMARY KEY (ID, HOP));
        INSERT INTO TRACE VALUES('d3aa', 1, '192.0.2.1', 'Argentina', 'Barranqueras', 'an isp', '-27.5', '-58.93',
            '2020-12-04 19:26:15.220-0300');
        INSERT INTO TRACE VALUES('d3aa', 2, '192.0.2.2', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', '');
        INSERT INTO TRACE VALUES('0b1c', 1, '192.0.2.1', NULL, NULL, NULL, NULL, NULL, NULL);
        """

    @Test func `are found by the older tool's queries`() async throws {
        let store = try await PathStore(folder.store)
        try await store.write(.promised) { (writer) throws(StoreError) in try writer.insert(run("run-1")) }
        #expect(
            try sqlite(folder.store, "SELECT * FROM TRACE") == """
                run-1|1|192.0.2.1|Argentina|Barranqueras|an isp|-27.5|-58.93|2026-03-02 00:00:00.000+0000
                run-1|2|||||||2026-03-02 00:00:00.000+0000
                run-1|3|198.51.100.9|O'Brien|||||2026-03-02 00:00:00.000+0000

                """)
        #expect(
            try sqlite(folder.store, "select IP from trace where id='run-1' and COUNTRY='Argentina' order by HOP")
                == "192.0.2.1\n")
        #expect(
            try sqlite(folder.store, "SELECT name FROM pragma_table_info('TRACE')").split(separator: "\n")
                == ["ID", "HOP", "IP", "COUNTRY", "CITY", "ISP", "LATITUDE", "LONGITUDE", "DATE_CREATED"])
    }

    @Test func `of the older tool are taken over, once`() async throws {
        let old = folder.path + "/traces.sqlite"
        _ = try sqlite(old, Self.oldTable)
        let store = try await PathStore(folder.store)
        try await store.write(.promised) { (writer) throws(StoreError) in try writer.insert(run("0b1c")) }
        #expect(try await store.importTraces(from: old) == 2)
        try await store.read { (reader) throws(StoreError) in
            let taken = try reader.run("d3aa")
            #expect(taken?.created == UTCTime("2020-12-04T22:26:15.22Z"))
            #expect(taken?.target == "192.0.2.2")
            #expect(taken?.hops.first?.latitude == -27.5)
            #expect(taken?.hops.last?.latitude == nil)
            #expect(taken?.hops.last?.city == "unknown")
            // The name was taken.
            #expect(try reader.run("0b1c")?.hops == hops)
            #expect(try reader.newestRun() == "0b1c-2")
        }
        #expect(try await store.importTraces(from: old) == 0)
        let error = await #expect(throws: StoreError.self) {
            try await store.importTraces(from: folder.path + "/none.sqlite")
        }
        #expect(error?.code == .cannotOpen)
    }
}
