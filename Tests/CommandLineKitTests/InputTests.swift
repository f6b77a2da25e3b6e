import TraceCoreCommandLine
import Foundation
import Glibc
import Testing

@Suite struct InputTests {
    @Test(arguments: [
        ("", []), ("one", ["one"]), ("one\n", ["one"]), ("one\n\ntwo", ["one", "", "two"]),
        ("one\r\ntwo\r\n", ["one", "two"]), ("\u{FEFF}one\n\u{FEFF}two\n", ["one", "\u{FEFF}two"]),
        ("grün\n", ["grün"]),
    ])
    func `lines come without their ends`(text: String, lines: [String]) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = try folder.file("in", text)
        #expect(try Input(file.path()).lines() == lines)
        #expect(try Input(file.path()).bytes() == Array(text.utf8))
    }

    @Test func `a line may be longer than what is read at once`() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let long = String(repeating: "x", count: 200_000)
        let file = try folder.file("in", "\(long)\n\(long)")
        #expect(try Input(file.path()).lines() == [long, long])
    }

    @Test func `a dash is standard input`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            let pipe = Pipe()
            dup2(pipe.fileHandleForReading.fileDescriptor, STDIN_FILENO)
            try pipe.fileHandleForWriting.write(contentsOf: Data("a\nb\n".utf8))
            try pipe.fileHandleForWriting.close()
            let lines = try Input("-").lines()
            exit(lines == ["a", "b"] ? 42 : 1)
        }
    }

    @Test func `a line is handed over before the next one is written`() throws {
        let pipe = Pipe()
        let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
        try pipe.fileHandleForWriting.write(contentsOf: Data("first\n".utf8))
        var lines: [String] = []
        try Input(path).eachLine { line throws(InputError) in
            lines.append(line)
            guard lines.count < 3 else { return }
            try? pipe.fileHandleForWriting.write(contentsOf: Data("more\n".utf8))
            if lines.count == 2 { try? pipe.fileHandleForWriting.close() }
        }
        #expect(lines == ["first", "more", "more"])
    }

    @Test func `an error says which file and why and what to do`() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let missing = folder.url.path() + "missing"
        #expect(throws: InputError.self) { try Input(missing).bytes() }
        let error = #expect(throws: InputError.self) { _ = try Input(missing).lines() }
        #expect(
            error?.description
                == "cannot read \"\(missing)\": there is no such file; check the spelling, or give - to read standard input"
        )
        let isFolder = #expect(throws: InputError.self) { _ = try Input(folder.url.path()).bytes() }
        #expect(isFolder?.reason == "it is a folder")
    }

    @Test func `an error names the line that is no text`() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = try folder.file("in", bytes: [0x61, 0x0A, 0xFF, 0x0A])
        let error = #expect(throws: InputError.self) { _ = try Input(file.path()).lines() }
        #expect(error?.reason == "line 2 is not UTF-8 text")
    }

    @Test func `what is larger than the limit is refused`() throws {
        let input = Input("/dev/zero", limit: 100_000)
        let error = #expect(throws: InputError.self) { _ = try input.bytes() }
        #expect(error?.reason == "it is larger than 100000 bytes")
        #expect(throws: InputError.self) { try input.lines() }
    }
}
