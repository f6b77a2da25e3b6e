import Testing
import TraceCore
import TraceCoreHTTP

@testable import TraceCoreReceivers

private let (first, second) = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")

private func webhook(_ url: String, _ more: String = "", isPrivate: Bool = true) throws -> Receiver {
    try receiver(#"{"name":"ops","type":"webhook","url":"\#(url)","allow-private":\#(isPrivate)\#(more)}"#)
}

private func sample(for receiver: Receiver, tries: Int = 0) throws -> Delivery {
    var delivery = try receiver.delivery(for: .sample, at: .noon)
    delivery.tries = tries
    return delivery
}

/// The fields of a request, and its body.
private func parts(of request: String) -> (fields: [String: String], body: String) {
    let halves = request.split(separator: "\r\n\r\n", maxSplits: 1)
    let lines = halves[0].split(separator: "\r\n").dropFirst().map { $0.split(separator: ": ", maxSplits: 1) }
    return (
        Dictionary(uniqueKeysWithValues: lines.map { ($0[0].lowercased(), String($0.count > 1 ? $0[1] : "")) }),
        halves.count > 1 ? String(halves[1]) : ""
    )
}

@Suite struct `A courier at a server` {
    @Test func `signs a message with every secret, anew at each try, under one id`() async throws {
        let server = try Scripted("HTTP/1.1 204 No Content\r\n\r\n")
        let receiver = try webhook(
            server.url + "/hook?a=b",
            #","secrets":["\#(first)","\#(second)"],"headers":{"Authorization":"Basic abc","User-Agent":"mine"}"#)
        let delivery = try sample(for: receiver)
        let log = Lines()
        #expect(await courier(try newClient(), log: log).deliver(delivery, to: receiver) == .taken("status 204"))
        let request = await server.request()
        let (fields, body) = parts(of: request)
        #expect(request.hasPrefix("POST /hook?a=b HTTP/1.1\r\n") && body == delivery.body && log.all.isEmpty)
        let signatures = try [first, second].map {
            try #require(WebhookSecret($0)).signature(
                id: delivery.id, second: UTCTime.noon.microsecondsSince1970 / 1_000_000, body: body)
        }
        #expect(
            fields == [
                "host": String(server.url.dropFirst(7)), "content-length": "\(body.utf8.count)",
                "content-type": "application/json", "authorization": "Basic abc", "user-agent": "mine",
                "webhook-id": delivery.id, "webhook-timestamp": "1795953600",
                "webhook-signature": signatures.joined(separator: " "),
            ])
        server.end()
    }

    @Test func `sends an Alertmanager its token and nothing of webhooks`() async throws {
        let server = try Scripted("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let receiver = try receiver(
            #"{"name":"am","type":"alertmanager","url":"\#(server.url)/am","token":"abc","allow-private":true}"#)
        #expect(await courier(try newClient()).deliver(try sample(for: receiver), to: receiver) == .taken("status 200"))
        let request = await server.request()
        let fields = parts(of: request).fields
        #expect(request.hasPrefix("POST /am/api/v2/alerts HTTP/1.1\r\n") && fields["authorization"] == "Bearer abc")
        #expect(!fields.keys.contains { $0.hasPrefix("webhook-") })
        server.end()
    }

    /// An answer, how often it was tried, what is said, and how many seconds later it is tried again.
    @Test(arguments: [
        ("500 X\r\n", 0, "it answers with status 500", 5), ("404 X\r\n", 1, "it answers with status 404", 300),
        ("429 X\r\nRetry-After: 120\r\n", 0, "it answers with status 429", 120),
        ("503 X\r\nRetry-After: 0\r\n", 4, "it answers with status 503", 60),
        ("503 X\r\nRetry-After: Sun, 29 Nov 2026 12:10:00 GMT\r\n", 0, "it answers with status 503", 600),
        ("429 X\r\nRetry-After: Sunday, 29-Nov-26 11:00:00 GMT\r\n", 0, "it answers with status 429", 5),
        ("429 X\r\nRetry-After: 99999999999999999999\r\n", 0, "it answers with status 429", 86_400),
        ("429 X\r\nRetry-After: soon\r\n", 0, "it answers with status 429", 5),
        ("429 X\r\nRetry-After: -5\r\n", 0, "it answers with status 429", 5),
        ("500 X\r\nRetry-After: 120\r\n", 0, "it answers with status 500", 5),
        (
            "302 X\r\nLocation: http://127.0.0.1:1/\r\n", 0,
            "it redirects (status 302), which is not followed: the url has to be the last address", 5
        ),
        ("304 X\r\n", 2, "it redirects (status 304), which is not followed: the url has to be the last address", 1_800),
    ])
    func `tries again when a server fails`(_ answer: String, _ tries: Int, _ words: String, _ wait: Int) async throws {
        let server = try Scripted("HTTP/1.1 \(answer)Content-Length: 6\r\n\r\nno\u{1B}[1m")
        let receiver = try webhook(server.url)
        let log = Lines()
        let outcome = await courier(try newClient(), log: log).deliver(
            try sample(for: receiver, tries: tries), to: receiver)
        #expect(outcome == .again(at: .noon + .seconds(wait), words))
        // The operator alone reads what the receiver says, and no terminal obeys it.
        #expect(
            log.all.count == 1 && log.text.contains(words) && log.text.contains(#"no\u{1b}[1m"#)
                || answer.hasPrefix("304"), "\(log.text)")
        _ = await server.request()
        server.end()
    }

    @Test func `sends no more where a server wants no more`() async throws {
        let server = try Scripted("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
        let receiver = try webhook(server.url)
        let outcome = await courier(try newClient()).deliver(try sample(for: receiver), to: receiver)
        #expect(outcome == .receiverGone("it wants no more of them (status 410)"))
        // An Alertmanager that answers so is set up wrongly, and may be set right.
        let manager = try self.manager(at: server.url)
        #expect(
            await courier(try newClient()).deliver(try sample(for: manager), to: manager)
                == .again(at: .noon + .seconds(5), "it answers with status 410"))
        server.end()
    }

    private func manager(at url: String) throws -> Receiver {
        try receiver(#"{"name":"am","type":"alertmanager","url":"\#(url)","allow-private":true}"#)
    }

    @Test func `gives up after three days, with a word`() async throws {
        let server = try Scripted("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n")
        let (receiver, log) = (try webhook(server.url), Lines())
        let made = UTCTime.noon - .seconds(3 * 86_400)
        let delivery = Delivery(
            id: "msg_1", receiver: "ops", alert: "1", body: "{}", contentType: "application/json", madeAt: made,
            tries: 9, dueAt: made)
        let outcome = await courier(try newClient(), log: log).deliver(delivery, to: receiver)
        #expect(outcome == .givenUp("it answers with status 500; given up after 10 tries"))
        #expect(log.text.hasSuffix("; given up"))
        server.end()
    }

    /// Answers that never end, or are none.
    @Test(arguments: [
        ("", true, "it does not answer within 0.05 seconds"),
        ("HTTP/1.1 500 X\r\nContent-Length: 9\r\n\r\nhalf", true, "it answers with status 500"),
        ("", false, "it breaks the connection off"), ("HTTP/1.1 2", false, "it breaks the connection off"),
        ("SSH-2.0-x\r\n", false, "its answer is none of HTTP"),
        (
            "HTTP/1.1 200 OK\r\n" + String(repeating: "X: yyyyyyyyyyyyyyyy\r\n", count: 5_000), false,
            "its answer has no end"
        ),
        (
            "HTTP/1.1 500 X\r\nContent-Length: 1000000000\r\n\r\n" + String(repeating: "x", count: 1_000_000), true,
            "it answers with status 500"
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + String(repeating: "x", count: 1_000_000), true,
            "status 200"
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", false, "status 200"),
    ])
    func `waits no longer than it may, and reads no more`(_ answer: String, _ hangs: Bool, _ words: String) async throws
    {
        let server = try Scripted(answer, thenWaits: hangs)
        let (receiver, log) = (try webhook(server.url), Lines())
        let isLate = words.contains("0.05") || answer.hasSuffix("half") && hangs
        let courier = courier(try newClient(), limit: isLate ? .milliseconds(50) : .seconds(3_600), log: log)
        switch await courier.deliver(try sample(for: receiver), to: receiver) {
        case .taken(let said): #expect(said == words)
        // The head of an answer may be late, too.
        case .again(_, let said): #expect(said == words || isLate && said == "it does not answer within 0.05 seconds")
        case let other: Issue.record("\(other)")
        }
        #expect(log.text.utf8.count < 600)
        // It has left the server, too.
        _ = await server.request()
        server.end()
    }

    @Test func `cannot reach who is not there`() async throws {
        let listener = try StreamListener(at: IPAddress(127, 0, 0, 1), port: 0)
        listener.close()
        let receiver = try webhook("http://127.0.0.1:\(listener.port)/hidden")
        let log = Lines()
        let outcome = await courier(try newClient(), log: log).deliver(try sample(for: receiver), to: receiver)
        #expect(outcome == .again(at: .noon + .seconds(5), "it cannot be reached"))
        #expect(log.text.contains("127.0.0.1:\(listener.port)") && !log.text.contains("hidden"))
        #expect(
            await courier().deliver(try sample(for: receiver), to: receiver)
                == .again(at: .noon + .seconds(5), "this program has no client of HTTP"))
    }

    @Test func `that is cancelled counts no try`() async throws {
        let server = try Scripted("", thenWaits: true)
        let receiver = try webhook(server.url)
        let (courier, delivery) = (courier(try newClient()), try sample(for: receiver))
        let task = Task { await courier.deliver(delivery, to: receiver) }
        task.cancel()
        #expect(await task.value == .again(at: .noon, "this program ended meanwhile"))
        server.end()
    }
}

@Suite struct `A name that leads inside` {
    @Test func `is looked up once, and its judged address is asked`() async throws {
        let server = try Scripted("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let names = Names(["hooks.example": [IPAddress(127, 0, 0, 1), IPAddress(127, 0, 0, 2)]])
        let receiver = try webhook("http://hooks.example:\(server.listener.port)/", isPrivate: false)
        let policy = TargetPolicy.publicOnly.allowing(try #require(IPNetwork("127.0.0.1/32")))
        let courier = courier(try newClient(), names: names, policy: policy)
        #expect(await courier.deliver(try sample(for: receiver), to: receiver) == .taken("status 200"))
        #expect(names.asked.withLock { $0 } == ["hooks.example"])
        #expect(parts(of: await server.request()).fields["host"] == "hooks.example:\(server.listener.port)")
        server.end()
    }

    @Test(arguments: [
        ("127.0.0.1", "the loopback range (RFC 1122, RFC 4291)"), ("10.1.2.3", "a private network (RFC 1918)"),
        ("169.254.169.254", "the link-local range (RFC 3927, RFC 4291)"),
        ("fd00::1", "a private IPv6 network (RFC 4193)"),
        ("::ffff:127.0.0.1", "::ffff:0:0/96, IPv4 in the form of IPv6 (RFC 4291)"),
    ])
    func `is not asked`(_ address: String, _ place: String) async throws {
        let names = Names(["hooks.example": [try IPAddress(parsing: address)]])
        let (receiver, log) = (try webhook("https://hooks.example/", isPrivate: false), Lines())
        let outcome = await courier(try newClient(), names: names, log: log).deliver(
            try sample(for: receiver), to: receiver)
        // The address itself may be known within the network only.
        #expect(
            outcome == .again(at: .noon + .seconds(5), "its name leads to \(place), and allow-private is not set"))
        #expect(log.text.contains(address))
    }

    @Test func `is told from one that leads nowhere`() async throws {
        let receiver = try webhook("https://hooks.example/", isPrivate: false)
        let courier = courier(try newClient())
        #expect(
            await courier.deliver(try sample(for: receiver), to: receiver)
                == .again(at: .noon + .seconds(5), "its name cannot be looked up"))
    }

    @Test func `has a second address where nobody answers at the first`() async throws {
        let server = try Scripted("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        // Nobody listens at the port of the same number there.
        let names = Names(["hooks.example": [IPAddress(127, 0, 0, 9), IPAddress(127, 0, 0, 1)]])
        let receiver = try webhook("http://hooks.example:\(server.listener.port)/", isPrivate: false)
        let courier = courier(try newClient(), names: names, policy: .all)
        #expect(await courier.deliver(try sample(for: receiver), to: receiver) == .taken("status 200"))
        server.end()
    }
}
