import Foundation
import Testing
import TraceCore

@testable import TraceCorePathStore

@Suite struct `What was acknowledged` {
    /// Writes until the process is killed, and notes in a file how many seconds were acknowledged.
    private static func writeUntilKilled(_ folder: String, from second: Int) async throws {
        let store = try await PathStore(folder + "/store.sqlite")
        var paths = (1...30).map { SimulatedPath(target: $0, hops: 8, seed: UInt64(second) + 1) }
        try await store.makeTargets(30)
        let notes = open(folder + "/acknowledged", O_CREAT | O_WRONLY, 0o644)
        // The signal ends the process wherever it is, as a kill does, and needs nobody to send it.
        var timer = itimerval(
            it_interval: timeval(), it_value: timeval(tv_sec: 0, tv_usec: .random(in: 50_000..<400_000)))
        setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
        for number in 1... {
            try await store.append(&paths, from: start + .seconds(second + number), seconds: 1)
            let now = start + .seconds(second + number)
            try await store.write(number % 7 == 0 ? .promised : .samples) { (writer) throws(StoreError) in
                try writer.setState("number", to: Array("\(second + number)".utf8))
            }
            try await store.maintain(now: now)
            _ = "\(second + number)\n".withCString { pwrite(notes, $0, strlen($0), 0) }
        }
    }

    @Test func `is there after each of many kills, and the file is sound`() async throws {
        let folder = try Folder()
        setenv("PATHSTORE_CRASH", folder.path, 1)
        var last = 0
        for turn in 1...12 {
            setenv("PATHSTORE_SECOND", "\(last)", 1)
            await #expect(processExitsWith: .signal(SIGALRM)) {
                let variables = ProcessInfo.processInfo.environment
                guard let folder = variables["PATHSTORE_CRASH"], let second = variables["PATHSTORE_SECOND"] else {
                    return
                }
                try await Self.writeUntilKilled(folder, from: Int(second) ?? 0)
            }
            let text = (try? String(contentsOfFile: folder.path + "/acknowledged", encoding: .utf8)) ?? ""
            let noted = Int(text.prefix { $0 != "\n" }) ?? 0
            let acknowledged = max(last, noted)
            let store = try await PathStore(folder.store)
            #expect(try await store.integrityCheck() == [])
            let (state, counts) = try await store.read { (reader) throws(StoreError) in
                var counts: [Int] = []
                for target in Int64(1)...30 {
                    counts.append(try reader.rounds(of: target, from: .epoch, to: start + .seconds(86_400)).count)
                }
                return (try reader.state("number"), counts)
            }
            let kept = Int(String(decoding: state ?? [], as: UTF8.self)) ?? 0
            // Of the last second of the turn before, the rounds may be there and the number not.
            #expect(kept >= noted, "turn \(turn)")
            // Of the second that it was killed in, all targets have their round, or none has.
            #expect(Set(counts).count == 1)
            let seconds = try await store.read { (reader) throws(StoreError) in
                try reader.rounds(of: 9, from: .epoch, to: start + .seconds(86_400)).map {
                    Int(($0.at - start) / .seconds(1))
                }
            }
            #expect(seconds.count == Set(seconds).count)
            #expect(Set(1...max(1, acknowledged)).subtracting(seconds).isEmpty || acknowledged == 0)
            last = max(kept, seconds.last ?? 0)
            await store.close()
        }
        #expect(last > 30)
    }

    @Test func `is in a copy of the files at any moment`() async throws {
        let folder = try Folder()
        let store = try await PathStore(folder.store)
        try await store.makeTargets(10)
        // Small enough that the log is moved into the file often.
        try await store.write { (writer) throws(StoreError) in
            _ = try writer.database.number("PRAGMA wal_autocheckpoint=20")
        }
        var paths = (1...10).map { SimulatedPath(target: $0, hops: 6) }
        for turn in 0..<30 {
            try await store.append(&paths, from: start + .seconds(turn * 7), seconds: 7)
            // Nobody writes now; what is not in the files yet is nowhere.
            let copy = folder.path + "/copy-\(turn).sqlite"
            try FileManager.default.copyItem(atPath: folder.store, toPath: copy)
            if FileManager.default.fileExists(atPath: folder.store + "-wal") {
                try FileManager.default.copyItem(atPath: folder.store + "-wal", toPath: copy + "-wal")
            }
            let other = try await PathStore(copy)
            #expect(try await other.integrityCheck() == [])
            let rounds = try await other.read { (reader) throws(StoreError) in
                try reader.rounds(of: 4, from: start, to: start + .seconds(3_600))
            }
            #expect(rounds.count == (turn + 1) * 7)
            await other.close()
        }
    }
}
