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

    @Test func `rounds of unknown targets and impossible times are refused`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(1)
        for (target, time) in [
            (2, start), (0, start), (-1, start), (1 << 24, start), (1, .epoch - .seconds(1)),
            (1, UTCTime(microsecondsSince1970: .max)),
        ] as [(Int64, UTCTime)] {
            let error = await #expect(throws: StoreError.self) {
                try await store.write { (writer) throws(StoreError) in
                    try writer.append([Round(target: target, at: time, answers: [.init(lost: 1)])])
                }
            }
            #expect(error?.code == .badValue)
        }
        #expect(try await rows(store, "journal") == 0)
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
}
