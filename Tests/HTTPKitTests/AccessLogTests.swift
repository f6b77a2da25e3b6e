import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

@Suite struct `Lines of a log` {
    private let time = UTCTime(microsecondsSince1970: 1_796_002_564_250_000)

    /// A record of a request with these bytes as its fields.
    private func record(_ fields: [UInt8], target: String = "/a?b=%22c") throws -> HTTPServer.Record {
        let bytes = Array("GET \(target) HTTP/1.1\r\nHost: here\r\n".utf8) + fields + Array("\r\n".utf8)
        let request = try #require(Reading([bytes]).requests.first)
        return HTTPServer.Record(
            client: IPAddress("192.0.2.7"), request: request, status: .ok, bytes: 512, time: .milliseconds(1_500),
            isWhole: true)
    }

    private func line(_ form: AccessLog, _ record: HTTPServer.Record, user: String? = nil) -> String {
        String(decoding: form.line(for: record, at: time, user: user), as: UTF8.self)
    }

    @Test func `The combined form is that of Apache and nginx`() throws {
        let record = try record(Array("User-Agent: curl/8.1\r\nReferer: http://there/\r\n".utf8))
        #expect(
            line(.combined, record, user: "mirror") == #"192.0.2.7 - mirror [30/Nov/2026:01:36:04 +0000] "#
                + #""GET /a?b=%22c HTTP/1.1" 200 512 "http://there/" "curl/8.1""# + "\n")
    }

    @Test func `What is not known is a dash`() {
        let record = HTTPServer.Record(
            client: nil, request: nil, status: .badRequest, bytes: 0, time: .zero, isWhole: false)
        #expect(line(.combined, record) == #"- - - [30/Nov/2026:01:36:04 +0000] "-" 400 0 "-" "-""# + "\n")
    }

    /// What strangers write: a quote, a backslash, ESC, letters that turn the line round, bytes that are no letters.
    static let hostile: [UInt8] = Array("x\" 200 \\ \t\u{202E}\u{9b}é".utf8) + [0xFF, 0xC3]

    @Test(arguments: AccessLog.allCases) func `What strangers write stays in its place`(form: AccessLog) throws {
        let record = try record(
            Array("User-Agent: ".utf8) + Self.hostile + Array("\r\nReferer: ".utf8) + Self.hostile + [0x0D, 0x0A])
        let line = form.line(for: record, at: time, user: "a b\n\"c")
        #expect(line.filter { $0 == 0x0A }.count == 1 && line.last == 0x0A)
        let text = String(decoding: line.dropLast(), as: UTF8.self)
        #expect(UntrustedText(text).escaped.replacingOccurrences(of: #"\\"#, with: #"\"#) == text)
        switch form {
        case .combined:
            #expect(text.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
            #expect(text.utf8.filter { $0 == UInt8(ascii: "\"") }.count == 6)
            #expect(text.contains(#" - a\x20b\x0A\x22c ["#))
            #expect(text.contains(#""x\x22 200 \x5C "#))
        case .json:
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            #expect(object["user"] as? String == "a b\n\"c")
            #expect((object["userAgent"] as? String)?.hasPrefix("x\" 200 \\ \t\u{202E}\u{9b}é") == true)
        }
    }

    @Test func `A line of JSON has what the server knows`() throws {
        let text = line(.json, try record([]))
        #expect(
            text == #"{"time":"2026-11-30T01:36:04.250000Z","client":"192.0.2.7","method":"GET","host":"here","#
                + #""path":"/a?b=%22c","version":"HTTP/1.1","status":200,"bytes":512,"seconds":1.5,"isWhole":true}"#
                + "\n")
    }
}

@Suite struct `A writer of a log` {
    /// What a writer says.
    private final class Said: Sendable {
        let words = Lock<[String]>([])
        func add(_ word: String) { words.withLock { $0.append(word) } }
        var all: [String] { words.withLock { $0 } }
    }

    private func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        try #require(Foundation.pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    @Test func `Lines come out whole and in order`() async throws {
        let (reading, writing) = try pipe()
        let said = Said()
        let log = LogWriter(descriptor: writing) { said.add($0) }
        for number in 0..<1_000 { log.write(Array("\(number)\n".utf8)) }
        await log.flush(within: .seconds(3_600))
        close(writing)
        let read = try #require(try FileHandle(fileDescriptor: reading, closeOnDealloc: true).readToEnd())
        #expect(String(decoding: read, as: UTF8.self) == (0..<1_000).map { "\($0)\n" }.joined())
        #expect(log.lost == 0 && said.all.isEmpty)
    }

    @Test func `A full disk is counted, and said once`() async throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        let said = Said()
        let log = LogWriter(descriptor: full) { said.add($0) }
        for _ in 0..<3 {
            log.write(Array("a line\n".utf8))
            await log.flush(within: .seconds(3_600))
        }
        #expect(log.lost == 3)
        #expect(said.all == ["the log loses lines: No space left on device"])
    }

    @Test func `A pipe that nobody reads any more does not end the program`() async throws {
        let (reading, writing) = try pipe()
        close(reading)
        defer { close(writing) }
        let said = Said()
        let log = LogWriter(descriptor: writing) { said.add($0) }
        log.write(Array("a line\n".utf8))
        await log.flush(within: .seconds(3_600))
        #expect(log.lost == 1 && said.all == ["the log loses lines: Broken pipe"])
    }

    @Test func `A reader that sleeps holds nobody up, and what it missed is counted`() async throws {
        let (reading, writing) = try pipe()
        let said = Said()
        let log = LogWriter(descriptor: writing, capacity: 4_096) { said.add($0) }
        let line = Array("\(String(repeating: "x", count: 999))\n".utf8)
        for _ in 0..<200 { log.write(line) }
        #expect(log.lost > 0 && said.all == ["the log loses lines: nobody takes its lines"])
        // Awake again, it gets whole lines.
        let taken = Task.detached { try FileHandle(fileDescriptor: reading, closeOnDealloc: true).readToEnd() }
        await log.flush(within: .seconds(3_600))
        close(writing)
        let read = try #require(try await taken.value)
        #expect(read.count == (200 - log.lost) * 1_000)
    }

    @Test func `Behind half a line the next one begins on its own`() async throws {
        let (reading, writing) = try pipe()
        _ = fcntl(writing, F_SETFL, O_NONBLOCK)
        let log = LogWriter(descriptor: writing, capacity: 8 << 20) { _ in }
        // More than any pipe holds.
        let size = 4 << 20
        log.write(Array("\(String(repeating: "x", count: size))\n".utf8))
        await log.flush(within: .seconds(3_600))
        var taken = [UInt8](repeating: 0, count: size)
        #expect((1..<size).contains(read(reading, &taken, size)))
        log.write(Array("next\n".utf8))
        await log.flush(within: .seconds(3_600))
        close(writing)
        let rest = try #require(try FileHandle(fileDescriptor: reading, closeOnDealloc: true).readToEnd())
        #expect(String(decoding: rest, as: UTF8.self).hasSuffix("\nnext\n"))
        #expect(log.lost == 1)
    }
}
