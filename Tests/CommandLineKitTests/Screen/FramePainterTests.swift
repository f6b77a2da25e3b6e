import TraceCoreFuzzChecks
import Testing
import TraceCore

@testable import TraceCoreCommandLine

@Suite struct `A painter of frames` {
    private static let size = ScreenSize(columns: 30, rows: 6)

    private func frame(_ lines: [ScreenLine], _ size: ScreenSize = Self.size) -> ScreenFrame {
        ScreenFrame(lines, size: size)
    }

    private func emulator(_ size: ScreenSize = Self.size) -> ScreenEmulator {
        ScreenEmulator(columns: size.columns, rows: size.rows)
    }

    /// A line of anything that a line can be made of.
    private func randomLine(_ random: inout some RandomNumberGenerator) -> ScreenLine {
        var line = ScreenLine()
        let texts = ["host", "a", "東京", "é", "e\u{301}", "▁▂▃", "…", "한", " ", "          ", "😀", "→"]
        let styles: [CellStyle] = [.plain, .bold, .dim, .good, .alarm, CellStyle(isInverse: true)]
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            line.append(texts.randomElement(using: &random)!, styles.randomElement(using: &random)!)
        }
        return line
    }

    @Test func `what is sent for what changed gives what painting all of it gives`() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            var painter = FramePainter(allowsColor: true, allowsUnicode: true)
            var screen = emulator()
            for _ in 0..<8 {
                let lines = (0..<Int.random(in: 0...8, using: &random)).map { _ in randomLine(&random) }
                screen.feed(painter.paint(frame(lines)))
                var whole = FramePainter(allowsColor: true, allowsUnicode: true)
                var other = emulator()
                other.feed(whole.paint(frame(lines)))
                #expect(screen.rows.map { $0.map(\.text) } == other.rows.map { $0.map(\.text) })
                #expect(screen.text == frame(lines).text)
                #expect(screen.violations.isEmpty)
            }
        }
    }

    @Test func `a frame that is there already costs nothing, and a digit a digit's worth`() {
        var painter = FramePainter(allowsColor: true, allowsUnicode: true)
        var screen = emulator()
        screen.feed(painter.paint(frame([ScreenLine("loss 1%"), ScreenLine("東京")])))
        #expect(painter.paint(frame([ScreenLine("loss 1%"), ScreenLine("東京")])).isEmpty)
        let bytes = painter.paint(frame([ScreenLine("loss 2%"), ScreenLine("東京")]))
        #expect(String(decoding: bytes, as: UTF8.self) == "\u{1B}[?2026h\u{1B}[1;6H\u{1B}[0m2\u{1B}[0m\u{1B}[?2026l")
        screen.feed(bytes)
        #expect(screen.text[0] == "loss 2%")
    }

    @Test func `another size, or somebody else's writing, has all of it painted`() {
        var painter = FramePainter(allowsColor: true, allowsUnicode: true)
        let lines = [ScreenLine("one"), ScreenLine("two")]
        _ = painter.paint(frame(lines))
        let narrow = ScreenSize(columns: 4, rows: 2)
        var screen = emulator(narrow)
        screen.feed(painter.paint(frame(lines, narrow)))
        #expect(screen.text == ["one", "two"])
        painter.forget()
        var anew = emulator(narrow)
        anew.feed(painter.paint(frame(lines, narrow)))
        #expect(anew.text == ["one", "two"])
    }

    @Test func `a terminal that takes wide characters for narrow keeps the columns in their places all the same`() {
        var line = ScreenLine("東京한국😀é")
        line.pad(to: 20)
        line.append("12.5%")
        var painter = FramePainter(allowsColor: true, allowsUnicode: true)
        var screen = ScreenEmulator(columns: 30, rows: 1, width: { _ in 1 })
        screen.feed(painter.paint(frame([line], ScreenSize(columns: 30, rows: 1))))
        #expect(screen.rows[0][20..<25].map(\.text).joined() == "12.5%")
    }

    @Test func `without colours there are none, and what is bold stays bold`() {
        var painter = FramePainter(allowsColor: false, allowsUnicode: true)
        var line = ScreenLine("red", .alarm)
        line.append("bold", .bold)
        let text = String(decoding: painter.paint(frame([line])), as: UTF8.self)
        #expect(!text.contains(/\e\[[0-9;]*3[0-9]/))
        #expect(text.contains("\u{1B}[0;1m"))
    }

    @Test func `where there is only ASCII, only ASCII is sent, and nothing moves`() {
        var line = ScreenLine("gw → 東京 ▁█ …")
        line.append("|")
        var painter = FramePainter(allowsColor: true, allowsUnicode: false)
        let bytes = painter.paint(frame([line]))
        #expect(bytes.allSatisfy { $0 < 0x80 })
        var screen = emulator()
        screen.feed(bytes)
        #expect(screen.text[0] == "gw > ???? _# ~|")
        #expect(screen.text[0].count == line.columns)
    }

    @Test(arguments: 1...9) func `lines are cut to the screen, and no half of a character is shown`(_ columns: Int) {
        let size = ScreenSize(columns: columns, rows: 1)
        let frame = frame([ScreenLine("a東京한국z")], size)
        #expect(frame.rows[0].count == columns)
        #expect(frame.text[0].columns <= columns)
        var painter = FramePainter(allowsColor: true, allowsUnicode: true)
        var screen = emulator(size)
        screen.feed(painter.paint(frame))
        #expect(screen.violations.isEmpty && screen.text == frame.text)
    }
}
