public import TraceCore

/// How often a client may ask, as Flask-Limiter writes it: `10/minute`, `1 per second; 100 per 2 hours`.
public struct RequestRates: Sendable, Hashable {
    /// So many requests in a window that begins with the first of them.
    struct Rate: Sendable, Hashable {
        let amount: Int
        let window: Duration
    }

    let rates: [Rate]

    private static let units = [
        "second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "month": 30 * 86_400, "year": 360 * 86_400,
    ]

    /// The rates in a text, several divided by `;`, `,` or `|`. A month has 30 days and a year 360, as in Flask-Limiter.
    ///
    /// - Throws: Which part is not understood, and how one is written.
    public init(_ text: String) throws(ProbeError) {
        let form = #/[ \t]*([0-9]+)[ \t]*(?:/|per)[ \t]*([0-9]+)?[ \t]*([a-z]+?)s?[ \t]*/#.ignoresCase()
        var rates: [Rate] = []
        for part in text.split(omittingEmptySubsequences: false, whereSeparator: ",;|".contains) {
            guard let words = part.wholeMatch(of: form)?.output, let amount = Int(words.1),
                case let count = words.2.map({ Int($0) ?? 0 }) ?? 1, (1...1_000_000).contains(count),
                let seconds = Self.units[words.3.lowercased()]
            else {
                throw ProbeError(
                    .badInput, "\(UntrustedText(String(part)).debugDescription) is not a rate of requests",
                    remedy:
                        "Write 10/minute or 100 per 2 hours, with second, minute, hour, day, month or year; several "
                        + "are divided by ;")
            }
            rates.append(Rate(amount: amount, window: .seconds(seconds * count)))
        }
        self.rates = rates
    }
}

extension RequestRates {
    /// What a client is told about its requests.
    public struct Verdict: Sendable, Hashable {
        /// How many requests the rate that is nearest to its end takes in its window.
        public let limit: Int
        /// How many of them are left.
        public let remaining: Int
        /// How long until its window is over.
        public let reset: Duration
        /// How long to wait where there was one too many; nil for a request that may go on.
        public let wait: Duration?

        /// Adds the fields that say so, with the names and numbers of Flask-Limiter.
        public func add(to fields: inout HTTPFields, at time: UTCTime) {
            fields.set("x-ratelimit-limit", "\(limit)")
            fields.set("x-ratelimit-remaining", "\(remaining)")
            fields.set("x-ratelimit-reset", "\(((time + reset).microsecondsSince1970 + 999_999) / 1_000_000)")
            if let wait {
                fields.set("retry-after", "\(max(1, (wait + .nanoseconds(999_999_999)).components.seconds))")
            }
        }
    }

    /// Counts the requests of each client. A request that is refused counts nowhere, so that waiting helps.
    public final class Limiter: Sendable {
        private typealias Windows = [(start: ContinuousClock.Instant, count: Int)]

        private struct State {
            /// Who asked since the time.
            var recent: [String: Windows] = [:]
            var since: ContinuousClock.Instant?
            /// Who asked before, and not again.
            var old: [String: Windows] = [:]
        }

        private let rates: [Rate]
        private let longest: Duration
        private let capacity: Int
        private let state = Lock(State())

        /// A limiter that remembers at most so many clients. Those who have not asked for the longest go first.
        public init(_ rates: RequestRates, capacity: Int = 100_000) {
            self.rates = rates.rates
            longest = rates.rates.map(\.window).max() ?? .zero
            self.capacity = capacity
        }

        /// How many clients are remembered.
        public var clients: Int { state.withLock { $0.recent.count + $0.old.count } }

        /// Counts a request of an address; all of an IPv6 network of 64 bits are one client.
        public func take(_ address: IPAddress, at now: ContinuousClock.Instant) -> Verdict {
            take("\(HTTPServer.clientKey(address))", at: now)
        }

        /// Counts a request of a client with a name.
        public func take(_ name: String, at now: ContinuousClock.Instant) -> Verdict {
            state.withLock { state in
                // Two halves: when the younger one is full, or as old as a window can be, the older one is forgotten.
                if state.recent.count >= max(1, capacity / 2) || now - (state.since ?? now) >= longest {
                    (state.old, state.recent, state.since) = (state.recent, [:], now)
                }
                state.since = state.since ?? now
                let known = state.recent[name] ?? state.old.removeValue(forKey: name)
                var windows = known ?? rates.map { _ in (now, 0) }
                for (index, rate) in rates.enumerated()
                where windows[index].count == 0 || now - windows[index].start >= rate.window {
                    windows[index] = (now, 0)
                }
                let left = zip(rates, windows).map { (max(0, $0.amount - $1.count), $1.start + $0.window - now) }
                let isRefused = left.contains { $0.0 == 0 }
                if !isRefused { for index in rates.indices { windows[index].count += 1 } }
                state.recent[name] = windows
                // The one with the fewest left; of several that are used up, the one that stays so for the longest.
                let told = left.indices.min { (left[$0].0, left[$1].1) < (left[$1].0, left[$0].1) } ?? 0
                return Verdict(
                    limit: rates[told].amount, remaining: max(0, left[told].0 - 1), reset: left[told].1,
                    wait: isRefused ? left[told].1 : nil)
            }
        }
    }
}
