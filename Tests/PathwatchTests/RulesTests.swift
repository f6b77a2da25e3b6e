import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

/// The rules, at pages that say what the path is.
@Suite(.serialized) struct `The older script's rules` {
    private let watch: Pathwatch
    private let pages: Pages
    private let shown: Shown

    /// What the page shows, and how the webhook answers.
    private final class Shown: Sendable {
        let page = Lock("")
        let status = Lock(204)
    }

    init() throws {
        watch = try Pathwatch()
        let shown = Shown()
        self.shown = shown
        pages = try Pages { call in
            call.request.target.path == "/hook"
                ? HTTPAnswer(HTTPStatus(shown.status.withLock { $0 }), HTTPFields(), body: .bytes([]))
                : .page("<pre>\(shown.page.withLock { $0 })</pre>")
        }
        try watch.write(#"{"US": {"url": "\#(pages.url)/trace?_IP_ADDRESS_"}}"#, to: "sources.json")
    }

    /// Traces a path of hops that take so long.
    private func once(_ times: Double..., arguments: [String] = []) async throws -> Pathwatch.Result {
        shown.page.withLock { page in
            page = times.enumerated().map { " \($0 + 1)  r\($0 + 1).example (192.0.2.\($0 + 1))  \($1) ms" }.joined(
                separator: "\n")
        }
        return try await watch.run(
            ["once", "-c", "US", "--store", "runs.db", "--webhook", pages.url + "/hook", "192.0.2.9"] + arguments)
    }

    private func told() throws -> [JSON.Value] {
        try pages.calls().filter { $0.target == "/hook" }.map { try JSON.Value(parsing: Array($0.body.utf8)) }
    }

    @Test func `tell nothing of a path that is as it was`() async throws {
        for _ in 0..<2 {
            let result = try await once(1, 10, 19.5)
            #expect(result.status == 0 && result.output.isEmpty)
            #expect(result.errors == "pathwatch once: 192.0.2.9: nothing to tell\n")
        }
        #expect(try told().isEmpty)
        #expect(try await watch("runs", "runs.db").output.split(separator: "\n").count == 2)
        await pages.end()
    }

    @Test func `tell of a hop that is slow`() async throws {
        let result = try await once(1, 30, arguments: ["--max_latency", "25"])
        #expect(result.status == 0 && result.output.isEmpty)
        #expect(
            result.errors == "pathwatch once: 192.0.2.9: hop 2, r2.example, took 30.000 ms, and 25.000 ms are allowed\n"
        )
        let report = try #require(try told().first)
        #expect(report.members.map(\.name) == ["hops", "probe_start", "probe_end", "event_source"])
        let slow = try #require(report["event_source"]?["max_threshold_exceeded"]).values
        #expect(slow.map { $0.values.map { $0["ip_address"]?.text } } == [["192.0.2.2"]])
        #expect(report["event_source"]?.members.count == 1)
        let call = try #require(pages.calls().last)
        #expect(call.method == "POST" && call.fields.first("content-type") == "application/json")
        #expect(call.fields.first("webhook-id")?.hasPrefix("msg_") == true)
        await pages.end()
    }

    @Test func `tell of a hop that takes another time than in the last run, either way`() async throws {
        _ = try await once(1, 10)
        #expect(try await once(1, 14, arguments: ["--hop_time_diff", "5"]).errors.hasSuffix("nothing to tell\n"))
        let slower = try await once(1, 19.5, arguments: ["--hop_time_diff", "5"])
        #expect(slower.errors.hasSuffix("r2.example took 19.500 ms after 14.000 ms before\n"))
        let faster = try await once(1, 2, arguments: ["--hop-time-diff", "5"])
        #expect(faster.errors.hasSuffix("r2.example took 2.000 ms after 19.500 ms before\n"))
        let events = try told().compactMap { $0["event_source"]?["hop_time_diff"]?.values.first }
        #expect(events.map { $0["oldHop"]?["rtt"]?.text } == ["14.000 ms", "19.500 ms"])
        #expect(events.map { $0["newHop"]?["rtt"]?.text } == ["19.500 ms", "2.000 ms"])
        await pages.end()
    }

    @Test func `tell of another number of hops`() async throws {
        _ = try await once(1, 2, 3)
        _ = try await once(1, 2)
        let events = try told().map { $0["event_source"]?.members.map(\.name) }
        #expect(events == [["hop_count_change"]])
        #expect(try told()[0]["event_source"]?["hop_count_change"]?.text == "the number of hops changed from 3 to 2")
        await pages.end()
    }

    @Test func `compare only what was asked from the same place`() async throws {
        _ = try await once(1, 2, 3)
        let here = try await watch(
            "once", "--network", "demo", "--store", "runs.db", "--webhook", pages.url + "/hook", "--max_latency", "1s",
            "192.0.2.9")
        #expect(here.errors.hasSuffix("nothing to tell\n"))
        await pages.end()
    }

    @Test func `keep what cannot be sent, and send it with the next run under the same id`() async throws {
        shown.status.withLock { $0 = 500 }
        let failed = try await once(50)
        #expect(failed.status == 2 && failed.errors.contains("status 500"))
        // As if the time until the next try were over.
        _ = try await watch.sqlite("runs.db", "UPDATE delivery SET due = 0")
        shown.status.withLock { $0 = 204 }
        #expect(try await once(50, arguments: ["--max_latency", "1s"]).status == 0)
        let calls = pages.calls().filter { $0.target == "/hook" }
        #expect(calls.count == 2 && Set(calls.map(\.body)).count == 1)
        #expect(Set(calls.compactMap { $0.fields.first("webhook-id") }).count == 1)
        #expect(try await watch.sqlite("runs.db", "SELECT count(*) FROM delivery WHERE state = 0") == "0\n")
        await pages.end()
    }

    @Test func `send what is kept for an address to no other`() async throws {
        shown.status.withLock { $0 = 500 }
        #expect(try await once(50).status == 2)
        _ = try await watch.sqlite("runs.db", "UPDATE delivery SET due = 0")
        shown.status.withLock { $0 = 204 }
        let other = try await watch(
            "once", "--country", "US", "--no_geo", "--store", "runs.db", "--webhook", pages.url + "/other",
            "--max_latency", "1s", "192.0.2.9")
        #expect(other.status == 0 && other.errors.hasSuffix("nothing to tell\n"), "\(other.errors)")
        #expect(!pages.calls().contains { $0.target == "/other" })
        let waiting = "SELECT count(*) FROM delivery WHERE state = 0"
        #expect(try await watch.sqlite("runs.db", waiting) == "1\n")
        // Nobody has named the first one for a long time.
        _ = try await watch.sqlite("runs.db", "UPDATE delivery SET made = 0")
        _ = try await watch(
            "once", "--country", "US", "--no_geo", "--store", "runs.db", "--webhook", pages.url + "/other",
            "--max_latency", "1s", "192.0.2.9")
        #expect(try await watch.sqlite("runs.db", waiting) == "0\n")
        #expect(!(try await watch.sqlite("runs.db", "SELECT receiver FROM delivery")).contains("127.0.0.1"))
        await pages.end()
    }
}
