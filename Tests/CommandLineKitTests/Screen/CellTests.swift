import Testing
import TraceCore

@testable import TraceCoreCommandLine

@Suite struct `A cell of the screen` {
    @Test func `cannot hold what does more than show a character, wherever it came from`() {
        for value in UInt32(0)...0x3_0000 {
            guard let scalar = Unicode.Scalar(value), !scalar.isHarmless else { continue }
            let text = "a" + String(scalar) + "b"
            let own = ScreenLine(text)
            #expect(own.text == "a\u{FFFD}b", "U+\(String(value, radix: 16))")
            var line = ScreenLine()
            line.append(UntrustedText(text))
            #expect(line.text.unicodeScalars.allSatisfy { $0.isHarmless })
            #expect(line.text.contains("\\u{"))
        }
    }

    @Test func `bears no tower of marks`() {
        let cells = Cell.cells(of: "a" + String(repeating: "\u{301}", count: 100) + "b", .plain)
        #expect(cells.count == 2)
        #expect(cells[0].text.unicodeScalars.count == 5)
        #expect(cells[0].columns == 1)
    }

    @Test func `is as wide as its character, whatever stands upon it`() {
        #expect(Cell.cells(of: "東e\u{301}한", .plain).map(\.columns) == [2, 1, 2])
        #expect(ScreenLine("東e\u{301}한").columns == 5)
    }

    @Test func `a mark with nothing before it is left out`() {
        #expect(Cell.cells(of: "\u{301}a", .plain).map(\.text) == ["a"])
    }
}
