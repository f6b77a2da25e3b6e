package import TraceCore

/// One connection of a server: reads requests one after the other, and writes their answers.
final class HTTPConnection: Sendable {
    /// So much is read at once.
    private static let portion = 16_384

    let id: Int
    private let stream: ByteStream
    private let peer: IPAddress?
    private let server: HTTPServer
    /// Whether no request is on its way: the connection may be closed without harm.
    private let idle = Lock(true)

    init(_ id: Int, _ arrival: StreamListener.Arrival, of server: HTTPServer) {
        self.id = id
        stream = arrival.stream
        peer = arrival.peer
        self.server = server
    }

    var isIdle: Bool { idle.withLock { $0 } }

    func close() { stream.close() }

    func write(_ bytes: [UInt8]) async throws(ByteStream.Failure) {
        try await stream.write(bytes, patience: server.settings.stallTime)
    }

    /// Tells a client that there are too many connections.
    static func refuse(_ arrival: StreamListener.Arrival, by server: HTTPServer) async {
        let connection = HTTPConnection(0, arrival, of: server)
        await connection.answer(
            HTTPFault(.unavailable, "there are too many connections: try again in a while"), to: nil, since: .now)
        await connection.linger()
    }

    /// Serves until the client wants no more, or cannot be understood.
    func serve() async {
        defer { stream.close() }
        var reader = RequestReader(limits: server.settings.limits)
        do throws(ByteStream.Failure) {
            while try await serveNext(&reader), !server.isEnding {}
        } catch {
            // There is nobody left to tell.
            return
        }
        await linger()
    }

    /// Waits a moment for the client to read the answer: closing while it still sends would take it away.
    private func linger() async {
        stream.finishWriting()
        let end = ContinuousClock.now + .seconds(2)
        var left = 64
        while left > 0, let bytes = try? await stream.read(atMost: Self.portion, until: end), !bytes.isEmpty {
            left -= 1
        }
        stream.close()
    }

    // MARK: A request

    /// Answers the next request; whether another one may follow.
    private func serveNext(_ reader: inout RequestReader) async throws(ByteStream.Failure) -> Bool {
        let settings = server.settings
        var head: HTTPRequest?
        var body: [UInt8] = []
        var began = ContinuousClock.now
        var deadline = began + settings.idleTime
        idle.withLock { $0 = reader.isBetweenRequests }
        if server.isEnding, reader.isBetweenRequests { return false }
        do {
            reading: while true {
                while let part = try reader.next() {
                    switch part {
                    case .head(let request):
                        head = request
                        deadline = .now + settings.bodyTime
                        if let expectation = request.fields.first("expect") {
                            guard expectation.lowercased() == "100-continue" else {
                                throw HTTPFault(.expectationFailed, "only 100-continue can be expected")
                            }
                            // What is there already need not be asked for.
                            if request.expectsContinue, reader.waiting == 0 { try await write(ResponseWriter.continue) }
                        }
                    case .body(let bytes): body += bytes
                    case .end: break reading
                    }
                }
                let bytes = try await stream.read(atMost: Self.portion, until: deadline)
                if bytes.isEmpty { throw ByteStream.Failure.gone }
                if idle.withLock({ $0 }) {
                    idle.withLock { $0 = false }
                    began = .now
                    deadline = began + settings.headTime
                }
                reader.add(bytes)
            }
        } catch let fault as HTTPFault {
            await answer(fault, to: head, since: began)
            return false
        } catch ByteStream.Failure.late where !reader.isBetweenRequests {
            await answer(HTTPFault(.requestTimeout, "the request did not come in time"), to: head, since: began)
            return false
        } catch {
            throw .gone
        }
        guard let head else { return false }
        return try await answer(head, body, since: began)
    }

    // MARK: Its answer

    private func answer(_ request: HTTPRequest, _ body: [UInt8], since began: ContinuousClock.Instant)
        async throws(ByteStream.Failure) -> Bool
    {
        let call = HTTPCall(request: request, body: body, client: server.client(of: request, from: peer))
        if let answer = server.prompt(call) { return try await send(answer, to: call, since: began) }
        let answer: HTTPAnswer
        do {
            answer = try await whilePresent { [handler = server.handler] in try await handler(call) }
        } catch let fault as HTTPFault {
            answer = HTTPAnswer(fault.status, text: fault.message)
        } catch is CancellationError {
            server.note(
                HTTPServer.Record(
                    client: call.client, request: request, status: HTTPServer.Record.clientLeft, bytes: 0,
                    time: began.duration(to: .now), isWhole: false))
            throw .gone
        } catch {
            answer = HTTPAnswer(.internalError, text: "the server failed; its log says why")
        }
        return try await send(answer, to: call, since: began)
    }

    private func send(_ answer: HTTPAnswer, to call: HTTPCall, since began: ContinuousClock.Instant)
        async throws(ByteStream.Failure) -> Bool
    {
        let length: HTTPResponseHead.Body =
            switch answer.body {
            case .bytes(let bytes): .bytes(bytes.count)
            case .stream: .stream
            }
        let writer = ResponseWriter(
            HTTPResponseHead(answer.status, answer.fields, body: length), to: call.request,
            mayKeepAlive: !server.isEnding, date: HTTPDate.now)
        let count = Counter()
        var failure: ByteStream.Failure?
        do {
            switch answer.body {
            case .bytes(let bytes):
                try await write(writer.head + writer.piece(bytes) + writer.end)
                count.add(bytes.count)
            case .stream(let produce):
                try await write(writer.head)
                if call.request.method != "HEAD", !answer.status.hasNoBody {
                    let body = HTTPBodyWriter(self, writer, count)
                    try await whilePresent { try await produce(body) }
                    try await write(writer.end)
                }
            }
        } catch let error as ByteStream.Failure {
            failure = error
        } catch {
            // Half a body cannot be taken back: without its end the client sees that it is not whole.
            failure = .gone
        }
        server.note(
            HTTPServer.Record(
                client: call.client, request: call.request, status: answer.status, bytes: count.value,
                time: began.duration(to: .now), isWhole: failure == nil))
        if let failure { throw failure }
        return writer.keepsAlive
    }

    /// Answers what could not be understood.
    private func answer(_ fault: HTTPFault, to request: HTTPRequest?, since began: ContinuousClock.Instant) async {
        let answer = HTTPAnswer(fault.status, text: fault.message)
        guard case .bytes(let bytes) = answer.body else { return }
        var fields = answer.fields
        if fault.status == .unavailable { fields.add("Retry-After", "5") }
        let writer = ResponseWriter(
            HTTPResponseHead(fault.status, fields, body: .bytes(bytes.count)), to: request, mayKeepAlive: false,
            date: HTTPDate.now)
        let isWhole: Void? = try? await write(writer.head + writer.piece(bytes))
        server.note(
            HTTPServer.Record(
                client: request.map { server.client(of: $0, from: peer) } ?? peer, request: request,
                status: fault.status,
                bytes: bytes.count, time: began.duration(to: .now), isWhole: isWhole != nil))
    }

    /// Does something as long as the client is there; when it leaves, the work is cancelled.
    private func whilePresent<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws
        -> Value
    {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask(executorPreference: globalConcurrentExecutor) { try await work() }
            group.addTask { [stream] in
                await stream.untilLeft()
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw CancellationError() }
            return value
        }
    }
}

/// The date of an answer, as RFC 9110, 5.6.7 writes it.
package enum HTTPDate {
    private static let last = Lock((second: Int64.min, text: ""))

    /// The date now; made once a second.
    static var now: String {
        let second = UTCTime.now.microsecondsSince1970 / 1_000_000
        return last.withLock { last in
            if last.second != second { last = (second, text(of: second)) }
            return last.text
        }
    }

    /// The date of a second since 1970.
    static func text(of second: Int64) -> String {
        // "2026-11-29T22:25:17"
        let parts = UTCTime(microsecondsSince1970: second * 1_000_000).secondText.split { "-T:".contains($0) }
        guard parts.count == 6, let month = Int(parts[1]) else { return "" }
        // The first of January 1970 was a Thursday.
        let day = Int((second / 86_400 + 4) % 7)
        return "\(days[day]), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
    }

    /// The time that a date says, in any of the three forms of RFC 9110, 5.6.7; nil for another text.
    package static func time(of text: String) -> UTCTime? {
        var words = text.split { " ,-:".contains($0) }
        // Sun Nov  6 08:49:37 1994
        if words.count == 7 { words = [words[0], words[2], words[1], words[6]] + words[3...5] + ["GMT"] }
        guard words.count == 8, words[7] == "GMT" else { return nil }
        guard let month = months.firstIndex(of: String(words[2])), var year = Int(words[3]), let day = Int(words[1])
        else { return nil }
        // Sunday, 06-Nov-94 08:49:37 GMT
        if words[3].count == 2 { year += year < 70 ? 2_000 : 1_900 }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return UTCTime("\(year)-\(two(month + 1))-\(two(day))T\(words[4]):\(words[5]):\(words[6])Z")
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
