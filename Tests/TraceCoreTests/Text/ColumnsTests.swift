import TraceCoreFuzzChecks
import Testing

@testable import TraceCore

@Suite struct `Columns that text takes on a terminal` {
    @Test(arguments: [
        ("", 0), ("plain.example", 13), ("é", 1), ("e\u{301}", 1), ("東京", 4), ("한국", 4),
        ("\u{1112}\u{1161}\u{11AB}", 2),
        ("ﾊﾛｰ", 3), ("ＡＢ", 4), ("😀", 2), ("\u{1F1E9}\u{1F1EA}", 2), ("עברית", 5), ("नमस्ते", 4), ("▁▂▃█", 4), ("→…·", 3),
        ("𠀀", 2),
    ])
    func `are counted by width and not by scalar`(_ text: String, _ columns: Int) {
        #expect(text.columns == columns)
    }

    @Test(arguments: [
        ("gw.example", 10, "gw.example"), ("gw.example", 9, "gw.examp…"), ("gw.example", 1, "…"), ("gw", 0, ""),
        ("東京.example", 4, "東…"), ("東京.example", 5, "東京…"), ("東京", 4, "東京"),
        ("a\u{1B}[2J", 6, "a…"), ("a\u{1B}[2J", 7, "a…"), ("a\u{1B}[2J", 8, "a\\u{1b}…"),
        ("e\u{301}tude", 3, "e\u{301}t…"),
        ("abc\u{301}", 3, "abc\u{301}"), ("", 3, ""),
    ])
    func `are filled with as much as fits, and no escape is shown in part`(
        _ text: String, _ limit: Int, _ shown: String
    ) {
        let cut = UntrustedText(text).escaped(columns: limit)
        #expect(cut == shown)
        #expect(cut.columns <= limit)
    }

    @Test func `no text is longer than its limit`() {
        var random = SeededGenerator(seed: 9)
        for _ in 0..<2000 {
            let scalars = (0..<Int.random(in: 0...20, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x2FFFF, using: &random))
            }
            let text = UntrustedText(String(String.UnicodeScalarView(scalars)))
            let limit = Int.random(in: 0...30, using: &random)
            #expect(text.escaped(columns: limit).columns <= limit)
            #expect(text.escaped(columns: 1000) == text.escaped)
        }
    }
}
