import Foundation
import Testing
import TraceCore

@Suite struct `The snippets of the documentation` {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Every page that shows Swift to users.
    static let pages: [String] = {
        let documents = ["Documentation", "Sources"].flatMap { folder in
            let files = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
            return (files?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
        }
        return ["README.md"] + documents.sorted()
    }()

    @Test func `there are pages to look at`() {
        #expect(Self.pages.contains("README.md"))
        #expect(Self.pages.contains("Sources/TraceCore/TraceCore.docc/YourOwnProber.md"))
        #expect(Self.pages.contains("Sources/GeoKit/GeoKit.docc/Places.md"))
    }

    @Test(arguments: pages) func `stand in a file that compiles`(_ page: String) throws {
        let compiled =
            try lines(of: "Tests/DocumentationTests/Snippets.swift")
            + lines(of: "Tests/DocumentationTests/TraceEndpoint.swift")
        for snippet in try snippets(in: page) {
            let isThere = compiled.indices.contains { start in
                compiled[start...].prefix(snippet.count).elementsEqual(snippet)
            }
            #expect(isThere, "\(page): in no file that is compiled:\n\(snippet.joined(separator: "\n"))")
        }
    }

    @Test func `and the prober of one's own has one method in some ten lines`() throws {
        let first = try #require(snippets(in: "Sources/TraceCore/TraceCore.docc/YourOwnProber.md").first)
        #expect(first.count <= 10)
    }

    /// The Swift blocks of a page, each as its lines without indentation and without empty ones.
    private func snippets(in page: String) throws -> [[String]] {
        var snippets: [[String]] = []
        var current: [String]?
        for line in try String(contentsOf: Self.root.appendingPathComponent(page), encoding: .utf8)
            .components(separatedBy: "\n")
        {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text == "```swift" {
                current = []
            } else if text == "```", let snippet = current {
                snippets.append(snippet)
                current = nil
            } else if !text.isEmpty {
                current?.append(text)
            }
        }
        return snippets
    }

    private func lines(of file: String) throws -> [String] {
        try String(contentsOf: Self.root.appendingPathComponent(file), encoding: .utf8)
            .components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}

@Suite struct `The verb of the documentation` {
    @Test func `sends its probes in one instant`() async throws {
        let report = try await Snippets.verb()
        #expect(report.run.verb == "burst" && report.sent == 10 && report.received == 10)
        let plan = BurstPlan(target: IPAddress(192, 0, 2, 1), settings: BurstSettings(count: 3))
        var now = plan
        guard case .send(let probes) = now.step(at: .zero, sending: 2) else { Issue.record(); return }
        #expect(probes.count == 2)
        #expect(now.step(at: .zero, sending: 0) == .wait(until: .seconds(1), nextSend: .zero))
        guard case .timedOut(let lost) = now.step(at: .seconds(1), sending: 9) else { Issue.record(); return }
        #expect(lost == probes)
    }
}

@Suite struct `The tutorial of the documentation` {
    @Test func `ends with a picture`() async throws {
        let (ping, watched, picture) = try await Snippets.picture()
        #expect(ping.sent == 10 && ping.received > 5)
        #expect(watched?.isReached == true && watched?.hops.count == 8)
        #expect(picture.hasPrefix("<svg ") && picture.contains("nairobi.example"))
    }
}

@Suite struct `The endpoint of the documentation` {
    private let endpoint: TraceEndpoint = {
        // No real time ends these runs, however busy the machine is: their own time is the simulation's.
        var limits = RunLimits()
        limits.longest = nil
        return TraceEndpoint(
            service: ProbeService(policy: .all, limits: limits, prober: { SimulatedProber($0.transport, .demo) }))
    }()

    private func body(of answer: TraceAnswer) async throws -> String {
        var bytes: [UInt8] = []
        try await answer.body { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `streams the events of a trace`() async throws {
        let answer = try await endpoint.answer([("target", "tokyo.example")], from: "192.0.2.1")
        #expect(answer.status == 200 && answer.type == "application/x-ndjson")
        let events = try EventLog.recording(from: Array(await body(of: answer).utf8), name: "answer").events
        var fold = TraceReport.Fold()
        for event in events { fold.apply(event) }
        #expect(fold.report()?.isReached == true)
    }

    @Test(arguments: [
        ("maxTTL", "999", 400, "from 1 to 64"), ("source", "192.0.2.1", 403, "cannot choose"),
        ("target", "nowhere.example", 400, "nowhere.example"),
    ])
    func `says what is wrong before the head`(key: String, value: String, status: Int, words: String) async throws {
        var query = [(key: key, value: value)]
        if key != "target" { query.append((key: "target", value: "tokyo.example")) }
        let answer = try await endpoint.answer(query, from: "192.0.2.1")
        #expect(answer.status == status && answer.type == "application/json")
        let text = try await body(of: answer)
        #expect(text.contains(words), "\(text)")
    }
}
