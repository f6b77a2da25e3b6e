/// Why a request is not run: which field is wrong, what it was, what is allowed; or that there is no room for it.
public struct RequestError: Error, Sendable, Hashable {
    /// What kind of refusal it is.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The request makes no sense, or asks for more than the limits allow.
        case malformed
        /// The request makes sense, and is not allowed.
        case refused
        /// There is no room for it now.
        case limited
        /// It cannot be run here, or not any more.
        case unavailable

        /// The status of HTTP that says so.
        public var httpStatus: Int {
            switch self {
            case .malformed: 400
            case .refused: 403
            case .limited: 429
            case .unavailable: 503
            }
        }
    }

    /// What kind of refusal it is.
    public let kind: Kind
    /// The name of the field that is wrong, as it was given; nil if it is not about one.
    public let field: UntrustedText?
    /// What the field was, or the beginning of it; nil if it was missing.
    public let value: UntrustedText?
    /// What is allowed, or what is wrong, in words that follow a colon.
    public let message: String
    /// How long to wait before it is worth trying again; only where there was no room.
    public let retryAfter: Duration?
    /// The address that was refused, for logs: strangers are told only what it is part of.
    public let address: IPAddress?

    /// An error about a field, or about a request as a whole.
    public init(
        _ kind: Kind, field: String? = nil, value: String? = nil, _ message: String, retryAfter: Duration? = nil,
        address: IPAddress? = nil
    ) {
        self.kind = kind
        self.field = field.map { UntrustedText(Self.beginning($0)) }
        self.value = value.map { UntrustedText(Self.beginning($0)) }
        self.message = message
        self.retryAfter = retryAfter
        self.address = address
    }

    init(_ kind: Kind, _ key: RunRequest.Key, _ value: String?, _ message: String) {
        self.init(kind, field: key.rawValue, value: value, message)
    }

    /// Texts of any length come in requests, and errors are kept and logged.
    private static func beginning(_ text: String) -> String {
        text.utf8.count <= UntrustedText.displayLimit
            ? text : String(text.unicodeScalars.prefix(UntrustedText.displayLimit)) + "\u{2026}"
    }
}

extension RequestError: CustomStringConvertible {
    /// A sentence: the field, what it was, what is allowed.
    public var description: String {
        guard let field else { return message }
        guard let value else { return "\(field.word): \(message)" }
        return "\(field.word) \(value.debugDescription): \(message)"
    }
}

extension RequestError: Encodable {
    private enum Key: String, CodingKey {
        case kind, field, value, message
        case retryAfter = "retryAfterMs"
    }

    /// Writes what the one who asked may read.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(kind, forKey: .kind)
        try container.encodeIfPresent(field, forKey: .field)
        try container.encodeIfPresent(value, forKey: .value)
        try container.encode(message, forKey: .message)
        try container.encodeIfPresent(milliseconds: retryAfter, forKey: .retryAfter)
    }
}
