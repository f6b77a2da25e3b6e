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
        /// The hops at which a router has answered, a bit for each; hops beyond the 63rd are not told apart.
        var routers: UInt64 = 0
    }

    /// No more are kept open: a recording may have lost what ends them.
    private static let limit = 256

    private(set) var rounds: [Round] = []

    /// Takes note of a probe that was sent; returns whether its round began with it.
    mutating func send(_ number: Int, at time: EventMoment) -> Bool {
        if let last = rounds.last, last.number == number {
            rounds[rounds.count - 1].out &+= 1
        } else if let index = index(of: number) {
            rounds[index].out &+= 1
        } else {
            if rounds.count >= Self.limit { rounds.removeFirst() }
            rounds.append(Round(number: number, began: time(), out: 1))
            return true
        }
        return false
    }

    /// Takes note of what became of a probe; returns whether it is the target's first answer in its round.
    mutating func settle(_ probe: Probe, _ kind: ReplyKind?) -> Bool {
        guard let index = index(of: probe.sequence) else { return false }
        rounds[index].out &-= 1
        guard let kind else { return false }
        if kind.isFromTarget {
            let nearest = rounds[index].nearest
            if nearest == 0 || probe.ttl < nearest { rounds[index].nearest = probe.ttl }
            return nearest == 0
        } else if kind == .timeExceeded, probe.ttl < 64 {
            rounds[index].routers |= 1 << UInt64(probe.ttl)
        }
        return false
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

    /// The oldest round, if every probe of it is decided and nothing can follow.
    ///
    /// - Parameter isLast: Whether the newest round may be over as well.
    mutating func takeOldest(isLast: Bool) -> Round? {
        guard let first = rounds.first, first.out <= 0, isLast || rounds.count > 1 else { return nil }
        return rounds.removeFirst()
    }

    mutating func removeAll() { rounds.removeAll(keepingCapacity: true) }
}
