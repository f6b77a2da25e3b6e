import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

@Suite(.serialized) struct `A path that is traced elsewhere` {
    private let watch: Pathwatch

    init() throws { watch = try Pathwatch() }

    private static let page = """
        <html><body><H1>trace</H1><pre>nothing here</pre>
        <PRE class="out">traceroute to www.example.com (203.0.113.7), 30 hops max, 60 byte packets
         1  gw.example (192.0.2.1)  0.512 ms  0.600 ms  0.700 ms
         2  * * *
         3  192.0.2.9 (core.example) [AS64500] 5.25 ms  <a href="/as">198.51.100.4</a> (b.example)  5.5 ms !X  *
         4  www.example.com (203.0.113.7)  9.125 ms  9.2 ms  9.3 ms
        </PRE></body></html>
        """

    private func sources(_ url: String, _ more: String = "") throws {
        try watch.write(
            """
            {"LO": {"url": "traceroute _IP_ADDRESS_"},
             "US": {"url": "\(url)/trace?host=_IP_ADDRESS_&x=1"},
             "JP": {"url": "\(url)/lg", "post_data": {"CMD": "trace route", "ARG": "_IP_ADDRESS_"}}\(more)}
            """, to: "sources.json")
    }

    @Test func `is read from a page`() async throws {
        let pages = try Pages { _ in HTTPAnswer.page(Self.page) }
        try sources(pages.url)
        let result = try await watch("once", "--country", "US", "--no_geo", "www.example.com")
        #expect(result.status == 0 && result.errors.isEmpty)
        let report = try result.json()
        // The page's machine is not this one.
        #expect(report.members.map(\.name) == ["hops", "probe_start", "probe_end"])
        let hops = try #require(report["hops"]).members
        #expect(hops.map(\.name) == ["1", "3", "4"])
        let answers = hops.map { hop in
            hop.value.values.map {
                "\($0["hostname"]?.text ?? "") \($0["ip_address"]?.text ?? "") \($0["rtt"]?.text ?? "")"
            }
        }
        #expect(
            answers == [
                ["gw.example 192.0.2.1 0.512 ms"],
                ["core.example 192.0.2.9 5.250 ms", "b.example 198.51.100.4 5.500 ms"],
                ["www.example.com 203.0.113.7 9.125 ms"],
            ])
        let call = try #require(pages.calls().first)
        #expect(call.method == "GET" && call.target == "/trace?host=www.example.com&x=1")
        await pages.end()
    }

    @Test func `is asked for by a form, with what has a meaning there escaped`() async throws {
        let pages = try Pages { _ in HTTPAnswer.page(Self.page) }
        try sources(pages.url)
        let result = try await watch("once", "--json-file", "sources.json", "-c", "JP", "2001:db8::1")
        #expect(result.status == 0)
        let call = try #require(pages.calls().first)
        #expect(call.method == "POST" && call.target == "/lg")
        #expect(call.fields.first("content-type") == "application/x-www-form-urlencoded")
        #expect(call.body == "CMD=trace%20route&ARG=2001%3Adb8%3A%3A1")
        await pages.end()
    }

    @Test func `is made by a looking glass of ours`() async throws {
        let request = RunRequest("tokyo.example", .trace(TraceSettings()), by: .udp)
        var lines = ""
        let internet = try SimulatedInternet(parsing: SimulatedInternet.demoTopology, name: "demo")
        for try await event in request.events(over: SimulatedProber(.udp, internet)) {
            lines += try JSON.text(event) + "\n"
        }
        let pages = try Pages { [lines] call in
            #expect(call.request.fields.first("authorization") == "Bearer abc")
            let asked = try RunRequest(json: call.body)
            #expect(asked.targets == ["tokyo.example"] && asked.work.verb == .trace)
            return HTTPAnswer(
                .ok, HTTPFields(["Content-Type": "application/x-ndjson"]), body: .bytes(Array(lines.utf8)))
        }
        try sources(pages.url, #", "DE": {"type": "lookingglass", "url": "\#(pages.url)/", "token": "abc"}"#)
        try watch.write(#"[{"name": "BR", "url": "\#(pages.url)", "token": "abc"}]"#, to: "list.json")
        for arguments in [["-c", "DE"], ["-c", "BR", "-j", "list.json"]] {
            let result = try await watch.run(["once"] + arguments + ["tokyo.example"])
            #expect(result.status == 0 && result.errors.isEmpty)
            let report = try result.json()
            #expect(report["hops"]?.members.last?.value.values.first?["hostname"]?.text == "tokyo.example")
            #expect(report["ifaces"] == nil)
        }
        #expect(pages.calls().map(\.target) == ["/api/v1/run", "/api/v1/run"])
        await pages.end()
    }

    /// A file, and what is said of it.
    @Test(arguments: [
        ("{", "is no JSON"), ("5", "has no sources by country"), ("[]", "has no US. There is LO"),
        (#"{"AU": {"url": "http://a/_IP_ADDRESS_"}}"#, "has no US. There is LO, AU"),
        (#"{"US": {}}"#, "US: `url` is an address"),
        (#"{"US": {"url": "traceroute _IP_ADDRESS_"}}"#, "US: `url` is an address"),
        (#"{"US": {"url": "http://a.example/"}}"#, "US: `_IP_ADDRESS_` stands nowhere"),
        (#"{"US": {"url": "http://a.example/", "post_data": {"a": 5}}}"#, "US: `post_data` has texts only"),
        (#"{"US": {"url": "http://a.example/", "post_data": "a=5"}}"#, "US: `post_data` is an object"),
        (
            #"{"US": {"url": "http://a.example/_IP_ADDRESS_", "type": "exe"}}"#,
            "\"exe\" is neither page nor lookingglass"
        ),
        (#"[{"name": "DE", "url": "http://a.example"}]"#, "has no US. There is LO, DE"),
    ]) func `says what is wrong with the sources`(_ text: String, _ words: String) async throws {
        try watch.write(text, to: "sources.json")
        let result = try await watch("once", "--country", "US", "192.0.2.1")
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    @Test(arguments: ["--icmp", "-4", "--numeric", "--port=53"])
    func `is asked for as the page likes`(_ option: String) async throws {
        try sources("http://127.0.0.1:1")
        let result = try await watch("once", "--country", "US", option, "192.0.2.1")
        #expect(result.status == 2 && result.errors.contains("is for a trace of ours"))
    }

    // MARK: Strangers

    /// A page without a path.
    struct Useless: CustomTestStringConvertible, Sendable {
        var start = ""
        /// What is repeated, and how often.
        let text: String
        var count = 1
        var end = ""
        var testDescription: String { "\(start)\(text.prefix(40))… × \(count)" }
    }

    @Test(arguments: [
        Useless(text: ""), Useless(text: "<pre>"), Useless(text: "<pre"),
        Useless(text: "<preview> 1 a (192.0.2.1) 1 ms</preview>"), Useless(text: " 1 a (192.0.2.1) 1 ms"),
        Useless(text: "<pre> 1 a (999.0.2.1) 1 ms\n 2 b (192.0.2.1) -1 ms\n 300 c (192.0.2.1) 1 ms</pre>"),
        Useless(text: "<pre>", count: 100_000), Useless(text: "<", count: 900_000),
        Useless(start: "<pre>", text: "&#", count: 400_000), Useless(start: "<pre>", text: " 1", count: 400_000),
        Useless(start: "<pre>", text: "\n 1", count: 300_000),
        Useless(text: "x", count: 2_000_000, end: page),
    ]) func `is refused where a page has none`(_ useless: Useless) async throws {
        let text = useless.start + String(repeating: useless.text, count: useless.count) + useless.end
        let pages = try Pages { _ in HTTPAnswer.page(text) }
        try sources(pages.url)
        let result = try await watch("once", "--country", "US", "192.0.2.1")
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors == "pathwatch once: 192.0.2.1: The page of US has no traceroute in a <pre>\n")
        await pages.end()
    }

    @Test func `is refused where the page is elsewhere, or an error`() async throws {
        let pages = try Pages { call in
            call.request.target.path == "/lg"
                ? HTTPAnswer(HTTPStatus(302), HTTPFields(["Location": "http://127.0.0.1:1/"]), body: .bytes([]))
                : HTTPAnswer(HTTPStatus(500), HTTPFields(), body: .bytes(Array(Self.page.utf8)))
        }
        try sources(pages.url, #", "XX": {"url": "http://127.0.0.1:1/_IP_ADDRESS_"}"#)
        for (country, words) in [
            ("JP", "answers with status 302"), ("US", "answers with status 500"), ("XX", "is not to be read"),
        ] {
            let result = try await watch("once", "--country", country, "192.0.2.1")
            #expect(result.status == 2 && result.errors.contains("The page of \(country) \(words)"))
        }
        await pages.end()
    }

    @Test func `is read as far as it has come when the time is over`() async throws {
        let pages = try Pages { call in
            HTTPAnswer(
                .ok, HTTPFields(["Content-Type": "text/html"]),
                body: .stream { writer in
                    if call.request.target.path == "/trace" {
                        try await writer.write(Array(Self.page.utf8.prefix(250)))
                    }
                    // Until the client leaves.
                    for await _ in AsyncStream.makeStream(of: Never.self).stream {}
                })
        }
        try sources(pages.url)
        let cut = try await watch("once", "--country", "US", "--timeout", "8", "203.0.113.7")
        #expect(cut.status == 0, "\(cut.errors)")
        #expect(try cut.json()["hops"]?.members.map(\.name) == ["1"])
        let empty = try await watch("once", "--country", "JP", "--timeout", "1", "203.0.113.7")
        #expect(empty.status == 2 && empty.errors.contains("had no hop to show when its 1 s were over"))
        await pages.end()
    }

    @Test func `cannot write to a terminal or a page`() async throws {
        let text = """
            <pre> 1  <img src=x onerror=alert(1)> (192.0.2.1)  1 ms
             2  \u{1b}[2Jevil (192.0.2.2)  2 ms
             3  a\u{202e}b.example (192.0.2.3)  3 ms
             4  &lt;script&gt; (192.0.2.4)  4 ms
             5  good.example (192.0.2.5)  5 ms
            </pre>
            """
        let pages = try Pages { _ in HTTPAnswer.page(text) }
        try sources(pages.url)
        let result = try await watch("once", "--country", "US", "--store", "runs.db", "192.0.2.5")
        #expect(result.status == 0)
        let hops = try #require(try result.json()["hops"]).members
        let names = hops.map { $0.value.values.first?["hostname"]?.text }
        #expect(names == ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "good.example"])
        let shown = try await watch("runs", "runs.db", "last").output
        for output in [result.output, shown] {
            #expect(!output.unicodeScalars.contains { ["\u{1b}", "\u{202e}", "<"].contains($0) })
        }
        await pages.end()
    }
}
