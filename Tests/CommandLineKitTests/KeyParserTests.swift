import TraceCoreFuzzChecks
import Testing

@testable import TraceCoreCommandLine

@Suite struct `Keys from what a terminal sends` {
    @Test(arguments: [
        ("q", [Key.character("q")]), ("Aé東", [.character("A"), .character("é"), .character("東")]),
        ("\r\u{1B}OM", [.enter, .enter]), ("\n", [.enter]), ("\u{7F}", [.backspace]), ("\u{8}", [.backspace]),
        ("\t", [.tab]),
        (" ", [.character(" ")]), ("\u{C}", [.control("l")]), ("\u{15}", [.control("u")]),
        ("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", [.up, .down, .right, .left]),
        ("\u{1B}OA\u{1B}OB\u{1B}OH\u{1B}OF", [.up, .down, .home, .end]),
        ("\u{1B}[5~\u{1B}[6~", [.pageUp, .pageDown]),
        ("\u{1B}[1~\u{1B}[4~\u{1B}[7~\u{1B}[8~", [.home, .end, .home, .end]),
        ("\u{1B}[2~\u{1B}[3~", [.insert, .delete]), ("\u{1B}[1;5Aq", [.up, .character("q")]),
        // What is not known goes by as a whole.
        ("\u{1B}[200~q", [.character("q")]), ("\u{1B}[<0;12;7Mq", [.character("q")]), ("\u{1B}OPq", [.character("q")]),
        ("\u{1B}q", [.escape, .character("q")]), ("\u{0}q", [.character("q")]),
        ("\u{1B}[12\u{1B}[Aq", [.up, .character("q")]),
    ]) func `are understood`(_ text: String, _ keys: [Key]) {
        var parser = KeyParser()
        #expect(parser.take(text.utf8) == keys)
        #expect(!parser.isWaiting)
    }

    @Test func `may come in pieces`() {
        var parser = KeyParser()
        var keys: [Key] = []
        for byte in "\u{1B}[5~é\u{1B}[1;2Bq".utf8 { keys += parser.take([byte]) }
        #expect(keys == [.pageUp, .character("é"), .down, .character("q")])
    }

    @Test func `the escape key is one when nothing follows`() {
        var parser = KeyParser()
        #expect(parser.take([0x1B]).isEmpty)
        #expect(parser.isWaiting)
        #expect(parser.finish() == [.escape])
        #expect(!parser.isWaiting)
    }

    @Test func `no bytes whatever wedge it or make it grow`() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            var parser = KeyParser()
            for _ in 0..<20 {
                _ = parser.take((0..<16).map { _ in UInt8.random(in: 0...255, using: &random) })
            }
            _ = parser.take(Array(repeating: UInt8(ascii: ";"), count: 100))
            _ = parser.finish()
            #expect(!parser.isWaiting)
            #expect(parser.take([UInt8(ascii: "q")]) == [.character("q")])
        }
        var parser = KeyParser()
        _ = parser.take(Array("\u{1B}[".utf8) + Array(repeating: UInt8(ascii: "1"), count: 1000))
        #expect(!parser.isWaiting)
    }
}
