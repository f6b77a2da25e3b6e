import Foundation
import Testing

/// A program of the system that a test needs: a shell, a formatter of manual pages.
struct Tool {
    struct Result {
        let status: Int32
        let output: String
        let error: String
    }

    let path: String

    /// The program of that name, or the end of the test with the reason.
    init(_ name: String) throws {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let paths = folders.map { "\($0)/\(name)" }
        guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
            try Test.cancel("\(name) is not installed")
        }
        self.path = path
    }

    /// Runs the program to its end, with a text as its standard input.
    func run(_ arguments: [String], input: String = "") throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        // A file and not a pipe: nobody has to feed it while the output is read.
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (source, errors) = (try folder.file("input", input), try folder.file("errors", ""))
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardError = try FileHandle(forWritingTo: errors)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
            error: try String(contentsOf: errors, encoding: .utf8))
    }
}

/// A folder for the files of one test, which removes it at its end.
struct TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "TraceCoreCommandLine-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func remove() {
        try? FileManager.default.removeItem(at: url)
    }

    /// A file with that text.
    func file(_ name: String, _ text: String) throws -> URL {
        try file(name, bytes: Array(text.utf8))
    }

    /// A file with those bytes.
    func file(_ name: String, bytes: [UInt8]) throws -> URL {
        let file = url.appending(path: name)
        try Data(bytes).write(to: file)
        return file
    }
}
