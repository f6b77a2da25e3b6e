import Foundation
import Testing
import TraceCore

/// Runs tools of this machine in a network of their own, behind which a simulated internet lies.
///
/// It needs root and a TUN device; a test that asks for it elsewhere is cancelled with the reason.
struct Laboratory {
    /// What came out of a command.
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
        /// What `simnet` wrote down about each packet.
        let packets: [SimulatedLink.Record]

        var lines: [Substring] { output.split(separator: "\n") }
    }

    /// Where the build puts programs: beside the bundle of the tests.
    static let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()

    private let topology: String

    /// A laboratory with a topology, for a test that needs tools which may not be installed.
    init(_ topology: String, needing tools: String...) throws {
        self.topology = topology
        try Self.check(needing: tools)
    }

    /// Cancels the test, with the reason, where there can be no laboratory.
    static func check(needing tools: String...) throws { try check(needing: tools) }

    private static func check(needing tools: [String]) throws {
        if let reason = obstacle { try Test.cancel("\(reason)") }
        for tool in tools where !isInstalled(tool) { try Test.cancel("\(tool) is not installed") }
    }

    /// Runs a command with the given options of `simnet`, and waits for its end.
    func run(_ options: [String] = [], _ command: String...) throws -> Outcome {
        let run = try Run(topology, options, command)
        defer { run.removeFiles() }
        return try run.outcome()
    }

    /// Starts a command, and hands it to the body as soon as its output contains a text.
    func run(
        _ options: [String] = [], _ command: String..., until text: String, _ body: (Process) -> Void
    ) throws -> Outcome {
        let run = try Run(topology, options, command)
        defer { run.removeFiles() }
        try run.waitForOutput(containing: text)
        body(run.process)
        return try run.outcome()
    }

    // MARK: - Where it can be

    /// Why there can be no laboratory here, or nil. It does not ask `simnet`, whose failure is one.
    private static let obstacle: String? = {
        guard geteuid() == 0 else { return "it needs root" }
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let capabilities = line.flatMap { UInt64($0.dropFirst(7).drop(while: \.isWhitespace), radix: 16) } ?? 0
        // CAP_NET_ADMIN and CAP_SYS_ADMIN of <linux/capability.h>.
        guard capabilities & 1 << 12 != 0, capabilities & 1 << 21 != 0 else {
            return "it needs the capabilities CAP_NET_ADMIN and CAP_SYS_ADMIN"
        }
        let device = open("/dev/net/tun", O_RDWR)
        guard device >= 0 else { return "it needs /dev/net/tun" }
        close(device)
        return nil
    }()

    private static func isInstalled(_ tool: String) -> Bool {
        path.split(separator: ":").contains { access("\($0)/\(tool)", X_OK) == 0 }
    }

    /// Where tools are looked for; the path of a user who became root has no folders for root's tools everywhere.
    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
}

/// One run of `simnet` with a command.
private final class Run {
    let process = Process()
    private let output = Pipe()
    private let folder: URL
    private var collected = Data()

    init(_ topology: String, _ options: [String], _ command: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("laboratory-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("topology")
        try Data(topology.utf8).write(to: file)
        // A file and not a second pipe, which nobody would read while the first is.
        let errors = folder.appendingPathComponent("errors")
        try Data().write(to: errors)
        process.executableURL = Laboratory.products.appendingPathComponent("simnet")
        process.arguments =
            [file.path, "--log", folder.appendingPathComponent("log").path] + options + ["--"] + command
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = Laboratory.path
        environment["LC_ALL"] = "C"
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
    }

    func waitForOutput(containing text: String) throws {
        while !String(decoding: collected, as: UTF8.self).contains(text) {
            let piece = output.fileHandleForReading.availableData
            try #require(!piece.isEmpty, "the output ended without \(text)")
            collected += piece
        }
    }

    func outcome() throws -> Laboratory.Outcome {
        collected += try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let log = try String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)
        let lines = log.split(separator: "\n")
        #expect(lines.first.map(String.init) == SimulatedLink.Record.csvHeader)
        return Laboratory.Outcome(
            status: process.terminationStatus, output: String(decoding: collected, as: UTF8.self),
            errors: try String(contentsOf: folder.appendingPathComponent("errors"), encoding: .utf8),
            packets: try lines.dropFirst().map { try #require(SimulatedLink.Record(csv: $0)) })
    }

    func removeFiles() { try? FileManager.default.removeItem(at: folder) }
}
