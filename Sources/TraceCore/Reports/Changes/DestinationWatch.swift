/// Whether the target answers: outages with their start and length, and changes of its loss.
///
/// The target counts as lost when its silence is longer than its earlier loss can explain, both over the long past and
/// over the last rounds. So a path that loses every second packet must be silent for longer than a path without loss.
struct DestinationWatch: Sendable, Hashable, Codable {
    /// What a round has shown.
    enum Change {
        case lost(since: UTCTime)
        case back(outage: Duration, since: UTCTime)
        case loss(before: Double, after: Double, rose: Bool, since: UTCTime)
    }

    private static let memory = 1024
    /// The smallest number of rounds for a judgement on loss, and the number of rounds that are kept as bits.
    private static let few = 16
    private static let window = 64
    /// The smallest number of rounds against which a small difference says anything.
    private static let many = 128

    /// The rounds so far, and those with an answer; of an outage only its beginning counts.
    private var rounds = 0
    private var answered = 0
    /// The rounds without an answer since the last one with an answer, and when the first of them began.
    private var silent = 0
    private var silentSince: UTCTime?
    /// When the current outage began; nil if there is none.
    private var lostSince: UTCTime?
    /// When the round began that made the outage certain.
    private var lostBy: UTCTime?
    /// When the round began that ended the last outage. Earlier rounds may be decided later, and belong to that outage.
    private var backSince: UTCTime?

    /// Whether an outage lasts.
    var isLost: Bool { lostSince != nil }

    /// A bit for each of the last rounds, set if it had no answer, the newest lowest; and their number.
    private var lossBits: UInt64 = 0
    private var lossRounds = 0
    private var lossSince: UTCTime?
    private var lastLossAt: UTCTime?
    /// The rounds before those, and how many of them had no answer.
    private var past = 0
    private var pastLost = 0
    /// The share that was lost before it rose; nil if it has not.
    private var usual: Double?
    /// What speaks for more loss than before, or for less since it has risen, over as many rounds as it takes: a small loss is
    /// not proven by the last 64.
    private var trend = Trend()

    /// Another run begins: all rounds of the run before are decided, and the clock may have been set since.
    mutating func beginRun() { backSince = nil }

    /// A round has ended without an answer.
    mutating func miss(began: UTCTime, chance: Double) -> Change? {
        if let backSince, began < backSince { return nil }
        guard !isLost else { return nil }
        silent &+= 1
        let since = silentSince ?? began
        silentSince = since
        guard silent >= 3, answered > 0 else { return nil }
        let recentRounds = min(lossRounds, Self.few)
        let recentLost = (lossBits & Self.mask(recentRounds)).nonzeroBitCount
        guard Chance.ofAbsence(for: silent, seen: answered, of: rounds) < chance,
            Chance.ofAbsence(for: silent, seen: recentRounds - recentLost, of: recentRounds) < chance
        else { return nil }
        count(silent, answered: 0)
        (lostSince, lostBy, silent, silentSince) = (since, began, 0, nil)
        return .lost(since: since)
    }

    /// The target has answered a probe of a round that still lasts; the other probes of the round do not matter.
    ///
    /// - Parameters:
    ///   - sentAt: When that probe was sent.
    ///   - began: When its round began.
    mutating func answer(sentAt: UTCTime, began: UTCTime) -> Change? {
        guard let since = lostSince else { return nil }
        (lostSince, silent, silentSince, backSince) = (nil, 0, nil, began)
        return .back(outage: max(.zero, sentAt - since), since: sentAt)
    }

    /// A late answer in a round that had been counted as silent: the silence ends there.
    mutating func lateAnswer(sentAt: UTCTime) -> Change? {
        guard let since = lostSince else {
            (silent, silentSince) = (0, nil)
            return nil
        }
        // A probe sent before the outage was certain may only have been slow, and does not end it.
        return sentAt < lostBy ?? since ? nil : answer(sentAt: sentAt, began: sentAt)
    }

    /// A round has ended with an answer.
    mutating func hit(began: UTCTime, chance: Double) -> Change? {
        // Silent rounds before this one that were no outage were loss.
        let losses = min(max(0, silent), Self.window)
        for _ in 0..<losses { note(lost: true, at: silentSince ?? began) }
        if losses > 0 {
            lossSince = lossSince ?? silentSince
            lastLossAt = silentSince
        }
        count(silent &+ 1, answered: 1)
        (silent, silentSince) = (0, nil)
        note(lost: false, at: began)
        if lossBits == 0 { lossSince = nil }
        return judgeLoss(chance, afterLoss: losses > 0, now: began)
    }

    private mutating func count(_ more: Int, answered hits: Int) {
        rounds &+= more
        answered &+= hits
        if rounds >= Self.memory { (rounds, answered) = (rounds / 2, answered / 2) }
    }

    private mutating func note(lost: Bool, at time: UTCTime) {
        weigh(lost: lost, at: time)
        if lossRounds == Self.window {
            past &+= 1
            pastLost &+= Int(lossBits >> 63)
            if past >= Self.memory { (past, pastLost) = (past / 2, pastLost / 2) }
        } else {
            lossRounds &+= 1
        }
        lossBits = lossBits << 1 | (lost ? 1 : 0)
    }

    private mutating func judgeLoss(_ chance: Double, afterLoss: Bool, now: UTCTime) -> Change? {
        guard afterLoss ? lossBits.nonzeroBitCount >= 4 : usual != nil else { return nil }
        for size in [16, 32, 64] where size <= lossRounds {
            let newLost = (lossBits & Self.mask(size)).nonzeroBitCount
            let oldRounds = past &+ lossRounds &- size
            let oldLost = pastLost &+ lossBits.nonzeroBitCount &- newLost
            guard oldRounds >= Self.few else { return nil }
            let byChance = Chance.ofHits(newLost, in: size, seen: oldLost, of: oldRounds)
            // Three sizes are tried, so each gets a third of the accepted probability.
            let rose = afterLoss && byChance.atLeast < chance / 3
            guard rose || !afterLoss && byChance.atMost < chance / 3 else { continue }
            let change = Change.loss(
                before: 100 * Double(oldLost) / Double(oldRounds), after: 100 * Double(newLost) / Double(size),
                rose: rose, since: (rose ? lossSince : lastLossAt) ?? now)
            begin(anew: size, newLost, usual: rose ? Self.share(oldLost, of: oldRounds) : nil)
            return change
        }
        guard trend.bits >= -Logarithm.log2(chance), afterLoss == (usual == nil), !afterLoss || trend.lost >= 4
        else { return nil }
        let (lost, rounds) = (trend.lost, trend.rounds)
        guard rounds > 0, (0...rounds).contains(lost) else {
            trend = Trend()
            return nil
        }
        let change = Change.loss(
            before: 100 * self.before, after: 100 * Double(lost) / Double(rounds), rose: usual == nil,
            since: (usual == nil ? lossSince : nil) ?? trend.since ?? now)
        begin(anew: rounds, lost, usual: usual == nil ? self.before : nil)
        return change
    }

    /// What was is over; what is now has been seen in some rounds.
    private mutating func begin(anew rounds: Int, _ lost: Int, usual: Double?) {
        (past, pastLost, lossRounds, lossBits) = (rounds, lost, 0, 0)
        self.usual = usual.map { min($0, self.usual ?? $0) }
        (lossSince, trend) = (nil, Trend())
    }

    // MARK: Over many rounds

    /// A cumulative sum of log-likelihoods (Page's test) in bits, and the rounds in which it has grown.
    private struct Trend: Sendable, Hashable, Codable {
        var bits = 0.0
        var rounds = 0
        var lost = 0
        var since: UTCTime?
    }

    private static func share(_ lost: Int, of rounds: Int) -> Double {
        // A state from another machine may hold any numbers: they are clamped.
        let rounds = min(max(0, rounds), 1 << 20)
        return Double(min(max(0, lost), rounds) + 1) / Double(rounds + 2)
    }

    /// The share that was lost before the rounds that speak for another one.
    private var before: Double {
        // One more that was lost by chance would make no alarm.
        let lost = pastLost &+ lossBits.nonzeroBitCount &- trend.lost &+ (usual == nil ? 1 : 0)
        return Self.share(lost, of: past &+ lossRounds &- trend.rounds)
    }

    private mutating func weigh(lost: Bool, at time: UTCTime) {
        guard past &+ lossRounds &- trend.rounds >= Self.many else { return }
        let before = before
        // The end of a great loss is proven, and placed better, by the last rounds.
        guard usual == nil || before < 0.2 else { return trend = Trend() }
        // Four times as much, and some percent at least; or an eighth of it, but no less than was usual.
        let other = usual.map { max($0, before / 8) } ?? max(4 * before, before + 0.05)
        guard usual == nil ? other < 0.9 : other < before / 2 else { return trend = Trend() }
        if trend.bits == 0 { trend.since = time }
        trend.bits += Logarithm.log2(lost ? other / before : (1 - other) / (1 - before))
        trend.rounds &+= 1
        trend.lost &+= lost ? 1 : 0
        if !(trend.bits > 0) { trend = Trend() }
    }

    private static func mask(_ rounds: Int) -> UInt64 { rounds >= 64 ? .max : (1 << UInt64(max(0, rounds))) - 1 }
}
