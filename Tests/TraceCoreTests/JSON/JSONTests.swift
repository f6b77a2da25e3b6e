import Foundation
import Testing

@testable import TraceCore

@Suite struct `JSON that the library writes and reads itself` {
    private struct Sample: Codable, Hashable {
        var name = "a\"b\\c\u{1b}\u{202e}\u{2028}é漢\u{1F600}\n"
        var numbers = [0, -1, 2.5, 1e-7, 1e300, 123456789.25]
        var small: Int8 = -128
        var large = UInt64.max
        var least = Int64.min
        var nothing: Int?
        var nested = ["k": [true, false]]
        var inner = Inner()
        struct Inner: Codable, Hashable { var empty: [Int] = [] }
    }

    @Test(arguments: [JSON.Style.compact, .pretty])
    func `what it writes, it and Foundation read back alike`(_ style: JSON.Style) throws {
        let bytes = try JSON.encode(Sample(), style: style)
        #expect(try JSON.decode(Sample.self, from: bytes) == Sample())
        #expect(try JSONDecoder().decode(Sample.self, from: Data(bytes)) == Sample())
    }

    @Test func `what Foundation writes, it reads`() throws {
        let data = try JSONEncoder().encode(Sample())
        #expect(try JSON.decode(Sample.self, from: Array(data)) == Sample())
    }

    @Test func `nothing that it writes can move a terminal's cursor or hide`() throws {
        for value in UInt32(0)...0x3_0000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = try JSON.text(String(Character(scalar)))
            #expect(!text.unicodeScalars.contains { $0.isHazardous && $0 != "\n" })
            guard scalar.isHazardous || value % 97 == 0 else { continue }
            #expect(try JSON.decode(String.self, from: Array(text.utf8)) == String(Character(scalar)))
        }
    }

    @Test func `a document for people has a line for each value`() throws {
        struct Document: Encodable {
            let a = 1
            let list = [1.0, 2.5]
            let empty: [Int] = []
        }
        #expect(
            try JSON.text(Document(), style: .pretty)
                == "{\n  \"a\": 1,\n  \"list\": [\n    1,\n    2.5\n  ],\n  \"empty\": []\n}")
        #expect(try JSON.text(Document()) == #"{"a":1,"list":[1,2.5],"empty":[]}"#)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `a number that JSON has no form for is an error with its path`(_ number: Double) throws {
        let error = #expect(throws: EncodingError.self) { try JSON.encode(["values": [1, number]]) }
        guard case .invalidValue(_, let context) = error else { return }
        #expect(context.codingPath.map(\.stringValue) == ["values", "1"])
    }

    @Test(arguments: [
        ("", "line 1, column 1: expected a value, and the text ends"),
        ("{", "line 1, column 2: expected the name of a member in quotation marks"),
        ("{\"a\" 1}", "line 1, column 6: expected ':' behind the name of a member"),
        ("[1 2]", "line 1, column 4: expected ',' or ']' behind an element"),
        ("[1,]", "line 1, column 4: expected a value"),
        ("{\"a\":1,}", "line 1, column 8: expected the name of a member in quotation marks"),
        ("\n\n  nul", "line 3, column 3: expected null"),
        ("01", "line 1, column 1: a number does not begin with zeros"),
        ("-", "line 1, column 2: expected a digit"),
        ("1.", "line 1, column 3: expected a digit behind the point"),
        ("1e", "line 1, column 3: expected a digit in the exponent"),
        ("1e999", "line 1, column 1: the number is too large"),
        ("\"\\x\"", "line 1, column 2: no such escape"),
        ("\"\\ud800\"", "line 1, column 2: half of a surrogate pair stands alone"),
        ("\"\\u12g4\"", "line 1, column 6: expected four hexadecimal digits"),
        ("\"a\nb\"", "line 1, column 3: a control character in a text has to be escaped"),
        ("\"abc", "line 1, column 5: the text ends inside quotation marks"),
        ("1 2", "line 1, column 3: the document has ended, and something follows"),
    ]) func `what is not JSON gets a place and a reason`(_ text: String, _ expected: String) {
        let error = #expect(throws: JSON.Failure.self) { try JSON.Value(parsing: Array(text.utf8)) }
        #expect(error?.description == expected)
    }

    @Test func `bytes that are not UTF-8 are an error with their place`() {
        let error = #expect(throws: JSON.Failure.self) { try JSON.Value(parsing: [0x22, 0x61, 0xFF, 0x22]) }
        #expect(error?.offset == 2)
    }

    @Test func `a document that lies too deep is refused`() throws {
        let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        _ = try JSON.Value(parsing: Array(deep.utf8))
        #expect(throws: JSON.Failure.self) { try JSON.Value(parsing: Array(("[" + deep + "]").utf8)) }
        #expect(throws: JSON.Failure.self) { try JSON.Value(parsing: Array(repeating: 0x5B, count: 1_000_000)) }
    }

    @Test func `a good document cut anywhere is an error and never more`() throws {
        let bytes = try JSON.encode(Sample())
        for length in 0..<bytes.count {
            #expect(throws: JSON.Failure.self) { try JSON.Value(parsing: Array(bytes.prefix(length))) }
        }
    }

    @Test func `a wrong type is an error with its path`() throws {
        let error = #expect(throws: DecodingError.self) {
            try JSON.decode([String: [Int]].self, from: Array(#"{"a":[1,"x"]}"#.utf8))
        }
        guard case .typeMismatch(_, let context) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(context.codingPath.map(\.stringValue) == ["a", "1"])
        #expect(context.debugDescription == "expected a whole number and found a text")
    }

    @Test func `of members with the same name the last one counts`() throws {
        #expect(try JSON.decode([String: Int].self, from: Array(#"{"a":1,"a":2}"#.utf8)) == ["a": 2])
    }
}
