import Foundation

/// The machine that the figures come from. Nothing about it is changed, so it belongs to them.
struct Environment: Sendable, Encodable {
    let cpu: String
    let cores: Int
    let swift: String
    /// The load averages over 1, 5 and 15 minutes when the run began.
    let load: String

    static func current() -> Environment {
        Environment(
            cpu: cpuModel() ?? "unknown", cores: ProcessInfo.processInfo.activeProcessorCount,
            swift: swiftVersion() ?? "unknown", load: loadAverages() ?? "unknown")
    }

    private static func cpuModel() -> String? {
        guard let info = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return nil }
        let line = info.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private static func loadAverages() -> String? {
        guard let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8) else { return nil }
        return text.split(separator: " ").prefix(3).joined(separator: " ")
    }

    /// The first line of `swift --version`: a program cannot tell what compiled it to the patch level.
    private static func swiftVersion() -> String? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["swift", "--version"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil, let data = try? output.fileHandleForReading.readToEnd() else {
            return nil
        }
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
}
