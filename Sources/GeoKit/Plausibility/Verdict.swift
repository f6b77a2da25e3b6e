import TraceCore

extension Plausibility {
    /// Whether an address can be where a source says that it is.
    public enum Verdict: Sendable, Hashable {
        /// Nothing contradicts the claim.
        case plausible
        /// Something contradicts the claim, but there are other explanations.
        case doubtful(Reason)
        /// Light does not get there in time.
        case impossible(Reason)

        /// What contradicts the claim.
        public var reason: Reason? {
            switch self {
            case .plausible: nil
            case .doubtful(let reason), .impossible(let reason): reason
            }
        }

        /// Whether the place is ruled out.
        public var isImpossible: Bool { if case .impossible = self { true } else { false } }

        /// Whether something contradicts the place without ruling it out.
        public var isDoubtful: Bool { if case .doubtful = self { true } else { false } }
    }
}

extension Plausibility.Verdict {
    /// A distance that is too long for its time.
    public struct Reason: Sendable, Hashable {
        /// Says what was measured.
        public enum Rule: String, Sendable, Hashable, Codable {
            /// The distance from the source to the place, and the fastest answer from the address.
            case answer
            /// The distance from the source to the place, and the fastest answer from a hop behind it.
            case laterAnswer
            /// The distance to the place of another hop, and the sum of both fastest answers.
            case otherHop
            /// The way from the source through the place to the place of a later hop and back, and that hop's fastest
            /// answer.
            case roundTrip
        }

        /// What the distance and the time are.
        public var rule: Rule
        /// The distance, in whole kilometres.
        public var kilometres: Int
        /// The time, in whole nanoseconds.
        public var time: Duration
        /// The TTL of the other hop, if there is one.
        public var hop: Int?

        /// A distance and a time, rounded down to whole kilometres and nanoseconds.
        public init(_ rule: Rule, kilometres: Double, time: Duration, hop: Int? = nil) {
            self.rule = rule
            // No distance here is longer than once around the Earth. A NaN becomes 0.
            self.kilometres = kilometres > 0 ? Int(min(kilometres, 50_000)) : 0
            self.time = .nanoseconds(time.wholeNanoseconds)
            self.hop = hop
        }
    }
}

extension Plausibility.Verdict.Reason: CustomStringConvertible {
    /// The distance and the time: `16,500 km in 12 ms`.
    public var description: String {
        let other = hop.map { "hop \($0)" } ?? "another hop"
        return switch rule {
        case .answer: "\(distance) in \(duration)"
        case .laterAnswer: "\(distance), and \(other) behind it answers in \(duration)"
        case .otherHop: "\(distance) from \(other), with \(duration) to both together"
        case .roundTrip: "\(distance) round by \(other), which answers in \(duration)"
        }
    }

    /// The distance with two or three digits, which is enough for an error of thousands of kilometres.
    private var distance: String {
        let step = kilometres >= 1000 ? 100 : kilometres >= 100 ? 10 : 1
        let rounded = (kilometres + step / 2) / step * step
        guard rounded >= 1000 else { return "\(rounded) km" }
        let rest = String(rounded % 1000)
        return "\(rounded / 1000),\(String(repeating: "0", count: 3 - rest.utf8.count))\(rest) km"
    }

    private var duration: String {
        let text = time.millisecondsText(decimals: time < .milliseconds(1) ? 2 : time < .milliseconds(100) ? 1 : 0)
        return "\(text.hasSuffix(".0") ? String(text.dropLast(2)) : text) ms"
    }
}
