public import TraceCore

/// A client of HTTP and HTTPS, by libcurl: it is loaded when the first client is made, and nothing else needs it.
///
/// It follows no redirects and speaks HTTP/1.1. Proxies are those of the environment, as for every user of libcurl.
public final class HTTPClient: Sendable {
    /// What is asked, and how long that may take.
    public struct Request: Sendable {
        /// The method.
        public var method = "GET"
        /// The whole address, of `http` or `https`.
        public var url: String
        /// The fields, but for those that say how the body ends.
        public var fields = HTTPFields()
        /// The body.
        public var body: [UInt8] = []
        /// The address to connect to, whatever the name in the URL leads to; nil looks the name up. Whoever judged an
        /// address gives it here, for another look-up may say something else.
        public var address: IPAddress?
        /// How long the look-up of the name and the connection may take.
        public var connectTime = Duration.seconds(10)
        /// How long not a byte may come or go; a reader that takes nothing is not meant. Nil for no limit.
        public var stallTime: Duration? = .seconds(30)
        /// How long all of it may take; nil for no limit.
        public var time: Duration?

        /// A request for what is at an address.
        public init(_ url: String, method: String = "GET", fields: HTTPFields = HTTPFields(), body: [UInt8] = []) {
            (self.url, self.method, self.fields, self.body) = (url, method, fields, body)
        }

        /// The scheme, host and port, for messages: users, paths and queries may be secrets.
        package var place: String {
            let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
            guard parts.count > 2 else { return "the address" }
            let host = parts[2].prefix { $0 != "?" && $0 != "#" }
            return UntrustedText("\(parts[0])//\(host.split(separator: "@").last ?? "")").description
        }
    }

    /// The head of an answer, and its body as it comes.
    public struct Response: Sendable {
        /// The status.
        public let status: HTTPStatus
        /// The fields.
        public let fields: HTTPFields
        /// The body. Who keeps it, keeps the connection; letting it go ends the transfer.
        public let body: Body
    }

    /// The pieces of a body, as they come: at most 64 KiB wait here, then the server waits. They can be read once.
    public struct Body: AsyncSequence, Sendable {
        /// A piece.
        public typealias Element = [UInt8]
        /// Why there is no more.
        public typealias Failure = HTTPClient.Failure

        /// Ends a transfer that nobody reads any more.
        private final class Lease: Sendable {
            let transfer: HTTPTransfer
            init(_ transfer: HTTPTransfer) { self.transfer = transfer }
            deinit { transfer.cancel() }
        }

        private let lease: Lease

        init(_ transfer: HTTPTransfer) { lease = Lease(transfer) }

        /// Waits for the pieces, one after the other. Cancelling the task ends the transfer.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let body: Body

            /// The next piece, or nil at the end.
            public func next(isolation actor: isolated (any Actor)?) async throws(HTTPClient.Failure) -> [UInt8]? {
                try await body.lease.transfer.next()
            }
        }

        /// An iterator that goes on behind what was read.
        public func makeAsyncIterator() -> Iterator { Iterator(body: self) }

        /// The whole body.
        ///
        /// - Throws: That it has more than so many bytes, or has no end.
        public func bytes(atMost limit: Int) async throws(HTTPClient.Failure) -> [UInt8] {
            var all: [UInt8] = []
            while let piece = try await lease.transfer.next() {
                all += piece
                guard all.count <= limit else {
                    lease.transfer.cancel()
                    throw HTTPClient.Failure(
                        .tooLarge, "The answer of \(lease.transfer.place) has more than \(limit) bytes")
                }
            }
            return all
        }
    }

    /// Why there is no answer, or not all of it.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// The kinds of failures.
        public enum Code: Sendable, Hashable {
            /// libcurl is not there, or too old.
            case missingLibrary
            /// The address, or something else of the request, is none.
            case badURL
            /// There is no way to the server.
            case connect
            /// Something took longer than it may.
            case timeout
            /// The answer is larger than it may be.
            case tooLarge
            /// The other side is not who it should be, or cannot prove it.
            case tls
            /// The connection broke before the answer was whole.
            case broken
            /// The task was cancelled.
            case cancelled
            /// Anything else.
            case other
        }

        /// The kind.
        public let code: Code
        /// What happened and where, in a sentence.
        public let message: String
        /// What to do about it, in a sentence, where something can be done.
        public let remedy: String?

        init(_ code: Code, _ message: String, remedy: String? = nil) {
            (self.code, self.message, self.remedy) = (code, message, remedy)
        }

        /// The message, and the remedy where there is one.
        public var description: String { remedy.map { "\(message). \($0)" } ?? message }
    }

    private let engine: CurlEngine

    /// A client, with connections of its own.
    ///
    /// - Throws: That libcurl is not there, with the package that brings it.
    public init() throws(Failure) { engine = CurlEngine(try CurlEngine.library.get()) }

    /// Sends a request. Returns when the head of the answer is there.
    ///
    /// - Throws: Why there is no answer. An answer is one with any status.
    public func send(_ request: Request) async throws(Failure) -> Response {
        try request.check()
        let transfer = HTTPTransfer(request, by: engine)
        let body = Body(transfer)
        engine.order(.begin(transfer))
        let head = try await transfer.head()
        return Response(status: head.status, fields: head.fields, body: body)
    }
}

extension HTTPClient.Request {
    /// Refuses what libcurl would send as something else.
    fileprivate func check() throws(HTTPClient.Failure) {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https", url.dropFirst(scheme.count).hasPrefix("://"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else {
            throw HTTPClient.Failure(
                .badURL, "\(UntrustedText(url).word) is no address of http or https",
                remedy: "Write it as http://host:port/path, with spaces percent-encoded")
        }
        guard !method.isEmpty, method.utf8.allSatisfy(Octet.isToken) else {
            throw HTTPClient.Failure(.badURL, "\(UntrustedText(method).word) is no method")
        }
    }
}
