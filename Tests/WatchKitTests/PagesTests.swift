import Foundation
import Testing
import TraceCore
import TraceCorePathStore
import TraceCoreReceivers
import TraceCoreServer

@testable import TraceCoreHTTP
@testable import TraceCoreWatch

@Suite struct `The pages of pathwatch` {
    private static let token = "0123456789abcdef"
    private static let now = UTCTime.now

    /// A daemon that watches Tokyo, of which nothing comes, with a store of its own.
    private final class Site: Sendable {
        let folder: URL
        let store: PathStore
        let daemon: WatchDaemon
        let pages: WatchPages

        init(tokens: String? = nil, keepsRounds: Duration? = .seconds(86_400)) async throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("pages-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var retention = PathStore.Retention()
            retention.rounds = keepsRounds
            store = try await PathStore(folder.appendingPathComponent("paths.db").path, retention: retention)
            let text = #"{"targets": [{"name": "Tokyo", "host": "192.0.2.7"}]}"#
            daemon = try WatchDaemon(
                WatchSettings(parsing: Array(text.utf8)), store: store,
                couriers: { _ in Courier(http: nil, print: { _ in }, log: { _ in }) },
                feed: { _ in throw CancellationError() }, say: { _ in })
            try await daemon.begin()
            pages = WatchPages(daemon, tokens: try tokens.map { try BearerTokens(Array($0.utf8)) })
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func ask(_ target: String, _ fields: [String: String] = [:]) async throws -> HTTPAnswer {
            try await ask("GET", target, fields)
        }

        func ask(
            _ method: String, _ target: String, _ fields: [String: String] = [:], _ body: String = ""
        ) async throws -> HTTPAnswer {
            var all = HTTPFields()
            for (name, value) in fields { all.add(name, value) }
            let request = HTTPRequest(
                method: method, target: try HTTPTarget(Array(target.utf8)[...], method: method), version: .v1_1,
                fields: all, host: "paths.example", framing: .none)
            do {
                return try await pages.answer(HTTPCall(request: request, body: Array(body.utf8), client: nil))
            } catch let fault as HTTPFault {
                return HTTPAnswer(fault.status, text: fault.message)
            }
        }

        func keep(_ key: String, since: UTCTime, until: UTCTime?, _ summary: String) async throws {
            var alert = Alert(
                id: key, rule: "gone", kind: "lost", severity: "critical", startsAt: since, notedAt: since,
                labels: ["target": "Tokyo"], summary: summary)
            alert.targets = ["Tokyo"]
            let body = try JSON.encode(alert)
            _ = try await store.write(.promised) { [alert] (writer) throws(StoreError) in
                let number = try writer.open(
                    StoredAlert(key: alert.id, rule: alert.rule, labels: Array("{}".utf8), body: body, since: since))
                if let until { try writer.resolve(number, at: until) }
                var delivery = StoredDelivery(
                    id: "msg_\(alert.id)", alert: number, receiver: "pager", body: [], made: since)
                delivery.state = .taken
                try writer.append([delivery])
            }
        }
    }

    @Test func `what is wrong is first, however old it is and whatever followed`() async throws {
        let site = try await Site()
        try await site.keep("old", since: Self.now - .seconds(60 * 86_400), until: nil, "Tokyo does not answer")
        for number in 0..<210 {
            let time = Self.now - .seconds(3_600 + number)
            try await site.keep("over\(number)", since: time, until: time + .seconds(1), "Over \(number)")
        }
        let text = try await site.ask("/alerts").text
        let (now, over) = (try #require(text.firstRange(of: "Tokyo does not answer")), text.firstRange(of: "Over 0<"))
        #expect(now.lowerBound < (try #require(over)).lowerBound)
        #expect(!text.contains("Over 205<") && text.contains("newest 200"))
        let other = try await site.ask("/alerts?from=0&to=1000").text
        #expect(other.contains("Tokyo does not answer") && !other.contains("Over 1<"))
    }

    @Test func `before and after a moment have nothing of each other`() async throws {
        let site = try await Site()
        let at = try #require(UTCTime("\(Self.now - .seconds(900))".prefix(19) + ".250000Z"))
        let id = try #require(site.daemon.watch("Tokyo")).id
        let routers = try ["192.0.2.1", "192.0.2.2"].map { try #require(IPAddress($0)) }
        let rounds = (-400..<400).map { second in
            Round(
                target: id, at: at + .seconds(second), flow: 0,
                answers: [
                    Round.Answer(ttl: 1, from: routers[second < 0 ? 0 : 1], after: .milliseconds(1))
                ])
        }
        _ = try await site.store.write { (writer) throws(StoreError) in try writer.append(rounds) }
        // Within a round, too: what it shows at its last hop comes later than it began.
        for late in [0, 400] {
            let text = try await site.ask("/targets/Tokyo/change?at=\(at + .milliseconds(late))").text
            try expectSides(of: text, divided: "From then on", rounds: 300)
        }
        let json = try await site.ask("/targets/Tokyo/history.json?from=\(at)&to=\(at + .seconds(30))").text
        #expect(json.contains("\"rounds\":30"))
    }

    @Test func `where minutes are left, the minute with both paths is in neither`() async throws {
        let site = try await Site(keepsRounds: .seconds(3_600))
        let id = try #require(site.daemon.watch("Tokyo")).id
        // Half a minute into a minute, two days ago.
        let at = UTCTime(
            microsecondsSince1970: (Self.now - .seconds(172_800)).microsecondsSince1970 / 60_000_000 * 60_000_000
                + 30_000_000)
        let rounds = (-60..<8_640).map { number in
            Round(
                target: id, at: at + .seconds(10 * number), flow: 0,
                answers: [
                    Round.Answer(ttl: 1, from: IPAddress(192, 0, 2, number < 0 ? 1 : 2), after: .milliseconds(1))
                ])
        }
        _ = try await site.store.write { (writer) throws(StoreError) in try writer.append(rounds) }
        while try await site.store.maintain(now: Self.now) {}
        let text = try await site.ask("/targets/Tokyo/change?at=\(at)").text
        let start = at - .seconds(30)
        #expect(text.contains("From \((start - .seconds(300)).shown) to \(start.shown)"))
        try expectSides(of: text, divided: "From \((start + .seconds(60)).shown) to ", rounds: 30)
    }

    private func expectSides(of text: String, divided: String, rounds: Int) throws {
        let middle = try #require(text.firstRange(of: divided)).lowerBound
        let end = try #require(text.firstRange(of: "id=\"chart\"")).lowerBound
        for (side, own, other) in [
            (text[..<middle], "192.0.2.1<", "192.0.2.2<"), (text[middle..<end], "192.0.2.2<", "192.0.2.1<"),
        ] {
            #expect(side.contains(own) && !side.contains(other))
            #expect(side.contains("data-column=\"Snt\">\(rounds)<"))
        }
    }

    @Test func `after a start, the last hour and the names of routers are known`() async throws {
        let site = try await Site()
        let watch = try #require(site.daemon.watch("Tokyo"))
        let (router, host) = (IPAddress(192, 0, 2, 1), IPAddress(192, 0, 2, 7))
        let rounds = (0..<120).map { number in
            Round(
                target: watch.id, at: Self.now - .seconds(1_800 + 10 * (120 - number)), flow: 0,
                answers: [
                    Round.Answer(ttl: 1, from: router, after: .milliseconds(1)),
                    number % 4 == 0
                        ? Round.Answer(lost: 2)
                        : Round.Answer(ttl: 2, from: host, after: .milliseconds(20), isTarget: true),
                ])
        }
        _ = try await site.store.write { (writer) throws(StoreError) in
            try writer.append(rounds)
            try writer.name(router, UntrustedText("gw.<b>.example"))
        }
        await site.daemon.recall([watch], at: Self.now)
        #expect(watch.minutes.reduce(0) { $0 + $1.sent } == 120 && watch.minutes.reduce(0) { $0 + $1.lost } == 30)
        #expect(watch.minutes.allSatisfy { $0.mean.map { (19.0...21.0).contains($0.inMilliseconds) } ?? true })
        #expect(try await site.ask("/").text.contains(">25 %<"))
        #expect(try await site.ask("/targets/Tokyo").text.contains("gw.&lt;b&gt;.example"))
        // What it has seen itself counts once.
        await site.daemon.recall([watch], at: Self.now)
        #expect(watch.minutes.reduce(0) { $0 + $1.sent } == 120)
    }

    @Test func `a silence can be of a rule, and is seen at the alert`() async throws {
        let site = try await Site(tokens: "me: \(Self.token)")
        let login = ["Authorization": "Bearer \(Self.token)"]
        try await site.keep("a1", since: Self.now - .seconds(60), until: nil, "Tokyo is gone")
        for (labels, isSilenced) in [
            (#""rule": "other""#, false), (#""rule": "gone", "severity": "info""#, false),
            (#""rule": "gone", "severity": "critical", "target": "Tokyo""#, true),
        ] {
            let made = try await site.ask("POST", "/api/v1/silences", login, #"{"labels": {\#(labels)}, "for": "1h"}"#)
            #expect(made.status.code == 201)
            for (page, words) in [("/alerts", "Silenced until"), ("/alerts/a1", "<dt>Silenced</dt>")] {
                #expect(try await site.ask(page, login).text.contains(words) == isSilenced, "\(labels) \(page)")
            }
        }
    }

    @Test func `other tokens are asked for from now on`() async throws {
        let site = try await Site(tokens: "me: \(Self.token)")
        site.pages.follow(tokens: try BearerTokens(Array("you: fedcba9876543210".utf8)))
        #expect(try await site.ask("/", ["Authorization": "Bearer \(Self.token)"]).status.code == 401)
        #expect(try await site.ask("/", ["Authorization": "Bearer fedcba9876543210"]).status == .ok)
    }

    @Test func `an alert has the page to which its messages lead`() async throws {
        let site = try await Site()
        try await site.keep("a1", since: Self.now - .seconds(600), until: Self.now - .seconds(300), "Tokyo was <gone>")
        let answer = try await site.ask("/alerts/a1")
        #expect(answer.status == .ok)
        for part in ["Tokyo was &lt;gone&gt;", "after 5m", "/targets/Tokyo\"", "pager: told", "msg_a1"] {
            #expect(answer.text.contains(part), "\(part)")
        }
        #expect(try await site.ask("/alerts/a2").status == .notFound)
    }

    @Test func `without a token there is no answer, and a browser is asked for a password`() async throws {
        let site = try await Site(tokens: "me: \(Self.token)")
        for target in ["/", "/targets/Tokyo", "/api/v1/alerts", "/api/v1/silences", "/live"] {
            let answer = try await site.ask(target)
            #expect(answer.status.code == 401)
            #expect(answer.fields["www-authenticate"].contains { $0.hasPrefix("Basic realm=") })
            #expect(answer.fields["www-authenticate"].contains("Bearer"))
        }
        let password = "Basic " + Base64.text(of: Array("anyone:\(Self.token)".utf8))
        for login in ["Bearer \(Self.token)", password] {
            #expect(try await site.ask("/", ["Authorization": login]).status == .ok)
        }
        for wrong in ["Basic " + Base64.text(of: Array(Self.token.utf8)), "Basic %", "Basic", password + "x"] {
            #expect(try await site.ask("/", ["Authorization": wrong]).status.code == 401, "\(wrong)")
        }
    }

    @Test func `silences are made and ended by who has a token, from these pages or by a program`() async throws {
        let site = try await Site(tokens: "me: \(Self.token)")
        let login = ["Authorization": "Bearer \(Self.token)"]
        let made = try await site.ask(
            "POST", "/api/v1/silences", login, #"{"labels": {"target": "Tokyo"}, "for": "1h", "why": "work"}"#)
        #expect(made.status.code == 201)
        #expect(made.text.contains(#""labels":{"target":"Tokyo"}"#) && made.text.contains(#""by":"me""#))
        let form = "labels=target%3DTokyo%2C+team%3D%22a%2Cb%22&for=2h&why="
        for origin in [["Sec-Fetch-Site": "same-origin"], ["Origin": "http://paths.example"], [:]] {
            let answer = try await site.ask("POST", "/alerts/silences", login.merging(origin) { $1 }, form)
            #expect(answer.status.code == 303 && answer.fields.first("location") == "/alerts")
        }
        for origin in [
            ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Origin": "null"],
            ["Origin": "http://paths.example.evil"],
        ] {
            for (method, target) in [
                ("POST", "/alerts/silences"), ("POST", "/alerts/silences/1/end"), ("POST", "/api/v1/silences"),
                ("DELETE", "/api/v1/silences/1"),
            ] {
                #expect(try await site.ask(method, target, login.merging(origin) { $1 }, form).status.code == 403)
            }
        }
        #expect(site.daemon.silences(at: Self.now).map(\.id) == [1, 2, 3, 4])
        #expect(site.daemon.silences(at: Self.now)[1].pairs == ["target": "Tokyo", "team": "a,b"])
        #expect(try await site.ask("DELETE", "/api/v1/silences/1", login).status.code == 204)
        #expect(try await site.ask("DELETE", "/api/v1/silences/1", login).status.code == 404)
        #expect(try await site.ask("POST", "/alerts/silences/2/end", login).status.code == 303)
        #expect(site.daemon.silences(at: Self.now).map(\.id) == [3, 4])
        let kept = try await site.store.read { (reader) throws(StoreError) in try reader.silences(from: .now) }
        #expect(kept.map(\.id) == [3, 4])
    }

    @Test(arguments: [
        ("", "{}"), ("", "[]"), ("", #"{"labels": {}}"#), ("", #"{"labels": {"target": "a"}, "for": "1s"}"#),
        ("labels=&for=2h", ""), ("labels=target&for=2h", ""), ("labels=target%3Da&for=ever", ""),
    ]) func `a silence that says too little is refused`(form: String, json: String) async throws {
        let site = try await Site(tokens: "me: \(Self.token)")
        let login = ["Authorization": "Bearer \(Self.token)"]
        let answer =
            json.isEmpty
            ? try await site.ask("POST", "/alerts/silences", login, form)
            : try await site.ask("POST", "/api/v1/silences", login, json)
        #expect(answer.status == .badRequest)
        #expect(site.daemon.silences(at: Self.now).isEmpty)
    }

    @Test func `where no token is set, nothing can be changed`() async throws {
        let site = try await Site()
        #expect(try await site.ask("POST", "/alerts/silences", [:], "labels=target%3Da&for=2h").status.code == 403)
        #expect(try await site.ask("POST", "/api/v1/silences", [:], #"{"labels": {"target": "a"}}"#).status.code == 403)
        #expect(try await site.ask("POST", "/", [:]).status == .methodNotAllowed)
        #expect(!(try await site.ask("/alerts").text.contains("<form")))
    }

    @Test(arguments: [
        ("target=Tokyo", ["target": "Tokyo"]),
        (" target = São Paulo , team=asia,", ["target": "São Paulo", "team": "asia"]),
        ("a=\"x, y\", b=", ["a": "x, y", "b": ""]), ("a=b=c", ["a": "b=c"]),
    ]) func `labels are read as they are written`(text: String, labels: [String: String]) throws {
        #expect(try Silenced.labels(in: text) == labels)
        #expect(try Silenced.labels(in: Silenced(labels: labels).text) == labels)
    }
}

extension HTTPAnswer {
    fileprivate var text: String {
        if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
    }
}
