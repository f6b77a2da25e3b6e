/// The rounds that are not decided yet, with what each has shown so far.
struct OpenRounds: Sendable, Hashable, Codable {
    /// A round: one probe for each hop.
    struct Round: Sendable, Hashable, Codable {
        let number: Int
        /// When its first probe was sent.
        let began: UTCTime
        /// The probes that are neither answered nor given up yet.
        var out = 0
        /// The nearest hop at which the target has answered, or 0.
        var nearest: UInt8 = 0
        /// When the first probe that the target answered was sent, counted from the start of the run.
        var answeredProbe: Duration?
        /// A bit for each hop where a router has answered; hops beyond the 63rd are not told apart.
        var routers: UInt64 = 0
    }

    /// More are never kept open: a recording may lack the events that end them, or timeouts may be very long.
    static let limit = 1024

    private(set) var rounds: [Round] = []

    /// The first of these rounds in which the target has answered.
    var firstAnswered: Round? { rounds.first { $0.nearest > 0 } }

    /// Records a probe that was sent or failed to be sent; returns whether it began a new round.
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
        /// Another answer of the target, or one of a router.
        case more
        /// The round is over.
        case over
    }

    /// Whether a round is open in which the target has not answered.
    func lacksTarget(_ number: Int) -> Bool { index(of: number).map { rounds[$0].nearest == 0 } ?? false }

    /// Records the fate of a probe, which was sent at `sentAt` after the start of the run, or a further answer to it.
    mutating func settle(_ probe: Probe, _ kind: ReplyKind?, sentAt: Duration, isFirst: Bool = true) -> Settled {
        guard let index = index(of: probe.sequence) else { return .over }
        if isFirst { rounds[index].out &-= 1 }
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

    /// The oldest round, if all its probes are decided and none can follow.
    ///
    /// If too many are open, the oldest goes: with what the target has answered, and without a word where that may still be
    /// on its way.
    mutating func takeOldest() -> Round? {
        while let first = rounds.first, rounds.count > Self.limit, first.out > 0, first.nearest == 0 {
            rounds.removeFirst()
        }
        guard let first = rounds.first, first.out <= 0 && rounds.count > 1 || rounds.count > Self.limit else {
            return nil
        }
        return rounds.removeFirst()
    }

    /// The decided rounds at the end of a run, oldest first; no round is open afterwards.
    ///
    /// A round that the target has answered is decided, even if probes behind the target are still out. A round is
    /// silent only if all its probes were sent and given up.
    mutating func takeDecided(areComplete: Bool) -> [Round] {
        let decided = rounds.filter { $0.nearest > 0 || areComplete && $0.out <= 0 }
        removeAll()
        return decided
    }

    mutating func removeAll() { rounds.removeAll(keepingCapacity: true) }
}

/// A moment of a run; the wall-clock time is computed only where it is needed.
struct EventMoment {
    let start: UTCTime
    var at: Duration = .zero

    func callAsFunction() -> UTCTime { start + at }
}
