/// The rounds that are not over: what each has shown until now.
struct OpenRounds: Sendable, Hashable, Codable {
    /// One probe for each hop.
    struct Round: Sendable, Hashable, Codable {
        let number: Int
        /// When its first probe was sent.
        let began: UTCTime
        /// The probes that are neither answered nor given up.
        var out = 0
        /// The nearest hop at which the target has answered, or 0.
        var nearest: UInt8 = 0
        /// When the probe was sent that the target answered first, counted from the start of the run.
        var answeredProbe: Duration?
        /// The hops at which a router has answered, a bit for each; hops beyond the 63rd are not told apart.
        var routers: UInt64 = 0
    }

    /// No more are kept open: a recording may have lost what ends them, or probes are waited for very long.
    static let limit = 256

    private(set) var rounds: [Round] = []

    /// The first round of those that are not over in which the target has answered.
    var firstAnswered: Round? { rounds.first { $0.nearest > 0 } }

    /// Takes note of a probe that was sent, or could not be; returns whether its round began with it.
    mutating func send(_ number: Int, at time: EventMoment, isOut: Bool = true) -> Bool {
        let out = isOut ? 1 : 0
        if let index = index(of: number) {
            rounds[index].out &+= out
            return false
        }
        rounds.append(Round(number: number, began: time(), out: out))
        return true
    }

    /// What an answer means for its round.
    enum Settled {
        /// The target's first answer in the round, which began at that time.
        case firstOfTarget(began: UTCTime)
        /// One more of the target's, or another's.
        case more
        /// The round is over.
        case over
    }

    /// Takes note of what became of a probe that was sent so long after the start of the run.
    mutating func settle(_ probe: Probe, _ kind: ReplyKind?, sentAt: Duration) -> Settled {
        guard let index = index(of: probe.sequence) else { return .over }
        rounds[index].out &-= 1
        guard let kind else { return .more }
        if kind.isFromTarget {
            let nearest = rounds[index].nearest
            if nearest == 0 || probe.ttl < nearest { rounds[index].nearest = probe.ttl }
            guard nearest == 0 else { return .more }
            rounds[index].answeredProbe = sentAt
            return .firstOfTarget(began: rounds[index].began)
        } else if kind == .timeExceeded, probe.ttl < 64 {
            rounds[index].routers |= 1 << UInt64(probe.ttl)
        }
        return .more
    }

    @inline(__always)
    private func index(of number: Int) -> Int? {
        var index = rounds.count
        while index > 0 {
            index -= 1
            if rounds[index].number == number { return index }
        }
        return nil
    }

    /// The oldest round, if every probe of it is decided and nothing can follow; or if too many are open.
    mutating func takeOldest() -> Round? {
        guard let first = rounds.first, first.out <= 0 && rounds.count > 1 || rounds.count > Self.limit else {
            return nil
        }
        return rounds.removeFirst()
    }

    /// The rounds that are decided when nothing follows any more, oldest first; none is open afterwards.
    ///
    /// What the target has answered is decided whatever else is out, such as probes behind the target. A silent round is
    /// one that all was asked in.
    mutating func takeDecided(areComplete: Bool) -> [Round] {
        let decided = rounds.filter { $0.nearest > 0 || areComplete && $0.out <= 0 }
        removeAll()
        return decided
    }

    mutating func removeAll() { rounds.removeAll(keepingCapacity: true) }
}

/// When something happened in a run, as wall-clock time that is made only where somebody wants to know it.
struct EventMoment {
    let start: UTCTime
    var at: Duration = .zero

    func callAsFunction() -> UTCTime { start + at }
}
