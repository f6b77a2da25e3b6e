package import TraceCore
package import TraceCoreHTTP
package import TraceCorePathStore

/// Settings that an address has: asked for again and again, and applied where they are others.
///
/// It is asked whether there is another version (`ETag`, or the time since when there is this one), so that an answer is mostly
/// empty. A server that is away and settings that are wrong change nothing; either is said once, and once that it is over.
package final class RemoteSettings: Sendable {
    /// Takes settings, or throws why it does not.
    package typealias Taker = @Sendable (_ bytes: [UInt8]) async throws -> Void

    private static let mostBytes = 64 << 20
    private static let longest = Duration.seconds(30)

    private struct State {
        /// What came last, whether it could be taken or not.
        var received: KeptSettings?
        /// What was taken last.
        var taken: [UInt8]?
        /// Why the settings are not those that the server has.
        var trouble: Trouble?
        /// When the server had an answer last whose settings are in force.
        var current: UTCTime?
        /// Who waits for the next time to ask.
        var waiter: CheckedContinuation<Void, Never>?
        var isAskedFor = false
    }

    private enum Trouble: Equatable {
        case silent
        case wrong(String)
    }

    package let address: SettingsAddress
    private let client: HTTPClient
    private let say: @Sendable (String) -> Void
    private let state: Lock<State>

    /// - Parameters:
    ///   - kept: What was in force when the program ran last.
    ///   - say: Takes what the operator is to know.
    /// - Throws: That there is no client of HTTP.
    package init(
        _ address: SettingsAddress, kept: KeptSettings? = nil, say: @escaping @Sendable (String) -> Void
    ) throws {
        (self.address, self.say) = (address, say)
        client = try HTTPClient()
        state = Lock(State(received: kept, current: kept?.seen))
    }

    /// What came last.
    package var received: KeptSettings? { state.withLock { $0.received } }

    /// Whether the settings in force are those that the server had when it was asked last, and when it said so last.
    package var standing: (isCurrent: Bool, seen: UTCTime?) {
        state.withLock { ($0.taken != nil && $0.trouble == nil, $0.current) }
    }

    /// Asks for the settings; what came is in ``received`` then.
    ///
    /// - Throws: Why there is no answer.
    package func fetch(at now: UTCTime = .now) async throws {
        let known = received
        var fields = HTTPFields(["Accept": "application/json"])
        if let tag = known?.tag {
            fields.set("If-None-Match", tag)
        } else if let since = known?.since {
            fields.set("If-Modified-Since", since)
        }
        var request = HTTPClient.Request(address.url, fields: fields)
        (request.time, request.address) = (Self.longest, address.ownAddress)
        let response = try await client.send(request)
        switch response.status {
        case .ok:
            let bytes = try await response.body.bytes(atMost: Self.mostBytes)
            guard String(validating: bytes, as: UTF8.self) != nil else {
                throw ProbeError(.badInput, "What \(address.place) has for settings is no text in UTF-8")
            }
            let new = KeptSettings(
                of: address, bytes: bytes, tag: response.fields.first("etag"),
                since: response.fields.first("last-modified"), seen: now)
            state.withLock { $0.received = new }
        case HTTPStatus(304) where known != nil: state.withLock { $0.received?.seen = now }
        case let status:
            throw ProbeError(
                .network, "\(address.place) answers with status \(status.code) when it is asked for the settings",
                remedy: (300...399).contains(status.code)
                    ? "Redirects are not followed: give the address to which it leads" : nil)
        }
    }

    /// The settings to begin with: those that the address has or, where it has none, those that were kept.
    ///
    /// - Throws: Why there are none, where nothing was kept.
    package func begin<Settings>(at now: UTCTime = .now, read: ([UInt8]) throws -> Settings) async throws -> Settings {
        let kept = received
        var trouble = Trouble.silent
        do {
            try await fetch(at: now)
            guard let received else { throw CancellationError() }
            do {
                let settings = try read(received.bytes)
                state.withLock { ($0.taken, $0.current) = (received.bytes, now) }
                return settings
            } catch {
                trouble = .wrong("\(error)")
                throw error
            }
        } catch {
            guard let kept, let settings = try? read(kept.bytes) else { throw error }
            state.withLock { ($0.taken, $0.trouble) = (kept.bytes, trouble) }
            say("begins with the settings that the store has, which the address had at \(kept.seen): \(error)")
            return settings
        }
    }

    /// Asks once, and has what is other taken.
    ///
    /// - Parameter isAnew: Whether they are taken also if they are the same: the files that they name may be others.
    package func ask(isAnew: Bool = false, at now: UTCTime = .now, take: Taker) async {
        var silence: (any Error)?
        do { try await fetch(at: now) } catch { silence = error }
        if Task.isCancelled { return }
        let (received, taken) = state.withLock { ($0.received, $0.taken) }
        if let received, received.bytes != taken || isAnew {
            do {
                try await take(received.bytes)
                state.withLock { $0.taken = received.bytes }
            } catch {
                return note(.wrong("\(error)"), "other settings change nothing: \(error)", isAnew)
            }
        }
        if let silence { return note(.silent, "the settings stay as they are: \(silence)", isAnew) }
        let wasTrouble = state.withLock { state in
            defer { (state.trouble, state.current) = (nil, now) }
            return state.trouble != nil
        }
        if wasTrouble { say("the settings are those of \(address.place) again") }
    }

    private func note(_ trouble: Trouble, _ words: String, _ isAnew: Bool) {
        let isNew = state.withLock { state in
            defer { state.trouble = trouble }
            return state.trouble != trouble
        }
        if isNew || isAnew { say(words) }
    }

    /// Has a store keep what is in force, if it came from the address.
    package func keep(in store: PathStore) async throws {
        let kept = state.withLock { $0.received?.bytes == $0.taken ? $0.received : nil }
        try await kept?.keep(in: store)
    }

    /// Asks after each interval, and when somebody wants it, until the task is cancelled.
    package func run(every interval: Duration, take: Taker) async {
        while !Task.isCancelled {
            let isAnew = await wait(interval)
            if Task.isCancelled { return }
            await ask(isAnew: isAnew, take: take)
        }
    }

    /// Has it asked at once.
    package func askNow() {
        state.withLock { state in
            state.isAskedFor = true
            defer { state.waiter = nil }
            return state.waiter
        }?.resume()
    }

    /// Waits for the interval; whether somebody wanted it to be asked.
    private func wait(_ interval: Duration) async -> Bool {
        let alarm = Task {
            try await Task.sleep(for: interval)
            wake()
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isAskedFor || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
        alarm.cancel()
        return state.withLock { state in
            defer { state.isAskedFor = false }
            return state.isAskedFor
        }
    }

    private func wake() {
        state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }?.resume()
    }
}

extension RemoteSettings {
    /// Adds how it stands to what a page of metrics has.
    package func addMetrics(to metrics: inout Metrics, at now: UTCTime = .now) {
        let (isCurrent, seen) = standing
        metrics.add(
            .gauge, "tracecore_settings_current", "Whether the settings are those that their address has.",
            isCurrent ? 1 : 0)
        guard let seen else { return }
        metrics.add(
            .gauge, "tracecore_settings_age_seconds", "How long ago the address said that the settings are these.",
            max(0, (now - seen) / .seconds(1)))
    }
}
