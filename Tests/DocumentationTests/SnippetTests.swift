import Foundation
import Testing

@Suite struct `The snippets of the documentation` {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Every page that shows Swift to users.
    static let pages: [String] = {
        let documents = ["Documentation", "Sources"].flatMap { folder in
            let files = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
            return (files?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
        }
        return ["README.md"] + documents.sorted()
    }()

    @Test func `there are pages to look at`() {
        #expect(Self.pages.contains("README.md"))
        #expect(Self.pages.contains("Sources/TraceCore/TraceCore.docc/YourOwnProber.md"))
        #expect(Self.pages.contains("Sources/GeoKit/GeoKit.docc/Places.md"))
    }

    @Test(arguments: pages) func `stand in a file that compiles`(_ page: String) throws {
        let compiled = try lines(of: "Tests/DocumentationTests/Snippets.swift")
        for snippet in try snippets(in: page) {
            let isThere = compiled.indices.contains { start in
                compiled[start...].prefix(snippet.count).elementsEqual(snippet)
            }
            #expect(isThere, "\(page): not in Snippets.swift:\n\(snippet.joined(separator: "\n"))")
        }
    }

    @Test func `and the prober of one's own has one method in some ten lines`() throws {
        let first = try #require(snippets(in: "Sources/TraceCore/TraceCore.docc/YourOwnProber.md").first)
        #expect(first.count <= 10)
    }

    /// The Swift blocks of a page, each as its lines without indentation and without empty ones.
    private func snippets(in page: String) throws -> [[String]] {
        var snippets: [[String]] = []
        var current: [String]?
        for line in try String(contentsOf: Self.root.appendingPathComponent(page), encoding: .utf8)
            .components(separatedBy: "\n")
        {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text == "```swift" {
                current = []
            } else if text == "```", let snippet = current {
                snippets.append(snippet)
                current = nil
            } else if !text.isEmpty {
                current?.append(text)
            }
        }
        return snippets
    }

    private func lines(of file: String) throws -> [String] {
        try String(contentsOf: Self.root.appendingPathComponent(file), encoding: .utf8)
            .components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}
