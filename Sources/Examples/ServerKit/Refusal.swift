internal import TraceCore
public import TraceCoreHTTP

/// What an error is for the one who asked.
public struct Refusal: Sendable {
    private let error: any Error

    /// What an error is.
    public init(_ error: any Error) { self.error = error }

    /// The error as a sentence, without what only the operator may know.
    public var sentence: String {
        switch error {
        case is RequestError, is RateExceeded, is VantagePoint.Failure, is ProbeError: "\(error)"
        case let error as HTTPFault: error.message
        case is CancellationError: "The request was given up"
        default: "The server failed"
        }
    }

    /// The answer: its status, and one object of JSON.
    public var answer: HTTPAnswer {
        switch error {
        case let error as RequestError:
            var answer = HTTPAnswer(json: error, HTTPStatus(error.kind.httpStatus))
            if let time = error.retryAfter { answer.fields.add("Retry-After", "\(time.wholeSeconds)") }
            return answer
        case let error as RateExceeded:
            let problem = RequestError(.limited, sentence, retryAfter: error.verdict.wait)
            var answer = HTTPAnswer(json: problem, HTTPStatus(429))
            error.verdict.add(to: &answer.fields, at: .now)
            return answer
        case let error as HTTPFault:
            var answer = problem(error.status)
            if error.status.code == 401 { answer.fields.add("WWW-Authenticate", "Bearer") }
            return answer
        case is VantagePoint.Failure: return problem(HTTPStatus(502))
        case let error as ProbeError:
            let isMistake = error.code == .unknownHost
            return HTTPAnswer(
                json: RequestError(isMistake ? .malformed : .unavailable, error.message),
                HTTPStatus(isMistake ? 400 : 503))
        case is CancellationError: return problem(.unavailable)
        default: return problem(.internalError)
        }
    }

    private func problem(_ status: HTTPStatus) -> HTTPAnswer {
        HTTPAnswer(json: RequestError(status.code < 500 ? .malformed : .unavailable, sentence), status)
    }
}

extension HTTPAnswer {
    /// A document that nobody keeps.
    public init(json value: some Encodable, _ status: HTTPStatus = .ok) {
        let bytes = (try? JSON.encode(value)) ?? []
        self.init(
            status, HTTPFields(["Content-Type": "application/json", "Cache-Control": "no-store"]),
            body: .bytes(bytes + [0x0A]))
    }
}

extension Duration {
    /// The seconds, rounded up: who waits that long has waited long enough.
    var wholeSeconds: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}

extension BearerTokens {
    /// Why a call from a browser gets no answer: a token is wanted, and it has none. What pages are made of is for everybody.
    package func refusal(of call: HTTPCall, in realm: StaticString) -> HTTPAnswer? {
        guard name(for: call.request.fields, takesPasswords: true) == nil,
            call.request.target.segments.first != "assets"
        else { return nil }
        var answer = HTTPAnswer(
            HTTPStatus(401),
            text: "A token is wanted: as the password, with any name; or as Authorization: Bearer TOKEN.")
        answer.fields.add("WWW-Authenticate", "Basic realm=\"\(realm)\", charset=\"UTF-8\"")
        answer.fields.add("WWW-Authenticate", "Bearer")
        answer.fields.add("Cache-Control", "no-store")
        return answer
    }
}
