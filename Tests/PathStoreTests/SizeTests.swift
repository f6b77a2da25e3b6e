import Testing
import TraceCore

@testable import TraceCorePathStore

@Suite struct `The size of what is kept` {
    @Test func `is at most 4 bytes a sample, and 23 bytes a minute and hop`() async throws {
        let folder = try Folder()
        let store = try await PathStore(folder.store)
        let (targets, hops, minutes) = (8, 15, 62)
        try await store.makeTargets(targets)
        var paths = (1...targets).map { SimulatedPath(target: Int64($0), hops: hops) }
        func pages() async throws -> Int64 {
            let size = try await store.size()
            return size.file - size.free
        }
        let empty = try await pages()
        // All seconds of a minute at once, to be done sooner; the blocks are the same.
        for minute in 0..<minutes {
            var rounds: [Round] = []
            for index in paths.indices {
                for second in 0..<60 { rounds.append(paths[index].round(at: start + .seconds(minute * 60 + second))) }
            }
            let appended = rounds
            try await store.write { (writer) throws(StoreError) in try writer.append(appended) }
        }
        try await store.write { (writer) throws(StoreError) in
            try writer.loadTail()
            try writer.writeBlocks(at: (start + .seconds(4 * 3_600)).microsecondsSince1970)
            try writer.database.run("DELETE FROM journal WHERE number < (SELECT max(number) FROM journal)")
        }
        let samples = targets * hops * 60 * minutes
        let journal = try await store.read { (reader) throws(StoreError) in
            try reader.database.number("SELECT sum(length(rounds)) FROM journal") ?? 0
        }
        let raw = Double(try await pages() - empty - journal) / Double(samples)
        let before = try await pages()
        try await store.maintainAll(now: start + .seconds(2 * 3_600))
        let slots = try await store.read { (reader) throws(StoreError) in
            let hour = try reader.history(of: 7, from: start, to: start + .seconds(3_600), slots: 60)
            #expect(hour.slotLength == .seconds(60))
            return hour.slots.reduce(0) { $0 + $1.hops.count }
        }
        #expect(slots == 60 * hops)
        let minute = Double(try await pages() - before) / Double(slots * targets)
        print("\(raw) bytes a sample, \(minute) bytes a minute and hop")
        #expect(raw > 1 && raw <= 4)
        #expect(minute > 1 && minute <= 23)
    }
}
