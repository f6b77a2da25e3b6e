package import TraceCore

/// The rounds that are in the journal, and in no block yet.
struct SampleTail {
    /// The rounds of a target in a minute, as the journal has them.
    struct Bucket {
        var rounds: [UInt8] = []
        /// The first row of the journal that has some of them.
        let firstRow: Int64
    }

    /// By their keys in the table of blocks.
    private(set) var buckets: [Int64: Bucket] = [:]
    /// The newest row of the journal.
    private(set) var lastRow: Int64 = 0
    /// The newest row that was removed from the journal.
    var trimmedRow: Int64 = 0
    private var largestTarget: Int64 = 1

    /// Takes what is in a row of the journal.
    mutating func add(row: Int64, _ bytes: [UInt8], isKept: (_ key: Int64) throws(StoreError) -> Bool = { _ in false })
        throws(StoreError)
    {
        lastRow = max(lastRow, row)
        try JournalRow.forEach(in: bytes) { (target, range) throws(StoreError) in
            let minute = JournalRow.time(of: bytes[range]) / Tier.rounds.row
            let key = Period.key(minute, target)
            guard try !isKept(key) else { return }
            largestTarget = max(largestTarget, target)
            buckets[key, default: Bucket(firstRow: row)].rounds += bytes[range]
        }
    }

    mutating func remove(_ key: Int64) { buckets[key] = nil }

    /// The first row that has to stay in the journal. The newest always stays, so that numbers are never used again.
    var neededRow: Int64 { buckets.values.reduce(lastRow) { min($0, $1.firstRow) } }

    /// The earliest minute of which there is anything here.
    var earliestMinute: Int64? { buckets.keys.min().map(Period.period(of:)) }

    /// The keys of what is to be written into blocks, in order, at most so many at once.
    ///
    /// A minute is over five seconds after its end, for the last answers take their time. From then on the targets have
    /// their turns, spread over a minute in the order of their numbers.
    func due(at time: Int64) -> [Int64] {
        let due = buckets.keys.filter { key in
            let start = Period.period(of: key) * Tier.rounds.row
            let turn = Period.target(of: key) * Tier.rounds.row / (largestTarget + 1)
            // A clock that was set back by more than a minute does not come here soon.
            return time >= start + Tier.rounds.row + 5_000_000 + turn || time < start - Tier.rounds.row
        }
        return Array(due.sorted().prefix(max(64, buckets.count / 30)))
    }
}

extension StoreWriter {
    /// Keeps rounds: they are in the journal at once, and in blocks about a minute after their minute is over.
    ///
    /// - Returns: How many were left out: of no target, at no time between 1970 and 3000, or with a hop 0.
    @discardableResult
    package func append(_ rounds: [Round]) throws(StoreError) -> Int {
        var row: [UInt8] = []
        var (oldest, newest) = (Int64.max, Int64(0))
        var omitted = 0
        for round in rounds {
            guard try isKnown(round.target), (0..<RoundRecord.endOfTime).contains(round.at.microsecondsSince1970),
                !round.answers.contains(where: { $0.ttl == 0 })
            else {
                omitted += 1
                continue
            }
            JournalRow.append(try record(of: round), of: round.target, to: &row)
            oldest = min(oldest, round.at.microsecondsSince1970)
            newest = max(newest, round.at.microsecondsSince1970)
        }
        guard !row.isEmpty else { return omitted }
        try loadTail()
        try database.run(
            "INSERT INTO journal(at, rounds) VALUES(?, ?)", .int(newest), .bytes(row))
        try tail?.add(row: database.lastRow, row)
        // One clock that is far ahead does not make the minutes of all others complete.
        try writeBlocks(at: oldest)
        return omitted
    }

    /// Notes that nothing was asked in a span of time, of one target or of all; that is not loss.
    package func markGap(_ target: Int64? = nil, from: UTCTime, to: UTCTime, why: String = "") throws(StoreError) {
        guard from < to else { return }
        try database.run(
            "INSERT INTO gap(target, since, until, why) VALUES(?, ?, ?, ?)", target.map { .int($0) } ?? .null,
            .time(from), .time(to), .text(why))
    }

    /// Reads what the journal has and blocks have not.
    func loadTail() throws(StoreError) {
        guard tail == nil else { return }
        var tail = SampleTail()
        // The newest row that was there when a block was written.
        var kept: [Int64: Int64] = [:]
        let rows = try database.all("SELECT number, rounds FROM journal ORDER BY number") { ($0.int(0), $0.bytes(1)) }
        for (row, bytes) in rows {
            try tail.add(row: row, bytes) { (key) throws(StoreError) in
                if kept[key] == nil {
                    kept[key] = try database.number("SELECT number FROM block WHERE id = ?", .int(key)) ?? 0
                }
                return kept[key] ?? 0 >= row
            }
        }
        tail.trimmedRow = (rows.first?.0 ?? 1) - 1
        self.tail = tail
    }

    /// Writes the blocks that are due, and removes from the journal what all of them have.
    func writeBlocks(at time: Int64) throws(StoreError) {
        guard let due = tail?.due(at: time) else { return }
        for key in due { try writeBlock(key) }
        guard let needed = tail?.neededRow, let trimmed = tail?.trimmedRow, needed - 1 > trimmed else { return }
        try database.run("DELETE FROM journal WHERE number < ?", .int(needed))
        tail?.trimmedRow = needed - 1
    }

    private func writeBlock(_ key: Int64) throws(StoreError) {
        guard let tail, let bucket = tail.buckets[key] else { return }
        // What a broken disk has spoilt is lost, but nothing else is for it.
        var rounds = (try? JournalRow.rounds(in: bucket.rounds)) ?? []
        // What is there already is from before a restart, or this came too late.
        if let before = try database.first(Tier.rounds.select, .int(key), read: { $0.bytes(0) }) {
            try? RoundBlock.decode(before) { rounds += $0.rounds }
        }
        try database.run(
            "INSERT OR REPLACE INTO block VALUES(?, ?, ?)", .int(key), .int(tail.lastRow),
            .bytes(RoundBlock.encode(rounds)))
        self.tail?.remove(key)
        try noteOutgoing(.minute, key)
        try refold(Period.period(of: key) * Tier.rounds.row, of: Period.target(of: key))
    }
}
