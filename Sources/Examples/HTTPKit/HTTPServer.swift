public import TraceCore

/// What a handler is asked.
public struct HTTPCall: Sendable {
    /// The head of the request.
    public let request: HTTPRequest
    /// Its whole body.
    public let body: [UInt8]
    /// Who asks: the peer, or whom a trusted proxy names; nil where it came by a path and nobody is named.
    public let client: IPAddress?
}

/// What a handler answers.
public struct HTTPAnswer: Sendable {
    /// How the body is made.
    public enum Body: Sendable {
        /// All of it is known.
        case bytes([UInt8])
        /// It is written as it becomes known. Where the client leaves, the task is cancelled.
        case stream(@Sendable (HTTPBodyWriter) async throws -> Void)
    }

    /// The status.
    public var status: HTTPStatus
    /// The fields.
    public var fields: HTTPFields
    /// The body.
    public var body: Body

    /// An answer.
    public init(_ status: HTTPStatus = .ok, _ fields: HTTPFields = HTTPFields(), body: Body) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A line of plain text.
    public init(_ status: HTTPStatus, text: String) {
        self.init(
            status, HTTPFields(["Content-Type": "text/plain; charset=utf-8"]), body: .bytes(Array((text + "\n").utf8)))
    }
}

/// Takes the pieces of a body that is made on the way.
public struct HTTPBodyWriter: Sendable {
    let connection: HTTPConnection
    let writer: ResponseWriter
    /// The bytes that were sent so far.
    let count: Counter

    private let turns = Turns()

    init(_ connection: HTTPConnection, _ writer: ResponseWriter, _ count: Counter) {
        self.connection = connection
        self.writer = writer
        self.count = count
    }

    /// Sends a piece, and waits until the connection has taken it. Several tasks may write; each piece stays whole.
    ///
    /// - Throws: That the client has left, or takes nothing any more.
    public func write(_ bytes: [UInt8]) async throws {
        let framed = writer.piece(bytes)
        guard !framed.isEmpty else { return }
        await turns.take()
        defer { turns.give() }
        try await connection.write(framed)
        count.add(bytes.count)
    }

    /// Lets one after the other.
    private final class Turns: Sendable {
        private let state = Lock((isTaken: false, waiting: [CheckedContinuation<Void, Never>]()))

        func take() async {
            await withCheckedContinuation { continuation in
                let isFree = state.withLock { state in
                    if state.isTaken { state.waiting.append(continuation) }
                    defer { state.isTaken = true }
                    return !state.isTaken
                }
                if isFree { continuation.resume() }
            }
        }

        func give() {
            let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard !state.waiting.isEmpty else {
                    state.isTaken = false
                    return nil
                }
                return state.waiting.removeFirst()
            }
            next?.resume()
        }
    }
}

/// A number that several tasks add to.
final class Counter: Sendable {
    private let number = Lock(0)

    var value: Int { number.withLock { $0 } }

    func add(_ count: Int) { number.withLock { $0 += count } }
}

/// A server of HTTP/1.1: one task a connection, on the library's reactor.
public final class HTTPServer: Sendable {
    /// How long things may take, and how many there may be.
    public struct Settings: Sendable {
        /// How much a request may have.
        public var limits = RequestReader.Limits()
        /// How long a connection may be without a request.
        public var idleTime = Duration.seconds(60)
        /// How long a head may take from its first byte.
        public var headTime = Duration.seconds(10)
        /// How long a body may take.
        public var bodyTime = Duration.seconds(20)
        /// How long a client may take nothing of what is sent.
        public var stallTime = Duration.seconds(30)
        /// How many connections there may be.
        public var connections = 4_096
        /// How many connections a client may have; an IPv6 client is a network of 64 bits.
        public var connectionsPerClient = 256
        /// Whose word about the client is taken.
        public var proxies: [IPNetwork] = []
        /// How long what runs may go on when the server ends.
        public var grace = Duration.seconds(10)

        /// Settings for a server on the open network.
        public init() {}
    }

    /// A request that was answered.
    public struct Record: Sendable {
        /// Who asked.
        public let client: IPAddress?
        /// The request, or nil where it could not be understood.
        public let request: HTTPRequest?
        /// The status of the answer.
        public let status: HTTPStatus
        /// The bytes of the body that were sent, frames left out.
        public let bytes: Int
        /// How long it took.
        public let time: Duration
        /// Whether the whole answer was sent.
        public let isWhole: Bool

        /// The status in the record of a client that left before there was an answer, as in nginx's logs.
        public static let clientLeft = HTTPStatus(499)
    }

    /// Answers a request. A fault that it throws becomes the answer; anything else, a status of 500 without a word.
    public typealias Handler = @Sendable (HTTPCall) async throws -> HTTPAnswer

    /// Answers what can be answered at once, or gives nil.
    public typealias Prompt = @Sendable (HTTPCall) -> HTTPAnswer?

    let settings: Settings
    let prompt: Prompt
    let handler: Handler
    private let observer: (@Sendable (Record) -> Void)?
    private let state = Lock(State())

    private struct State {
        var connections: [Int: HTTPConnection] = [:]
        var perClient: [IPAddress: Int] = [:]
        var lastID = 0
        var isEnding = false
    }

    /// A server that does not listen yet.
    ///
    /// - Parameters:
    ///   - settings: How long things may take, and how many there may be.
    ///   - observer: Takes a record of each request.
    ///   - prompt: Is asked first. What it answers costs half of what the handler's answers cost, for which the server watches
    ///     whether the client is still there.
    ///   - handler: Answers the rest.
    public init(
        _ settings: Settings = Settings(), observer: (@Sendable (Record) -> Void)? = nil,
        prompt: @escaping Prompt = { _ in nil }, handler: @escaping Handler
    ) {
        self.settings = settings
        self.observer = observer
        self.prompt = prompt
        self.handler = handler
    }

    /// How many connections there are.
    public var connections: Int { state.withLock { $0.connections.count } }

    /// Whether the server ends: answers say that the connection closes.
    var isEnding: Bool { state.withLock { $0.isEnding } }

    func note(_ record: Record) { observer?(record) }

    /// Serves until `end` is called, and what runs then has ended in its time; or until the task is cancelled, which ends
    /// everything at once.
    package func run(_ listeners: [StreamListener]) async {
        // Pages, health and refusals do not wait behind the work of all answers, which the shared threads do.
        let threads = try? WorkThreads(2)
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for listener in listeners {
                    group.addTask(executorPreference: threads) { await self.take(from: listener) }
                }
            }
        } onCancel: {
            end(listeners)
        }
    }

    /// Takes no more connections, and lets those that do something come to an end.
    package func end(_ listeners: [StreamListener]) {
        let idle = state.withLock { state in
            state.isEnding = true
            return state.connections.values.filter(\.isIdle)
        }
        for listener in listeners { listener.close() }
        for connection in idle { connection.close() }
    }

    private func take(from listener: StreamListener) async {
        // Connections outlive the listener, and end in their time.
        await withDiscardingTaskGroup { group in
            while !isEnding {
                do throws(ProbeError) {
                    guard let arrival = try await listener.next() else { break }
                    admit(arrival, to: &group)
                } catch {
                    // No descriptors: those that are taken are needed more. The next may be free soon.
                    try? await Task.sleep(for: .milliseconds(50))
                }
            }
            let grace = settings.grace
            group.addTask { [self] in
                let end = ContinuousClock.now + grace
                while connections > 0, .now < end, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(20)) }
                for connection in state.withLock({ Array($0.connections.values) }) { connection.close() }
            }
        }
    }

    private func admit(_ arrival: StreamListener.Arrival, to group: inout DiscardingTaskGroup) {
        let client = arrival.peer.map(Self.clientKey)
        // A proxy's connections are not one client's.
        let isProxy = arrival.peer.map(isTrusted) ?? true
        let connection: HTTPConnection? = state.withLock { state in
            guard state.connections.count < settings.connections else { return nil }
            if let client, !isProxy {
                guard state.perClient[client, default: 0] < settings.connectionsPerClient else { return nil }
                state.perClient[client, default: 0] += 1
            }
            state.lastID += 1
            let connection = HTTPConnection(state.lastID, arrival, of: self)
            state.connections[state.lastID] = connection
            return connection
        }
        guard let connection else {
            group.addTask { await HTTPConnection.refuse(arrival, by: self) }
            return
        }
        group.addTask { [self] in
            await connection.serve()
            state.withLock { state in
                state.connections[connection.id] = nil
                guard let client, !isProxy else { return }
                let left = state.perClient[client, default: 1] - 1
                state.perClient[client] = left > 0 ? left : nil
            }
        }
    }

    /// What counts as one client: an IPv4 address, or an IPv6 network of 64 bits.
    public static func clientKey(_ address: IPAddress) -> IPAddress {
        address.family == .v6 ? IPNetwork(containing: address, prefixLength: 64)?.first ?? address : address
    }

    // MARK: Who asks

    private func isTrusted(_ address: IPAddress) -> Bool { settings.proxies.contains { $0.contains(address) } }

    /// Who asks: the peer, or the last that trusted proxies name before themselves.
    func client(of request: HTTPRequest, from peer: IPAddress?) -> IPAddress? {
        if let peer, !isTrusted(peer) { return peer }
        var client = peer
        for name in Self.forwarded(request.fields).reversed() {
            guard let address = name else { break }
            client = address
            if !isTrusted(address) { break }
        }
        return client
    }

    /// The addresses that `X-Forwarded-For` or `Forwarded` name, the client first; nil for what is no address.
    ///
    /// Most proxies set the first and let the second through, so where there are both, the second may be the client's own.
    static func forwarded(_ fields: HTTPFields) -> [IPAddress?] {
        let words = fields.words("x-forwarded-for")
        guard words.isEmpty else { return words.map(address) }
        return fields.words("forwarded").map { element in
            let pairs = element.split(separator: ";").map { $0.split(separator: "=", maxSplits: 1) }
            let value = pairs.first { $0.count == 2 && $0[0].filter { $0 != " " } == "for" }?[1]
            return value.flatMap { address(String($0.filter { $0 != "\"" })) }
        }
    }

    /// An address, with or without a port, and in brackets where it is of IPv6.
    private static func address(_ text: String) -> IPAddress? {
        // A proxy with one socket for both families writes IPv4 in IPv6.
        if let address = IPAddress(text) { return address.range == .v4Mapped ? address.embeddedIPv4 : address }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            return IPAddress(String(text[text.index(after: text.startIndex)..<end]))
        }
        return text.split(separator: ":").count == 2 ? IPAddress(String(text.prefix { $0 != ":" })) : nil
    }
}
