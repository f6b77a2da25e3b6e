internal import CTraceCoreCurl
internal import TraceCore

/// A request on its way, and its answer: libcurl's thread puts in what comes, and a task takes it out.
final class HTTPTransfer: Sendable {
    typealias Failure = HTTPClient.Failure

    struct Head: Sendable {
        let status: HTTPStatus
        let fields: HTTPFields
    }

    private struct State {
        /// The status and the fields of the head that is being read.
        var status: Int?
        var fields = HTTPFields()
        /// The bytes of all heads, and of fields behind the body.
        var headBytes = 0
        var head: Head?
        var body: [UInt8] = []
        /// How much of the request's body was given.
        var given = 0
        var isPaused = false
        var lastByte = ContinuousClock.now
        var end: Result<Void, Failure>?
        var changes = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// So much of a body waits here.
    private static let roomForBody = 65_536
    /// So much all heads may have.
    private static let roomForHeads = 65_536

    let request: HTTPClient.Request
    private let engine: CurlEngine
    private let state = Lock(State())

    init(_ request: HTTPClient.Request, by engine: CurlEngine) {
        self.request = request
        self.engine = engine
    }

    var place: String { request.place }

    // MARK: For tasks

    /// The head of the answer, waited for.
    func head() async throws(Failure) -> Head { try await wait { $0.head } }

    /// The next piece of the body, waited for; nil at the end.
    func next() async throws(Failure) -> [UInt8]? {
        let (piece, wasPaused): ([UInt8]?, Bool) = try await wait { state in
            guard !state.body.isEmpty else {
                if case .success? = state.end { return (nil, false) }
                return nil
            }
            defer { (state.body, state.isPaused, state.lastByte) = ([], false, .now) }
            return (state.body, state.isPaused)
        }
        if wasPaused { engine.order(.resume(self)) }
        return piece
    }

    /// Ends what has not ended, and drops what nobody has read.
    func cancel() {
        let hasEnded = change { state in
            state.body = []
            defer { state.end = state.end ?? .failure(Failure(.cancelled, "The request to \(place) was cancelled")) }
            return state.end != nil
        }
        if !hasEnded { engine.order(.end(self)) }
    }

    /// Waits until something is there to be taken, or nothing more can come.
    private func wait<Value: Sendable>(for take: @Sendable (inout State) -> Value?) async throws(Failure) -> Value {
        while true {
            let (taken, changes): (Result<Value, Failure>?, Int) = state.withLock { state in
                if let value = take(&state) { return (.success(value), 0) }
                if case .failure(let failure)? = state.end { return (.failure(failure), 0) }
                return (nil, state.changes)
            }
            if let taken { return try taken.get() }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isOver = state.withLock { state in
                        if state.changes != changes { return true }
                        state.waiters.append(continuation)
                        return false
                    }
                    if isOver { continuation.resume() }
                }
            } onCancel: {
                cancel()
            }
        }
    }

    private func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, waiters) = state.withLock { state in
            let value = body(&state)
            state.changes += 1
            defer { state.waiters = [] }
            return (value, state.waiters)
        }
        for waiter in waiters { waiter.resume() }
        return value
    }

    // MARK: For libcurl's thread

    /// Takes a line of a head; whether the transfer may go on.
    func take(headLine line: [UInt8]) -> Bool {
        change { state in
            guard state.end == nil else { return false }
            state.headBytes += line.count
            guard state.headBytes <= Self.roomForHeads else {
                state.end = .failure(
                    Failure(.tooLarge, "The head of the answer of \(place) has more than \(Self.roomForHeads) bytes"))
                return false
            }
            state.lastByte = .now
            // What stands behind the body says nothing to anybody.
            if state.head != nil { return true }
            let text = line.prefix { $0 != 0x0D && $0 != 0x0A }
            if line.starts(with: "HTTP/".utf8) {
                let words = line.split(separator: 0x20)
                state.status = words.count > 1 ? Int(String(decoding: words[1].prefix(3), as: UTF8.self)) : nil
                state.fields = HTTPFields()
            } else if text.isEmpty {
                // A head of 1xx only says that the real one is to come.
                guard let status = state.status, status >= 200 else { return true }
                state.head = Head(status: HTTPStatus(status), fields: state.fields)
            } else if let colon = text.firstIndex(of: UInt8(ascii: ":")), text[..<colon].allSatisfy(Octet.isToken) {
                state.fields.add(
                    String(decoding: text[..<colon], as: UTF8.self),
                    String(decoding: Octet.trimmed(text[(colon + 1)...]), as: UTF8.self))
            }
            return true
        }
    }

    /// Gives the next bytes of the request's body, and says how many.
    func give(_ room: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            let piece = request.body[state.given...].prefix(room.count)
            room.copyBytes(from: piece)
            state.given += piece.count
            return piece.count
        }
    }

    /// Gives the request's body again, from a place in it.
    func giveAgain(from place: Int64) -> Bool {
        guard let place = Int(exactly: place), 0...request.body.count ~= place else { return false }
        state.withLock { $0.given = place }
        return true
    }

    /// Takes a piece of the body; false asks for it again when there is room.
    func take(piece: [UInt8]) -> Bool? {
        change { state in
            guard state.end == nil else { return nil }
            state.isPaused = state.body.count >= Self.roomForBody
            if state.isPaused { return false }
            state.body += piece
            state.lastByte = .now
            return true
        }
    }

    /// Notes that something went, or was not late yet.
    func touch() { state.withLock { $0.lastByte = .now } }

    /// When too long will have passed without a byte; nil where it may take forever.
    var stalls: ContinuousClock.Instant? {
        guard let time = request.stallTime else { return nil }
        return state.withLock { $0.isPaused ? nil : $0.lastByte + time }
    }

    /// The end, unless there was another before.
    func finish(_ failure: Failure? = nil) {
        change { state in
            let none = Failure(.broken, "\(place) closed the connection without an answer")
            let failure = failure ?? (state.head == nil ? none : nil)
            state.end = state.end ?? failure.map { .failure($0) } ?? .success(())
        }
    }
}
