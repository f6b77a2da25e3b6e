import TraceCoreCommandLine
import Foundation
import Glibc
import Testing
import TraceCore

@Suite struct OutputTests {
    /// Notes how an output ended.
    private final class Endings: Sendable {
        let all = Lock<[Output.Ending]>([])
        func add(_ ending: Output.Ending) { all.withLock { $0.append(ending) } }
        var list: [Output.Ending] { all.withLock { $0 } }
    }

    @Test func `lines wait for the buffer in a file and not where a person looks on`() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        for (byLine, early) in [(true, "one\n"), (false, "")] {
            let file = try folder.file("out", "")
            let handle = try FileHandle(forWritingTo: file)
            let output = Output(descriptor: handle.fileDescriptor, isFlushedByLine: byLine) { _ in }
            output.print("one")
            #expect(try String(contentsOf: file, encoding: .utf8) == early)
            output.write("half")
            #expect(try String(contentsOf: file, encoding: .utf8) == early)
            output.flush()
            #expect(try String(contentsOf: file, encoding: .utf8) == "one\nhalf")
        }
    }

    @Test func `a large text arrives whole through a pipe that takes it in parts`() async throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        // Non-blocking, so that the writer meets a full pipe and has to wait for room.
        try #require(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        let text = String(repeating: "0123456789abcde\n", count: 100_000)
        let reader = Thread.reading(pipe.fileHandleForReading)
        let endings = Endings()
        let output = Output(descriptor: descriptor) { endings.add($0) }
        output.write(text)
        output.flush()
        try pipe.fileHandleForWriting.close()
        #expect(await reader.value == Data(text.utf8))
        #expect(endings.list == [])
    }

    @Test func `a reader that leaves ends the output once and quietly`() throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let endings = Endings()
        let output = Output(descriptor: pipe.fileHandleForWriting.fileDescriptor, isFlushedByLine: true) {
            endings.add($0)
        }
        output.print("one")
        output.print("two")
        output.flush()
        #expect(endings.list == [.closed])
    }

    @Test func `a full disk is no quiet end`() throws {
        let handle = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let endings = Endings()
        let output = Output(descriptor: handle.fileDescriptor) { endings.add($0) }
        output.print("one")
        #expect(endings.list == [])
        output.flush()
        #expect(endings.list == [.failed("No space left on device")])
    }

    @Test func `texts of several tasks do not mix`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = try folder.file("out", "")
        let handle = try FileHandle(forWritingTo: file)
        let output = Output(descriptor: handle.fileDescriptor) { _ in }
        await withTaskGroup(of: Void.self) { group in
            for letter in ["a", "b", "c", "d"] {
                group.addTask {
                    for _ in 0..<2_000 { output.print(String(repeating: letter, count: 40)) }
                }
            }
        }
        output.flush()
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 8_000)
        #expect(lines.allSatisfy { $0.count == 40 && Set($0).count == 1 })
    }

    @Test func `standard output is written out when the program ends`() async {
        let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            Output.standard.print("the last line")
            exit(0)
        }
        let text = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        #expect(text.contains("the last line\n"))
    }

    @Test func `a program whose standard output is closed ends with success`() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let pipe = Pipe()
            try pipe.fileHandleForReading.close()
            dup2(pipe.fileHandleForWriting.fileDescriptor, STDOUT_FILENO)
            Output.standard.print("nobody reads this")
            Output.standard.flush()
            exit(7)
        }
    }

    @Test func `a program whose results cannot be written says so and fails`() async {
        let result = await #expect(processExitsWith: .exitCode(2), observing: [\.standardErrorContent]) {
            dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO)
            Output.standard.print("a result")
            exit(0)
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("cannot write to standard output: No space left on device\n"))
    }
}

extension Thread {
    /// What a handle gives until its end, read on a thread of its own.
    fileprivate static func reading(_ handle: FileHandle) -> Task<Data, Never> {
        let (stream, continuation) = AsyncStream.makeStream(of: Data.self)
        Thread.detachNewThread {
            continuation.yield((try? handle.readToEnd()) ?? Data())
            continuation.finish()
        }
        return Task {
            for await data in stream { return data }
            return Data()
        }
    }
}
