import Foundation
import Testing

/// Wrong and hostile command lines, each with what comes of it, in the file beside this one.
@Suite(.onItsOwnThread) struct `Wrong calls` {
    struct Call: CustomTestStringConvertible {
        let line: String
        let exitCode: Int32
        let part: String

        var testDescription: String { line }
    }

    /// A line has the exit code, a part of what is said on standard error, and the call; with a tab between.
    static let calls: [Call] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("WrongCalls.txt")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: "\t", maxSplits: 2).map(String.init)
            return Call(line: parts[2], exitCode: Int32(parts[0]) ?? -1, part: parts[1])
        }
    }()

    @Test func `are many`() { #expect(Self.calls.count >= 200) }

    @Test(arguments: calls) func `are told what is wrong`(_ call: Call) throws {
        let words = Self.words(of: call.line)
        let result = try Program(name: words[0]).run(Array(words.dropFirst()))
        #expect(result.status == call.exitCode, "\(result.errors)")
        #expect(result.errors.contains(call.part), "\(result.errors)")
        #expect(result.errors.hasPrefix(words[0]), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count <= 3, "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    /// The words of a line; quotes keep an empty one, or one with a space.
    private static func words(of line: String) -> [String] {
        var words: [String] = []
        for (index, part) in line.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                words.append(String(part))
            } else {
                words += part.split(separator: " ").map(String.init)
            }
        }
        return words
    }
}
