import Foundation
import Testing
import TraceCore

@testable import TraceCorePathStore

@Suite struct `A store that cannot be used` {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func failure(_ path: String, _ use: PathStore.Use = .writing) async -> StoreError? {
        do throws(StoreError) {
            await (try PathStore(path, for: use)).close()
            return nil
        } catch { return error }
    }

    /// A store with some of everything, closed.
    private func filled() async throws -> Data {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(4)
        var paths = (1...4).map { SimulatedPath(target: $0, hops: 10) }
        try await store.append(&paths, from: start, seconds: 200)
        await store.close()
        #expect(!FileManager.default.fileExists(atPath: folder.store + "-wal"))
        return try Data(contentsOf: URL(fileURLWithPath: folder.store))
    }

    @Test func `is one that another has, whose process is named`() async throws {
        let store = try await PathStore(folder.store)
        let error = await failure(folder.store)
        #expect(error?.code == .locked)
        #expect(error?.message == "The process \(getpid()) writes this store")
        #expect(await failure(folder.store, .reading) == nil)
        await store.close()
        #expect(await failure(folder.store) == nil)
    }

    @Test func `is one that another has, by whatever name`() async throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder.path + "/far", withIntermediateDirectories: true)
        let links = ["/link", "/far/link", "/far/second"].map { folder.path + $0 }
        try files.createSymbolicLink(atPath: links[0], withDestinationPath: "store.sqlite")
        try files.createSymbolicLink(atPath: links[1], withDestinationPath: folder.store)
        try files.createSymbolicLink(atPath: links[2], withDestinationPath: "link")
        // The first name leads to a file that is not there yet.
        for name in links + [folder.store] {
            let store = try await PathStore(name)
            for other in links + [folder.store] {
                #expect(await failure(other)?.code == .locked)
                #expect(await failure(other, .reading) == nil)
            }
            await store.close()
        }
        let all = try files.contentsOfDirectory(atPath: folder.path + "/far")
        #expect(Set(all) == ["link", "second"])
    }

    @Test func `is of a newer version, or of another program`() async throws {
        _ = try await filled()
        let database = try Connection(folder.store, .writing)
        try database.script("PRAGMA user_version=999")
        for use in [PathStore.Use.writing, .reading] {
            let error = await failure(folder.store, use)
            #expect(error?.code == .newer)
            #expect(error?.description.contains("999") == true)
        }
        try database.script("PRAGMA user_version=1; PRAGMA application_id=7")
        #expect(await failure(folder.store)?.code == .notAStore)
        let other = try Connection(folder.path + "/other", .writing)
        try other.script("CREATE TABLE mine(a)")
        #expect(await failure(folder.path + "/other")?.code == .notAStore)
        #expect(await failure(folder.path + "/other", .reading)?.code == .notAStore)
        #expect(try other.number("SELECT count(*) FROM sqlite_master") == 1)
    }

    @Test func `is removed or replaced while it is written`() async throws {
        let store = try await PathStore(folder.store)
        try store.checkPlace()
        try FileManager.default.removeItem(atPath: folder.store)
        #expect(throws: StoreError.self) { try store.checkPlace() }
        try Data([1]).write(to: URL(fileURLWithPath: folder.store))
        #expect(throws: StoreError.self) { try store.checkPlace() }
        await store.close()
    }

    @Test func `is not there, or no file`() async throws {
        #expect(await failure(folder.path + "/none", .reading)?.code == .cannotOpen)
        #expect(await failure(folder.path + "/none/none")?.code == .cannotOpen)
        for use in [PathStore.Use.writing, .reading] {
            let error = await failure(folder.path, use)
            #expect(error?.code == .cannotOpen, "\(String(describing: error))")
        }
        #expect(await failure("")?.code == .cannotOpen)
        #expect(await failure(folder.path + "/a\0b")?.code == .cannotOpen)
        let text = String(repeating: "This is no database. ", count: 900)
        try text.write(toFile: folder.path + "/text", atomically: true, encoding: .utf8)
        for use in [PathStore.Use.writing, .reading] {
            #expect(await failure(folder.path + "/text", use)?.code == .damaged)
        }
        #expect(try String(contentsOfFile: folder.path + "/text", encoding: .utf8) == text)
    }

    @Test func `cut short anywhere is said to be damaged, or gives what it has`() async throws {
        let whole = try await filled()
        // A file of one byte is an empty one for SQLite.
        let lengths = [
            15, 16, 99, 100, 101, 511, 4_096, 8_191, 8_192, 8_193, 16_384, whole.count / 2,
            whole.count - 8_192, whole.count - 1,
        ]
        for length in lengths {
            let path = folder.path + "/cut-\(length)"
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            let error = await failure(path)
            // A last page that is not whole may be one in which nothing is missed.
            if error == nil, length > whole.count - 8_192 { continue }
            #expect(error?.code == .damaged, "\(length) of \(whole.count): \(String(describing: error))")
        }
    }

    @Test func `with broken bytes fails with an error wherever that is noticed`() async throws {
        let whole = try await filled()
        for turn in 0..<40 {
            var broken = whole
            for place in stride(from: 8_192 + turn * 211, to: broken.count, by: 9_001) { broken[place] ^= 0x55 }
            let path = folder.path + "/broken-\(turn)"
            try broken.write(to: URL(fileURLWithPath: path))
            do {
                let store = try await PathStore(path)
                _ = try await store.integrityCheck()
                try await store.maintainAll(now: start + .seconds(90_000))
                for target in Int64(1)...4 {
                    _ = try await store.read { (reader) throws(StoreError) in
                        try reader.history(of: target, from: start, to: start + .seconds(300), slots: 10)
                    }
                }
            } catch let error as StoreError {
                #expect([.damaged, .other, .notAStore, .badValue].contains(error.code), "\(error)")
            }
        }
    }

    @Test func `full takes nothing more and goes on when there is room`() async throws {
        let store = try await PathStore(folder.store)
        try await store.makeTargets(20)
        var paths = (1...20).map { SimulatedPath(target: $0, hops: 12) }
        let first = try await store.append(&paths, from: start, seconds: 10)
        try await store.write { (writer) throws(StoreError) in
            let pages = try writer.database.number("PRAGMA page_count") ?? 0
            _ = try writer.database.run("PRAGMA max_page_count=\(pages + 6)")
        }
        var taken: [Round] = []
        var refused = 0
        for second in 10..<120 {
            let rounds = paths.indices.map { paths[$0].round(at: start + .seconds(second)) }
            do throws(StoreError) {
                try await store.write { (writer) throws(StoreError) in
                    try writer.setState("last", to: [UInt8(second)])
                    try writer.append(rounds)
                }
                taken += rounds
            } catch {
                #expect(error.code == .full)
                refused += 1
            }
        }
        #expect(refused > 20)
        #expect(try await store.integrityCheck() == [])
        func read(_ target: Int64) async throws -> [Round] {
            try await store.read { (reader) throws(StoreError) in
                try reader.rounds(of: target, from: start, to: start + .seconds(3_600))
            }
        }
        #expect(try await read(3) == (first + taken).filter { $0.target == 3 })
        try await store.write { (writer) throws(StoreError) in
            _ = try writer.database.number("PRAGMA max_page_count=100000")
        }
        let rest = try await store.append(&paths, from: start + .seconds(120), seconds: 200)
        for target in Int64(1)...20 {
            #expect(try await read(target) == (first + taken + rest).filter { $0.target == target })
        }
    }

    /// Runs a tool to its end.
    private func run(_ tool: String, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    @Test func `on a full or read-only disk says so, and can be read`() async throws {
        guard geteuid() == 0 else { try Test.cancel("only root can make a small disk") }
        let disk = folder.path + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        try run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk)
        defer { try? run("umount", "-l", disk) }
        let path = disk + "/store.sqlite"
        let store = try await PathStore(path)
        try await store.makeTargets(20)
        var paths = (1...20).map { SimulatedPath(target: $0, hops: 12) }
        var kept: [Round] = []
        let full = await #expect(throws: StoreError.self) {
            for second in 0..<2_000 {
                kept += try await store.append(&paths, from: start + .seconds(second), seconds: 1)
            }
        }
        #expect(full?.code == .full)
        #expect(!kept.isEmpty)
        await store.close()
        try run("mount", "-o", "remount,ro", disk)
        #expect(await failure(path)?.code == .readOnly)
        #expect(await failure(disk + "/new")?.code == .readOnly)
        // A log that was left cannot be read where nothing can be written.
        try run("mount", "-o", "remount,rw,size=8m", disk)
        await (try PathStore(path)).close()
        try run("mount", "-o", "remount,ro", disk)
        let reader = try await PathStore(path, for: .reading)
        let rounds = try await reader.read { (reader) throws(StoreError) in
            try reader.rounds(of: 7, from: start, to: start + .seconds(3_600))
        }
        #expect(rounds == kept.filter { $0.target == 7 })
        await reader.close()
    }

    @Test func `may not be written by its user`() async throws {
        guard geteuid() != 0 else { try Test.cancel("root may write every file") }
        _ = try await filled()
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: folder.store)
        #expect(await failure(folder.store)?.code == .readOnly)
        #expect(await failure(folder.store, .reading) == nil)
    }
}
