/// Why a request is not answered as it asks, with the status that says so.
public struct HTTPFault: Error, Sendable, Hashable {
    /// The status.
    public let status: HTTPStatus
    /// What is wrong, and what is allowed, as a sentence.
    public let message: String

    /// A fault.
    public init(_ status: HTTPStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}

/// The status of an answer.
public struct HTTPStatus: Sendable, Hashable {
    /// The number.
    public let code: Int

    /// A status; of three digits.
    public init(_ code: Int) { self.code = min(max(code, 100), 999) }

    /// The usual words.
    public var reason: String { Self.reasons[code] ?? "Status" }

    /// Whether an answer with it has no body, whatever its fields say (RFC 9110, 6.4.1).
    var hasNoBody: Bool { code < 200 || code == 204 || code == 304 }

    private static let reasons: [Int: String] = [
        100: "Continue", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently",
        302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
        413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type", 417: "Expectation Failed",
        421: "Misdirected Request", 422: "Unprocessable Content", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error", 501: "Not Implemented",
        502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
    ]

    /// All is well.
    public static let ok = HTTPStatus(200)
    /// The request cannot be understood.
    public static let badRequest = HTTPStatus(400)
    /// There is no such thing.
    public static let notFound = HTTPStatus(404)
    /// The method is not for this.
    public static let methodNotAllowed = HTTPStatus(405)
    /// The request did not come in time.
    public static let requestTimeout = HTTPStatus(408)
    /// The body is too large.
    public static let contentTooLarge = HTTPStatus(413)
    /// The target is too long.
    public static let uriTooLong = HTTPStatus(414)
    /// Something is expected that cannot be had.
    public static let expectationFailed = HTTPStatus(417)
    /// The fields are too many or too long.
    public static let fieldsTooLarge = HTTPStatus(431)
    /// The server failed.
    public static let internalError = HTTPStatus(500)
    /// Nobody knows how to do this.
    public static let notImplemented = HTTPStatus(501)
    /// Not now.
    public static let unavailable = HTTPStatus(503)
    /// The version is another.
    public static let versionNotSupported = HTTPStatus(505)
}
