import Testing
import TraceCore

@testable import TraceCoreHTTP

/// A server that answers one connection with fixed bytes, right or wrong.
private struct Scripted {
    private let listener: StreamListener
    private let task: Task<String, Never>

    /// Answers with pieces, and closes, unless it is to wait until the client leaves.
    init(_ answer: String, thenWaits: Bool = false) throws {
        let listener = try StreamListener(at: IPAddress(127, 0, 0, 1), port: 0)
        self.listener = listener
        task = Task {
            guard let stream = try? await listener.next()?.stream else { return "" }
            var request: [UInt8] = []
            while !Self.isWhole(String(decoding: request, as: UTF8.self)),
                let bytes = try? await stream.read(atMost: 65_536), !bytes.isEmpty
            {
                request += bytes
            }
            try? await stream.write(Array(answer.utf8))
            if thenWaits { await stream.untilLeft() }
            stream.close()
            return String(decoding: request, as: UTF8.self)
        }
    }

    var url: String { "http://127.0.0.1:\(listener.port)" }

    /// Whether a request has its head and all of its body.
    private static func isWhole(_ request: String) -> Bool {
        guard let end = request.firstRange(of: "\r\n\r\n") else { return false }
        let size = request[..<end.lowerBound].lowercased().firstMatch(of: /content-length: ([0-9]+)/).flatMap {
            Int($0.1)
        }
        return request[end.upperBound...].utf8.count >= size ?? 0
    }

    /// What the client sent, when it has been answered.
    var request: String { get async { await task.value } }
}

/// A request whose limits do not end a test, however busy the machine is.
private func patient(_ url: String, method: String = "GET", fields: HTTPFields = HTTPFields(), body: [UInt8] = [])
    -> HTTPClient.Request
{
    var request = HTTPClient.Request(url, method: method, fields: fields, body: body)
    (request.connectTime, request.stallTime) = (.seconds(3_600), .seconds(3_600))
    return request
}

/// A client, where there is libcurl.
private func newClient() throws -> HTTPClient {
    do throws(HTTPClient.Failure) {
        return try HTTPClient()
    } catch {
        try Test.cancel("\(error)")
    }
}

/// What a request fails with, body included.
private func failure(_ client: HTTPClient, _ request: HTTPClient.Request) async -> HTTPClient.Failure? {
    do throws(HTTPClient.Failure) {
        _ = try await client.send(request).body.bytes(atMost: 100_000_000)
        return nil
    } catch {
        return error
    }
}

@Suite struct `A client of HTTP` {
    @Test func `gets an answer with its fields and its body`() async throws {
        let running = try Running()
        let client = try newClient()
        let answer = try await client.send(patient("\(running.url)/a?b"))
        #expect(answer.status == .ok && answer.fields.first("content-type") == "text/plain; charset=utf-8")
        #expect(try await answer.body.bytes(atMost: 100) == Array("GET /a 0 127.0.0.1\n".utf8))
        let fault = try await client.send(patient("\(running.url)/fault"))
        #expect(fault.status == .methodNotAllowed)
        let head = try await client.send(patient("\(running.url)/stream", method: "HEAD"))
        #expect(head.status == .ok)
        #expect(try await head.body.bytes(atMost: 0).isEmpty)
        await running.end()
    }

    @Test(arguments: [("POST", 5), ("POST", 0), ("PUT", 60_000), ("DELETE", 0), ("GET", 3), ("QUERY", 9)])
    func `sends methods and bodies`(_ method: String, _ size: Int) async throws {
        let running = try Running()
        let body = [UInt8](repeating: 120, count: size)
        let answer = try await newClient().send(patient("\(running.url)/p", method: method, body: body))
        #expect(try await answer.body.bytes(atMost: 100) == Array("\(method) /p \(size) 127.0.0.1\n".utf8))
        await running.end()
    }

    @Test func `sends a body of many pieces as it is`() async throws {
        let running = try Running({ $0.limits.body = 1 << 20 }) { call in HTTPAnswer(.ok, body: .bytes(call.body)) }
        let body = (0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let client = try newClient()
        for _ in 0..<2 {
            let answer = try await client.send(patient("\(running.url)/p", method: "POST", body: body))
            #expect(try await answer.body.bytes(atMost: 1 << 20) == body)
        }
        await running.end()
    }

    @Test func `sends a body again where the connection that was kept is gone`() async throws {
        let listener = try StreamListener(at: IPAddress(127, 0, 0, 1), port: 0)
        let body = [UInt8](repeating: 120, count: 200_000)
        let serving = Task {
            /// Reads a request, or only a piece of it; how much of its body that was.
            func read(from stream: ByteStream, whole: Bool) async throws -> Int {
                var request: [UInt8] = []
                repeat {
                    let bytes = try await stream.read(atMost: 65_536)
                    if bytes.isEmpty { break }
                    request += bytes
                } while whole && request.count { $0 == 120 } < body.count
                return request.count { $0 == 120 }
            }
            let answer = Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)
            guard let first = try await listener.next()?.stream else { return [Int]() }
            var sizes = [try await read(from: first, whole: true)]
            try await first.write(answer)
            // It ends while the second request is on its way.
            _ = try await read(from: first, whole: false)
            first.close()
            guard let second = try await listener.next()?.stream else { return sizes }
            sizes.append(try await read(from: second, whole: true))
            try await second.write(answer)
            second.close()
            return sizes
        }
        let client = try newClient()
        let url = "http://127.0.0.1:\(listener.port)"
        #expect(try await client.send(patient(url, method: "POST", body: body)).status.code == 204)
        #expect(try await client.send(patient(url, method: "POST", body: body)).status.code == 204)
        #expect(try await serving.value == [body.count, body.count])
    }

    @Test func `sends the fields that it was given, and no line more`() async throws {
        let server = try Scripted("HTTP/1.1 204 No Content\r\n\r\n")
        var fields = HTTPFields(["X-A": "b\r\nX-Evil: c\0", "X-Empty": "", "X\r\nY": "z", "Content-Length": "99"])
        fields.add("Transfer-Encoding", "chunked")
        let request = patient(server.url, method: "POST", fields: fields, body: Array("hello".utf8))
        let answer = try await newClient().send(request)
        #expect(answer.status.code == 204)
        let lines = await server.request.split(separator: "\r\n").map { $0.lowercased() }.sorted()
        #expect(
            lines == [
                "content-length: 5", "hello", "host: \(server.url.dropFirst(7))", "post / http/1.1", "x-a: bx-evil: c",
                "x-empty:", "xy: z",
            ])
    }

    @Test func `sees a stream piece by piece, as it is sent`() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let running = try Running(handler: { _ in
            HTTPAnswer(
                body: .stream { writer in
                    var pulls = gate.stream.makeAsyncIterator()
                    for number in 0..<5 {
                        try await writer.write(Array("line \(number)\n".utf8))
                        await pulls.next()
                    }
                })
        })
        var lines: [String] = []
        // Each next line is sent only when the one before has been seen.
        for try await piece in try await newClient().send(patient(running.url)).body {
            lines.append(String(decoding: piece, as: UTF8.self))
            gate.continuation.yield()
        }
        #expect(lines == (0..<5).map { "line \($0)\n" })
        await running.end()
    }

    @Test func `that reads nothing holds the server up, and nothing piles up`() async throws {
        let running = try Running { $0.stallTime = .milliseconds(200) }
        let answer = try await newClient().send(patient("\(running.url)/endless"))
        // The record is written when the server gives up.
        let record = try #require(await running.records.next())
        #expect(!record.isWhole && record.bytes < 16 * 1024 * 1024)
        // What came until then is there, and then the break.
        var count = 0
        let error = await #expect(throws: HTTPClient.Failure.self) {
            for try await piece in answer.body {
                #expect(piece.count < 256 * 1024)
                count += piece.count
            }
        }
        #expect(error?.code == .broken && count > 65_536 && count <= record.bytes + 65_536, "\(count)")
        await running.end()
    }

    @Test func `that is slow gets every byte`() async throws {
        let running = try Running(handler: { _ in
            HTTPAnswer(
                body: .stream { writer in
                    for number in 0..<500 {
                        try await writer.write([UInt8](repeating: UInt8(number % 251), count: 9_973))
                    }
                })
        })
        var (count, sum) = (0, 0)
        for try await piece in try await newClient().send(patient(running.url)).body {
            count += piece.count
            sum += piece.reduce(0) { $0 + Int($1) }
            await Task.yield()
        }
        #expect(count == 500 * 9_973)
        #expect(sum == (0..<500).reduce(0) { $0 + $1 % 251 * 9_973 })
        await running.end()
    }

    @Test func `that drops the body leaves the server`() async throws {
        let running = try Running()
        let client = try newClient()
        _ = try await client.send(patient("\(running.url)/endless")).status
        let record = try #require(await running.records.next())
        #expect(!record.isWhole)
        await running.end()
    }

    @Test(arguments: ["endless", "wait"]) func `whose task is cancelled leaves the server`(_ path: String) async throws
    {
        let began = AsyncStream<Void>.makeStream()
        let running = try Running(handler: { call in
            began.continuation.yield()
            return try await Running.echo(call)
        })
        let url = running.url
        let task = Task { await failure(try newClient(), patient("\(url)/\(path)")) }
        for await _ in began.stream { break }
        task.cancel()
        #expect(try await task.value?.code == .cancelled)
        let record = try #require(await running.records.next())
        #expect(!record.isWhole)
        await running.end()
    }

    @Test func `has fifty requests under way at once`() async throws {
        let (arrived, gate) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        let running = try Running(handler: { call in
            arrived.continuation.yield()
            // Nobody is answered before all are there.
            for await _ in gate.stream {}
            return try await Running.echo(call)
        })
        let (client, url) = (try newClient(), running.url)
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let answer = try await client.send(patient("\(url)/\(number)"))
                    return String(decoding: try await answer.body.bytes(atMost: 1_000), as: UTF8.self)
                }
            }
            group.addTask {
                var count = 0
                for await _ in arrived.stream {
                    count += 1
                    if count == 50 { break }
                }
                gate.continuation.finish()
                return ""
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(texts == Set((0..<50).map { "GET /\($0) 0 127.0.0.1\n" } + [""]))
        await running.end()
    }

    @Test func `passes over heads of 1xx, and takes nothing from behind the body`() async throws {
        let server = try Scripted(
            "HTTP/1.1 103 Early Hints\r\nLink: early\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                + "HTTP/1.1 299 Fine\r\nX: \t y \t\r\nx: z\r\nbad name: v\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n0\r\nTrailer: t\r\n\r\n")
        let answer = try await newClient().send(patient(server.url))
        #expect(answer.status.code == 299 && answer.fields["x"] == ["y", "z"])
        #expect(Set(answer.fields.all.map(\.name)) == ["x", "transfer-encoding"])
        #expect(try await answer.body.bytes(atMost: 5) == Array("hello".utf8))
    }

    @Test func `follows nobody elsewhere`() async throws {
        let server = try Scripted("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        let answer = try await newClient().send(patient(server.url))
        #expect(answer.status.code == 302 && answer.fields.first("location") == "http://127.0.0.1:1/")
    }

    @Test(arguments: [
        ("", HTTPClient.Failure.Code.broken), ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", .broken),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", .broken), ("SSH-2.0-x\r\n", .other),
        ("HTTP/1.1 200 OK\r\n" + String(repeating: "X: yyyyyyyyyyyyyyyy\r\n", count: 5_000), .tooLarge),
        (String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 5_000), .tooLarge),
    ])
    func `says what is wrong with an answer`(_ answer: String, _ code: HTTPClient.Failure.Code) async throws {
        let server = try Scripted(answer)
        let failure = await failure(try newClient(), patient(server.url))
        #expect(failure?.code == code, "\(String(describing: failure))")
        #expect(failure?.message.contains(server.url) == true)
    }

    @Test func `takes no body beyond what it may have`() async throws {
        let running = try Running()
        let answer = try await newClient().send(patient("\(running.url)/endless"))
        let error = await #expect(throws: HTTPClient.Failure.self) { try await answer.body.bytes(atMost: 1_000_000) }
        #expect(error?.code == .tooLarge && error?.message.contains("1000000 bytes") == true)
        // The server is left, whoever still has the body.
        #expect(await running.records.next()?.isWhole == false)
        withExtendedLifetime(answer) {}
        await running.end()
    }

    @Test func `connects to the address that it was given, whatever the name leads to`() async throws {
        let (client, v6) = (try newClient(), IPAddress(v6: 1))
        for (address, name) in [(IPAddress(127, 0, 0, 1), "nowhere.invalid"), (v6, "127.0.0.9")] {
            guard let listener = try? StreamListener(at: address, port: 0) else { continue }
            let server = Task {
                guard let stream = try await listener.next()?.stream else { return "" }
                let request = try await stream.read(atMost: 65_536)
                try await stream.write(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))
                stream.close()
                return String(decoding: request, as: UTF8.self)
            }
            var request = patient("http://\(name):\(listener.port)/x")
            request.address = address
            #expect(try await client.send(request).status.code == 204)
            #expect(try await server.value.contains("Host: \(name):\(listener.port)\r\n"))
        }
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z"), ("Mon, 29 Feb 2027 00:00:00 GMT", nil),
        ("Sunday, 29-Nov-26 24:00:00 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("120", nil), ("", nil),
        ("Sun, 06 Nov 1994 08:49:37", nil), ("Sun, 06 Foo 1994 08:49:37 GMT", nil), ("a b c d e f g", nil),
        ("Nov Nov Nov Nov Nov Nov Nov", nil),
    ])
    func `reads dates in the three forms of HTTP`(_ text: String, _ time: String?) {
        #expect(HTTPDate.time(of: text) == time.flatMap { UTCTime($0) })
    }

    @Test func `says that nobody listens, without what is secret of the address`() async throws {
        let listener = try StreamListener(at: IPAddress(127, 0, 0, 1), port: 0)
        listener.close()
        let failure = try #require(
            await failure(try newClient(), patient("http://u:secret@127.0.0.1:\(listener.port)/secret?secret")))
        #expect(failure.code == .connect && failure.message.contains("http://127.0.0.1:\(listener.port): "))
        #expect("\(failure)".contains("See whether the server runs") && !"\(failure)".contains("secret"))
    }

    @Test(arguments: [
        "ftp://a/", "file:///etc/passwd", "gopher://a/", "", "a", "http:/a", "http://", "http://a b/",
        "http://a/\r\nX: y",
        "http://a/\0", "http://[::1/", "http://a:99999999/",
    ])
    func `asks for no address that is none`(_ url: String) async throws {
        let failure = await failure(try newClient(), patient(url))
        #expect(failure?.code == .badURL, "\(String(describing: failure))")
    }

    @Test func `sends no method that is more than a word`() async throws {
        let request = patient("http://127.0.0.1:1/", method: "GET / HTTP/1.1\r\nX: y\r\n\r\nGET")
        #expect(await failure(try newClient(), request)?.code == .badURL)
    }

    @Test func `waits no longer than it may`() async throws {
        for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"] {
            for limit in [\HTTPClient.Request.stallTime, \.time] {
                let server = try Scripted(answer, thenWaits: true)
                var request = patient(server.url)
                request[keyPath: limit] = .milliseconds(50)
                let failure = await failure(try newClient(), request)
                #expect(failure?.code == .timeout, "\(String(describing: failure))")
                #expect(failure?.remedy?.contains("allow more time") == true)
                // It has left.
                #expect(await server.request.hasPrefix("GET / "))
            }
        }
    }

    @Test func `says that the other side speaks no TLS`() async throws {
        let running = try Running()
        let url = "https" + running.url.dropFirst(4)
        #expect(await failure(try newClient(), patient(url))?.code == .tls)
        await running.end()
    }

    @Test func `names the package where the library is missing or too old`() {
        for (name, words) in [("libnone.so.1", "not on this machine"), ("libm.so.6", "older than 7.68")] {
            let error = #expect(throws: HTTPClient.Failure.self) {
                try CurlEngine.Library.load(["libnone.so.2", name]).get()
            }
            #expect(error?.code == .missingLibrary && error?.message.contains(words) == true)
            #expect(error?.description.contains("libcurl4t64") == true)
        }
    }
}
