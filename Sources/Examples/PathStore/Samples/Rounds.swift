package import TraceCore

extension StoreReader {
    /// The rounds of a target in a span of time, in the order of time, as far as they are kept.
    package func rounds(of target: Int64, from: UTCTime, to: UTCTime) throws(StoreError) -> [Round] {
        let from = max(0, from.microsecondsSince1970)
        let span = from..<max(from, min(to.microsecondsSince1970, RoundRecord.endOfTime))
        return try rounds(of: target, in: span, with: tail(of: target))
    }

    private func rounds(of target: Int64, in span: Range<Int64>, with tail: [RoundRecord]) throws(StoreError) -> [Round]
    {
        var records = tail
        try rows(of: .rounds, in: span, of: target) { (_, bytes) throws(StoreError) in
            do { try RoundBlock.decode(bytes) { records += $0.rounds } } catch {
                throw database.damaged("a row of block cannot be read")
            }
        }
        records = records.filter { span.contains($0.at) }.sorted { ($0.at, $0.flow) < ($1.at, $1.flow) }
        var rounds: [Round] = []
        rounds.reserveCapacity(records.count)
        for record in records { rounds.append(try round(record, of: target)) }
        return rounds
    }

    /// The rounds of a target in the first hour of a span that may have some, and the end of that hour.
    fileprivate func hour(of target: Int64, in span: Range<Int64>) throws(StoreError) -> (rounds: [Round], end: Int64) {
        let tail = try tail(of: target)
        let key = Period.key(span.lowerBound / Tier.rounds.row, 0)
        let block = try database.number("SELECT min(id) FROM block WHERE id >= ?", .int(key))
        let times = [
            block.map { min(Period.period(of: $0), span.upperBound / Tier.rounds.row) * Tier.rounds.row },
            tail.map(\.at).filter(span.contains).min(),
        ]
        guard let first = times.compactMap({ $0 }).min(), first < span.upperBound else { return ([], span.upperBound) }
        let start = max(first, span.lowerBound)
        let end = min(span.upperBound, start + Tier.minutes.row)
        return (try rounds(of: target, in: start..<end, with: tail), end)
    }

    /// The time of the newest round that was kept: what comes until the next one is a gap.
    package func newestRound() throws(StoreError) -> UTCTime? {
        try database.first("SELECT at FROM journal ORDER BY number DESC LIMIT 1") { $0.time(0) }
    }
}

extension PathStore {
    /// The rounds of a target, an hour after the other, so that nothing waits long for a reader.
    package struct Hours: AsyncSequence, Sendable {
        fileprivate let store: PathStore
        fileprivate let target: Int64
        fileprivate let from, to: UTCTime

        /// Reads the hours.
        package struct Iterator: AsyncIteratorProtocol {
            private let hours: Hours
            private var left: Range<Int64>

            fileprivate init(_ hours: Hours) {
                self.hours = hours
                let start = Swift.max(0, hours.from.microsecondsSince1970)
                left = start..<Swift.max(start, Swift.min(hours.to.microsecondsSince1970, RoundRecord.endOfTime))
            }

            /// The rounds of the next hour that has some, or nil at the end.
            package mutating func next(isolation actor: isolated (any Actor)?) async throws(StoreError) -> [Round]? {
                let (store, target) = (hours.store, hours.target)
                while !left.isEmpty {
                    let span = left
                    let (rounds, end) = try await store.read { (reader) throws(StoreError) in
                        try reader.hour(of: target, in: span)
                    }
                    left = end..<span.upperBound
                    if !rounds.isEmpty { return rounds }
                }
                return nil
            }
        }

        /// An iterator from the beginning.
        package func makeAsyncIterator() -> Iterator { Iterator(self) }
    }

    /// The rounds of a target in a span of time, as far as they are kept.
    package func rounds(of target: Int64, from: UTCTime, to: UTCTime) -> Hours {
        Hours(store: self, target: target, from: from, to: to)
    }
}
