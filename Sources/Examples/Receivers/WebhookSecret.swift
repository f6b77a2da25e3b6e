internal import TraceCoreHTTP

/// A key that a sender and a receiver of webhooks share.
struct WebhookSecret: Sendable {
    private let key: [UInt8]

    /// The key in a text like `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`; nil if it has none of 24 to 64 bytes.
    init?(_ text: String) {
        guard text.hasPrefix("whsec_"), let key = Base64.bytes(of: String(text.dropFirst(6))),
            (24...64).contains(key.count)
        else { return nil }
        self.key = key
    }

    /// The signature of a message, as it stands in its field.
    func signature(id: String, second: Int64, body: String) -> String {
        "v1," + Base64.text(of: SHA256.authenticationCode(of: Array("\(id).\(second).\(body)".utf8), key: key))
    }
}
