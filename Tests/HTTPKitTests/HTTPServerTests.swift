import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

/// A server for the time of a test, on a port that is free.
struct Running {
    let server: HTTPServer
    let listener: StreamListener
    let records = Records()
    private let task: Task<Void, Never>

    final class Records: Sendable {
        private let all = Lock<[HTTPServer.Record]>([])
        private let stream = AsyncStream<HTTPServer.Record>.makeStream()
        var list: [HTTPServer.Record] { all.withLock { $0 } }

        func add(_ record: HTTPServer.Record) {
            all.withLock { $0.append(record) }
            stream.continuation.yield(record)
        }

        /// The next record, waited for.
        func next() async -> HTTPServer.Record? {
            for await record in stream.stream { return record }
            return nil
        }
    }

    init(
        _ change: (inout HTTPServer.Settings) -> Void = { _ in }, handler: @escaping HTTPServer.Handler = Running.echo
    ) throws {
        var settings = HTTPServer.Settings()
        // No time of the server's ends a test, however busy the machine is, but where the test is about that.
        (settings.idleTime, settings.headTime, settings.bodyTime) = (.seconds(3_600), .seconds(3_600), .seconds(3_600))
        (settings.stallTime, settings.grace) = (.seconds(3_600), .seconds(3_600))
        change(&settings)
        let records = records
        server = HTTPServer(settings, observer: { records.add($0) }, handler: handler)
        let listener = try StreamListener(at: IPAddress(127, 0, 0, 1), port: 0)
        self.listener = listener
        task = Task { [server] in await server.run([listener]) }
    }

    /// Waits until the server has ended by itself.
    func whole() async {
        await task.value
        #expect(server.connections == 0)
    }

    /// Ends the server, and waits until nothing of it is left.
    func end() async {
        task.cancel()
        await task.value
        #expect(server.connections == 0)
    }

    var url: String { "http://127.0.0.1:\(listener.port)" }

    static let echo: HTTPServer.Handler = { call in
        switch call.request.target.segments.first {
        case "stream":
            return HTTPAnswer(
                body: .stream { writer in
                    for number in 0..<5 { try await writer.write(Array("line \(number)\n".utf8)) }
                })
        case "endless":
            return HTTPAnswer(
                body: .stream { writer in
                    let piece = [UInt8](repeating: 120, count: 65_536)
                    while true { try await writer.write(piece) }
                })
        case "wait":
            try await Task.sleep(for: .seconds(3_600))
            return HTTPAnswer(.ok, text: "late")
        case "fault": throw HTTPFault(.methodNotAllowed, "not so")
        case "crash": throw Unforeseen()
        default:
            let text =
                "\(call.request.method) \(call.request.target.path) \(call.body.count) \(call.client.map { "\($0)" } ?? "-")"
            return HTTPAnswer(.ok, text: text)
        }
    }

    private struct Unforeseen: Error {}
}

/// A bare connection, for what no client would send.
private final class Wire {
    let descriptor: Int32

    init(_ running: Running) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = running.listener.port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
    }

    /// All that comes until the other side closes, or until a text has come.
    func readAll(until end: String? = nil) async -> String {
        let descriptor = descriptor
        return await withCheckedContinuation { continuation in
            // A thread of its own: a read that waits would take one from the tests.
            Thread.detachNewThread {
                var all: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    if count <= 0 { break }
                    all += buffer[..<count]
                    if let end, String(decoding: all, as: UTF8.self).contains(end) { break }
                }
                continuation.resume(returning: String(decoding: all, as: UTF8.self))
            }
        }
    }
}

/// Runs curl without a thread that waits.
private func curl(_ arguments: String...) async throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/curl") else {
        try Test.cancel("curl is not installed")
    }
    process.arguments = ["-s"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    return await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            try? process.run()
            let data = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            continuation.resume(returning: String(decoding: data, as: UTF8.self))
        }
    }
}

@Suite struct `A server of HTTP` {
    @Test func `answers curl, on one connection and with bodies`() async throws {
        let running = try Running()
        let url = running.url
        #expect(try await curl("\(url)/a", "\(url)/b") == "GET /a 0 127.0.0.1\nGET /b 0 127.0.0.1\n")
        #expect(try await curl("-d", "x=y", "\(url)/p") == "POST /p 3 127.0.0.1\n")
        #expect(
            try await curl("-H", "Transfer-Encoding: chunked", "-d", "hello", "\(url)/c") == "POST /c 5 127.0.0.1\n")
        #expect(try await curl("--http1.0", "\(url)/old") == "GET /old 0 127.0.0.1\n")
        #expect(try await curl("\(url)/stream") == "line 0\nline 1\nline 2\nline 3\nline 4\n")
        let head = try await curl("-I", "\(url)/stream")
        #expect(
            head.contains("HTTP/1.1 200 OK\r\n") && head.contains("transfer-encoding: chunked")
                && head.contains("date: "))
        // As curl does with large bodies: it waits to be told.
        let large = String(repeating: "x", count: 50_000)
        #expect(try await curl("-H", "Expect: 100-continue", "-d", large, "\(url)/e") == "POST /e 50000 127.0.0.1\n")
        await running.end()
        #expect(running.records.list.count == 8 && running.records.list.allSatisfy(\.isWhole))
        #expect(running.records.list.map(\.bytes).reduce(0, +) > 100)
    }

    @Test(arguments: [("fault", "405", "not so\n"), ("crash", "500", "the server failed; its log says why\n")])
    func `says what its handler throws`(_ path: String, _ status: String, _ body: String) async throws {
        let running = try Running()
        #expect(try await curl("-w", "%{http_code}", "\(running.url)/\(path)") == body + status)
        await running.end()
    }

    @Test(arguments: [
        ("GET  / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/3.0\r\n\r\n", 505),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n", 417),
        ("GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\n\r\n", 414),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
    ])
    func `answers what it cannot understand, and closes`(_ request: String, _ status: Int) async throws {
        let running = try Running()
        let wire = try Wire(running)
        wire.send(request)
        let answer = await wire.readAll()
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        #expect(answer.contains("connection: close\r\n"))
        await running.end()
        #expect(running.records.list.map(\.status.code) == [status])
    }

    @Test func `answers many requests that came at once, in their order`() async throws {
        let running = try Running()
        let wire = try Wire(running)
        for number in 0..<100 { wire.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n") }
        wire.send("GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let answers = await wire.readAll().matches(of: /GET \/(\w+) 0/).map { String($0.1) }
        #expect(answers == (0..<100).map { "\($0)" } + ["last"])
        await running.end()
    }

    @Test func `a head that does not come in time is told, a connection without a request is not`() async throws {
        let running = try Running { ($0.headTime, $0.idleTime) = (.milliseconds(100), .milliseconds(100)) }
        let slow = try Wire(running)
        slow.send("GET / HTTP/1.1\r\n")
        #expect(await slow.readAll().hasPrefix("HTTP/1.1 408 "))
        let idle = try Wire(running)
        #expect(await idle.readAll().isEmpty)
        await running.end()
        #expect(running.records.list.map(\.status.code) == [408])
    }

    @Test func `a body that does not come in time is told`() async throws {
        let running = try Running { $0.bodyTime = .milliseconds(100) }
        let wire = try Wire(running)
        wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
        #expect(await wire.readAll().hasPrefix("HTTP/1.1 408 "))
        await running.end()
    }

    @Test func `a client that takes nothing is left, and nothing piles up for it`() async throws {
        let running = try Running { $0.stallTime = .milliseconds(200) }
        let wire = try Wire(running)
        wire.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        // The record is written when the server gives up.
        let record = try #require(await running.records.next())
        #expect(!record.isWhole && record.bytes < 64 * 1024 * 1024)
        await running.end()
        _ = wire
    }

    @Test(arguments: ["/endless", "/wait"]) func `a client that leaves ends what runs for it`(_ path: String)
        async throws
    {
        let running = try Running()
        var wire: Wire? = try Wire(running)
        wire?.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        // One leaves before there is an answer, one within it.
        if path == "/endless" { #expect(await wire?.readAll(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 ") ?? false) }
        wire = nil
        let record = try #require(await running.records.next())
        #expect(!record.isWhole && (path == "/wait" ? record.status.code == 499 : record.status.code == 200))
        await running.end()
    }

    @Test func `connections are counted for each client and in all, and the next is told to wait`() async throws {
        for limit in [\HTTPServer.Settings.connections, \.connectionsPerClient] {
            let running = try Running { $0[keyPath: limit] = 2 }
            let first = try Wire(running), second = try Wire(running)
            for wire in [first, second] {
                wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(await wire.readAll(until: "127.0.0.1\n").hasPrefix("HTTP/1.1 200 "))
            }
            let third = try Wire(running)
            let answer = await third.readAll()
            #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("retry-after: "))
            withExtendedLifetime((first, second)) {}
            await running.end()
        }
    }

    @Test func `an end lets what runs finish, and closes what is idle`() async throws {
        let gate = AsyncStream<Void>.makeStream(), began = AsyncStream<Void>.makeStream()
        let running = try Running(handler: { call in
            began.continuation.yield()
            for await _ in gate.stream { break }
            return HTTPAnswer(.ok, text: "done")
        })
        let idle = try Wire(running), busy = try Wire(running)
        // One connection after a request is idle as well as one before.
        idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for await _ in began.stream { break }
        gate.continuation.yield()
        _ = await idle.readAll(until: "done\n")
        busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for await _ in began.stream { break }
        async let answer = busy.readAll()
        async let nothing = idle.readAll()
        running.server.end([running.listener])
        #expect(await nothing.isEmpty)
        gate.continuation.yield()
        let text = await answer
        #expect(text.contains("connection: close\r\n") && text.hasSuffix("done\n"))
        await running.end()
    }

    @Test func `what does not end is ended when its time is over`() async throws {
        let began = AsyncStream<Void>.makeStream()
        let running = try Running({ $0.grace = .milliseconds(100) }) { call in
            began.continuation.yield()
            return try await Running.echo(call)
        }
        let wire = try Wire(running)
        wire.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        for await _ in began.stream { break }
        running.server.end([running.listener])
        await running.whole()
        #expect(await wire.readAll().isEmpty)
    }

    @Test(arguments: [
        ([], "X-Forwarded-For: 203.0.113.9", "127.0.0.1"),
        (["127.0.0.0/8"], "X-Forwarded-For: 203.0.113.9", "203.0.113.9"),
        (["127.0.0.0/8"], "X-Forwarded-For: 203.0.113.1, 203.0.113.9", "203.0.113.9"),
        (["127.0.0.0/8", "203.0.113.9/32"], "X-Forwarded-For: 203.0.113.1, 203.0.113.9", "203.0.113.1"),
        (["127.0.0.0/8"], "X-Forwarded-For: junk", "127.0.0.1"),
        (["127.0.0.0/8"], "X-Forwarded-For: 203.0.113.9, junk", "127.0.0.1"),
        (["127.0.0.0/8"], "Forwarded: for=203.0.113.9;proto=http", "203.0.113.9"),
        (["127.0.0.0/8"], "Forwarded: for=\"[2001:db8::1]:4711\"", "2001:db8::1"),
        (["127.0.0.0/8"], "X-A: b", "127.0.0.1"),
        (["10.0.0.0/8"], "Forwarded: for=203.0.113.9", "127.0.0.1"),
    ])
    func `believes who asks only from trusted proxies`(_ proxies: [String], _ field: String, _ client: String)
        async throws
    {
        let running = try Running { $0.proxies = proxies.compactMap { IPNetwork($0) } }
        #expect(try await curl("-H", field, "\(running.url)/") == "GET / 0 \(client)\n")
        await running.end()
    }

    @Test func `listens at a path, and takes one over that nobody listens at`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "http-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("socket").path
        for _ in 0..<2 {
            let listener = try StreamListener(atPath: path)
            let error = #expect(throws: ProbeError.self) { try StreamListener(atPath: path) }
            #expect(error?.message.contains("Cannot listen at \(path)") == true)
            let server = HTTPServer(handler: Running.echo)
            let task = Task { await server.run([listener]) }
            #expect(try await curl("--unix-socket", path, "http://a/x") == "GET /x 0 -\n")
            task.cancel()
            await task.value
        }
        let file = folder.appendingPathComponent("file").path
        try Data("kept".utf8).write(to: URL(fileURLWithPath: file))
        #expect(throws: ProbeError.self) { try StreamListener(atPath: file) }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "kept")
    }

    @Test func `a port that is taken is an error with what to do`() throws {
        let first = try StreamListener(at: IPAddress(127, 0, 0, 1), port: 0)
        let error = #expect(throws: ProbeError.self) {
            try StreamListener(at: IPAddress(127, 0, 0, 1), port: first.port)
        }
        #expect(error?.description.contains("Another program listens there") == true)
        first.close()
    }

    @Test(arguments: [
        (Int64(0), "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (1_795_986_348, "Sun, 29 Nov 2026 21:05:48 GMT"),
    ])
    func `the date is that of RFC 9110`(_ second: Int64, _ text: String) { #expect(HTTPDate.text(of: second) == text) }
}
