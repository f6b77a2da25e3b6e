import Foundation

/// One of the programs, as a person starts it.
struct Program {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    let name: String
    private let start: [String]

    init(name: String) {
        self.name = name
        start = [Self.products.appendingPathComponent(name).path]
    }

    /// A line for the shell, where a program has to be started in a way that only a shell knows.
    init(shell line: String) {
        name = "sh"
        start = ["/bin/sh", "-c", line]
    }

    /// Where the program is.
    var path: String { start[0] }

    /// Where the build puts programs: beside the bundle of the tests.
    private static let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()

    func callAsFunction(_ arguments: String..., input: String = "") throws -> Result {
        try run(arguments, input: input)
    }

    /// Runs the program in an environment, or else in that of the tests, and waits for its end.
    func run(_ arguments: [String], input: String = "", environment: [String: String]? = nil) throws -> Result {
        let process = Process()
        process.environment = environment
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = start.dropFirst() + arguments
        let files = try ["in", "out", "err"].map { try Self.scratchFile(named: $0) }
        try Data(input.utf8).write(to: files[0])
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        defer { for file in files { try? FileManager.default.removeItem(at: file) } }
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOf: files[1], encoding: .utf8),
            errors: try String(contentsOf: files[2], encoding: .utf8))
    }

    /// Starts the program, sends it a signal once it has printed a text, and waits for its end.
    func run(_ arguments: [String], until sign: String, _ signal: Int32) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = start.dropFirst() + arguments
        let (output, errors) = (Pipe(), try Self.scratchFile(named: "err"))
        defer { try? FileManager.default.removeItem(at: errors) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        var printed = Data()
        while !String(decoding: printed, as: UTF8.self).contains(sign) {
            let more = output.fileHandleForReading.availableData
            // It has ended by itself, which its status tells.
            if more.isEmpty { break }
            printed += more
        }
        kill(process.processIdentifier, signal)
        printed += output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }

    /// A file with the text, for as long as the test's process lives.
    static func file(_ text: String) throws -> String {
        let url = try scratchFile(named: "input")
        try Data(text.utf8).write(to: url)
        return url.path
    }

    private static func scratchFile(named name: String) throws -> URL {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("tracecore-\(UUID().uuidString)-\(name)")
        try Data().write(to: url)
        return url
    }
}
