import Foundation
import Testing

@testable import TraceCoreHTTP

/// What a reader makes of the bytes of a connection.
struct Reading: Hashable, CustomStringConvertible {
    /// The statuses of the requests, 200 for each that was understood.
    var statuses: [Int] = []
    /// What becomes of the connection.
    var end = "open"
    /// All bodies.
    var body: [UInt8] = []
    /// The heads.
    var requests: [HTTPRequest] = []

    /// Reads what a connection brings, in pieces.
    init(_ pieces: some Sequence<some Collection<UInt8>>, limits: RequestReader.Limits = .init()) {
        var reader = RequestReader(limits: limits)
        var isLast = false
        for piece in pieces {
            reader.add(piece)
            do throws(HTTPFault) {
                while !isLast, let part = try reader.next() {
                    switch part {
                    case .head(let request): requests.append(request)
                    case .body(let bytes): body += bytes
                    case .end:
                        statuses.append(200)
                        isLast = !(requests.last?.keepsAlive ?? true)
                    }
                }
            } catch {
                statuses.append(error.status.code)
                (end, body) = ("closed", [])
                return
            }
        }
        if isLast {
            end = "closed"
        } else if !reader.isBetweenRequests {
            end = "waits"
        }
    }

    var description: String {
        let body = body.isEmpty ? "" : " =\(String(decoding: body, as: UTF8.self))"
        return (statuses.isEmpty ? "" : statuses.map { "\($0)" }.joined(separator: ",") + " ") + end + body
    }
}

/// A line of `RequestVectors.txt`.
struct RequestVector: Sendable, CustomTestStringConvertible {
    let section: String
    let outcome: String
    let reason: String
    let bytes: [UInt8]

    var testDescription: String { "\(section): \(reason)" }

    static let all: [RequestVector] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("RequestVectors.txt")
        let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
        return lines.filter { !$0.hasPrefix("#") }.map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            var text = Array(fields[3].unicodeScalars)[...]
            return RequestVector(
                section: fields[0], outcome: fields[1], reason: fields[2], bytes: bytes(of: &text, until: nil))
        }
    }()

    private static func bytes(of text: inout ArraySlice<Unicode.Scalar>, until end: Unicode.Scalar?) -> [UInt8] {
        var bytes: [UInt8] = []
        while let scalar = text.popFirst(), scalar != end {
            switch scalar {
            case "\\":
                switch text.popFirst() {
                case "r": bytes.append(13)
                case "n": bytes.append(10)
                case "t": bytes.append(9)
                case "0": bytes.append(0)
                case "x":
                    let digits = String(String.UnicodeScalarView(text.prefix(2)))
                    text = text.dropFirst(2)
                    bytes.append(UInt8(digits, radix: 16) ?? 0)
                case let other: bytes += String(other ?? "\\").utf8
                }
            case "{":
                let digits = String(String.UnicodeScalarView(text.prefix { $0 != "*" }))
                text = text.drop { $0 != "*" }.dropFirst()
                let piece = Self.bytes(of: &text, until: "}")
                for _ in 0..<(Int(digits) ?? 0) { bytes += piece }
            default: bytes += String(scalar).utf8
            }
        }
        return bytes
    }
}

@Suite struct `Requests by the letter of RFC 9110 and 9112` {
    @Test func `there are many`() {
        #expect(RequestVector.all.count >= 150)
        #expect(Set(RequestVector.all.map(\.bytes)).count == RequestVector.all.count)
        #expect(RequestVector.all.allSatisfy { $0.section.contains(/^\d{4}-\d/) })
    }

    @Test(arguments: RequestVector.all) func `come to what they should`(_ vector: RequestVector) {
        let whole = Reading([vector.bytes])
        #expect("\(whole)" == vector.outcome)
        // However the network cuts them.
        #expect("\(Reading(vector.bytes.map { [$0] }))" == vector.outcome)
        for cut in [1, vector.bytes.count / 2, vector.bytes.count - 1] where cut > 0 {
            let halves = Reading([vector.bytes.prefix(cut), vector.bytes.dropFirst(cut)])
            #expect("\(halves)" == vector.outcome && halves.requests == whole.requests, "cut at \(cut)")
        }
    }

    @Test func `a fault is for good`() throws {
        var reader = RequestReader()
        reader.add(Array("GET  / HTTP/1.1\r\n".utf8))
        for _ in 0..<2 {
            let fault = #expect(throws: HTTPFault.self) { try reader.next() }
            #expect(fault?.message.contains("single spaces") == true)
            reader.add(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        }
    }

    @Test func `the parts of a target are decoded once`() throws {
        func target(_ text: String) throws -> HTTPTarget {
            try #require(Reading([Array("GET \(text) HTTP/1.1\r\nHost: h\r\n\r\n".utf8)]).requests.first).target
        }
        let path = try target("/a%2Fb//%252e/%C3%A4/?x=%2B+1&y&=z&x=2%3D3&%C3%B6=%26")
        #expect(path.path == "/a%2Fb//%252e/%C3%A4/")
        #expect(path.segments == ["a/b", "", "%2e", "ä", ""])
        let items = try path.queryItems()
        #expect(items.map(\.key) == ["x", "y", "", "x", "ö"])
        #expect(items.map(\.value) == ["+ 1", "", "z", "2=3", "&"])
        #expect(try target("/").segments.isEmpty)
        #expect(try target("http://other:80/p").path == "/p")
        let request = Reading([Array("GET http://other:80/p HTTP/1.1\r\nHost: h\r\n\r\n".utf8)]).requests[0]
        #expect(request.host == "other:80")
        #expect(throws: HTTPFault.self) { try target("/?a=%ff").queryItems() }
        #expect(throws: HTTPFault.self) { try target("/?a=%00").queryItems() }
    }

    @Test func `memory stays flat, whatever comes`() {
        var reader = RequestReader()
        let request =
            Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n".utf8)
            + Array(repeating: 120, count: 50_000)
        var bodies = 0
        for _ in 0..<50 {
            for start in stride(from: 0, to: request.count, by: 1000) {
                reader.add(request[start..<min(request.count, start + 1000)])
                while let part = try? reader.next() {
                    if case .body(let bytes) = part { bodies += bytes.count }
                }
                #expect(reader.waiting < 1100)
            }
        }
        #expect(bodies == 2_500_000)
    }
}

@Suite struct `Answers` {
    private func request(_ text: String) throws -> HTTPRequest {
        try #require(Reading([Array((text + "\r\n\r\n").utf8)]).requests.first)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `say how long they are, or come in chunks`() throws {
        let get = try request("GET / HTTP/1.1\r\nHost: a")
        let fields: HTTPFields = HTTPFields(["Content-Type": "text/plain"])
        let whole = ResponseWriter(
            HTTPResponseHead(.ok, fields, body: .bytes(5)), to: get, mayKeepAlive: true, date: "D")
        #expect(
            text(whole.head) == "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ndate: D\r\ncontent-type: text/plain\r\n\r\n")
        #expect(text(whole.piece(Array("hello".utf8)) + whole.end) == "hello" && whole.keepsAlive)
        let stream = ResponseWriter(HTTPResponseHead(.ok, body: .stream), to: get, mayKeepAlive: true, date: "D")
        #expect(text(stream.head).contains("transfer-encoding: chunked\r\n"))
        #expect(
            text(stream.piece(Array("hello, world....".utf8)) + stream.piece([]) + stream.end)
                == "10\r\nhello, world....\r\n0\r\n\r\n")
    }

    @Test func `to HEAD have no body, and the same head`() throws {
        let head = try request("HEAD / HTTP/1.1\r\nHost: a")
        for body in [HTTPResponseHead.Body.bytes(5), .stream] {
            let writer = ResponseWriter(HTTPResponseHead(.ok, body: body), to: head, mayKeepAlive: true, date: "D")
            let get = ResponseWriter(
                HTTPResponseHead(.ok, body: body), to: try request("GET / HTTP/1.1\r\nHost: a"), mayKeepAlive: true,
                date: "D")
            #expect(writer.head == get.head && writer.keepsAlive)
            #expect((writer.piece([1, 2, 3]) + writer.end).isEmpty)
        }
    }

    @Test func `without a body by their status have none`() throws {
        let get = try request("GET / HTTP/1.1\r\nHost: a")
        for code in [204, 304] {
            let writer = ResponseWriter(
                HTTPResponseHead(HTTPStatus(code), body: .bytes(5)), to: get, mayKeepAlive: true, date: "D")
            #expect(!text(writer.head).contains("content-length"))
            #expect(writer.piece([1]).isEmpty)
        }
    }

    @Test func `to old clients end with the connection where their length is not known`() throws {
        let old = try request("GET / HTTP/1.0\r\nConnection: keep-alive")
        let stream = ResponseWriter(HTTPResponseHead(.ok, body: .stream), to: old, mayKeepAlive: true, date: "D")
        #expect(
            !stream.keepsAlive && text(stream.head).contains("connection: close") && text(stream.piece([65])) == "A")
        #expect(stream.end.isEmpty && !text(stream.head).contains("chunked"))
        let whole = ResponseWriter(HTTPResponseHead(.ok, body: .bytes(1)), to: old, mayKeepAlive: true, date: "D")
        #expect(whole.keepsAlive && text(whole.head).contains("connection: keep-alive"))
    }

    @Test func `to nothing that could be understood close the connection`() {
        let writer = ResponseWriter(
            HTTPResponseHead(.badRequest, body: .bytes(0)), to: nil, mayKeepAlive: true, date: "D")
        #expect(!writer.keepsAlive && text(writer.head).hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
    }

    @Test func `cannot be split by what a field says, and keep their own framing`() throws {
        var fields = HTTPFields()
        fields.add("X-Evil\r\nSet-Cookie: a", "b\r\n\r\n<script>\0")
        fields.add("Content-Length", "99")
        fields.add("Transfer-Encoding", "chunked")
        fields.add("Connection", "keep-alive")
        let get = try request("GET / HTTP/1.1\r\nHost: a\r\nConnection: close")
        let writer = ResponseWriter(
            HTTPResponseHead(.ok, fields, body: .bytes(2)), to: get, mayKeepAlive: true, date: "D\r\nX: y")
        let lines = text(writer.head).components(separatedBy: "\r\n")
        #expect(
            lines == [
                "HTTP/1.1 200 OK", "content-length: 2", "connection: close", "date: DX: y",
                "x-evilset-cookiea: b<script>", "", "",
            ])
    }
}

@Suite struct `Requests beside what other readers make of them` {
    /// The table of `Tests/Conformance/requests.py`: a request in hexadecimal, and what h11 and llhttp make of it: nothing where
    /// they refuse it, or the methods and the bodies, in hexadecimal.
    @Test func `none is taken that both refuse, and none is seen otherwise`() throws {
        guard let path = ProcessInfo.processInfo.environment["TRACECORE_REQUEST_TABLE"] else {
            try Test.cancel("TRACECORE_REQUEST_TABLE names no table; run Tests/Conformance/requests.py")
        }
        var wrong: [String] = []
        var taken = 0
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        for line in lines {
            let fields = line.split(separator: " ").map(String.init)
            let bytes = stride(from: 0, to: fields[0].utf8.count, by: 2).map { offset in
                UInt8(fields[0].dropFirst(offset).prefix(2), radix: 16) ?? 0
            }
            let ours = Reading([bytes])
            guard ours.statuses.allSatisfy({ $0 == 200 }), ours.end != "waits", !ours.statuses.isEmpty else { continue }
            taken += 1
            let isClosed = ours.end == "closed"
            let seen =
                ours.requests.map(\.method).joined(separator: ",") + ":"
                + ours.body.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let theirs = fields.dropFirst().filter { $0 != "-" }
            if theirs.isEmpty { wrong.append("both refuse: \(line)") }
            // Who closes a connection sooner has seen less of it.
            let isSame = theirs.allSatisfy { theirs in
                let (methods, body) = (theirs.split(separator: ":")[0], theirs.drop { $0 != ":" }.dropFirst())
                let ours = (seen.split(separator: ":")[0], seen.drop { $0 != ":" }.dropFirst())
                return theirs == seen
                    || isClosed && (methods + ",").hasPrefix(ours.0 + ",") && body.hasPrefix(ours.1)
            }
            if !isSame { wrong.append("here \(seen): \(line)") }
        }
        #expect(lines.count >= 100_000 && taken > lines.count / 20, "\(taken) of \(lines.count)")
        #expect(wrong.isEmpty, "\(wrong.count):\n\(wrong.prefix(20).joined(separator: "\n"))")
    }
}
