package import TraceCore

/// What became of the probes to a target, in slots of equal length.
package struct PathHistory: Sendable, Equatable {
    /// What became of the probes to a hop in a slot.
    package struct Hop: Sendable, Equatable {
        /// The hop, or 0 for the end of the path: there an answer is a round in which the target answered at any hop.
        package let ttl: Int
        /// How many probes were sent.
        package let sent: Int
        /// How many had no answer.
        package let lost: Int
        /// How long the answers took.
        package let roundTrips: LatencyHistogram
        /// Who answered, most often first.
        package let responders: [Responder]
    }

    /// Who answered at a hop.
    package struct Responder: Sendable, Hashable {
        /// Its address.
        package let address: IPAddress
        /// Whether it was the target.
        package let isTarget: Bool
        /// How often it answered.
        package let count: Int
    }

    /// What happened in some time.
    package struct Slot: Sendable, Equatable {
        /// When it begins.
        package let start: UTCTime
        /// The end of the path; nil if nothing was asked.
        package let end: Hop?
        /// The hops that were asked.
        package let hops: [Hop]
        /// For how long nothing could be asked, which is no loss.
        package let gap: Duration
    }

    /// The length of each slot.
    package let slotLength: Duration
    /// The slots one behind the other, with those in which nothing was asked.
    package let slots: [Slot]
    /// The names of those who answered, as far as they are known.
    package let names: [IPAddress: UntrustedText]
}

extension StoreReader {
    /// Lengths of slots that people understand, in seconds: all have a tier whose slots fit in.
    private static let lengths: [Int64] =
        [1, 2, 5, 10, 15, 30] + [1, 2, 3, 4, 5, 6, 10, 12, 15, 30].map { $0 * 60 }
        + [1, 2, 3, 4, 6, 8, 12, 24, 48, 168].map { $0 * 3_600 }

    /// What became of the probes to a target in a span of time: in one slot, or in about so many and at most one more.
    ///
    /// One slot is the span itself, and several begin at whole lengths since 1970. Nothing outside of the span is counted.
    /// Where only minutes are left of a time, an end of the span goes back to the beginning of its minute: so two spans, one
    /// of which begins where the other ends, have nothing in common. Of what is left in longer slots, they are shown whole.
    package func history(of target: Int64, from: UTCTime, to: UTCTime, slots: Int) throws(StoreError) -> PathHistory {
        var progress: [TierProgress] = []
        for tier in Tier.allCases { progress.append(try self.progress(of: tier)) }
        func finest(_ time: Int64) -> Tier {
            Tier.allCases.first { progress[Int($0.rawValue)].trimmed <= time } ?? .days
        }
        var from = min(max(0, from.microsecondsSince1970), RoundRecord.endOfTime - 1)
        from = from / finest(from).slot * finest(from).slot
        var to = min(max(0, to.microsecondsSince1970), RoundRecord.endOfTime)
        let last = finest(to)
        to = max(from + finest(from).slot, (to + (last > .minutes ? last.slot - 1 : 0)) / last.slot * last.slot)

        var (start, length, count) = (from, to - from, Int64(1))
        if slots > 1 {
            let wanted = max((to - from - 1) / Int64(slots) + 1, finest(from).slot)
            length =
                Self.lengths.first { $0 * 1_000_000 >= wanted }.map { $0 * 1_000_000 }
                ?? ((wanted - 1) / Tier.days.slot + 1) * Tier.days.slot
            start = from / length * length
            count = (to - start - 1) / length + 1
        }
        guard count <= 100_000 else {
            throw StoreError(
                .badValue, database.path, "A history of \(count) slots is too long", remedy: "Ask for fewer")
        }
        let coarsest = Tier.allCases.last { $0.slot <= length && (count == 1 || length % $0.slot == 0) } ?? .rounds
        var filling = Filling(target: target, grid: SlotGrid(start: start, length: length, count: Int(count)))
        var time = from
        while time < to {
            // Up to where another tier may be the right one.
            let edges = Tier.allCases.flatMap { tier in
                [progress[Int(tier.rawValue)].trimmed, progress[Int(tier.rawValue)].end(tier, of: target)]
            }
            let next = edges.filter { $0 > time }.reduce(to, min)
            let have = Tier.allCases.filter { tier in
                let progress = progress[Int(tier.rawValue)]
                return progress.trimmed <= time && time < progress.end(tier, of: target)
            }
            let fitting = have.filter { $0 <= coarsest }
            try fill(&filling, in: time..<next, from: fitting.isEmpty ? have.prefix(1) : fitting[...])
            time = next
        }
        return try history(filling.grid, gaps: gaps(of: target, from: from, to: to))
    }

    /// The slot of what is left of a time: of a moment, as long as its round is left.
    package func slot(at time: UTCTime) throws(StoreError) -> (start: UTCTime, length: Duration) {
        let moment = min(max(0, time.microsecondsSince1970), RoundRecord.endOfTime - 1)
        for tier in Tier.allCases where try progress(of: tier).trimmed <= moment || tier == .days {
            return (
                UTCTime(microsecondsSince1970: moment / tier.slot * tier.slot),
                tier == .rounds ? .zero : .microseconds(tier.slot)
            )
        }
        return (time, .zero)
    }

    /// A grid on its way.
    private struct Filling {
        let target: Int64
        var grid: SlotGrid
        /// What is in the journal only, read when it is first needed.
        var tail: [RoundColumns]?
    }

    /// Counts a span of time into a grid, from the coarsest of the tiers; what it does not have exactly is from finer ones.
    private func fill(_ filling: inout Filling, in span: Range<Int64>, from tiers: ArraySlice<Tier>) throws(StoreError)
    {
        guard let tier = tiers.last, !span.isEmpty else { return }
        guard tiers.count > 1 else { return try read(tier, in: span, into: &filling) }
        let (first, end) = ((span.lowerBound - 1) / tier.slot + 1, span.upperBound / tier.slot)
        guard first < end else { return try fill(&filling, in: span, from: tiers.dropLast()) }
        try fill(&filling, in: span.lowerBound..<first * tier.slot, from: tiers.dropLast())
        try read(tier, in: first * tier.slot..<end * tier.slot, into: &filling)
        try fill(&filling, in: end * tier.slot..<span.upperBound, from: tiers.dropLast())
    }

    /// Counts into a grid what a tier has of a span of time.
    private func read(_ tier: Tier, in span: Range<Int64>, into filling: inout Filling) throws(StoreError) {
        try rows(of: tier, in: span, of: filling.target) { (row, bytes) throws(StoreError) in
            try read(tier, row: row, bytes, in: span, into: &filling.grid)
        }
        guard tier == .rounds else { return }
        if filling.tail == nil { filling.tail = RoundColumns.flows(of: try tail(of: filling.target)) }
        for columns in filling.tail ?? [] { filling.grid.add(columns, in: span) }
    }

    /// Hands over the rows of a target that a tier has of a span of time. It looks for none where there are none, for a
    /// clock that was wrong may have put the next one a thousand years away.
    func rows(
        of tier: Tier, in span: Range<Int64>, of target: Int64,
        _ body: (_ row: Int64, _ bytes: [UInt8]) throws(StoreError) -> Void
    ) throws(StoreError) {
        var row = span.lowerBound / tier.row
        while row <= (span.upperBound - 1) / tier.row {
            let key = Period.key(row, target)
            let next = try database.first(tier.selectNext, .int(key)) { row in
                (key: row.int(0), bytes: row.int(0) == key ? row.bytes(1) : nil)
            }
            guard let next else { return }
            if let bytes = next.bytes { try body(row, bytes) }
            row = Period.period(of: next.key) + (next.key > key && Period.target(of: next.key) <= target ? 0 : 1)
        }
    }

    /// The rounds of a target that are in the journal, and in no block.
    func tail(of target: Int64) throws(StoreError) -> [RoundRecord] {
        var found: [(row: Int64, rounds: [UInt8])] = []
        try database.rows("SELECT number, rounds FROM journal ORDER BY number") { (row) throws(StoreError) in
            let (number, bytes) = (row.int(0), row.bytes(1))
            try JournalRow.forEach(in: bytes) { one, range in
                if one == target { found.append((number, Array(bytes[range]))) }
            }
            return true
        }
        var kept: [Int64: Int64] = [:]
        var rounds: [RoundRecord] = []
        for (number, bytes) in found {
            let key = Period.key(JournalRow.time(of: bytes[...]) / Tier.rounds.row, target)
            if kept[key] == nil {
                kept[key] = try database.number("SELECT number FROM block WHERE id = ?", .int(key)) ?? 0
            }
            guard kept[key] ?? 0 < number, let read = try? JournalRow.rounds(in: bytes) else { continue }
            rounds += read
        }
        return rounds
    }

    /// The spans in which nothing could be asked, in order and apart from one another.
    private func gaps(of target: Int64, from: Int64, to: Int64) throws(StoreError) -> [Range<Int64>] {
        let all = try database.all(
            "SELECT since, until FROM gap WHERE until > ? AND since < ? AND (target IS NULL OR target = ?) ORDER BY since",
            .int(from), .int(to), .int(target)
        ) { ($0.int(0), $0.int(1)) }
        var gaps: [Range<Int64>] = []
        for (since, until) in all {
            if let last = gaps.last, since <= last.upperBound {
                gaps[gaps.count - 1] = last.lowerBound..<max(last.upperBound, until)
            } else {
                gaps.append(since..<until)
            }
        }
        return gaps
    }

    /// The history that a grid comes to.
    ///
    /// - Parameter isNamed: Whether the names of who answered are wanted.
    func history(
        _ grid: SlotGrid, gaps: [Range<Int64>], isNamed: Bool = true
    ) throws(StoreError) -> PathHistory {
        var slots: [PathHistory.Slot] = []
        slots.reserveCapacity(grid.slots.count)
        var firstGap = 0
        for (index, tallies) in grid.slots.enumerated() {
            let start = grid.start + Int64(index) * grid.length
            while firstGap < gaps.count, gaps[firstGap].upperBound <= start { firstGap += 1 }
            let missing = gaps[firstGap...].prefix { $0.lowerBound < start + grid.length }.reduce(Int64(0)) {
                $0 + min($1.upperBound, start + grid.length) - max($1.lowerBound, start)
            }
            var hops: [PathHistory.Hop] = []
            hops.reserveCapacity(tallies.count)
            for (ttl, tally) in tallies.enumerated() where tally.sent > 0 { hops.append(try hop(ttl, tally)) }
            let end = hops.first?.ttl == 0 ? hops.removeFirst() : nil
            slots.append(
                PathHistory.Slot(
                    start: UTCTime(microsecondsSince1970: start), end: end, hops: hops, gap: .microseconds(missing)))
        }
        var names: [IPAddress: UntrustedText] = [:]
        for number in isNamed ? Set(grid.slots.lazy.joined().flatMap(\.responders).map { $0.who >> 1 }) : [] {
            if let name = try name(number) { names[try address(number)] = name }
        }
        return PathHistory(slotLength: .microseconds(grid.length), slots: slots, names: names)
    }

    private func hop(_ ttl: Int, _ tally: HopTally) throws(StoreError) -> PathHistory.Hop {
        var responders: [PathHistory.Responder] = []
        for responder in tally.responders {
            responders.append(
                PathHistory.Responder(
                    address: try address(responder.who >> 1), isTarget: responder.who & 1 == 1,
                    count: responder.count))
        }
        if responders.count > 1 { responders.sort { $0.count > $1.count } }
        return PathHistory.Hop(
            ttl: ttl, sent: tally.sent, lost: tally.lost, roundTrips: tally.roundTrips, responders: responders)
    }
}
