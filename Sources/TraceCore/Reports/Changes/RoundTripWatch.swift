/// Whether the round trips of a hop, or of the target, have moved away from their usual values.
///
/// The usual values are a typical value and a spread. A single answer moves each by a bounded step, so outliers hardly
/// count. An answer is slow if it is five spreads above the typical value; jitter of any shape gets there from time to
/// time. A cumulative sum of log-likelihoods, for 90 % against 20 % slow answers (Page's test), decides when "from time
/// to time" has become "most of the time": it takes about eight slow answers in a row. The accepted probability sets
/// how rare false alarms are.
struct RoundTripWatch: Sendable, Hashable, Codable {
    /// The number of answers that make the first typical value; the same number again only refines it.
    private static let learning = 8
    /// log2(0.9 / 0.2) and log2(0.1 / 0.8): the weight of an answer that is slow or fast, and of one that is not.
    private static let aside = 2.170
    private static let ordinary = -3.0
    /// log2(0.9 / 0.5) and log2(0.1 / 0.5): the same for a limit, which half of the answers may exceed.
    private static let beyond = 0.848
    private static let within = -2.322
    /// A sum that gets this far without a change of the path concerns this router alone, and its usual values are
    /// learnt anew.
    private static let most = 86.0

    private(set) var count = 0
    private var typicalMs = 0.0
    private var spreadMs = 0.0
    private(set) var slow = 0.0
    private(set) var fast = 0.0
    private(set) var over = 0.0
    private(set) var under = 0.0
    /// The last eight, newest first.
    private var latest = SIMD8<Float>()
    // A bit for each of the last eight answers, set if it was slow, fast or above the limit; the newest lowest.
    private var slowBits: UInt8 = 0
    private var fastBits: UInt8 = 0
    private var overBits: UInt8 = 0
    /// The round of the last answer, and the rounds in which the sums left zero.
    private(set) var lastRound = -1
    private(set) var asideRound = -1
    private(set) var asideSince: UTCTime?
    private(set) var limitRound = -1
    private(set) var limitSince: UTCTime?

    /// Whether enough is known for a comparison.
    var isSettled: Bool { count >= 2 * Self.learning }

    /// The usual round trip.
    var typical: Duration { Duration(milliseconds: typicalMs) ?? .zero }

    /// The current round trip: the median of the last eight.
    var recent: Duration { Duration(milliseconds: Double(median(min(count, 8)))) ?? .zero }

    /// Whether most of the last three answers were slow, fast, or above the limit.
    var isSlow: Bool { (slowBits & 7).nonzeroBitCount >= 2 }
    var isFast: Bool { (fastBits & 7).nonzeroBitCount >= 2 }
    var isOver: Bool { (overBits & 7).nonzeroBitCount >= 2 }

    mutating func add(_ rtt: Duration, round: Int, settings: ChangeReport.Fold.Settings, at time: EventMoment) {
        let value = max(0, Double(rtt.wholeNanoseconds) / 1e6)
        for place in (1..<8).reversed() { latest[place] = latest[place - 1] }
        latest[0] = Float(value)
        count &+= 1
        lastRound = round
        if let limit = settings.limitMs { compare(value, with: limit, round, time) }
        guard count > Self.learning else {
            if count == Self.learning { learn() }
            return
        }
        guard isSettled else { return adapt(to: value) }

        let least = max(5 * spreadMs, settings.leastShiftMs)
        let isSlow = value > typicalMs + max(least, typicalMs * settings.leastShare)
        // The same ratio downwards.
        let isFast = value < typicalMs - max(least, typicalMs * settings.leastShare / (1 + settings.leastShare))
        slowBits = slowBits << 1 | (isSlow ? 1 : 0)
        fastBits = fastBits << 1 | (isFast ? 1 : 0)
        let wasZero = slow == 0 && fast == 0
        slow = min(Self.most, max(0, slow + (isSlow ? Self.aside : Self.ordinary)))
        fast = min(Self.most, max(0, fast + (isFast ? Self.aside : Self.ordinary)))
        if wasZero, isSlow || isFast { (asideRound, asideSince) = (round, time()) }
        if slow >= Self.most || fast >= Self.most {
            learn()
        } else if max(slow, fast) < 2 * Self.aside {
            // After two slow or fast answers in a row a change may have begun, and the usual values must not follow it.
            adapt(to: value)
        }
    }

    private mutating func compare(_ value: Double, with limit: Double, _ round: Int, _ time: EventMoment) {
        let isOver = value > limit
        overBits = overBits << 1 | (isOver ? 1 : 0)
        let (wasOver, wasUnder) = (over, under)
        over = min(Self.most, max(0, over + (isOver ? Self.beyond : Self.within)))
        under = min(Self.most, max(0, under + (isOver ? Self.within : Self.beyond)))
        if isOver ? wasOver == 0 : wasUnder == 0 { (limitRound, limitSince) = (round, time()) }
    }

    private mutating func adapt(to value: Double) {
        let distance = value - typicalMs
        let most = 2 * max(spreadMs, 0.01)
        typicalMs += min(max(distance, -most), most) / 32
        spreadMs += (min(distance.magnitude, 2 * most) - spreadMs) / 32
    }

    /// Starts again to count on which side of the limit the answers are.
    mutating func forgetLimit() { (over, under) = (0, 0) }

    /// Makes the last eight answers the usual values.
    mutating func learn() {
        guard count >= Self.learning else { return }
        typicalMs = Double(median(8))
        spreadMs = 0
        for place in 0..<8 { spreadMs += (Double(latest[place]) - typicalMs).magnitude / 8 }
        (slow, fast, slowBits, fastBits) = (0, 0, 0, 0)
        // Eight answers may be close together by chance, so learning goes on before anything is compared.
        count = Self.learning
    }

    private func median(_ count: Int) -> Float {
        guard count > 0 else { return 0 }
        let values = (0..<min(8, count)).map { latest[$0] }.sorted()
        return (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
    }
}
