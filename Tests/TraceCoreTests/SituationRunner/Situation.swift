import Foundation
import TraceCore

/// A small file: something that happens to a watched path, and the changes that have to be told of it, and no others.
///
/// ```
/// # One line that says what this is about.
/// run monitor icmp to server rounds=120
///   routers hop 2 at 60s
/// topology
/// vantage here 192.0.2.100
/// …
/// ```
///
/// What is harmless has the word `nothing` in place of changes.
struct Situation: Sendable {
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    /// A change that is told of, with the hop and the time at which it happens in the topology.
    struct Expected: Sendable, CustomStringConvertible {
        let kind: ChangeReport.Change.Kind
        let hop: Int?
        let at: Duration
        /// How long it may take until chance shows it first, or nil for one round.
        let within: Duration?
        let description: String
    }

    let name: String
    let verb: String
    let method: String
    let target: String
    private let settings: [String: String]
    let expected: [Expected]
    let topology: String

    /// Where the files lie.
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Situations")

    /// The names of all files.
    static let all: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".situation") }.sorted()
    }()

    var isHarmless: Bool { expected.isEmpty }

    init(file: String) throws {
        let text = try String(contentsOf: Self.folder.appendingPathComponent(file), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let border = lines.firstIndex(of: "topology") else { throw Mistake(description: "\(file): no topology") }
        var run: [String]?
        var expected: [Expected] = []
        var isHarmless = false
        for (index, line) in lines[..<border].enumerated() {
            let words = line.split(separator: " ").map(String.init)
            let place = "\(file):\(index + 1)"
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            if first == "run", run == nil {
                run = words
            } else if words == ["nothing"] {
                isHarmless = true
            } else {
                expected.append(try Self.change(words, place))
            }
        }
        guard let run, run.count >= 5, run[3] == "to", isHarmless == expected.isEmpty else {
            throw Mistake(description: "\(file): needs one run VERB METHOD to TARGET, and its changes or \"nothing\"")
        }
        name = file
        (verb, method, target) = (run[1], run[2], run[4])
        settings = Dictionary(
            run.dropFirst(5).map { word in
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                return (parts[0], parts.count == 2 ? parts[1] : "")
            }, uniquingKeysWith: { $1 })
        let known: Set = ["rounds", "interval", "timeout", "limit", "runs", "every", "queries", "identity"]
        if let unknown = settings.keys.first(where: { !known.contains($0) }) {
            throw Mistake(description: "\(file): no such setting: \(unknown)")
        }
        self.expected = expected
        // Lines of the topology keep their numbers, so that its errors point into the file.
        topology = String(repeating: "\n", count: border + 1) + lines[(border + 1)...].joined(separator: "\n")
    }

    private static func change(_ words: [String], _ place: String) throws -> Expected {
        guard let kind = words.first.flatMap({ ChangeReport.Change.Kind(rawValue: $0) }) else {
            throw Mistake(description: "\(place): no such change: \(words.joined(separator: " "))")
        }
        let hop = words.firstIndex(of: "hop").flatMap { Int(words[$0 + 1]) }
        guard let at = words.firstIndex(of: "at"), at + 1 < words.count else {
            throw Mistake(description: "\(place): a change needs its time")
        }
        let within = words.firstIndex(of: "within").map { words[$0 + 1] }
        return Expected(
            kind: kind, hop: hop, at: try duration(words[at + 1], place),
            within: try within.map { try duration($0, place) }, description: words.joined(separator: " "))
    }

    static func duration(_ text: String, _ place: String) throws -> Duration {
        for (suffix, milliseconds) in [("ms", 1.0), ("s", 1000.0)] where text.hasSuffix(suffix) {
            if let value = Double(text.dropLast(suffix.count)), let time = Duration(milliseconds: value * milliseconds)
            {
                return time
            }
        }
        throw Mistake(description: "\(place): not a duration: \(text)")
    }

    func integer(_ key: String) throws -> Int? {
        guard let text = settings[key] else { return nil }
        guard let value = Int(text) else { throw Mistake(description: "\(name): not a number: \(text)") }
        return value
    }

    func duration(_ key: String) throws -> Duration? { try settings[key].map { try Self.duration($0, name) } }

    func text(_ key: String) -> String? { settings[key] }
}
