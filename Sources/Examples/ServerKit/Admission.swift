public import TraceCore
public import TraceCoreHTTP

/// Who asks, whether that is allowed, and how often.
public struct Admission: Sendable {
    /// The tokens, where one is needed.
    public let tokens: BearerTokens?
    /// How often each client may ask, in words.
    public let rates: String
    private let limiter: RequestRates.Limiter

    /// - Parameters:
    ///   - tokens: The file of tokens, nil where none is needed.
    ///   - rates: How often each client may ask.
    ///   - other: What has counted until now, and goes on.
    public init(tokens: String?, rates: String, after other: Admission? = nil) throws(ProbeError) {
        var read: BearerTokens?
        if let tokens { read = try BearerTokens(contentsOf: tokens) }
        self.tokens = read
        self.rates = rates
        if let other {
            limiter = other.limiter
        } else {
            limiter = RequestRates.Limiter(try RequestRates(rates))
        }
    }

    /// Someone who asks: a client by its address, or by the name of its token.
    public struct Client: Sendable {
        /// Its address, or the name of its token.
        public let name: String
        /// The name by which its requests are counted: all of an IPv6 network of 64 bits are one client.
        let key: String
        fileprivate let hasToken: Bool
    }

    /// Who makes a request.
    public func client(of call: HTTPCall) -> Client {
        if let name = tokens?.name(for: call.request.fields) {
            // The holder of a token says for whom it asks, and is believed.
            let whom = call.request.fields.first(VantagePoint.clientField).map { "/\($0)" } ?? ""
            return Client(name: "token \(name)\(whom)", key: "token \(name)\(whom)", hasToken: true)
        }
        return Client(
            name: call.client.map { "\($0)" } ?? "local",
            key: call.client.map { "\(HTTPServer.clientKey($0))" } ?? "local",
            hasToken: false)
    }

    /// Refuses those without a token, where tokens are needed.
    public func checkToken(_ client: Client) throws(HTTPFault) {
        guard tokens != nil, !client.hasToken else { return }
        throw HTTPFault(HTTPStatus(401), "A token is wanted: send Authorization: Bearer TOKEN")
    }

    /// Counts runs against the rates of their client, by whatever route it asks.
    ///
    /// - Throws: When to come again.
    @discardableResult public func admit(_ client: Client, runs: Int = 1) throws(RateExceeded) -> RequestRates.Verdict {
        var verdict = limiter.take(client.key, at: .now)
        for _ in 1..<max(1, runs) where verdict.wait == nil { verdict = limiter.take(client.key, at: .now) }
        if verdict.wait != nil { throw RateExceeded(verdict: verdict, rates: rates) }
        return verdict
    }
}

/// That a client has asked too often.
public struct RateExceeded: Error, CustomStringConvertible {
    let verdict: RequestRates.Verdict
    /// The rates in words.
    let rates: String

    /// What is allowed, and when to come again.
    public var description: String {
        let seconds = (verdict.wait ?? .seconds(1)).wholeSeconds
        return
            "You have asked too often: \(rates) are allowed. Try again in \(seconds) \(seconds == 1 ? "second" : "seconds")"
    }
}
