internal import TraceCore

/// How far a tier has come.
struct TierProgress {
    /// The key, of a period of what is folded at once and a target, up to which all is folded into this tier.
    var folded: Int64
    /// The time before which this tier has nothing any more, in microseconds since 1970.
    var trimmed: Int64

    /// The time up to which this tier has all of a target that there is; of every target without one.
    func end(_ tier: Tier, of target: Int64 = Period.targetLimit - 1) -> Int64 {
        guard tier != .rounds else { return .max }
        return (Period.period(of: folded) + (target <= Period.target(of: folded) ? 1 : 0)) * tier.fold
    }
}

extension StoreReader {
    /// How far a tier has come.
    func progress(of tier: Tier) throws(StoreError) -> TierProgress {
        let progress = try database.first("SELECT folded, trimmed FROM progress WHERE tier = ?", .int(tier.rawValue)) {
            TierProgress(folded: $0.int(0), trimmed: $0.int(1))
        }
        guard let progress else { throw database.damaged("the progress of a tier is gone") }
        return progress
    }

    /// Counts into a grid what a row of a tier has of a span of time.
    func read(_ tier: Tier, row: Int64, of target: Int64, in span: Range<Int64>, into grid: inout SlotGrid)
        throws(StoreError)
    {
        let bytes = try database.first(tier.select, .int(Period.key(row, target))) { $0.bytes(0) }
        if let bytes { try read(tier, row: row, bytes, in: span, into: &grid) }
    }

    /// Counts into a grid what the bytes of a row have of a span of time.
    func read(_ tier: Tier, row: Int64, _ bytes: [UInt8], in span: Range<Int64>, into grid: inout SlotGrid)
        throws(StoreError)
    {
        do {
            if tier == .rounds {
                try RoundBlock.decode(bytes) { grid.add($0, in: span) }
            } else {
                try SlotBlock.decode(bytes) { slot, ttl, tally in
                    let (time, isTooLong) = Int64(slot).multipliedReportingOverflow(by: tier.slot)
                    guard !isTooLong, time < tier.row, span.contains(row * tier.row + time),
                        let place = grid.index(of: row * tier.row + time)
                    else { return }
                    grid.add(tally, slot: place, ttl: ttl)
                }
            }
        } catch {
            throw database.damaged("a row of \(tier.table) cannot be read")
        }
    }
}

extension StoreWriter {
    /// Does what is to be done for samples, until a time is over; whether there is more.
    func maintain(now: UTCTime, for duration: Duration) throws(StoreError) -> Bool {
        let end = ContinuousClock.now + duration
        let now = now.microsecondsSince1970
        try loadTail()
        try writeBlocks(at: now)
        for tier in [Tier.minutes, .quarters, .days] {
            while try foldNext(tier, now: now) { if ContinuousClock.now >= end { return true } }
        }
        for tier in Tier.allCases {
            while try trimNext(tier, now: now) { if ContinuousClock.now >= end { return true } }
        }
        while try trimEvents(now: now) { if ContinuousClock.now >= end { return true } }
        while try giveBack() { if ContinuousClock.now >= end { return true } }
        return false
    }

    /// Folds a period of a target into a tier; whether there was one.
    private func foldNext(_ tier: Tier, now: Int64) throws(StoreError) -> Bool {
        guard let source = tier.finer else { return false }
        // A minute behind the end, the last rounds are there; those that are in no block yet are waited for.
        var complete = (now - 60_000_000) / tier.fold
        if source == .rounds {
            if let minute = tail?.earliestMinute { complete = min(complete, minute * source.row / tier.fold) }
        } else {
            complete = min(complete, try progress(of: source).end(source) / tier.fold)
        }
        let folded = try progress(of: tier).folded
        let (period, target) = (Period.period(of: folded + 1), Period.target(of: folded + 1))
        guard period < complete else { return false }
        let next = try database.number(
            "SELECT min(id) FROM \(source.table) WHERE id >= ?", .int(Period.key(period * tier.fold / source.row, 0)))
        let nextPeriod = min(complete, next.map { Period.period(of: $0) * source.row / tier.fold } ?? complete)
        let nextTarget =
            nextPeriod > period ? nil : try database.number("SELECT min(id) FROM target WHERE id >= ?", .int(target))
        if let nextTarget { try fold(tier, period: period, of: nextTarget) }
        // Behind the last target the period is over; and where there is nothing, it is skipped.
        let done: Int64 = nextTarget.map { Period.key(period, $0) } ?? Period.key(max(nextPeriod, period + 1), 0) - 1
        try database.run("UPDATE progress SET folded = ? WHERE tier = ?", .int(done), .int(tier.rawValue))
        return true
    }

    /// Folds a period of a target into a tier, anew if it was before.
    private func fold(_ tier: Tier, period: Int64, of target: Int64) throws(StoreError) {
        guard let source = tier.finer else { return }
        let start = period * tier.fold
        let row = start / tier.row
        var grid = SlotGrid(start: row * tier.row, length: tier.slot, count: Int(tier.row / tier.slot))
        if tier.row > tier.fold {
            // A row has more than is folded now.
            _ = try? read(tier, row: row, of: target, in: row * tier.row..<start, into: &grid)
            _ = try? read(tier, row: row, of: target, in: start + tier.fold..<(row + 1) * tier.row, into: &grid)
        }
        for sourceRow in start / source.row..<(start + tier.fold) / source.row {
            // What is broken is left out, for it would be in the way for ever.
            do throws(StoreError) {
                try read(source, row: sourceRow, of: target, in: start..<start + tier.fold, into: &grid)
            } catch  where error.code == .damaged {}
        }
        guard grid.slots.contains(where: { !$0.isEmpty }) else { return }
        try database.run(
            "INSERT OR REPLACE INTO \(tier.table) VALUES(?, ?)", .int(Period.key(row, target)),
            .bytes(SlotBlock.encode(grid.slots)))
    }

    /// Folds again what was folded before something of it came.
    func refold(_ time: Int64, of target: Int64) throws(StoreError) {
        for tier in [Tier.minutes, .quarters, .days] {
            guard let source = tier.finer, time < (try progress(of: tier)).end(tier, of: target),
                time / tier.fold * tier.fold >= (try progress(of: source)).trimmed
            else { return }
            try fold(tier, period: time / tier.fold, of: target)
        }
    }

    /// Removes some rows of a tier that are older than they are kept; whether there were any.
    private func trimNext(_ tier: Tier, now: Int64) throws(StoreError) -> Bool {
        let kept =
            switch tier {
            case .rounds: retention.rounds
            case .minutes: retention.minutes
            case .quarters: retention.quarters
            case .days: retention.days
            }
        guard let kept else { return false }
        var time = max(0, (UTCTime(microsecondsSince1970: now) - kept).microsecondsSince1970)
        // Nothing goes that is in no coarser tier, and that is folded again only as long as all of it is there.
        if let coarser = Tier(rawValue: tier.rawValue + 1) {
            time = min(time, try progress(of: coarser).end(coarser)) / coarser.fold * coarser.fold
        }
        time = time / tier.row * tier.row
        let bound = Period.key(time / tier.row, 0)
        guard try database.number("SELECT min(id) FROM \(tier.table)") ?? .max < bound else { return false }
        if try progress(of: tier).trimmed < time {
            try database.run("UPDATE progress SET trimmed = ? WHERE tier = ?", .int(time), .int(tier.rawValue))
        }
        let some = try database.number(
            "SELECT id FROM \(tier.table) WHERE id < ? ORDER BY id LIMIT 1 OFFSET 100", .int(bound))
        try database.run("DELETE FROM \(tier.table) WHERE id < ?", .int(some ?? bound))
        return true
    }

    /// Removes some of the changes, deliveries, alerts and silences that have been over for longer than they are kept;
    /// whether there were any. What still waits to be told keeps its alert.
    private func trimEvents(now: Int64) throws(StoreError) -> Bool {
        guard let kept = retention.events else { return false }
        let time = UTCTime(microsecondsSince1970: now) - kept
        var count = try removeSettledDeliveries(before: time, limit: 100)
        // What still waits to be sent on stays.
        count += try database.run(
            """
            DELETE FROM change WHERE id IN
                (SELECT id FROM change WHERE at < ? AND NOT EXISTS
                    (SELECT 1 FROM outgoing WHERE kind = 1 AND outgoing.id = change.id) ORDER BY at LIMIT 100)
            """, .time(time))
        count += try database.run(
            """
            DELETE FROM alert WHERE id IN
                (SELECT id FROM alert WHERE since < ?1 AND resolved < ?1
                    AND NOT EXISTS (SELECT 1 FROM outgoing WHERE kind = 2 AND outgoing.id = alert.id)
                    AND NOT EXISTS (SELECT 1 FROM delivery WHERE alert = alert.id AND (state = 0 OR made >= ?1))
                    ORDER BY since LIMIT 100)
            """, .time(time))
        count += try database.run("DELETE FROM silence WHERE until < ?", .time(time))
        return count > 0
    }

    /// Makes the file smaller by some of what is free in it, if that is much; whether it was.
    private func giveBack() throws(StoreError) -> Bool {
        let free = try database.number("PRAGMA freelist_count") ?? 0
        guard free > 1_024, free > (try database.number("PRAGMA page_count") ?? 0) / 16 else { return false }
        try database.script("PRAGMA incremental_vacuum(128)")
        return true
    }
}
