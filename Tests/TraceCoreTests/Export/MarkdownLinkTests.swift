import Foundation
import Testing
import TraceCore
import TraceCoreFuzzChecks

/// Names of which GitHub would make links, and what cmark-gfm, which is its reader of Markdown, makes of them.
@Suite struct `Names in Markdown that GitHub would link` {
    /// Names that are links, mentions, issues, commits or pictures on GitHub, and some that look like them.
    static let names = [
        "evil@example.com", "a.b-c_d+e@mail.evil.example", "mailto:x@y.z", "xmpp:a@b.c/d", "@name", "x @org/team, y",
        "www.evil.com", "WWW.evil.com/x?y=(z)", "(www.evil.com)", "http://evil.com", "HTTPS://evil.com",
        "ftp://evil.com", "ae1:http://evil.com", "#123", "user/repo#1", "GH-1", "gh-26.example", "user@a5c3785",
        "a5c3785ed8d6a35868bc169f07e40e889087fd2e", "a5c3785", ":smile:", "2001:db8:100::1", "::a:b:1", ":+1:",
        "<http://evil.com>", "<a@b.c>", "[x](http://evil.com)", "![x](//evil.com)", "[x]: http://evil.com",
        "<a href=//evil.com>x", "a@b.c|d@e.f", "`a@b.c`", "``@x``", "`@x", "@x`", "@`x", "a@b.c @d e@f.g", "@@", "@ @",
        "@\\@", "\\@x", "\\\\@x", "\\`@x`", "*@x*", "_a@b.c_", "**www.evil.com**", "~~@x~~", "$@x$", "$`@x`$", "&#64;x",
        "&commat;x", "a&#64;b.c", "é@b.c", "wwwé.www.example", "www.é.com", "#1é", "x\u{1B}@y.z", "|@x|", "||", "@|",
        "- @x", "+ x", "1. x", "1) x", "2.", "# x", "=", "---", "> x", "    x", "[ ] x", "[^1]", "[!NOTE]", "x  ",
    ]

    /// The document: each name in a cell and within a line, as it stands in the tables and the heads of reports.
    private static func document(_ names: [UntrustedText]) -> String {
        let rows = names.map { "| x | \($0.markdown) | x |" }
        let lines = names.map { "Trace to **\($0.markdown)** by udp" }
        let remarks = remarks(of: names).map(\.markdown)
        return (["| a | b | c |", "| --: | --- | --- |"] + rows + [""] + (lines + remarks).flatMap { [$0, ""] })
            .joined(separator: "\n")
    }

    /// The names that can be a line of their own, which nothing is that begins with spaces.
    private static func remarks(of names: [UntrustedText]) -> [UntrustedText] {
        names.filter { $0.description.first ?? " " != " " }
    }

    /// What cmark-gfm makes of a document, with all that GitHub has.
    private static func html(of document: String) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        guard let path = folders.map({ "\($0)/cmark-gfm" }).first(where: FileManager.default.isExecutableFile) else {
            try Test.cancel("cmark-gfm is not installed")
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "markdown-\(UUID().uuidString).md")
        try Data(document.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: path)
        let extensions = ["autolink", "table", "strikethrough", "tagfilter", "tasklist", "footnotes"]
        process.arguments = ["--unsafe"] + extensions.flatMap { ["-e", $0] } + [file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self)
    }

    /// The parts of a page between two tags, in their order.
    private static func parts(of html: String, from start: String, to end: String) -> [String] {
        html.components(separatedBy: start).dropFirst().compactMap { $0.components(separatedBy: end).first }
    }

    /// What is seen of a part of a page, where there are no tags but those that are named.
    private static func text(_ html: String) -> String {
        var text = html
        for tag in ["<strong>", "</strong>", "<code>", "</code>"] { text = text.replacing(tag, with: "") }
        for (entity, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
            text = text.replacing(entity, with: sign)
        }
        return text
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: CharacterSet(charactersIn: " "))
    }

    private static func check(_ names: [UntrustedText]) throws {
        let html = try Self.html(of: document(names))
        for tag in ["<a", "<img", "<h", "<ul", "<ol", "<pre", "<blockquote", "<em", "<del", "<input", "<br", "<sup"] {
            #expect(!html.contains(tag), "\(tag)")
        }
        let cells = parts(of: html, from: "<td>", to: "</td>")
        let lines = parts(of: html, from: "<p>", to: "</p>")
        try #require(cells.count == names.count * 2)
        let remarks = remarks(of: names)
        try #require(lines.count == names.count + remarks.count)
        for (index, name) in names.enumerated() {
            let found = cells[index * 2]
            #expect(trimmed(text(found)) == trimmed(name.description), "\(name.markdown)")
            #expect(!isLinkedByGitHub(found), "\(name.markdown)")
            // Stars around nothing, or around spaces, are stars.
            if name.description == trimmed(name.description), !name.description.isEmpty {
                #expect(text(lines[index]) == "Trace to \(name) by udp", "\(name.markdown)")
            }
        }
        for (name, line) in zip(remarks, lines[names.count...]) {
            #expect(trimmed(text(line)) == trimmed(name.description), "\(name.markdown)")
        }
    }

    /// Whether GitHub would find something in the text that is no code, by what it says of its references.
    private static func isLinkedByGitHub(_ html: String) -> Bool {
        let plain = parts(of: "</code>" + html, from: "</code>", to: "<code>")
        return plain.map(text).contains { text in
            text.contains(#/@[A-Za-z0-9]|\#[0-9]|\b[Gg][Hh]-[0-9]|\b[0-9A-Fa-f]{7,}\b|:[A-Za-z0-9_+\-]+:/#)
        }
    }

    @Test func `are shown as they are, and nothing in them is a link`() throws {
        try Self.check(Self.names.map { UntrustedText($0) })
    }

    @Test func `are none of the names that an attacker would give a router, and of their mixtures`() throws {
        var random = SeededGenerator(seed: 12)
        let hostile = HostileNames.names(700, seed: 29).map { UntrustedText(decoding: $0) }
        let signs = Array("@#:.-/`\\|*_~<>[]()!&$+= wga1é")
        let mixed = (0..<700).map { _ in
            let parts = (0...random.below(4)).map { _ in
                random.below(2) == 0
                    ? Self.names[random.below(Self.names.count)]
                    : String((0...random.below(8)).map { _ in signs[random.below(signs.count)] })
            }
            return UntrustedText(parts.joined())
        }
        try Self.check(hostile + mixed)
    }

    @Test(arguments: [
        ("evil@example.com", "`evil@example.com`"), ("an @org/team, too", "an `@org/team,` too"),
        ("a|www.evil.com", #"a\|`www.evil.com`"#), ("2001:db8:100::1", "`2001:db8:100::1`"), ("::1", "::1"),
        ("eth0@if5", "`eth0@if5`"), ("#1", "`#1`"), ("#x", ##"\#x"##), ("ge-0/0/0.100", "ge-0/0/0.100"),
        ("graph-1.example", "graph-1.example"), ("gh-1", "`gh-1`"), ("deadbeef.example", "`deadbeef.example`"),
        ("facade.example", "facade.example"), ("wwww.example", "wwww.example"), ("1. x", #"1\. x"#),
    ])
    func `are code, and others are not`(name: String, markdown: String) {
        #expect(UntrustedText(name).markdown == markdown)
    }
}
