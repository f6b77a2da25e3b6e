import Foundation
import GeoKit
import Testing
import TraceCore

@testable import TraceCoreCloud

/// The published schema of reports; `Tests/Conformance/schemas.py` holds the documents written here to it.
@Suite struct CloudSchemaTests {
    private static func schema(_ name: String) throws -> JSON.Value {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Documentation/schema/\(name)").standardizedFileURL
        return try JSON.Value(parsing: Array(Data(contentsOf: file)))
    }

    private func names(_ value: JSON.Value?) -> Set<String> {
        guard case .object(let members)? = value else { return [] }
        return Set(members.map(\.name))
    }

    @Test func `has each key that reports have, and no other`() async throws {
        let schema = try Self.schema("cloud.json")
        var documents: [String] = []
        var seen: (report: Set<String>, result: Set<String>, region: Set<String>) = ([], [], [])
        for (seed, here, paths) in [(1, CloudWorld.here.coordinate, 2), (2, nil, 0)] as [(UInt64, _, Int)] {
            let world = CloudWorld(seed: seed)
            var fold = CloudReport.Fold()
            for await event in try CloudWorldTests.run(world, seed: seed, here: here, paths: paths).events() {
                fold.apply(event)
                if case .step(.measuring) = event.fact { documents.append(try JSON.text(#require(fold.report()))) }
            }
            documents.append(try JSON.text(#require(fold.report())))
        }
        for document in documents {
            let value = try JSON.Value(parsing: Array(document.utf8))
            seen.report.formUnion(names(value))
            guard case .array(let results)? = value["results"] else { continue }
            for result in results {
                seen.result.formUnion(names(result))
                seen.region.formUnion(names(result["region"]))
            }
        }
        #expect(seen.report == names(schema["properties"]))
        #expect(seen.result == names(schema["$defs"]?["result"]?["properties"]))
        #expect(seen.region == names(schema["$defs"]?["region"]?["properties"]))
        guard let folder = ProcessInfo.processInfo.environment["TRACECORE_SCHEMA_EXAMPLES"] else { return }
        try documents.joined(separator: "\n").write(toFile: "\(folder)/cloud.ndjson", atomically: true, encoding: .utf8)
    }

    @Test func `has the keys of a matrix, whose reports are as those of one vantage point`() async throws {
        let (schema, own) = (try Self.schema("cloud-matrix.json"), try Self.schema("cloud.json"))
        for name in ["properties", "required", "additionalProperties"] {
            #expect(schema["$defs"]?["report"]?[name] == own[name])
        }
        for name in names(own["$defs"]) { #expect(schema["$defs"]?[name] == own["$defs"]?[name]) }
        let regions = CloudCatalogue.builtIn.regions.filter { $0.provider == "aws" }
        let matrix = try await CloudMatrixTests.matrix(
            try CloudMatrixTests.runs(CloudWorld(seed: 1), seed: 1, regions: regions))
        let document = try matrix.json()
        let value = try JSON.Value(parsing: Array(document.utf8))
        #expect(names(value) == names(schema["properties"]))
        guard case .array(let places)? = value["all"], case .array(let reports)? = value["reports"] else {
            Issue.record("there are no places and reports")
            return
        }
        #expect(places.allSatisfy { names($0) == names(schema["properties"]?["all"]?["items"]?["properties"]) })
        let runs = reports.reduce(into: Set<String>()) { $0.formUnion(names($1["run"])) }
        #expect(runs == names(own["properties"]?["run"]?["properties"]))
        guard let folder = ProcessInfo.processInfo.environment["TRACECORE_SCHEMA_EXAMPLES"] else { return }
        try document.write(toFile: "\(folder)/cloud-matrix.ndjson", atomically: true, encoding: .utf8)
    }
}
