package import TraceCore

extension StoreReader {
    /// The rounds of a target in a span of time, in the order of time, as far as they are kept.
    package func rounds(of target: Int64, from: UTCTime, to: UTCTime) throws(StoreError) -> [Round] {
        let from = max(0, from.microsecondsSince1970)
        let span = from..<max(from, min(to.microsecondsSince1970, RoundRecord.endOfTime))
        var records = try tail(of: target)
        for row in try rows(of: .rounds, in: span) {
            let bytes = try database.first(Tier.rounds.select, .int(Period.key(row, target))) { $0.bytes(0) }
            do { if let bytes { try RoundBlock.decode(bytes) { records += $0.rounds } } } catch {
                throw database.damaged("a row of block cannot be read")
            }
        }
        records = records.filter { span.contains($0.at) }.sorted { ($0.at, $0.flow) < ($1.at, $1.flow) }
        var rounds: [Round] = []
        rounds.reserveCapacity(records.count)
        for record in records { rounds.append(try round(record, of: target)) }
        return rounds
    }

    /// The time of the newest round that was kept: what comes until the next one is a gap.
    package func newestRound() throws(StoreError) -> UTCTime? {
        try database.first("SELECT at FROM journal ORDER BY number DESC LIMIT 1") { $0.time(0) }
    }

    /// From the first to the last round of any target that may be there.
    fileprivate func extent() throws(StoreError) -> Range<Int64> {
        let blocks = try rows(of: .rounds, in: 0..<RoundRecord.endOfTime)
        let tail = try database.first("SELECT min(at), max(at) FROM journal") { ($0.int(0), $0.int(1)) } ?? (0, 0)
        // The newest of a row may be a minute or two behind the first of it.
        let (first, last) = (tail.0 - 10 * Tier.minutes.slot, tail.1 + 1)
        guard !blocks.isEmpty else { return first..<max(first, last) }
        let start = min(first, blocks.lowerBound * Tier.rounds.row)
        return start..<max(start, last, blocks.upperBound * Tier.rounds.row)
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
            private var left: Range<Int64>?

            fileprivate init(_ hours: Hours) { self.hours = hours }

            /// The rounds of the next hour that has some, or nil at the end.
            package mutating func next(isolation actor: isolated (any Actor)?) async throws(StoreError) -> [Round]? {
                let hours = hours
                if left == nil {
                    let extent = try await hours.store.read { (reader) throws(StoreError) in try reader.extent() }
                    let start = Swift.max(hours.from.microsecondsSince1970, extent.lowerBound)
                    left = start..<Swift.max(start, Swift.min(hours.to.microsecondsSince1970, extent.upperBound))
                }
                while let span = left, !span.isEmpty {
                    let middle = Swift.min(span.upperBound, span.lowerBound + Tier.minutes.row)
                    left = middle..<span.upperBound
                    let rounds = try await hours.store.read { (reader) throws(StoreError) in
                        try reader.rounds(
                            of: hours.target, from: UTCTime(microsecondsSince1970: span.lowerBound),
                            to: UTCTime(microsecondsSince1970: middle))
                    }
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
