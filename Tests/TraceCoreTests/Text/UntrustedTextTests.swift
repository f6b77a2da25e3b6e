import Foundation
import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct UntrustedTextTests {
    @Test(arguments: [
        ("ae1.fra4.example.net", "ae1.fra4.example.net"), ("a\u{1b}[2Jb", #"a\u{1b}[2Jb"#),
        ("a\\b", #"a\\b"#),
        ("\u{202e}cod", #"\u{202e}cod"#), ("a\u{200b}b", #"a\u{200b}b"#), ("a\u{9b}b", #"a\u{9b}b"#),
        ("\r\n", #"\u{d}\u{a}"#), ("\u{feff}x", #"\u{feff}x"#), ("a\u{2028}", #"a\u{2028}"#),
        ("\u{e0041}", #"\u{e0041}"#), ("a\u{a0}b", #"a\u{a0}b"#), ("\u{3164}", #"\u{3164}"#),
        ("zürich.例え", "zürich.例え"), ("\u{e000}", #"\u{e000}"#), ("\u{10ffff}", #"\u{10ffff}"#),
        ("\u{301}a", #"\u{301}a"#), ("e\u{301}", "e\u{301}"), ("\u{7f}", #"\u{7f}"#), ("", ""),
    ])
    func `hazardous characters are shown escaped`(raw: String, shown: String) {
        let text = UntrustedText(raw)
        #expect(text.description == shown)
        #expect("\(text)" == shown)
        #expect(text.escaped == shown)
        #expect(text.raw == raw)
    }

    /// Strings made of what does harm, among ordinary characters.
    static func hostileString(using random: inout SeededGenerator) -> String {
        let nasty: [ClosedRange<UInt32>] = [
            0...0x1F, 0x7F...0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F,
            0xFEFF...0xFEFF,
            0xFFF0...0xFFFF, 0xE0000...0xE01FF, 0x10FF00...0x10FFFF, 0x300...0x36F, 0x20...0x7E, 0xAD...0xAD,
            0x61C...0x61C, 0x180B...0x180F, 0xD7F0...0xD7FF, 0xE000...0xF8FF, 0...0x10FFFF,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            let value = UInt32.random(
                in: nasty[Int.random(in: 0..<nasty.count, using: &random)], using: &random)
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return String(text)
    }

    @Test func `no hostile string leaks through any printed form`() {
        struct Holder { let name: UntrustedText; let names: [UntrustedText] }
        let bad: Set<Unicode.GeneralCategory> = [
            .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
        ]
        var random = SeededGenerator(seed: 5)
        for _ in 0..<10_000 {
            let text = UntrustedText(Self.hostileString(using: &random))
            let holder = Holder(name: text, names: [text])
            var dumped = ""
            dump(holder, to: &dumped)
            dump(text, to: &dumped)
            let forms = [
                text.description, text.debugDescription, text.escaped, text.html, text.csvField, "\(text)",
                String(describing: holder), String(reflecting: holder), "\(Optional(text) as Any)",
                dumped.replacing("\n", with: ""),
            ]
            let leak = forms.first {
                $0.unicodeScalars.contains { bad.contains($0.properties.generalCategory) }
            }
            guard leak == nil else {
                Issue.record("leaked from \(text.escaped)")
                return
            }
        }
    }

    @Test func `different bytes never look the same, and come back`() {
        var random = SeededGenerator(seed: 6)
        var seen: [String: [UInt8]] = [:]
        let alphabet: [UInt8] = [
            0x41, 0x5C, 0x75, 0x7B, 0xC3, 0xA9, 0xE2, 0x80, 0xAE, 0xF4, 0x8F, 0x9D, 0xBF, 0xFF, 0xED,
        ]
        for _ in 0..<50_000 {
            let bytes = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let text = UntrustedText(decoding: bytes)
            let shown = text.escaped
            guard text.bytes == bytes, seen[shown, default: bytes] == bytes else {
                Issue.record("\(bytes) is shown as \(shown)")
                return
            }
            seen[shown] = bytes
        }
        #expect(UntrustedText(decoding: [0x61, 0xFF, 0xC3]).description == #"a\x{ff}\x{c3}"#)
        #expect(UntrustedText(decoding: Array("é".utf8)).raw == "é")
    }

    @Test func `long text is cut between escapes`() {
        let letters = UntrustedText(String(repeating: "a", count: 300))
        #expect(letters.description == String(repeating: "a", count: 255) + "\u{2026}")
        #expect(letters.escaped.count == 300)
        #expect(UntrustedText(String(repeating: "a", count: 255)).description.count == 255)
        let escapes = UntrustedText(String(repeating: "\u{1b}", count: 100))
        #expect(escapes.description == String(repeating: #"\u{1b}"#, count: 42) + "\u{2026}")
    }

    @Test(arguments: [
        ("a,b", #""a,b""#), ("plain", "plain"), ("a\"b", #""a""b""#), ("=1+1", #""'=1+1""#),
        ("-1", #""'-1""#),
        ("@x", #""'@x""#), ("a;b", #""a;b""#), (" a", #"" a""#), ("a\nb", #"a\u{a}b"#), ("  =x", #""'  =x""#),
    ])
    func `a CSV field is quoted and runs no formula`(raw: String, field: String) {
        #expect(UntrustedText(raw).csvField == field)
    }

    @Test func `HTML shows markup as text`() {
        #expect(
            UntrustedText(#"<a href="x" on='y'>&"#).html
                == "&lt;a href=&quot;x&quot; on=&#39;y&#39;&gt;&amp;")
    }

    @Test(arguments: [
        ("example.com", true), ("example.com.", true), ("a_b-c.1", true), ("", false), (".", false),
        ("a..b", false),
        ("-a", false), ("a-", false), ("a-.b", false), ("é.com", false), ("a b", false),
        (String(repeating: "a", count: 63), true), (String(repeating: "a", count: 64), false),
        (String(repeating: "a.", count: 126) + "a", true), (String(repeating: "a.", count: 126) + "a.", true),
        (String(repeating: "a.", count: 126) + "aa", false),
        (String(repeating: "a.", count: 127) + "a", false),
    ])
    func `plain host names are told from the rest`(raw: String, isHostname: Bool) {
        #expect(UntrustedText(raw).isPlainASCIIHostname == isHostname)
    }

    @Test func `the raw text is what is coded`() throws {
        let text = UntrustedText(decoding: [0x61, 0x1B, 0xFF])
        let data = try JSONEncoder().encode([text])
        let back = try JSONDecoder().decode([UntrustedText].self, from: data)
        #expect(back == [text])
        #expect(back.first?.bytes == [0x61, 0x1B, 0xFF])
    }
}
