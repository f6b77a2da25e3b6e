import Foundation
import Testing

/// What must be true of the sources of the libraries, whatever they do.
@Suite struct `The house` {
    @Test(arguments: House.all) func `lets a room use what is below it, and nothing above`(_ house: House) throws {
        let files = try house.files()
        #expect(files.count > 10)
        expectNone(house.floors.violations(in: files, pureRooms: house.pureRooms, system: house.systemRoom))
    }

    @Test(arguments: House.all) func `imports the C library in one room, and Foundation in none`(_ house: House) throws
    {
        expectNone(
            try house.files().flatMap { file in
                file.imports.compactMap { line in
                    let place = "\(file.path):\(line.line)"
                    if line.name.hasPrefix("Foundation") { return "\(place): a library imports \(line.name)" }
                    if house.pureRooms.contains(file.room) {
                        return "\(place): the pure room \(file.room) imports \(line.name)"
                    }
                    let isC = ["Glibc", "Musl", "Darwin", "Android", "CTraceCoreSystem"].contains(line.name)
                    if isC, file.room != house.systemRoom { return "\(place): \(line.name) is for System alone" }
                    return nil
                }
            })
    }

    @Test(arguments: House.all) func `says why where it leaves the safe language`(_ house: House) throws {
        expectNone(try house.files().flatMap { UnsafeWords.withoutReason(in: $0) })
    }

    @Test(arguments: House.all) func `has few public types`(_ house: House) throws {
        let count = try publicTypes(of: house).count
        #expect(count <= house.publicTypeLimit, "\(house.name) has \(count) public types")
    }

    @Test(arguments: House.all) func `lists every public type in its documentation`(_ house: House) throws {
        let listed = Set(
            try house.documentation().filter { $0.hasPrefix("- ``") }
                .map { String($0.dropFirst(4).prefix { $0 != "`" }) })
        expectNone(
            try publicTypes(of: house).filter { !listed.contains($0) }.sorted()
                .map { "\(house.name).docc lists no ``\($0)``" })
    }

    @Test func `has its version in one place`() throws {
        let place = "Sources/Examples/CommandLineKit/Release.swift"
        let text = try String(contentsOf: House.root.appending(path: place), encoding: .utf8)
        let version = try #require(text.firstMatch(of: /static let version = "(\d+\.\d+\.\d+)"/)).1
        let paths = House.paths(in: House.root.appending(path: "Sources"), ending: ".swift").map { "Sources/\($0)" }
        let others = try paths.filter { path in
            if path == place { return false }
            return try String(contentsOf: House.root.appending(path: path), encoding: .utf8).contains("\"\(version)\"")
        }
        expectNone(others.map { "\($0) says \(version) itself" })
    }

    @Test(arguments: ["Package.swift", "Benchmarks/Package.swift", "Tests/Fuzz/Package.swift"])
    func `depends on no other package`(_ manifest: String) throws {
        let text = try String(contentsOf: House.root.appending(path: manifest), encoding: .utf8)
        let tokens = SwiftTokens(text).tokens.map(\.text)
        #expect(tokens.contains("Package"))
        let others = tokens.indices.dropLast(3).filter {
            Array(tokens[$0..<$0 + 3]) == [".", "package", "("] && ["url", "id"].contains(tokens[$0 + 3])
        }
        #expect(others.isEmpty)
    }

    private func publicTypes(of house: House) throws -> Set<String> {
        Set(try house.files().flatMap(\.types).filter(\.isPublic).map(\.name))
    }

    private func expectNone(_ violations: [String], at location: SourceLocation = #_sourceLocation) {
        #expect(
            violations.isEmpty, "\(violations.count):\n\(violations.joined(separator: "\n"))", sourceLocation: location)
    }
}

/// Words that promise what the compiler cannot see.
enum UnsafeWords {
    /// Where a file has one without a comment in the line above.
    static func withoutReason(in file: SourceFile) -> [String] {
        let tokens = file.source.tokens
        let forms = [["fatalError"], ["try", "!"], ["nonisolated", "(", "unsafe"], ["@", "unchecked", "Sendable"]]
        return tokens.indices.compactMap { index in
            // `try !isEmpty` is something else.
            let form = forms.first { form in
                let found = tokens[index...].prefix(form.count)
                return found.map(\.text) == form
                    && found.dropFirst().allSatisfy { $0.isAttached || $0.text == "Sendable" }
            }
            guard let form, !file.source.commentLines.contains(tokens[index].line - 1) else { return nil }
            return "\(file.path):\(tokens[index].line): \(form.joined()) without a comment above that says why"
        }
    }
}
