import TraceCore

/// Whether an address can be where somebody says that it is.
public enum Verdict: Sendable, Hashable {
    /// Nothing speaks against it.
    case plausible
    /// Something speaks against it that could have another cause.
    case doubtful(Reason)
    /// Light does not get there in time.
    case impossible(Reason)

    /// What speaks against the place.
    public var reason: Reason? {
        switch self {
        case .plausible: nil
        case .doubtful(let reason), .impossible(let reason): reason
        }
    }

    /// Whether the place is ruled out.
    public var isImpossible: Bool { if case .impossible = self { true } else { false } }

    /// Whether something speaks against the place that does not rule it out.
    public var isDoubtful: Bool { if case .doubtful = self { true } else { false } }
}

extension Verdict {
    /// A way that is too long for its time.
    public struct Reason: Sendable, Hashable {
        /// What the way and the time are.
        public enum Rule: String, Sendable, Hashable, Codable {
            /// From the source to the place, and the fastest answer from there.
            case answer
            /// From the source to the place, and the fastest answer from a hop behind it.
            case laterAnswer
            /// From another hop's place, and the sum of both fastest answers.
            case otherHop
            /// From the source by the place to that of a hop behind it and back, and that hop's fastest answer.
            case roundTrip
        }

        /// What the way and the time are.
        public var rule: Rule
        /// The length of the way, in whole kilometres.
        public var kilometres: Int
        /// The time for it, in whole nanoseconds.
        public var time: Duration
        /// The TTL of the other hop, if another is involved.
        public var hop: Int?

        /// A way and a time; of both, whole kilometres and nanoseconds are kept.
        public init(_ rule: Rule, kilometres: Double, time: Duration, hop: Int? = nil) {
            self.rule = rule
            // No way here is longer than once around the Earth. What is no number at all becomes 0.
            self.kilometres = kilometres > 0 ? Int(min(kilometres, 50_000)) : 0
            self.time = .nanoseconds(time.wholeNanoseconds)
            self.hop = hop
        }
    }
}
