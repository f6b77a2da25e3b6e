import Foundation
import GeoKit
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `Files of the writer` {
    /// A directory of a test's own, which goes with it.
    private final class Room {
        let path = NSTemporaryDirectory() + "geokit-writer-" + UUID().uuidString

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }

        func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path + "/" + name))) }
    }

    private func writer(_ text: String = "x") throws -> MMDBWriter {
        var writer = MMDBWriter(MMDBWriter.Options(databaseType: "Test", buildDate: .epoch))
        for index in 0..<500 {
            try writer.insert(.texts(["t": "\(text) \(index)"]), for: IPNetwork(IPAddress(v4: UInt32(index * 7919))))
        }
        return writer
    }

    @Test func `a file has the bytes that the writer gives, and nothing is beside it`() throws {
        let room = try Room()
        let writer = try writer()
        try writer.write(to: room.path + "/a.mmdb")
        #expect(try room.bytes("a.mmdb") == writer.encoded())
        #expect(room.names == ["a.mmdb"])
    }

    @Test func `a file takes the place of another, which stays open to who reads it`() throws {
        let room = try Room()
        let (old, new) = (try writer("old"), try writer("new"))
        try old.write(to: room.path + "/a.mmdb")
        let reader = try #require(FileHandle(forReadingAtPath: room.path + "/a.mmdb"))
        try new.write(to: room.path + "/a.mmdb")
        #expect(try room.bytes("a.mmdb") == new.encoded())
        #expect(Array(reader.readDataToEndOfFile()) == (try old.encoded()))
        #expect(room.names == ["a.mmdb"])
    }

    @Test func `a symbolic link is followed`() throws {
        let room = try Room()
        try writer("old").write(to: room.path + "/a.mmdb")
        try FileManager.default.createSymbolicLink(atPath: room.path + "/link", withDestinationPath: "a.mmdb")
        let new = try writer("new")
        try new.write(to: room.path + "/link")
        #expect(try room.bytes("a.mmdb") == new.encoded())
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: room.path + "/link") == "a.mmdb")
    }

    @Test(arguments: ["", "missing/a.mmdb", ".", "dangling", "a.mmdb/b", "\0"])
    func `where no file can be, the error says so and nothing is left`(name: String) throws {
        let room = try Room()
        try FileManager.default.createSymbolicLink(atPath: room.path + "/dangling", withDestinationPath: "nowhere")
        try writer("old").write(to: room.path + "/a.mmdb")
        let writer = try writer()
        let path = name.isEmpty ? "" : room.path + "/" + name
        let error = refusal { () throws(MMDBError) in try writer.write(to: path) }
        #expect(error?.code == .unwritable)
        #expect(error?.message.contains("could not be written") == true)
        #expect(room.names == ["a.mmdb", "dangling"])
    }

    @Test func `a device is not replaced`() throws {
        let writer = try writer()
        let error = refusal { () throws(MMDBError) in try writer.write(to: "/dev/null") }
        #expect(error?.message.contains("not a regular file") == true)
    }

    @Test(arguments: [true, false])
    func `a file that is given up leaves what was there`(isThere: Bool) throws {
        let room = try Room()
        let old = try writer("old")
        if isThere { try old.write(to: room.path + "/a.mmdb") }
        do {
            let file = try FileWriter(path: room.path + "/a.mmdb")
            try file.write([1, 2, 3].span)
            #expect(room.names.count == (isThere ? 2 : 1))
        }
        #expect(room.names == (isThere ? ["a.mmdb"] : []))
        if isThere { #expect(try room.bytes("a.mmdb") == old.encoded()) }
    }

    @Test func `the mode is what the umask leaves`() throws {
        let room = try Room()
        _ = FileManager.default.createFile(atPath: room.path + "/other", contents: nil)
        try writer().write(to: room.path + "/a.mmdb")
        func mode(_ name: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: room.path + "/" + name)[.posixPermissions] as? Int
        }
        #expect(try mode("a.mmdb") == mode("other"))
    }

    static let deep = (0..<512).reduce(MMDBValue.uint32(1)) { value, _ in .array([value]) }

    /// By name: the values themselves would take minutes to print.
    enum Misfit: String, CaseIterable {
        case tooDeep = "512 levels deep"
        case twice = #"key "a" twice"#
        case text = #""a\x{ff}" is not UTF-8"#
        case key = "not UTF-8"
        case tooLong = "16843037 bytes"

        var value: MMDBValue {
            switch self {
            case .tooDeep: (0..<513).reduce(.uint32(1)) { value, _ in .array([value]) }
            case .twice: .map([.init("a", .uint32(1)), .init("a", .uint32(2))])
            case .text: .string(UntrustedText(decoding: [0x61, 0xFF]))
            case .key: .map([.init(UntrustedText(decoding: [0xC3]), .uint32(1))])
            case .tooLong: .bytes([UInt8](repeating: 0, count: 65_821 + 0x100_0000))
            }
        }
    }

    @Test(arguments: Misfit.allCases)
    func `what the format cannot hold is refused, and the writer goes on`(misfit: Misfit) throws {
        var writer = try writer()
        let before = try writer.encoded()
        let error = refusal { () throws(MMDBError) in
            try writer.insert(.array([.string("new"), misfit.value]), for: network("10.0.0.0/8"))
        }
        #expect(error?.code == .unwritable)
        #expect(error?.message.contains(misfit.rawValue) == true)
        #expect(try writer.encoded() == before)
        try writer.insert(.array([.string("new"), .uint32(1)]), for: network("10.0.0.0/8"))
        let found = try PlainReader(try writer.encoded()).value(address("10.0.0.1"))
        #expect(found == .array([.string("new"), .uint32(1)]))
    }

    @Test func `as deep as readers go is written`() throws {
        var writer = MMDBWriter(MMDBWriter.Options(databaseType: "Test"))
        try writer.insert(Self.deep, for: network("10.0.0.0/8"))
        #expect(try PlainReader(try writer.encoded()).value(address("10.0.0.1")) == Self.deep)
    }
}
