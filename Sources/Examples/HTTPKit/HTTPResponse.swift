/// The head of an answer.
public struct HTTPResponseHead: Sendable, Hashable {
    /// How the body is sent.
    public enum Body: Sendable, Hashable {
        /// So many bytes, all known.
        case bytes(Int)
        /// As it becomes known.
        case stream
    }

    /// The status.
    public var status: HTTPStatus
    /// The fields, but for those that say how the body ends and whether the connection lives.
    public var fields: HTTPFields
    /// How the body is sent.
    public var body: Body

    /// The head of an answer.
    public init(_ status: HTTPStatus, _ fields: HTTPFields = HTTPFields(), body: Body) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

/// Writes an answer: its head, and the pieces of its body in the frame that the client understands.
public struct ResponseWriter: Sendable {
    /// How the end of the body is told.
    private enum Frame: Sendable {
        case none, length, chunks, untilClosed
    }

    private let frame: Frame
    /// The bytes of the head.
    public let head: [UInt8]
    /// Whether the connection goes on behind the answer.
    public let keepsAlive: Bool

    /// The answer to a request, or to what could not be understood.
    ///
    /// - Parameters:
    ///   - response: The head.
    ///   - request: The request, or nil where there is none to speak of.
    ///   - mayKeepAlive: Whether the server wants more requests on the connection.
    ///   - date: The value of the field Date.
    public init(_ response: HTTPResponseHead, to request: HTTPRequest?, mayKeepAlive: Bool, date: String) {
        let hasBody = !response.status.hasNoBody && request?.method != "HEAD"
        // Bytes and not a text: it is most of what a short answer costs.
        var head: [UInt8] = []
        head.reserveCapacity(512)
        head += "HTTP/1.1 \(response.status.code) \(response.status.reason)\r\n".utf8
        var frame = Frame.none
        switch response.body {
        case .bytes(let count):
            if !response.status.hasNoBody { head += "content-length: \(count)\r\n".utf8 }
            if hasBody { frame = .length }
        case .stream where request?.version == .v1_1:
            if !response.status.hasNoBody { head += "transfer-encoding: chunked\r\n".utf8 }
            if hasBody { frame = .chunks }
        case .stream:
            if hasBody { frame = .untilClosed }
        }
        self.frame = frame
        var keepsAlive = mayKeepAlive && request?.keepsAlive ?? false
        if case .untilClosed = frame { keepsAlive = false }
        self.keepsAlive = keepsAlive
        if !keepsAlive {
            head += "connection: close\r\n".utf8
        } else if request?.version == .v1_0 {
            head += "connection: keep-alive\r\n".utf8
        }
        if response.status.code >= 200 { head += "date: \(Octet.safe(date))\r\n".utf8 }
        for field in response.fields.all where !Self.ownFields.contains(field.name) {
            head += field.name.utf8
            head += ": ".utf8
            head += field.value.utf8
            head += "\r\n".utf8
        }
        head += "\r\n".utf8
        self.head = head
    }

    /// The fields that only the writer knows the values of.
    private static let ownFields: Set<String> = ["content-length", "transfer-encoding", "connection", "date"]

    /// What has to be sent for a piece of the body; nothing for an empty piece, and where the answer has no body.
    public func piece(_ bytes: [UInt8]) -> [UInt8] {
        switch frame {
        case .none: []
        case .length, .untilClosed: bytes
        case .chunks where bytes.isEmpty: []
        case .chunks: Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [0x0D, 0x0A]
        }
    }

    /// What has to be sent at the end of the body.
    public var end: [UInt8] {
        if case .chunks = frame { return Array("0\r\n\r\n".utf8) }
        return []
    }

    /// What tells a client that waits to send its body.
    public static let `continue` = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
}
