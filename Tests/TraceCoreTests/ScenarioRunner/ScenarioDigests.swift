import Foundation
import Testing

@testable import TraceCore

/// What the runs of the scenarios told when they were last looked at, as a number for each run.
///
/// A change of the engine that should change no event changes no number. Where one should, look at what differs, and then
/// write the file anew: `TRACECORE_DIGESTS=FILE swift test --filter ScenarioTests`, sorted into `Scenarios/Events.txt`.
enum ScenarioDigests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Scenarios/Events.txt")

    private static let known: [String: String] = {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [:] }
        let lines = text.split(separator: "\n").compactMap { (line: Substring) -> (String, String)? in
            line.lastIndex(of: "=").map { (String(line[..<$0]), String(line[line.index(after: $0)...])) }
        }
        return Dictionary(uniqueKeysWithValues: lines)
    }()

    static func compare(_ events: [ProbeEvent], of run: String) throws {
        let writer = JSON.Lines()
        for event in events { try writer.write(event) }
        // Without the schema version: it also rises when only reports change.
        let lines = String(decoding: writer.bytes, as: UTF8.self)
            .replacing("\"schemaVersion\":\(SchemaVersion.current),", with: "\"schemaVersion\":1,")
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in lines.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let value = "\(events.count):\(String(digest, radix: 16))"
        if let path = ProcessInfo.processInfo.environment["TRACECORE_DIGESTS"] {
            let line = Array("\(run)=\(value)\n".utf8)
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
            defer { close(descriptor) }
            try #require(write(descriptor, line, line.count) == line.count)
        } else {
            #expect(known[run] == value, "the events of \(run) differ from those of Events.txt")
        }
    }
}
