import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

@Suite struct `Tokens` {
    private static let text = """
        # who may ask
        mirror: 0123456789abcdef

        fedcba9876543210   # nobody in particular
          two:\tAAAAAAAAAAAAAAAA+/=\r
        """

    private func name(_ values: String..., in text: String = Self.text) throws -> String? {
        var fields = HTTPFields()
        for value in values { fields.add("Authorization", value) }
        return try BearerTokens(Array(text.utf8)).name(for: fields)
    }

    @Test func `Who has a token has a name`() throws {
        #expect(try name("Bearer 0123456789abcdef") == "mirror")
        #expect(try name("bearer  fedcba9876543210") == "line 4")
        #expect(try name("BEARER AAAAAAAAAAAAAAAA+/=") == "two")
    }

    @Test(arguments: [
        "Bearer 0123456789abcdeg", "Bearer 0123456789abcde", "Bearer 0123456789abcdef0", "Bearer", "Bearer ", "",
        "Basic 0123456789abcdef", "0123456789abcdef", "Bearer 0123456789abcdef x", "Bearer mirror",
        "Bearer \(String(repeating: "a", count: 300))", "Bearer \(String(repeating: "\u{0}", count: 16))",
    ]) func `Whoever has none has no name`(value: String) throws {
        #expect(try name(value) == nil)
    }

    @Test(arguments: [
        ("Basic bWU6MDEyMzQ1Njc4OWFiY2RlZg==", "mirror"), ("basic OjAxMjM0NTY3ODlhYmNkZWY=", "mirror"),
        ("Basic bWU6MDEyMzQ1Njc4OWFiY2RlZw==", nil), ("Basic MDEyMzQ1Njc4OWFiY2RlZg==", nil), ("Basic !", nil),
    ]) func `A token is a password, where passwords are taken`(value: String, whose: String?) throws {
        let fields = HTTPFields(["Authorization": value])
        let tokens = try BearerTokens(Array(Self.text.utf8))
        #expect(tokens.name(for: fields, takesPasswords: true) == whose)
        #expect(tokens.name(for: fields) == nil)
    }

    @Test func `Two fields are nobody's, and no tokens are nobody's`() throws {
        #expect(try name("Bearer 0123456789abcdef", "Bearer 0123456789abcdef") == nil)
        #expect(try name() == nil)
        #expect(BearerTokens().name(for: HTTPFields(["Authorization": "Bearer 0123456789abcdef"])) == nil)
    }

    @Test(arguments: [
        ("mirror 0123456789abcdef", 1), ("\n\na: b: 0123456789abcdef", 3), ("short", 1),
        ("a: 0123456789abcde\u{e9}", 1),
        ("ok: 0123456789abcdef\nagain: 0123456789abcdef", 2), (": 0123456789abcdef", 1),
        ("a:0123456789abcdef", 1), ("x: \(String(repeating: "a", count: 300))", 1),
    ]) func `An error says which line is wrong, and nothing of what stands there`(text: String, line: Int) {
        let error = #expect(throws: ProbeError.self) { try BearerTokens(Array(text.utf8)) }
        #expect(error?.message.hasPrefix("\(line): ") == true)
        #expect(error?.description.contains("0123456789") == false)
        #expect(error?.description.contains("short") == false)
    }

    @Test func `A file that others may read is warned of, and one that is none is refused`() throws {
        let path = NSTemporaryDirectory() + "tokens-\(UInt64.random(in: 0...UInt64.max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: ProbeError.self) { try BearerTokens(contentsOf: path) }
        try Data(Self.text.utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o644)
        let open = try BearerTokens(contentsOf: path)
        #expect(open.count == 3 && open.warning?.contains("chmod o=") == true)
        chmod(path, 0o640)
        #expect(try BearerTokens(contentsOf: path).warning == nil)
        try Data("oops 1".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: ProbeError.self) { try BearerTokens(contentsOf: path) }
        #expect(error?.message.hasPrefix("\(path):1: ") == true)
    }
}
