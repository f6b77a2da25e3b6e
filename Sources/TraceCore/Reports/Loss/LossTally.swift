/// The fates of the probes to one TTL, and what changed together with them.
struct LossTally: Sendable, Hashable, Codable {
    /// The counts while the routers on the way there and the TTL of the answers stayed the same.
    struct Regime: Sendable, Hashable, Codable {
        /// A digest of the routers on the way there.
        let way: UInt64
        /// The TTL of the answers as they arrived.
        let replyTTL: UInt8
        var answered = 0
        var lost = 0

        var share: LossReport.Share { LossReport.Share(lost: lost, of: answered &+ lost) }
    }

    private struct Pairs: Sendable, Hashable, Codable {
        var lost = 0
        var all = 0
    }

    private static let regimeLimit = 8

    /// The probes of rounds that are spread, of which those to one hop meet the same luck as those to another.
    private var spread = Pairs()

    private(set) var answered = 0
    private(set) var lost = 0
    private(set) var answeredLate = 0
    private(set) var fromTarget = 0
    private(set) var lastFrom: IPAddress?
    private(set) var regimes: [Regime] = []
    private(set) var hasTooManyRegimes = false
    private var replyTTL: UInt8 = 0
    // A bit for each of the last 64 rounds: decided, and lost; the newest lowest.
    private var newest = 0
    private var decidedBits: UInt64 = 0
    private var lostBits: UInt64 = 0
    // How often a loss follows an answer or a loss, and how often there was one to follow.
    private var afterAnswer = Pairs()
    private var afterLoss = Pairs()

    var share: LossReport.Share { LossReport.Share(lost: lost, of: answered &+ lost) }
    /// What may be compared with other hops.
    var comparable: LossReport.Share { LossReport.Share(lost: spread.lost, of: spread.all) }

    /// How missing answers are spread: the loss after an answer is compared with the loss after a loss.
    var pattern: LossReport.Pattern? {
        guard lost > 0 else { return nil }
        guard answered > 0 else { return .all }
        let (first, second) = (
            LossReport.Share(lost: afterAnswer.lost, of: afterAnswer.all),
            LossReport.Share(lost: afterLoss.lost, of: afterLoss.all)
        )
        if second.isCertainlyLess(than: first) { return .regular }
        return first.isCertainlyLess(than: second) ? .bursts : .random
    }

    mutating func answer(_ reply: ProbeReply, round: Int, isSpread: Bool, way: UInt64) {
        answered &+= 1
        if isSpread { spread.all &+= 1 }
        if reply.kind.isFromTarget { fromTarget &+= 1 } else { lastFrom = reply.from }
        replyTTL = reply.ttl ?? 0
        if let index = regime(way) { regimes[index].answered &+= 1 }
        note(round, isLost: false)
    }

    mutating func lose(round: Int, isSpread: Bool, way: UInt64) {
        lost &+= 1
        if isSpread { (spread.lost, spread.all) = (spread.lost &+ 1, spread.all &+ 1) }
        if let index = regime(way) { regimes[index].lost &+= 1 }
        note(round, isLost: true)
    }

    /// A probe that had been given up was answered late.
    mutating func answerLate(_ reply: ProbeReply, round: Int, isSpread: Bool) {
        guard lost > 0 else { return }
        lost &-= 1
        if isSpread, spread.lost > 0 { spread.lost &-= 1 }
        let age = newest &- round
        if (0..<64).contains(age) { lostBits &= ~(1 << UInt64(age)) }
        answered &+= 1
        answeredLate &+= 1
        if reply.kind.isFromTarget { fromTarget &+= 1 }
    }

    /// The same without the rounds from one on, as far as they are remembered.
    func without(from round: Int) -> LossTally {
        let count = newest &- round &+ 1
        guard count > 0 else { return self }
        let young: UInt64 = count < 64 ? 1 << UInt64(count) - 1 : .max
        let (gone, all) = ((lostBits & decidedBits & young).nonzeroBitCount, (decidedBits & young).nonzeroBitCount)
        var judged = self
        judged.lost = max(0, lost &- gone)
        judged.answered = max(0, answered &- (all - gone))
        judged.spread.lost = max(0, spread.lost &- gone)
        judged.spread.all = max(judged.spread.lost, spread.all &- all)
        return judged
    }

    /// Forgets what may be compared with other hops: the path is another.
    mutating func beginAnew() { spread = Pairs() }

    private mutating func regime(_ way: UInt64) -> Int? {
        if let known = regimes.firstIndex(where: { $0.way == way && $0.replyTTL == replyTTL }) { return known }
        guard regimes.count < Self.regimeLimit else {
            hasTooManyRegimes = true
            return nil
        }
        regimes.append(Regime(way: way, replyTTL: replyTTL))
        return regimes.count - 1
    }

    /// Losses are known later than answers, so the neighbours of a round may be decided before it or after it.
    private mutating func note(_ round: Int, isLost: Bool) {
        if round > newest {
            let more = round &- newest
            decidedBits = (1..<64).contains(more) ? decidedBits << UInt64(more) : 0
            lostBits = (1..<64).contains(more) ? lostBits << UInt64(more) : 0
            newest = round
        }
        let age = newest &- round
        guard (0..<63).contains(age) else { return }
        let bit: UInt64 = 1 << UInt64(age)
        decidedBits |= bit
        if isLost { lostBits |= bit } else { lostBits &= ~bit }
        if decidedBits & bit << 1 != 0 { pair(first: lostBits & bit << 1 != 0, second: isLost) }
        if age > 0, decidedBits & bit >> 1 != 0 { pair(first: isLost, second: lostBits & bit >> 1 != 0) }
    }

    private mutating func pair(first: Bool, second: Bool) {
        if first {
            afterLoss.all &+= 1
            if second { afterLoss.lost &+= 1 }
        } else {
            afterAnswer.all &+= 1
            if second { afterAnswer.lost &+= 1 }
        }
    }
}
