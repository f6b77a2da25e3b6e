public import TraceCoreHTTP
public import TraceCore

/// Brings messages to their receivers. It keeps none: what became of a try is for the outbox.
public struct Courier: Sendable {
    private let http: HTTPClient?
    private let resolver: any NameResolver
    private let policy: TargetPolicy
    private let schedule: TrySchedule
    private let chance: @Sendable () -> Double
    private let now: @Sendable () -> UTCTime
    private let print: @Sendable (String) throws -> Void
    private let log: @Sendable (String) -> Void
    /// How long a try may take in all.
    private let limit: Duration

    /// A courier.
    ///
    /// - Parameters:
    ///   - http: What asks servers; nil where no receiver needs it, see ``Receiver/usesHTTP``.
    ///   - resolver: What looks up the names of servers that may not be in private networks.
    ///   - policy: Which addresses such a server may have.
    ///   - schedule: When messages are tried again.
    ///   - limit: How long a try may take in all.
    ///   - chance: Gives numbers from 0 to 1, for the jitter.
    ///   - now: Gives the time; nil for the system's.
    ///   - print: Takes the lines of the receivers of that kind, or throws why they cannot be written.
    ///   - log: Takes what only the operator may read, the beginning of answers among it.
    public init(
        http: HTTPClient?, resolver: any NameResolver = SystemResolver.shared, policy: TargetPolicy = .publicOnly,
        schedule: TrySchedule = TrySchedule(), limit: Duration = .seconds(15),
        chance: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        now: (@Sendable () -> UTCTime)? = nil, print: @escaping @Sendable (String) throws -> Void,
        log: @escaping @Sendable (String) -> Void
    ) {
        (self.http, self.resolver, self.policy, self.schedule, self.limit) = (http, resolver, policy, schedule, limit)
        (self.chance, self.now, self.print, self.log) = (chance, now ?? { .now }, print, log)
    }

    /// How a try ended.
    private enum End {
        case taken(String)
        case gone
        /// - Parameter detail: What only the operator is told.
        case failed(String, detail: String? = nil, wait: Duration? = nil)
    }

    /// Tries a message once, and says what becomes of it.
    public func deliver(_ delivery: Delivery, to receiver: Receiver) async -> Outcome {
        let end =
            switch receiver.way {
            case .webhook(let endpoint, let secrets, _): await ask(endpoint, delivery, signing: secrets)
            case .alertmanager(let endpoint): await ask(endpoint, delivery, signing: nil)
            case .command(let words): await run(words, delivery)
            case .output: output(delivery)
            }
        let who = "\(receiver): \(delivery.id)"
        switch end {
        case .taken(let words): return .taken(words)
        case .gone:
            log("\(who): it answers with status 410 and is asked no more")
            return .receiverGone("it wants no more of them (status 410)")
        case .failed(let words, let detail, let wait):
            if Task.isCancelled { return .again(at: now(), "this program ended meanwhile") }
            let next = schedule.next(
                after: delivery.tries + 1, madeAt: delivery.madeAt, now: now(), askedToWait: wait, chance: chance())
            log("\(who): \(words)\(detail.map { ": \($0)" } ?? "")\(next.map { "; again at \($0)" } ?? "; given up")")
            guard let next else {
                let tries = delivery.tries + 1
                return .givenUp("\(words); given up after \(tries) \(tries == 1 ? "try" : "tries")")
            }
            return .again(at: next, words)
        }
    }

    // MARK: Servers

    private func ask(_ endpoint: Receiver.Endpoint, _ delivery: Delivery, signing secrets: [WebhookSecret]?) async
        -> End
    {
        guard let http else { return .failed("this program has no client of HTTP") }
        let deadline = ContinuousClock.now + limit
        var request = HTTPClient.Request(
            endpoint.url, method: "POST", fields: endpoint.fields, body: Array(delivery.body.utf8))
        request.fields.set("Content-Type", delivery.contentType)
        if request.fields.first("user-agent") == nil { request.fields.add("User-Agent", "tracecore") }
        if let secrets {
            let second = now().microsecondsSince1970 / 1_000_000
            request.fields.add("webhook-id", delivery.id)
            request.fields.add("webhook-timestamp", "\(second)")
            let signatures = secrets.map { $0.signature(id: delivery.id, second: second, body: delivery.body) }
            if !signatures.isEmpty {
                request.fields.add("webhook-signature", signatures.joined(separator: " "))
            }
        }
        do {
            var addresses: [IPAddress?] = [nil]
            if !endpoint.allowsPrivate {
                switch await judged(endpoint.host) {
                case .success(let allowed): addresses = allowed
                case .failure(let refusal): return .failed(refusal.words, detail: refusal.detail)
                }
            }
            return try await answer(to: request, at: addresses, from: http, signed: secrets != nil, by: deadline)
        } catch {
            return .failed(error.words(limit: limit), detail: "\(error)")
        }
    }

    private struct Refused: Error {
        let words: String
        let detail: String
    }

    /// The addresses of a host that may be asked. They are asked, and not the name: it may lead elsewhere a moment later.
    private func judged(_ host: String) async -> Result<[IPAddress?], Refused> {
        do throws(ProbeError) {
            let addresses = try await resolver.addresses(of: host)
            let allowed = addresses.filter(policy.allows)
            guard allowed.isEmpty else { return .success(allowed.prefix(3).map { $0 }) }
            let refusal = addresses.lazy.compactMap { policy.refusal(of: $0) }.first
            return .failure(
                Refused(
                    words: "its name leads to \(refusal?.place ?? "no address"), and allow-private is not set",
                    detail: "\(addresses)"))
        } catch {
            return .failure(Refused(words: "its name cannot be looked up", detail: "\(error)"))
        }
    }

    private func answer(
        to request: HTTPClient.Request, at addresses: [IPAddress?], from http: HTTPClient, signed: Bool,
        by deadline: ContinuousClock.Instant
    ) async throws(HTTPClient.Failure) -> End {
        var request = request
        for (index, address) in addresses.enumerated() {
            let left = ContinuousClock.now.duration(to: deadline)
            request.address = address
            (request.time, request.stallTime) = (left, nil)
            request.connectTime = index + 1 < addresses.count ? left / 2 : left
            do {
                return await end(try await http.send(request), signed: signed)
            } catch {
                // Only what nobody can have got is asked of the next one; half of the time is for the connection.
                let isUnreached =
                    error.code == .connect || error.code == .timeout && ContinuousClock.now < deadline - left / 4
                guard isUnreached, index + 1 < addresses.count else { throw error }
            }
        }
        return .failed("its name has no address")
    }

    private func end(_ response: HTTPClient.Response, signed: Bool) async -> End {
        let code = response.status.code
        if (200..<300).contains(code) { return .taken("status \(code)") }
        if code == 410, signed { return .gone }
        let text = await beginning(of: response.body)
        if (300..<400).contains(code) {
            let place = response.fields.first("location").map { " to \(UntrustedText($0))" } ?? ""
            return .failed(
                "it redirects (status \(code)), which is not followed: the url has to be the last address",
                detail: "\(place) \(text)")
        }
        let wait = code == 429 || code == 503 ? response.fields.first("retry-after").flatMap(wait) : nil
        return .failed("it answers with status \(code)", detail: text, wait: wait)
    }

    /// What a field `Retry-After` asks for (RFC 9110, 10.2.3).
    private func wait(_ text: String) -> Duration? {
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return .seconds(min(Int64(text) ?? .max, 86_400 * 365))
        }
        return HTTPDate.time(of: text).map { max(.zero, $0 - now()) }
    }

    /// The first letters of an answer, for the log.
    private func beginning(of body: HTTPClient.Body) async -> String {
        var bytes: [UInt8] = []
        let pieces = body.makeAsyncIterator()
        while bytes.count < 800, let piece = try? await pieces.next(isolation: nil) { bytes += piece }
        return Self.quoted(bytes)
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix(800), as: UTF8.self)
        return UntrustedText(String(text.unicodeScalars.prefix(200).map { Character($0) })).debugDescription
    }

    // MARK: Programs and lines

    private func run(_ words: [String], _ delivery: Delivery) async -> End {
        let run = CommandRun(words, input: delivery.body, environment: Self.variables(delivery), limit: limit)
        let result = await run.result()
        let detail = result.output.isEmpty ? nil : Self.quoted(result.output)
        switch result.end {
        case .exited(0): return .taken("exit status 0")
        case .exited(let status): return .failed("it ends with status \(status)", detail: detail)
        case .killed(let signal): return .failed("signal \(signal) ends it", detail: detail)
        case .tooLong: return .failed("it does not end within \(limit), and was killed", detail: detail)
        case .notStarted(let reason): return .failed("it cannot be started", detail: reason)
        }
    }

    /// What a script wants to know without reading JSON. A shell or a terminal may see it, so nothing hazardous is in it;
    /// and the system starts no program with much more.
    private static func variables(_ delivery: Delivery) -> [String: String] {
        guard let alert = try? JSON.decode(Alert.self, from: Array(delivery.body.utf8)) else { return [:] }
        var texts = [
            "ID": alert.id, "STATE": alert.state.rawValue, "RULE": alert.rule, "KIND": alert.kind,
            "SEVERITY": alert.severity, "SUMMARY": alert.summary, "DETAILS": alert.details.joined(separator: " "),
            "TARGETS": alert.targets.joined(separator: " "), "STARTS_AT": "\(alert.startsAt)",
        ]
        texts["ENDS_AT"] = alert.endsAt.map { "\($0)" }
        texts["LINK"] = alert.link
        texts["DELIVERY"] = delivery.id
        return Dictionary(
            uniqueKeysWithValues: texts.map {
                ("ALERT_\($0.key)", UntrustedText(String($0.value.unicodeScalars.prefix(4_096))).escaped)
            })
    }

    private func output(_ delivery: Delivery) -> End {
        do { try print(delivery.body) } catch { return .failed("standard output takes nothing", detail: "\(error)") }
        return .taken("written")
    }
}

extension HTTPClient.Failure {
    /// What everybody may read of it.
    fileprivate func words(limit: Duration) -> String {
        switch code {
        case .missingLibrary: "libcurl is not on this machine"
        case .badURL: "its url is none"
        case .connect: "it cannot be reached"
        case .timeout: "it does not answer within \(limit)"
        case .tooLarge: "its answer has no end"
        case .tls: "it cannot prove who it is"
        case .broken: "it breaks the connection off"
        case .cancelled: "it was interrupted"
        case .other: "its answer is none of HTTP"
        }
    }
}
