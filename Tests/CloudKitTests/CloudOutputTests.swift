import GeoKit
import Testing
import TraceCore
import TraceCoreFuzzChecks

@testable import TraceCoreCloud

@Suite("What is made of a benchmark") struct CloudOutputTests {
    private static let names = HostileNames.names(200, seed: 5).map { String(decoding: $0, as: UTF8.self) }

    /// A region in Germany on paper, wherever it is.
    private func region(_ code: String, name: String, at north: Double, _ east: Double) -> CloudRegion {
        CloudRegion(
            provider: "p", code: code, name: name, city: name, country: "DE", continent: "EU",
            coordinate: Coordinate(latitude: north, longitude: east),
            endpoint: CloudRegion.Endpoint(host: "\(code).example", evidence: .regional))
    }

    /// A fold that knows what a run is about, and nothing else.
    private func fold(
        _ regions: [CloudRegion], from here: Coordinate?, at: Int64 = 0, providers: [String: String] = [:]
    ) -> CloudReport.Fold {
        var fold = CloudReport.Fold()
        let run = CloudRun.Description(
            startedAt: UTCTime(microsecondsSince1970: at), network: "n", catalogue: "c", settings: CloudRun.Settings(),
            regions: regions, providers: providers, here: here)
        fold.apply(CloudEvent(at: .zero, .began(run)))
        return fold
    }

    /// A report of a few regions, with names that strangers chose.
    private func report(
        _ times: [String: [Double?]], name: String = "N", at: Int64 = 0, verdicts: [String: CloudEvent.Obstacle] = [:]
    ) throws -> CloudReport {
        var fold = fold(
            times.keys.sorted().map { region($0, name: name, at: 50, 8) },
            from: Coordinate(latitude: 50, longitude: 8), at: at, providers: ["p": name])
        for (index, (id, values)) in times.sorted(by: { $0.key < $1.key }).enumerated() {
            fold.apply(CloudEvent(at: .zero, .resolved(id: "p/\(id)", IPAddress(198, 51, 100, UInt8(index)), of: 1)))
            for value in values {
                fold.apply(
                    CloudEvent(at: .zero, .round(id: "p/\(id)", value.map { .nanoseconds(Int64($0 * 1_000_000)) })))
            }
        }
        for (id, obstacle) in verdicts {
            fold.apply(CloudEvent(at: .zero, .obstacle(id: "p/\(id)", obstacle, reason: name)))
        }
        fold.apply(CloudEvent(at: .seconds(1), .ended(nil)))
        return try #require(fold.report())
    }

    @Test func `two runs are compared by what is beyond chance`() throws {
        let before = try report([
            "a": (0..<10).map { 10 + Double($0) }, "b": (0..<10).map { 10 + Double($0) }, "c": [1, 2, 3],
            "d": [nil, nil],
        ])
        let after = try report(
            [
                "a": (0..<10).map { 40 + Double($0) }, "b": (0..<10).map { 12 + Double($0) }, "c": [nil, nil],
                "d": [5, 6],
                "e": [1],
            ], at: 60_000_000)
        let comparison = CloudComparison(from: before, to: after)
        #expect(comparison.changes.map(\.id) == ["p/a"] && comparison.changes[0].isBetter == false)
        #expect(comparison.appeared == ["p/d"] && comparison.vanished == ["p/c"])
        #expect(comparison.lines == ["p/a is worse: 14.5 to 44.5 ms", "Answers again: p/d", "Answers no more: p/c"])
        #expect(CloudComparison(from: before, to: before).lines == ["Nothing changed beyond chance."])
        let lossy = try report(["a": (0..<40).map { $0 % 2 == 0 ? nil : 10 + Double($0) / 10 }])
        let whole = try report(["a": (0..<40).map { 10 + Double($0) / 10 }])
        #expect(CloudComparison(from: whole, to: lossy).lines == ["p/a loses more: 0 to 50 %"])
    }

    @Test func `CSV is read as it was written, and no cell is a formula`() throws {
        for name in ["=1+1", "+x", "-x", "@x", " =x", "a,b", "a\"b", "a;b", "line\nbreak", "plain"] + Self.names {
            let report = try report(["a": [1, 2], "b": [nil]], name: name, verdicts: ["b": .silent])
            let text = report.csv.joined(separator: "\n")
            var records = CSVRecords(Array(text.utf8))
            var cells: [ArraySlice<UInt8>] = []
            var rows: [[String]] = []
            while try records.next(&cells) { rows.append(cells.map { String(decoding: $0, as: UTF8.self) }) }
            #expect(rows.count == 3 && rows.allSatisfy { $0.count == CloudReport.columns.count }, "\(text)")
            for row in rows {
                for cell in row {
                    let first = cell.unicodeScalars.first { $0 != " " }
                    // A number may be negative.
                    if Double(cell) == nil {
                        #expect(first.map { !"=+-@".unicodeScalars.contains($0) } ?? true, "\(cell)")
                    }
                }
            }
            let column = try #require(CloudReport.columns.firstIndex(of: "name"))
            let shown = UntrustedText(name).escaped
            #expect(rows[1][column] == shown || rows[1][column] == "'\(shown)", "\(rows[1][column])")
            #expect(rows[1][0] == "1" && rows[2][0].isEmpty)
        }
    }

    @Test func `names of strangers are safe on a terminal, in pictures and in pages`() throws {
        for name in Self.names {
            let report = try report(["a": [1, 2], "b": [nil]], name: name, verdicts: ["b": .unresolved])
            try checkTerminalText(Array((CloudText(width: 100).lines(report).joined(separator: "\n") + "\n").utf8))
            for text in [CloudPage(report).html, CloudMap(report).svg, CloudBars(report).svg] {
                #expect(!text.contains("<img") && !text.contains("<script") && !text.contains("onerror=\""), "\(name)")
            }
        }
    }

    @Test(arguments: [40, 60, 80, 100, 132, 200]) func `the table is as wide as the screen, and no wider`(width: Int)
        async throws
    {
        let world = CloudWorld(seed: 2)
        let report = try await CloudWorldTests.report(try CloudWorldTests.run(world, seed: 2, paths: 2))
        let lines = CloudText(width: width).lines(report)
        #expect(lines.allSatisfy { $0.columns <= max(40, width) }, "\(lines.filter { $0.columns > width })")
        if width >= 60 { #expect(lines.contains { $0.contains("█") }) }
        let plain = CloudText(width: width, isPlain: true).lines(report)
        #expect(!plain.contains { $0.contains("█") || $0.contains("─") || $0.contains("×") })
    }

    @Test func `an endpoint that answers for another is no region`() throws {
        var fold = fold(
            [region("a", name: "a", at: 50, 8), region("b", name: "b", at: 35, 139)],
            from: Coordinate(latitude: -33.9, longitude: 18.4))
        for id in ["p/a", "p/b"] {
            fold.apply(CloudEvent(at: .zero, .resolved(id: id, IPAddress(198, 51, 100, 1), of: 100)))
            fold.apply(CloudEvent(at: .zero, .round(id: id, .milliseconds(400))))
        }
        let report = try #require(fold.report())
        #expect(report.results.allSatisfy { $0.verdict == .frontEnd && $0.rank == nil })
        #expect(
            report.results[0].reason?.contains("answers for p/b, too") ?? false, "\(report.results[0].reason ?? "")")
    }
}
