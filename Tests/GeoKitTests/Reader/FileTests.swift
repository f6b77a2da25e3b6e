import Foundation
import TraceCoreFuzzChecks
import GeoKit
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `Database files` {
    /// A folder of its own, which goes when the test ends.
    final class Folder {
        let url: URL

        init() throws {
            url = FileManager.default.temporaryDirectory.appending(path: "mmdb-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        func write(_ bytes: [UInt8], as name: String) throws -> String {
            let file = url.appending(path: name)
            try Data(bytes).write(to: file)
            return file.path
        }
    }

    static func database(_ text: String) -> [UInt8] { DatabaseBytes(record: Bytes.string(text)).bytes }

    static func text(_ database: MMDBDatabase) throws -> UntrustedText? {
        try database.lookup(IPAddress(192, 0, 2, 1)).record?.string(at: [])
    }

    @Test(arguments: [MMDBDatabase.Access.mapped, .loaded])
    func `a file is read, mapped or loaded`(access: MMDBDatabase.Access) throws {
        let folder = try Folder()
        let path = try folder.write(Self.database("one"), as: "one.mmdb")
        #expect(try Self.text(MMDBDatabase(contentsOf: path, access: access)) == "one")
    }

    @Test func `a loaded file survives being truncated, a mapped one being replaced`() throws {
        let folder = try Folder()
        let path = try folder.write(Self.database("one"), as: "one.mmdb")
        let loaded = try MMDBDatabase(contentsOf: path, access: .loaded)
        let mapped = try MMDBDatabase(contentsOf: path)
        let other = try folder.write(Self.database("two"), as: "two.mmdb")
        try #require(rename(other, path) == 0)
        #expect(try Self.text(mapped) == "one")
        try #require(truncate(path, 0) == 0)
        #expect(try Self.text(loaded) == "one")
    }

    @Test(arguments: [("missing.mmdb", "does not exist"), ("empty.mmdb", "is empty"), (".", "is a directory")])
    func `what cannot be opened is named with the reason`(name: String, words: String) throws {
        let folder = try Folder()
        _ = try folder.write([], as: "empty.mmdb")
        let path = folder.url.appending(path: name).path
        let error = #expect(throws: MMDBError.self) { try MMDBDatabase(contentsOf: path) }
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }

    @Test func `a device and a pipe are refused at once`() throws {
        let folder = try Folder()
        let pipe = folder.url.appending(path: "pipe").path
        try #require(mkfifo(pipe, 0o600) == 0)
        let error = #expect(throws: MMDBError.self) { try MMDBDatabase(contentsOf: pipe) }
        #expect(error?.message.contains("no regular file") == true)
        #expect(throws: MMDBError.self) { try MMDBDatabase(contentsOf: "/dev/null") }
    }

    @Test func `a handle takes the new file, and keeps the old one where the new one is broken`() throws {
        let folder = try Folder()
        let path = try folder.write(Self.database("one"), as: "one.mmdb")
        let handle = try MMDBHandle(path: path)
        #expect(try handle.reloadIfChanged() == false)
        let old = handle.database
        try #require(rename(try folder.write(Self.database("two"), as: "new"), path) == 0)
        #expect(try Self.text(handle.database) == "one")
        #expect(try handle.reloadIfChanged())
        #expect(try Self.text(handle.database) == "two")
        #expect(try Self.text(old) == "one")
        try #require(rename(try folder.write([1, 2, 3], as: "new"), path) == 0)
        #expect(throws: MMDBError.self) { try handle.reloadIfChanged() }
        #expect(try Self.text(handle.database) == "two")
    }

    @Test func `look-ups go on while a handle reloads`() async throws {
        let folder = try Folder()
        let path = try folder.write(Self.database("same"), as: "one.mmdb")
        let handle = try MMDBHandle(path: path, access: .loaded)
        let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                for _ in 0..<50 { try handle.reload() }
                return 0
            }
            for _ in 0..<2 { group.addTask { try Self.misses(of: handle) } }
            return try await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }

    private static func misses(of handle: MMDBHandle) throws -> Int {
        var misses = 0
        for _ in 0..<500 where try text(handle.database) != "same" { misses += 1 }
        return misses
    }
}
