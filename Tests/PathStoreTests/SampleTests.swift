import Testing
import TraceCore

@testable import TraceCorePathStore

@Suite struct `Samples` {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func rows(_ store: PathStore, _ table: String) async throws -> Int64 {
        try await store.read { (reader) throws(StoreError) in
            try reader.database.number("SELECT count(*) FROM \(table)") ?? 0
        }
    }

    @Test func `rounds are in the journal at once and in blocks later, and are the same in both`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(3)
        var paths = (1...3).map { SimulatedPath(target: $0, hops: 4) }
        let first = try await store.append(&paths, from: start, seconds: 30)
        #expect(try await rows(store, "block") == 0)
        func read(_ target: Int64, _ store: PathStore) async throws -> [Round] {
            try await store.read { (reader) throws(StoreError) in
                try reader.rounds(of: target, from: .epoch, to: start + .seconds(86_400))
            }
        }
        #expect(try await read(2, store) == first.filter { $0.target == 2 })
        let all = first + (try await store.append(&paths, from: start + .seconds(30), seconds: 170))
        #expect(try await rows(store, "block") > 3)
        #expect(try await rows(store, "journal") < 150)
        for target in Int64(1)...3 { #expect(try await read(target, store) == all.filter { $0.target == target }) }
        // What another program sees beside it, and what is there after a restart.
        let other = try await PathStore(folder.store, for: .reading)
        #expect(try await read(1, other) == all.filter { $0.target == 1 })
        #expect(
            try await store.read { (reader) throws(StoreError) in try reader.newestRound() } ?? start > start
                + .seconds(199))
        await other.close()
        await store.close()
        let again = try await PathStore(folder.store)
        let more = try await again.append(&paths, from: start + .seconds(200), seconds: 90)
        #expect(try await read(3, again) == (all + more).filter { $0.target == 3 })
        var hours: [Round] = []
        for try await rounds in again.rounds(of: 1, from: .epoch, to: start + .seconds(1_000_000)) { hours += rounds }
        #expect(hours == (all + more).filter { $0.target == 1 })
    }

    @Test func `a round keeps one answer a hop, in order, in whole microseconds`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(1)
        let (a, b) = (IPAddress(192, 0, 2, 1), IPAddress(v6: 1 << 100, zone: 3))
        let round = Round(
            target: 1, at: start, flow: 9,
            answers: [
                .init(ttl: 7, from: b, after: .nanoseconds(1_999), isTarget: true), .init(lost: 3),
                .init(ttl: 7, from: a, after: .seconds(1)), .init(ttl: 255, from: a, after: .seconds(100_000)),
                .init(ttl: 1, from: a, after: .microseconds(-5)),
            ])
        let read = try await store.write { (writer) throws(StoreError) in
            try writer.append([round])
            return try writer.rounds(of: 1, from: start, to: start + .seconds(1))
        }
        #expect(
            read == [
                Round(
                    target: 1, at: start, flow: 9,
                    answers: [
                        .init(ttl: 1, from: a, after: .zero), .init(lost: 3),
                        .init(ttl: 7, from: b, after: .microseconds(1), isTarget: true),
                        .init(ttl: 255, from: a, after: .microseconds(Int64(RoundRecord.longest))),
                    ])
            ])
    }

    @Test func `rounds that cannot be kept are left out, and the others are kept`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(1)
        let impossible =
            ([
                (2, start), (0, start), (-1, start), (1 << 24, start), (1, .epoch - .seconds(1)),
                (1, UTCTime(microsecondsSince1970: .max)),
            ] as [(Int64, UTCTime)]).map { Round(target: $0, at: $1, answers: [.init(lost: 1)]) }
            + [Round(target: 1, at: start, answers: [.init(lost: 1), .init(lost: 0)])]
        for round in impossible {
            #expect(try await store.write { (writer) throws(StoreError) in try writer.append([round]) } == 1)
        }
        #expect(try await rows(store, "journal") == 0)
        let good = (0..<3).map { Round(target: 1, at: start + .seconds($0), answers: [.init(lost: 1)]) }
        let kept = try await store.write { (writer) throws(StoreError) in
            let omitted = try writer.append([good[0]] + impossible + good[1...])
            #expect(omitted == impossible.count)
            #expect(try writer.append([]) == 0)
            return try writer.rounds(of: 1, from: .epoch, to: start + .seconds(86_400))
        }
        #expect(kept == good)
    }

    @Test func `every tier has the same sums and histograms as the rounds`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(2)
        var paths = (1...2).map { SimulatedPath(target: $0, hops: 3) }
        // A round each 20 seconds over three hours before and after midnight.
        let begin = start - .seconds(5_400)
        var all: [Round] = []
        for step in 0..<540 {
            all += try await store.append(&paths, from: begin + .seconds(step * 20), seconds: 1)
            try await store.maintain(now: begin + .seconds(step * 20 + 1))
        }
        let end = begin + .seconds(10_800)
        for (now, tier) in [
            (end, Tier.minutes), (end + .seconds(7_200), .minutes), (start + .seconds(90_000), .quarters),
            (start + .seconds(90_000), .days),
        ] {
            try await store.maintainAll(now: now)
            for target in Int64(1)...2 {
                let rounds = all.filter { $0.target == target }
                for slots in [1, 24, 181, 3_000] {
                    let history = try await store.read { (reader) throws(StoreError) in
                        try reader.history(of: target, from: begin, to: end, slots: slots)
                    }
                    #expect(history.slots.count <= slots + 1)
                    var found = 0
                    for slot in history.slots {
                        let expected = expectedHops(
                            rounds.filter { $0.at >= slot.start && $0.at < slot.start + history.slotLength })
                        found += slot.end?.sent ?? 0
                        for hop in slot.hops + [slot.end].compactMap({ $0 }) {
                            #expect(hop.sent == expected[hop.ttl]?.sent)
                            #expect(hop.lost == expected[hop.ttl]?.lost)
                            #expect(hop.roundTrips == expected[hop.ttl]?.roundTrips)
                            #expect(hop.responders.reduce(0) { $0 + $1.count } == hop.sent - hop.lost)
                        }
                    }
                    #expect(found == rounds.count, "\(tier) \(slots)")
                }
            }
        }
        #expect(try await rows(store, "minutes") == 8)
        #expect(try await rows(store, "quarters") == 4)
        #expect(try await rows(store, "days") == 2)
    }

    @Test func `what is too old for a tier comes from a coarser one`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(1)
        var paths = [SimulatedPath(target: 1, hops: 2)]
        var all: [Round] = []
        for hour in 0..<60 {
            all += try await store.append(&paths, from: start + .seconds(hour * 3_600 + 7), seconds: 2)
        }
        try await store.maintainAll(now: start + .seconds(60 * 3_600))
        #expect(try await rows(store, "block") < 30)
        let sent = all.count
        func history(_ slots: Int, from: UTCTime = start) async throws -> PathHistory {
            try await store.read { (reader) throws(StoreError) in
                try reader.history(of: 1, from: from, to: start + .seconds(60 * 3_600), slots: slots)
            }
        }
        // Rounds of the first day are gone, so that slots are no shorter than a minute.
        let fine = try await history(50_000)
        #expect(fine.slotLength == .seconds(60))
        #expect(fine.total[0]?.sent == sent)
        #expect(try await history(5_000, from: start + .seconds(50 * 3_600)).slotLength == .seconds(10))
        try await store.maintainAll(now: start + .seconds(33 * 86_400))
        #expect(try await rows(store, "block") == 0)
        #expect(try await rows(store, "minutes") == 0)
        let coarse = try await history(5_000)
        #expect(coarse.slotLength == .seconds(900))
        #expect(coarse.total[0]?.sent == sent)
        #expect(coarse.total == expectedHops(all))
        try await store.maintainAll(now: start + .seconds(400 * 86_400))
        #expect(try await rows(store, "quarters") == 0)
        let days = try await history(5_000)
        #expect(days.slotLength == .seconds(86_400))
        #expect(days.slots.map { $0.end?.sent } == [48, 48, 24])
        #expect(days.total == expectedHops(all))
    }

    @Test func `rounds that come late are folded again`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(2)
        var paths = [SimulatedPath(target: 1, hops: 2), SimulatedPath(target: 2, hops: 2)]
        var all = try await store.append(&paths, from: start, seconds: 3)
        all += try await store.append(&paths, from: start + .seconds(5_000), seconds: 1)
        // All is folded, and the rounds are still there.
        try await store.maintainAll(now: start + .seconds(86_400 + 120))
        for table in ["minutes", "quarters", "days"] { #expect(try await rows(store, table) >= 2) }
        // The clock was set back by a day and goes on.
        all += try await store.append(&paths, from: start + .seconds(1), seconds: 200)
        try await store.maintainAll(now: start + .seconds(300))
        for slots in [1, 2, 24, 1_440, 86_400] {
            let history = try await store.read { (reader) throws(StoreError) in
                try reader.history(of: 2, from: start, to: start + .seconds(86_400), slots: slots)
            }
            let isSame = history.total == expectedHops(all.filter { $0.target == 2 })
            #expect(isSame, "\(slots)")
        }
    }

    @Test func `a gap is no loss`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(2)
        try await store.write { (writer) throws(StoreError) in
            try writer.append([Round(target: 1, at: start, answers: [.init(lost: 1)])])
            try writer.markGap(from: start + .seconds(100), to: start + .seconds(200), why: "the daemon was down")
            try writer.markGap(1, from: start + .seconds(150), to: start + .seconds(230))
            try writer.markGap(2, from: start + .seconds(300), to: start + .seconds(301))
            try writer.markGap(1, from: start + .seconds(9), to: start + .seconds(9))
        }
        let history = try await store.read { (reader) throws(StoreError) in
            try reader.history(of: 1, from: start, to: start + .seconds(360), slots: 6)
        }
        #expect(history.slots.map(\.gap) == [0, 20, 60, 50, 0, 0].map { .seconds($0) })
        #expect(history.slots.map { $0.end?.lost } == [1, nil, nil, nil, nil, nil])
    }

    @Test func `a history of no samples, or of all time, is no long work`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(1)
        let slots = try await store.read { (reader) throws(StoreError) in
            try reader.history(of: 1, from: .epoch, to: UTCTime(microsecondsSince1970: .max), slots: 100).slots
        }
        #expect(slots.count <= 101)
        #expect(slots.allSatisfy { $0.end == nil && $0.hops.isEmpty && $0.gap == .zero })
        for (from, to) in [(start, start), (start, .epoch)] {
            let one = try await store.read { (reader) throws(StoreError) in
                try reader.history(of: 1, from: from, to: to, slots: 0).slots
            }
            #expect(one.count == 1)
        }
    }

    @Test func `a span has what is in it, in one slot and in many, whatever is left of its time`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(2)
        let rounds = (0..<7_200).map { second in
            Round(
                target: 2, at: start + .seconds(second),
                answers: [.init(ttl: 1, from: IPAddress(192, 0, 2, 1), after: .zero, isTarget: true)])
        }
        try await store.write { (writer) throws(StoreError) in try writer.append(rounds) }
        func sent(_ from: Int, _ to: Int, _ slots: Int) async throws -> Int {
            let history = try await store.read { (reader) throws(StoreError) in
                try reader.history(of: 2, from: start + .seconds(from), to: start + .seconds(to), slots: slots)
            }
            if slots == 1 { #expect(history.slots.count == 1) }
            return history.slots.reduce(0) { $0 + ($1.end?.sent ?? 0) }
        }
        // In the journal, in blocks, and in minutes and quarters with blocks at the ends.
        for now in [0, 7_300, 20_000, 80_000] {
            if now > 0 { try await store.maintainAll(now: start + .seconds(now)) }
            for (from, to) in [(0, 30), (17, 18), (59, 61), (100, 334), (1, 7_199), (895, 2_705), (3_599, 3_601)] {
                for slots in [1, 7, 400] {
                    #expect(try await sent(from, to, slots) == to - from, "\(now): \(from) \(to)")
                }
            }
        }
        // Only minutes are left: neighbours have nothing in common and miss nothing. And then only quarters, which are whole.
        for (days, slot) in [(5, 60), (40, 900)] {
            try await store.maintainAll(now: start + .seconds(days * 86_400))
            for middle in [300, 1_234, 3_599, 3_601, 5_400] {
                for slots in [1, 50] {
                    let parts = [try await sent(0, middle, slots), try await sent(middle, 7_200, slots)]
                    let (before, after) = (middle / slot * slot, (middle + slot - 1) / slot * slot)
                    #expect(parts == [slot == 60 ? before : after, 7_200 - before])
                    #expect(try await sent(middle, middle + 1, slots) == slot)
                }
            }
        }
    }

    @Test func `a clock that is ahead completes no minute of others`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(4)
        for second in 0..<10 {
            try await store.write { (writer) throws(StoreError) in
                try writer.append(
                    (Int64(1)...4).map { target in
                        let time = start + .seconds(second + (target == 4 ? 86_400 * 365 : 0))
                        return Round(target: target, at: time, answers: [.init(lost: 1)])
                    })
            }
        }
        // Only its own minute is out of the order of time.
        #expect(try await rows(store, "block") == 1)
        #expect(try await rows(store, "journal") == 10)
    }

    @Test(.timeLimit(.minutes(1))) func `a clock that was a thousand years wrong is no long work`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(3)
        let far = UTCTime("2990-01-01T00:00:00Z") ?? .epoch
        let times = [start, start + .seconds(100), far, far + .seconds(7_000)]
        for (target, times) in [(Int64(1), times), (3, [start, far])] {
            for time in times {
                try await store.write { (writer) throws(StoreError) in
                    try writer.append([Round(target: target, at: time, answers: [.init(lost: 1)])])
                }
            }
        }
        let end = UTCTime(microsecondsSince1970: .max)
        // From the journal and blocks, and when all of it is folded.
        for now in [start + .seconds(200), far + .seconds(86_400 * 3), far + .seconds(86_400 * 2)] {
            try await store.maintainAll(now: now)
            for slots in [1, 100] {
                let history = try await store.read { (reader) throws(StoreError) in
                    try reader.history(of: 1, from: .epoch, to: end, slots: slots)
                }
                #expect(history.slots.reduce(0) { $0 + ($1.end?.sent ?? 0) } == 4)
            }
        }
        let other = try await PathStore(folder.path + "/other")
        try await other.makeTargets(2)
        try await other.write { (writer) throws(StoreError) in
            try writer.append(times.map { Round(target: 1, at: $0, answers: [.init(lost: 1)]) })
        }
        for (target, count) in [(Int64(1), 4), (2, 0)] {
            var hours: [[UTCTime]] = []
            for try await rounds in other.rounds(of: target, from: .epoch, to: end) { hours.append(rounds.map(\.at)) }
            #expect(hours.flatMap { $0 } == Array(times.prefix(count)))
            #expect(hours.allSatisfy { !$0.isEmpty })
        }
    }
}
