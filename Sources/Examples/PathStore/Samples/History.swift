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
}

extension StoreReader {
    /// Lengths of slots that people understand, in seconds: all have a tier whose slots fit in.
    private static let lengths: [Int64] =
        [1, 2, 5, 10, 15, 30] + [1, 2, 3, 4, 5, 6, 10, 12, 15, 30].map { $0 * 60 }
        + [1, 2, 3, 4, 6, 8, 12, 24, 48, 168].map { $0 * 3_600 }

    /// What became of the probes to a target in a span of time, in about so many slots and not more than one more.
    ///
    /// The slots are longer where what is left of that time is not so fine. They begin at whole lengths since 1970.
    package func history(of target: Int64, from: UTCTime, to: UTCTime, slots: Int) throws(StoreError) -> PathHistory {
        let from = min(max(0, from.microsecondsSince1970), RoundRecord.endOfTime - 1)
        let to = min(max(from + 1, to.microsecondsSince1970), RoundRecord.endOfTime)
        var progress: [TierProgress] = []
        for tier in Tier.allCases { progress.append(try self.progress(of: tier)) }
        let finest = Tier.allCases.first { progress[Int($0.rawValue)].trimmed <= from } ?? .days
        let wanted = max((to - from - 1) / Int64(max(slots, 1)) + 1, finest.slot)
        let length =
            Self.lengths.first { $0 * 1_000_000 >= wanted }.map { $0 * 1_000_000 }
            ?? ((wanted - 1) / Tier.days.slot + 1) * Tier.days.slot
        let coarsest = Tier.allCases.last { $0.slot <= length && length % $0.slot == 0 } ?? .rounds

        let start = from / length * length
        let count = (to - start - 1) / length + 1
        guard count <= 100_000 else {
            throw StoreError(
                .badValue, database.path, "A history of \(count) slots is too long", remedy: "Ask for fewer")
        }
        var grid = SlotGrid(start: start, length: length, count: Int(count))
        let end = start + count * length
        var time = start
        while time < end {
            // Up to where another tier may be the right one.
            let edges = Tier.allCases.flatMap { tier in
                [progress[Int(tier.rawValue)].trimmed, progress[Int(tier.rawValue)].end(tier, of: target)]
            }
            let next = edges.filter { $0 > time }.reduce(end, min)
            let have = Tier.allCases.filter { tier in
                let progress = progress[Int(tier.rawValue)]
                return progress.trimmed <= time && time < progress.end(tier, of: target)
            }
            if let tier = have.last(where: { $0 <= coarsest }) ?? have.first {
                try read(tier, of: target, in: time..<next, into: &grid)
            }
            time = next
        }
        return try history(grid, gaps: gaps(of: target, from: start, to: end))
    }

    /// Counts into a grid what a tier has of a span of time.
    private func read(_ tier: Tier, of target: Int64, in span: Range<Int64>, into grid: inout SlotGrid)
        throws(StoreError)
    {
        for row in try rows(of: tier, in: span) { try read(tier, row: row, of: target, in: span, into: &grid) }
        guard tier == .rounds else { return }
        for columns in RoundColumns.flows(of: try tail(of: target)) { grid.add(columns, in: span) }
    }

    /// The rows of a tier that may have something of a span of time.
    func rows(of tier: Tier, in span: Range<Int64>) throws(StoreError) -> Range<Int64> {
        guard let first = try database.number("SELECT min(id) FROM \(tier.table)"),
            let last = try database.number("SELECT max(id) FROM \(tier.table)")
        else { return 0..<0 }
        let start = max(span.lowerBound / tier.row, Period.period(of: first))
        return start..<max(start, min((span.upperBound - 1) / tier.row, Period.period(of: last)) + 1)
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

    private func history(_ grid: SlotGrid, gaps: [Range<Int64>]) throws(StoreError) -> PathHistory {
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
        return PathHistory(slotLength: .microseconds(grid.length), slots: slots)
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
