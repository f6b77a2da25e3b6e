import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

@Suite struct `The API of the looking glass` {
    @Test(arguments: [
        ("*/*", "application/x-ndjson"), ("text/event-stream", "text/event-stream"),
        ("application/json", "application/json"),
        ("text/plain;q=0.5, application/json;q=0.1", "text/plain; charset=utf-8"), ("text/*", "text/event-stream"),
    ])
    func `a run comes in the form that is asked for`(accept: String, type: String) async throws {
        let glass = try await Glass()
        let answer = try await glass.get("/api/v1/run?verb=trace&target=tokyo.example", ["Accept": accept])
        #expect(answer.status == 200)
        #expect(answer.fields.first("content-type") == type)
        switch type {
        case "application/x-ndjson":
            let events = try EventLog.events(from: answer.bytes)
            #expect(try TraceReport.Fold.replay(events).isReached)
        case "text/event-stream":
            #expect(answer.text.hasPrefix("id: 1\ndata: {"))
            #expect(answer.text.hasSuffix("}\n\n"))
            let data = answer.lines.filter { $0.hasPrefix("data: ") }.map { $0.dropFirst(6) }.joined(separator: "\n")
            #expect(try TraceReport.Fold.replay(try EventLog.events(from: Array(data.utf8))).isReached)
        case "application/json": #expect(try JSON.decode(TraceReport.self, from: answer.bytes).isReached)
        default: #expect(answer.lines.last?.contains("tokyo.example (203.0.113.110)") ?? false)
        }
        await glass.end()
    }

    @Test func `a request in the body is that of the query`() async throws {
        let glass = try await Glass()
        let body = #"{"verb":"ping","target":"tokyo.example","count":1}"#
        let posted = try await glass.get(
            "/api/v1/run", method: "POST", ["Content-Type": "application/json", "Accept": "application/json"],
            body: body)
        #expect(try JSON.decode(PingReport.self, from: posted.bytes).sent == 1)
        let form = try await glass.get(
            "/api/v1/run", method: "POST",
            ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"],
            body: "verb=ping&target=tokyo.example&count=1")
        #expect(try JSON.decode(PingReport.self, from: form.bytes).sent == 1)
        let both = try await glass.get("/api/v1/run?count=2", method: "POST", body: body)
        #expect(both.status == 400)
        #expect(try both.json()["field"]?.string == "count")
        let other = try await glass.get("/api/v1/run", method: "POST", ["Content-Type": "text/xml"], body: "<a/>")
        #expect(other.status == 415)
        await glass.end()
    }

    /// CVE-2026-26514: options in a target became options of a program. There is no program here, and no such target.
    @Test(arguments: [
        "-n", "-w%2060%20-q%2010", "a%20b", "a%0Ab", "--help", "%3Cimg%20src=x%20onerror=alert(1)%3E", "$(id)", "a;id",
        "a%7Cid", "%60id%60",
        String(repeating: "a", count: 300), "a..b", "%FF",
    ])
    func `what is no host is refused before anything is looked up`(target: String) async throws {
        let glass = try await Glass()
        for path in ["/api/v1/run?verb=trace&target=", "/traceroute?dest=", "/live?verb=ping&target=", "/mtr?target="] {
            let answer = try await glass.get(path + target)
            #expect(
                answer.status == 400 || path.hasPrefix("/mtr") && answer.text.contains("ERROR:"),
                "\(path): \(answer.text)")
            // In JSON and in text it is a text, and no browser takes it for markup.
            if path.hasPrefix("/live") { #expect(!answer.text.contains("<img")) }
            #expect(answer.fields.first("x-content-type-options") == "nosniff")
        }
        let nul = try await glass.get("/api/v1/run?verb=trace&target=a%00b")
        #expect(nul.status == 400)
        await glass.end()
        // Refused, and never begun.
        #expect(!glass.log.contains("ended:"))
    }

    @Test func `what is not there, or not so, has its status`() async throws {
        let glass = try await Glass()
        #expect(try await glass.get("/nothing").status == 404)
        #expect(try await glass.get("/runs/nobody.json").status == 404)
        let put = try await glass.get("/api/v1/run", method: "PUT")
        #expect(put.status == 405)
        #expect(put.fields.first("allow") == "GET, HEAD, POST")
        #expect(
            try await glass.get("/api/v1/run?verb=ping&target=tokyo.example", ["Accept": "image/png"]).status == 406)
        #expect(
            try await glass.get("/api/v1/run", method: "POST", body: String(repeating: "x", count: 100_000)).status
                == 413)
        let head = try await glass.get("/api/v1/run?verb=ping&target=tokyo.example", method: "HEAD")
        #expect(head.status == 200)
        // A stream that a browser asks for again is over.
        #expect(
            try await glass.get(
                "/api/v1/run?verb=ping&target=tokyo.example", ["Accept": "text/event-stream", "Last-Event-ID": "4"]
            )
            .status == 204)
        await glass.end()
        #expect(!glass.log.contains("ended:"))
    }

    @Test func `the server says what may be asked`() async throws {
        let glass = try await Glass("--runs-per-target", "7", "--most-rounds", "12", isPatient: false)
        let limits = try await glass.get("/api/v1/limits").json()
        #expect(limits["runs"]?["forEachTarget"] == .integer(7))
        #expect(limits["requestsForEachClient"]?.string == "30/minute")
        #expect(limits["requests"]?["$defs"]?["ping"]?["properties"]?["count"]?["maximum"] == .integer(12))
        let refused = try await glass.get("/api/v1/run?verb=ping&target=tokyo.example&count=13")
        #expect(refused.status == 400)
        #expect(try refused.json()["message"]?.string == "a whole number from 1 to 12 is wanted")
        let document = try await glass.get("/openapi.json").json()
        #expect(document["openapi"]?.string == "3.1.0")
        #expect(document["components"]?["schemas"]?["trace"] != nil)
        await glass.end()
    }

    @Test func `programs sweep many hosts where that is allowed, and the page does not offer it`() async throws {
        let glass = try await Glass("--most-hosts", "3")
        func sweep(_ hosts: [String], _ kind: String = "application/json") async throws -> Glass.Answer {
            let body = try JSON.text(["verb": "sweep", "method": "icmp"] as [String: String]).dropLast()
            let list = hosts.map { "\"\($0)\"" }.joined(separator: ",")
            return try await glass.get(
                "/api/v1/run", method: "POST", ["Accept": kind],
                body: "\(body),\"targets\":[\(list)],\"sendInterval\":\"4ms\"}")
        }
        let hosts = ["tokyo.example", "london.example", "dead.example"]
        let report = try await sweep(hosts)
        #expect(report.status == 200, "\(report.text)")
        let lines = try await sweep(hosts, "text/plain").text
        #expect(lines.contains("tokyo.example") || lines.contains("203.0.113.110"), "\(lines)")
        let events = try EventLog.events(from: try await sweep(hosts, "application/x-ndjson").bytes)
        #expect(try SweepReport.Fold.replay(events).alive == 2)
        let refused = try await sweep(hosts + ["sydney.example"])
        #expect(refused.status == 400 && refused.text.contains("more than 3 hosts"), "\(refused.text)")
        #expect(try await !glass.get("/").text.contains("value=\"sweep\""))
        #expect(try await glass.get("/openapi.json").json()["components"]?["schemas"]?["sweep"] != nil)
        #expect(try await glass.get("/?verb=sweep&target=tokyo.example&whole=1").status == 200)
        await glass.end()
        let usual = try await Glass()
        let answer = try await usual.get("/api/v1/run?verb=sweep&target=tokyo.example")
        #expect(answer.status == 403 && answer.text.contains("it is not done here"), "\(answer.text)")
        await usual.end()
    }

    @Test func `who asks too often is told when to come again`() async throws {
        let glass = try await Glass("--ratelimit", "2/hour", isPatient: false)
        for _ in 0..<2 {
            let answer = try await glass.get("/api/v1/run?verb=ping&target=tokyo.example&count=1")
            #expect(answer.status == 200)
            #expect(answer.fields.first("x-ratelimit-limit") == "2")
        }
        let refused = try await glass.get("/api/v1/run?verb=ping&target=tokyo.example&count=1")
        #expect(refused.status == 429)
        #expect(refused.fields.first("x-ratelimit-remaining") == "0")
        #expect((1...3_600).contains(Int(refused.fields.first("retry-after") ?? "") ?? 0))
        // Whichever way it asks; on the page it is a sentence.
        for path in ["/mtr?target=tokyo.example", "/ping?dest=tokyo.example", "/trace?target=tokyo.example"] {
            #expect(try await glass.get(path).status == 429)
        }
        let page = try await glass.get("/live?verb=ping&target=tokyo.example&count=1")
        #expect(page.status == 429)
        #expect(page.text.contains("You have asked too often"))
        await glass.end()
    }

    /// An IPv6 client has a network of 64 bits, and addresses in it as it likes.
    @Test func `an IPv6 network is one client`() async throws {
        let glass = try await Glass("--ratelimit", "2/hour", "--proxy", "127.0.0.1", isPatient: false)
        var statuses: [Int] = []
        for address in [
            "2001:db8:1:2::1", "2001:db8:1:2:3::4", "2001:db8:1:2:ffff::", "2001:db8:1:3::1", "::ffff:203.0.113.9",
        ] {
            let answer = try await glass.get(
                "/api/v1/run?verb=ping&target=tokyo.example&count=1", ["X-Forwarded-For": address])
            statuses.append(answer.status)
        }
        #expect(statuses == [200, 200, 429, 200, 200])
        await glass.end()
        #expect(glass.log.contains("\n203.0.113.9 - "))
    }

    @Test func `metrics are what Prometheus reads`() async throws {
        let glass = try await Glass()
        _ = try await glass.get("/api/v1/run?verb=ping&target=tokyo.example&count=1")
        let text = try await glass.get("/metrics")
        #expect(text.lines.contains("tracecore_runs_total{verb=\"ping\",end=\"completed\"} 1"))
        #expect(text.lines.contains("tracecore_probes_total{fate=\"answered\"} 1"))
        let open = try await glass.get("/metrics", ["Accept": "application/openmetrics-text"])
        #expect(open.lines.last == "# EOF")
        await glass.end()
    }
}

@Suite struct `The routes of older tools` {
    @Test func `webtrace's page finds what it reads`() async throws {
        let glass = try await Glass(environment: [
            "WEBTRACE_MTRCOUNT": "2", "WEBTRACE_PINGCOUNT": "1", "WEBTRACE_TITLE": "Old <title>",
        ])
        let mtr = try await glass.get("/mtr?target=tokyo.example&aftype=ipv4")
        #expect(mtr.status == 200)
        #expect(mtr.fields.first("content-type") == "text/plain; charset=utf-8")
        let hop =
            /(?<hop>\d+) (?<host>\S+) (?<address>\S+) (?<loss>\d+) (?<received>\d+) (?<sent>\d+) [\d.]+ [\d.]+ [\d.]+/
        for line in mtr.lines {
            #expect(line.wholeMatch(of: hop) != nil || line.wholeMatch(of: /-\d+|\d+ \?\?\?/) != nil, "\(line)")
        }
        let last = mtr.lines.compactMap { $0.wholeMatch(of: hop) }.last { $0.address == "203.0.113.110" }
        #expect(last?.sent == "2")
        let ping = try await glass.get("/ping?target=tokyo.example&aftype=ipv6")
        #expect(ping.text.contains("1 packets transmitted, 1 received"))
        let trace = try await glass.get("/trace?target=tokyo.example&aftype=bogus")
        #expect(trace.lines.last?.contains("tokyo.example (203.0.113.110)") ?? false)
        let none = try await glass.get("/ping?target=")
        #expect(none.status == 400)
        #expect(none.text == "ERROR: No target specified\n")
        let unknown = try await glass.get("/mtr?target=nowhere.example")
        #expect(unknown.status == 200)
        #expect(unknown.text.contains("ERROR: mtr exited with status"))
        let page = try await glass.get("/")
        #expect(page.text.contains("<title>Old &lt;title&gt;</title>"))
        await glass.end()
    }

    @Test func `a run that takes too long says so at the end`() async throws {
        let glass = try await Glass("--timeout", "1", environment: ["WEBTRACE_MTRCOUNT": "60"])
        let answer = try await glass.get("/mtr?target=tokyo.example")
        #expect(answer.text.hasSuffix("\nTIMEOUT: mtr timed out"))
        await glass.end()
    }

    @Test func `the agent gives the two dictionaries`() async throws {
        let glass = try await Glass()
        let ping = try JSON.decode(
            PingDictionary.self, from: try await glass.get("/ping?dest=tokyo.example&packets=2&ttl=40&timeout=3").bytes)
        #expect(ping.packets == 2)
        #expect(ping.answers.count == 2)
        let trace = try JSON.decode(
            TracerouteDictionary.self,
            from: try await glass.get("/traceroute?dest=tokyo.example&max_ttl=3&packets=1").bytes)
        #expect(trace.ttl == 3)
        #expect(trace.pings.count == 3)
        #expect(try await glass.get("/ping?dest=tokyo.example&size=4").status == 400)
        await glass.end()
    }
}
