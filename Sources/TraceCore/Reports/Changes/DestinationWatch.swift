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
    private var hasRisen = false

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
        for _ in 0..<losses { note(lost: true) }
        if losses > 0 {
            lossSince = lossSince ?? silentSince
            lastLossAt = silentSince
        }
        count(silent &+ 1, answered: 1)
        (silent, silentSince) = (0, nil)
        note(lost: false)
        if lossBits == 0 { lossSince = nil }
        return judgeLoss(chance, afterLoss: losses > 0, now: began)
    }

    private mutating func count(_ more: Int, answered hits: Int) {
        rounds &+= more
        answered &+= hits
        if rounds >= Self.memory { (rounds, answered) = (rounds / 2, answered / 2) }
    }

    private mutating func note(lost: Bool) {
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
        guard afterLoss ? lossBits.nonzeroBitCount >= 4 : hasRisen else { return nil }
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
            (past, pastLost, lossRounds, lossBits) = (size, newLost, 0, 0)
            hasRisen = rose
            lossSince = nil
            return change
        }
        return nil
    }

    private static func mask(_ rounds: Int) -> UInt64 { rounds >= 64 ? .max : (1 << UInt64(max(0, rounds))) - 1 }
}
