import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

@Suite struct `A looking glass for strangers` {
    /// Every dress of addresses that are not public (hybula #63, CVE-2026-27127). On the real network, and nothing is sent.
    @Test func `only public addresses can be asked where others can reach the server`() async throws {
        let glass = try await Glass("-l", "0.0.0.0:0", network: nil)
        for target in [
            "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::",
            "fe80::1",
            "fe80::1%25lo", "fc00::1", "ff02::1", "2001:db8::1", "localhost",
        ] {
            let answer = try await glass.get("/api/v1/run?verb=ping&target=\(target)")
            #expect([400, 403].contains(answer.status), "\(target): \(answer.text)")
            let live = try await glass.get("/live?verb=ping&target=\(target)")
            #expect(
                live.text.contains("not probed from here") || live.text.contains("refused"), "\(target): \(live.text)")
        }
        await glass.end()
        #expect(!glass.log.contains("ended:"))
    }

    /// nginx and Caddy ask at 127.0.0.1 for everybody.
    @Test func `behind a proxy only public addresses can be asked`() async throws {
        let glass = try await Glass("--proxy", "127.0.0.1", network: nil)
        #expect(try await glass.get("/api/v1/run?verb=ping&target=127.0.0.1").status == 403)
        await glass.end()
        #expect(glass.complaints.contains("asks public addresses"))
    }

    /// A web site can give itself the address 127.0.0.1, and read what comes under its own name.
    @Test func `a server for its own machine has no other name`() async throws {
        let glass = try await Glass(network: nil)
        for host in ["evil.example", "127.0.0.1.evil.example", "[2001:db8::1]:80"] {
            let answer = try await glass.get("/", ["Host": host])
            #expect(answer.status == 421, "\(host)")
        }
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080"] {
            #expect(try await glass.get("/", ["Host": host]).status == 200, "\(host)")
        }
        await glass.end()
    }

    @Test func `networks can be allowed and denied`() async throws {
        let glass = try await Glass("-l", "0.0.0.0:0", "--allow", "127.0.0.0/8", "--deny", "127.0.0.2", network: nil)
        #expect(try await glass.get("/api/v1/run?verb=ping&target=127.0.0.2").status == 403)
        #expect(try await glass.get("/api/v1/run?verb=ping&target=10.0.0.1").status == 403)
        let allowed = try await glass.get("/api/v1/run?verb=ping&target=127.0.0.1&count=1")
        // A machine may keep pings from its users; that is another refusal.
        #expect(allowed.status == 200 || allowed.status == 503, "\(allowed.text)")
        await glass.end()
    }

    /// One route without authorisation was enough (CVE-2026-32230).
    @Test func `without a token there is the page, and nothing else that asks`() async throws {
        let glass = try await Glass("--tokens", "@tokens", files: ["tokens": "friend: 0123456789abcdef0123\n"])
        let asking = [
            "/api/v1/run?verb=ping&target=tokyo.example&count=1", "/ping?target=tokyo.example",
            "/mtr?target=tokyo.example",
            "/trace?target=tokyo.example", "/ping?dest=tokyo.example", "/traceroute?dest=tokyo.example",
        ]
        for path in asking {
            for fields: KeyValuePairs<String, String> in [
                [:], ["Authorization": "Bearer 0123456789abcdef012"], ["Authorization": "Bearer 0123456789abcdef01234"],
                ["Authorization": "Basic 0123456789abcdef0123"],
            ] {
                let answer = try await glass.get(path, fields)
                #expect(answer.status == 401, "\(path): \(answer.text)")
                #expect(answer.fields.first("www-authenticate") == "Bearer")
            }
        }
        let answer = try await glass.get(asking[0], ["Authorization": "Bearer 0123456789abcdef0123"])
        #expect(answer.status == 200)
        for path in ["/", "/api/v1/limits", "/openapi.json", "/metrics", "/-/healthy"] {
            #expect(try await glass.get(path).status == 200)
        }
        await glass.end()
        #expect(!glass.log.contains("0123456789abcdef0123"))
    }

    @Test func `without a page there is none of its routes`() async throws {
        let glass = try await Glass("--no-page")
        for path in ["/live?verb=ping&target=tokyo.example", "/runs/abc", "/assets/page.css"] {
            #expect(try await glass.get(path).status == 404)
        }
        #expect(try await glass.get("/").text.contains("/openapi.json"))
        await glass.end()
    }

    @Test func `nobody but a trusted proxy says who asks`() async throws {
        let spoof: KeyValuePairs<String, String> = ["X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.8"]
        let plain = try await Glass()
        _ = try await plain.get("/-/healthy", spoof)
        await plain.end()
        #expect(plain.log.hasPrefix("127.0.0.1 - "))
        let behind = try await Glass("--proxy", "127.0.0.1")
        _ = try await behind.get("/-/healthy", ["X-Forwarded-For": "203.0.113.9, 198.51.100.2"])
        await behind.end()
        #expect(behind.log.hasPrefix("198.51.100.2 - "))
    }

    private static let hostile = """
        vantage here 192.0.2.10 2001:db8::10
        router r1 198.51.100.1 2001:db8:1::1 name=<img/src=x/onerror=alert(1)>"'&
        host target 203.0.113.7 2001:db8:7::7 delay=1ms name=</td><script>alert(2)</script>
        path target: r1
        path default: r1
        """

    /// telephone/LookingGlass #26: names of routers became part of the page.
    @Test func `names of routers are text in every form`() async throws {
        let glass = try await Glass(network: Self.hostile)
        for verb in ["trace", "monitor", "paths", "ping", "mtu"] {
            let page = try await glass.get("/?verb=\(verb)&target=203.0.113.7&whole=1&count=1")
            #expect(page.status == 200)
            #expect(!page.text.contains("<img") && !page.text.contains("<script>alert"), "\(verb)")
            #expect(
                page.fields.first("content-security-policy")?.hasPrefix("default-src 'self'; base-uri 'none'") ?? false)
            #expect(!page.text.contains("style=\"") && !page.text.contains("<style"))
        }
        let live = try await glass.get("/live?verb=trace&target=203.0.113.7")
        #expect(live.text.contains("&lt;img"))
        #expect(!live.text.contains("<img"))
        await glass.end()
    }

    /// The log of a server is read in terminals.
    @Test func `what strangers write stays within its line of the log`() async throws {
        let glass = try await Glass()
        _ = try await glass.get(
            "/%1b%5b31m?a=\"%0d%0ab", ["User-Agent": "x\" 200 \u{1b}[2J\u{202e}", "Referer": "\u{7}"])
        await glass.end()
        #expect(glass.log.split(separator: "\n").count == 1)
        #expect(glass.log.unicodeScalars.allSatisfy { $0 == "\n" || (0x20..<0x7F).contains($0.value) })
    }

    @Test func `a full disk under the log stops nobody`() async throws {
        let glass = try await Glass("--log", "/dev/full")
        for _ in 0..<20 { #expect(try await glass.get("/-/healthy").status == 200) }
        #expect(await glass.end() == 0)
        #expect(glass.complaints.split(separator: "\n").count { $0.contains("log") } == 1)
    }
}

@Suite struct `Results of the page` {
    @Test func `a run can be stopped, and its result is kept`() async throws {
        let glass = try await Glass()
        let response = try await glass.open("/live?verb=ping&target=tokyo.example&count=100")
        let stop = /data-stop=\\"\/runs\/(?<name>[a-z0-9]+)\/stop\\"/
        var text = ""
        var name: String?
        for try await bytes in response.body {
            text += String(decoding: bytes, as: UTF8.self)
            guard name == nil, text.contains("icmp_seq=1"), let match = text.firstMatch(of: stop) else { continue }
            name = String(match.name)
            #expect(try await glass.get("/runs/\(match.name)/stop", method: "POST").status == 200)
        }
        let run = try #require(name)
        #expect(text.contains("Copy as JSON"))
        let report = try JSON.decode(PingReport.self, from: try await glass.get("/runs/\(run).json").bytes)
        #expect(report.end?.reason == .cancelled)
        #expect((1..<100).contains(report.received))
        let events = try await glass.get("/runs/\(run).ndjson")
        #expect(try PingReport.Fold.replay(EventLog.events(from: events.bytes)) == report)
        #expect(events.fields.first("content-disposition")?.contains("attachment") ?? false)
        #expect(try await glass.get("/runs/\(run).txt").text.contains("icmp_seq=1"))
        #expect(try await glass.get("/runs/\(run).md").text.contains("|"))
        let page = try await glass.get("/runs/\(run)")
        #expect(page.status == 200)
        #expect(page.text.contains("icmp_seq=1"))
        #expect(try await glass.get("/live?kept=\(run)").text.contains("icmp_seq=1"))
        #expect(try await glass.get("/runs/\(run)/stop", method: "POST").status == 404)
        await glass.end()
    }

    @Test(arguments: ["monitor", "trace", "ping", "paths", "mtu"])
    func `the finished page shows what the patches come to`(verb: String) async throws {
        let glass = try await Glass(environment: ["LOOKINGGLASS_MTRCOUNT": "2", "LOOKINGGLASS_PINGCOUNT": "2"])
        let page = try await glass.get("/?verb=\(verb)&target=tokyo.example&whole=1").text
        #expect(page.contains("class=\"state done\""))
        #expect(page.contains("Tokyo"))
        #expect(page.contains("203.0.113.110"))
        // A page that has a script gets the same in pieces; the last ones are all that counts.
        let live = try await glass.get("/live?verb=\(verb)&target=tokyo.example")
        for line in live.lines {
            let patch = try JSON.Value(parsing: Array(line.utf8))
            #expect(patch["id"]?.string?.isEmpty == false)
            #expect(patch["html"]?.string != nil)
        }
        #expect(live.lines.contains { $0.contains("state done") })
        let shell = try await glass.get("/?verb=\(verb)&target=tokyo.example").text
        #expect(shell.contains("<noscript><meta http-equiv=\"refresh\" content=\"0; url=/?"))
        #expect(shell.contains("data-live=\"/live?"))
        await glass.end()
    }
}

@Suite struct `Vantage points` {
    @Test func `a run is made there, and its refusals are ours`() async throws {
        let there = try await Glass("--tokens", "@tokens", files: ["tokens": "here: 0123456789abcdef0123\n"])
        let list = """
            [{"name": "there", "url": "\(there.url)/", "token": "0123456789abcdef0123", "latitude": 52.5, "longitude": 13.4},
             {"name": "locked", "url": "\(there.url)", "token": "another-token-of-ours"},
             {"name": "dead", "url": "http://127.0.0.1:9"}]
            """
        let glass = try await Glass("--vantage", "@list", "--name", "home", files: ["list": list])
        let run = "/api/v1/run?verb=trace&target=tokyo.example"
        let answer = try await glass.get(run + "&from=there")
        #expect(try TraceReport.Fold.replay(EventLog.events(from: answer.bytes)).isReached)
        #expect(try await glass.get(run + "&from=home").status == 200)
        let refused = try await glass.get("/api/v1/run?verb=trace&target=nowhere.example&from=there")
        #expect(refused.status == 400)
        #expect(try refused.json()["message"]?.string?.hasSuffix("(says there)") ?? false)
        for (name, reason) in [("locked", "does not know our token"), ("dead", "cannot be reached")] {
            let answer = try await glass.get(run + "&from=\(name)")
            #expect(answer.status == 502)
            #expect(try answer.json()["message"]?.string?.contains(reason) ?? false)
            // Where it is, only the operator is told.
            #expect(!answer.text.contains("127.0.0.1"))
        }
        await glass.says("127.0.0.1:9:")
        #expect(glass.complaints.contains("127.0.0.1:9:"))
        let side = try await glass.get("/live?verb=trace&target=tokyo.example&from=home&from=there&from=dead").text
        #expect(side.contains("Trace to tokyo.example (203.0.113.110) from home"))
        #expect(side.contains("Trace to tokyo.example (203.0.113.110) from there"))
        #expect(side.contains("The vantage point dead cannot be reached"))
        let points = try await glass.get("/api/v1/vantage-points").text
        #expect(points.contains("\"there\"") && !points.contains("0123456789abcdef"))
        // A line of the log may come after the answer, and all are there at the end.
        await glass.end()
        await there.end()
        #expect(there.log.contains("for \"token here/127.0.0.1\" ended: reached"))
        #expect(glass.log.contains("for 127.0.0.1 ended: reached"))
    }

    @Test func `runs that are made there count here`() async throws {
        let there = try await Glass()
        let glass = try await Glass(
            "--vantage", "@list", "--ratelimit", "1000/minute", "--runs-per-client", "1", "--deny", "203.0.113.110",
            files: ["list": #"[{"name": "there", "url": "\#(there.url)"}]"#], isPatient: false)
        do {
            let first = try await glass.open(
                "/api/v1/run?verb=ping&target=frankfurt.example&count=100&from=there")
            #expect(first.status == .ok)
            let second = try await glass.get("/api/v1/run?verb=ping&target=frankfurt.example&count=1&from=there")
            #expect(second.status == 429)
            #expect(second.fields.first("retry-after") != nil)
        }
        // The place is free again when the run is over, and it is in the metrics and the log as one of our own.
        while try await !glass.get("/metrics").text.contains("tracecore_runs_active 0") {}
        let third = try await glass.get("/api/v1/run?verb=ping&target=frankfurt.example&count=2&from=there")
        #expect(try PingReport.Fold.replay(EventLog.events(from: third.bytes)).received == 2)
        #expect(try await glass.get("/api/v1/run?verb=ping&target=203.0.113.110&from=there").status == 403)
        // What a name leads to is known there first.
        let refused = try await glass.get("/api/v1/run?verb=ping&target=tokyo.example&count=2&from=there")
        #expect(refused.lines.count == 1 && refused.text.contains("it leads to"), "\(refused.text)")
        let metrics = try await glass.get("/metrics").text
        #expect(metrics.contains(#"tracecore_runs_total{verb="ping",end="completed"} 1"#), "\(metrics)")
        #expect(metrics.contains(#"tracecore_runs_total{verb="ping",end="cancelled"} 1"#), "\(metrics)")
        #expect(metrics.contains("tracecore_runs_active 0"))
        await glass.end()
        #expect(
            glass.log.contains("ping frankfurt.example (203.0.113.10) for 127.0.0.1 ended: completed"), "\(glass.log)")
        await there.end()
    }

    @Test func `a client that leaves ends the run there`() async throws {
        let there = try await Glass()
        let glass = try await Glass(
            "--vantage", "@list", files: ["list": #"[{"name": "there", "url": "\#(there.url)"}]"#])
        do {
            let response = try await glass.open("/api/v1/run?verb=ping&target=tokyo.example&count=100&from=there")
            for try await bytes in response.body where String(decoding: bytes, as: UTF8.self).contains("reply") {
                break
            }
        }
        // A hundred pings would take a hundred seconds.
        while try await !there.get("/metrics").text.contains("tracecore_runs_total{") {}
        #expect(try await there.get("/metrics").text.contains(#"tracecore_runs_total{verb="ping",end="cancelled"} 1"#))
        await glass.end()
        await there.end()
    }

    @Test func `one that lies, floods or breaks off is an error with its name`() async throws {
        let liar = HTTPServer { call in
            switch call.request.target.segments.first {
            case "lies": return HTTPAnswer(.ok, text: "<html>not events</html>")
            case "breaks":
                return HTTPAnswer(
                    .ok,
                    text:
                        #"{"schemaVersion":2,"event":"started","atMs":0,"run":{"verb":"ping","target":{"address":"203.0.113.1"},"parameters":{}}}"#
                )
            case "another":
                return HTTPAnswer(
                    .ok,
                    text:
                        #"{"schemaVersion":2,"event":"started","atMs":0,"run":{"verb":"trace","target":{"address":"203.0.113.1"},"parameters":{}}}"#
                )
            case "floods":
                return HTTPAnswer(
                    body: .stream { writer in
                        let piece = [UInt8](repeating: 0x20, count: 1 << 20)
                        while true { try await writer.write(piece) }
                    })
            default: return HTTPAnswer(.internalError, text: "no")
            }
        }
        let listener = try StreamListener(at: IPAddress(127, 0, 0, 1), port: 0)
        async let served: Void = liar.run([listener])
        let entries = ["lies", "breaks", "another", "floods", "fails"].map {
            #"{"name": "\#($0)", "url": "http://127.0.0.1:\#(listener.port)/\#($0)"}"#
        }
        let glass = try await Glass(
            "--vantage", "@list", "--vantages-at-once", "8", files: ["list": "[\(entries.joined(separator: ","))]"])
        let page = try await glass.get(
            "/?verb=ping&target=tokyo.example&whole=1&from=lies&from=breaks&from=another&from=floods&from=fails"
        ).text
        #expect(page.contains("The vantage point lies does not send events"))
        #expect(page.contains("The vantage point breaks ended before the run did"))
        #expect(page.contains("The vantage point another answers with another run than it was asked for"))
        // What came before it failed is whole, with the reason at its end.
        let cut = try await glass.get("/api/v1/run?verb=ping&target=tokyo.example&from=breaks")
        let end = try EventLog.events(from: cut.bytes).last
        guard case .ended(let why)? = end?.fact else {
            Issue.record("the events have no end")
            return
        }
        #expect(why.error?.message.contains("breaks ended before") ?? false)
        #expect(page.contains("The vantage point floods"))
        #expect(page.contains("The vantage point fails answers with status 500"))
        #expect(try await glass.get("/-/healthy").status == 200)
        await glass.end()
        liar.end([listener])
        await served
    }

    @Test(arguments: [
        ("{}", "no list of vantage points"), (#"[{"name": "a", "url": "ftp://x"}]"#, "no address of a looking glass"),
        (#"[{"name": "", "url": "http://x"}]"#, "is empty, or there twice"),
    ])
    func `a list that is none is said at the start`(list: String, reason: String) async throws {
        await #expect { _ = try await Glass("--vantage", "@list", files: ["list": list]) } throws: {
            "\($0)".contains(reason)
        }
    }
}

@Suite struct `The life of the looking glass` {
    @Test func `asked to end, it lets a run come to its end`() async throws {
        let glass = try await Glass()
        let response = try await glass.open("/api/v1/run?verb=ping&target=tokyo.example&count=3&interval=0.2")
        var bytes: [UInt8] = []
        var code: Task<Int32, Never>?
        for try await piece in response.body {
            bytes += piece
            if code == nil { code = Task { await glass.end() } }
        }
        #expect(try PingReport.Fold.replay(EventLog.events(from: bytes)).end?.reason == .completed)
        #expect(await code?.value == 0)
    }

    @Test func `SIGHUP reads tokens again, and nobody loses a request`() async throws {
        let glass = try await Glass("--tokens", "@tokens", files: ["tokens": "0123456789abcdef-old\n"])
        let path = "/api/v1/run?verb=ping&target=tokyo.example&count=5&interval=0.2"
        let response = try await glass.open(path, ["Authorization": "Bearer 0123456789abcdef-old"])
        try glass.write("0123456789abcdef-new\n", to: "tokens")
        glass.signal(SIGHUP)
        await glass.says("again")
        let new = try await glass.get(
            "/api/v1/run?verb=ping&target=tokyo.example&count=1", ["Authorization": "Bearer 0123456789abcdef-new"])
        #expect(new.status == 200)
        #expect(try await glass.get(path, ["Authorization": "Bearer 0123456789abcdef-old"]).status == 401)
        let whole = try await response.body.bytes(atMost: 1 << 20)
        #expect(try PingReport.Fold.replay(EventLog.events(from: whole)).received == 5)
        // What is wrong changes nothing.
        try glass.write("short\n", to: "tokens")
        glass.signal(SIGHUP)
        await glass.says("all stays as it was")
        #expect(try await glass.get("/api/v1/limits").text.contains("\"needsToken\":true"))
        await glass.end()
    }

    @Test func `SIGHUP opens the log again`() async throws {
        let glass = try await Glass()
        _ = try await glass.get("/api/v1/limits")
        try glass.move("log", to: "log.1")
        glass.signal(SIGHUP)
        await glass.says("again")
        _ = try await glass.get("/openapi.json")
        #expect(await glass.end() == 0)
        // The line of what was answered just before may be in either.
        #expect((glass.text(of: "log.1") + glass.log).matches(of: #//api/v1/limits/#).count == 1)
        #expect(!glass.text(of: "log.1").contains("/openapi.json"))
        #expect(glass.log.contains("/openapi.json"))
    }

    /// mtr-exporter #24, network_exporter #64: there is one budget for all.
    @Test func `a thousand clients at once get no more probes than there are`() async throws {
        let glass = try await Glass("--proxy", "127.0.0.1", "--allow-private", "--probes-per-second", "1000")
        let start = ContinuousClock.now
        let received = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<1_000 {
                group.addTask {
                    let answer = try await glass.get(
                        "/api/v1/run?verb=ping&target=203.0.113.110&count=4&interval=0.1",
                        ["X-Forwarded-For": "198.18.\(number / 250).\(number % 250)"])
                    #expect(answer.status == 200, "\(answer.text)")
                    return try PingReport.Fold.replay(EventLog.events(from: answer.bytes)).received
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(received == 4_000)
        // A second's worth may go at once.
        #expect(start.duration(to: .now) >= .seconds(3))
        await glass.end()
    }

    /// CVE-2026-45047: a body without an end.
    @Test func `a body of a gigabyte is refused, and the memory stays as it is`() async throws {
        let glass = try await Glass()
        let path = "/api/v1/run?verb=ping&target=tokyo.example&count=1"
        #expect(try await glass.get(path).status == 200)
        let before = glass.mostMemory
        let answer = try flood(glass.url, path: "/api/v1/run", with: 1 << 30)
        #expect(answer.hasPrefix("HTTP/1.1 413"), "\(answer)")
        #expect(glass.mostMemory < before + (8 << 20))
        #expect(try await glass.get(path).status == 200)
        await glass.end()
    }

    /// Sends a body in chunks until the server has had enough; gives what it said.
    private func flood(_ url: String, path: String, with bytes: Int) throws -> String {
        let port = try #require(UInt16(url.split(separator: ":").last ?? ""))
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafeBytes(of: &address) {
            connect(socket, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count))
        }
        try #require(isConnected == 0)
        let head = "POST \(path) HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        send(socket, head, head.utf8.count, Int32(MSG_NOSIGNAL))
        let chunk = Array("10000\r\n".utf8) + Array(repeating: UInt8(ascii: " "), count: 65_536) + Array("\r\n".utf8)
        var left = bytes
        var said: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while left > 0, said.isEmpty, send(socket, chunk, chunk.count, Int32(MSG_NOSIGNAL)) == chunk.count {
            left -= chunk.count
            let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 { said += buffer[..<count] }
        }
        while said.isEmpty, case let count = recv(socket, &buffer, buffer.count, 0), count > 0 {
            said += buffer[..<count]
        }
        return String(decoding: said, as: UTF8.self)
    }

    @Test func `it listens on a Unix socket`() async throws {
        let path = "/tmp/glass-\(getpid())-\(UInt32.random(in: 0...999_999)).sock"
        let glass = try await Glass("--socket", path)
        #expect(glass.complaints.contains(path))
        #expect(await glass.end() == 0)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test(arguments: [
        ["-l", "nowhere"], ["-l", "127.0.0.1"], ["--ratelimit", "often"], ["--tokens", "/nowhere"],
        ["--geo", "/nowhere.mmdb"],
        ["--vantage", "/nowhere"], ["--log", "/nowhere/log"], ["--allow", "10.0.0.0/99"], ["--frame-ancestors", "a;b"],
    ])
    func `what cannot be is said before it listens`(options: [String]) async throws {
        await #expect { _ = try await Glass(options[0], options[1], network: nil) } throws: { error in
            "\(error)".contains("lookingglass: ") && !"\(error)".contains("listening")
        }
    }
}
