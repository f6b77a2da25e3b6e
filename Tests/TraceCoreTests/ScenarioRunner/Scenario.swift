import Foundation
import Testing
import TraceCore

/// A small file: a topology, the runs over it, and what each has to show.
///
/// ```
/// # One line that says what this is about.
/// run trace udp to server queries=2
///   end reached
///   hop 2 from 192.0.2.2
/// topology
/// vantage here 192.0.2.100
/// …
/// ```
struct Scenario: Sendable, CustomTestStringConvertible {
    struct Run: Sendable {
        let line: Int
        let verb: String
        let method: String
        let target: String
        let settings: [String: String]
        var expectations: [Expectation] = []
    }

    struct Expectation: Sendable {
        let line: Int
        let words: [String]
    }

    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    let name: String
    let runs: [Run]
    let topology: String

    var testDescription: String { name }

    /// Where the scenario files lie.
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Scenarios")

    /// The names of all scenario files.
    static let all: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".scenario") }.sorted()
    }()

    init(file: String) throws {
        try self.init(name: file, text: String(contentsOf: Self.folder.appendingPathComponent(file), encoding: .utf8))
    }

    init(name: String, text: String) throws {
        var runs: [Run] = []
        var topology: [Substring] = []
        var isTopology = false
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            // Lines of the topology keep their numbers, so that its errors point into this file.
            topology.append(isTopology ? line : "")
            let words = line.split(separator: " ").map(String.init)
            guard !isTopology, let first = words.first, !first.hasPrefix("#") else { continue }
            if words == ["topology"] {
                isTopology = true
            } else if first == "run" {
                runs.append(try Self.run(words, line: index + 1, name: name))
            } else if runs.isEmpty {
                throw Mistake(description: "\(name):\(index + 1): an expectation before the first run")
            } else {
                runs[runs.count - 1].expectations.append(Expectation(line: index + 1, words: words))
            }
        }
        guard isTopology, !runs.isEmpty, runs.allSatisfy({ !$0.expectations.isEmpty }) else {
            throw Mistake(description: "\(name): needs a run, expectations for each run, and a topology")
        }
        self.name = name
        self.runs = runs
        self.topology = topology.joined(separator: "\n")
    }

    private static func run(_ words: [String], line: Int, name: String) throws -> Run {
        guard words.count >= 5, words[3] == "to" else {
            throw Mistake(description: "\(name):\(line): expected: run VERB METHOD to TARGET [key=value …]")
        }
        var settings: [String: String] = [:]
        for word in words.dropFirst(5) {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Mistake(description: "\(name):\(line): not key=value: \(word)") }
            settings[parts[0]] = parts[1]
        }
        return Run(line: line, verb: words[1], method: words[2], target: words[4], settings: settings)
    }
}
