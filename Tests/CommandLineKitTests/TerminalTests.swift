import TraceCoreCommandLine
import Foundation
import Glibc
import Testing

@Suite struct TerminalTests {
    /// The far end of a pseudo-terminal, with a size.
    private func withTerminal<Value>(columns: UInt16, rows: UInt16, _ body: (Int32) throws -> Value) throws
        -> Value
    {
        // What openpty(3) does, which is not in the C module: TIOCSPTLCK unlocks, TIOCGPTN tells the number.
        let near = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(near >= 0)
        defer { close(near) }
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        try #require(ioctl(near, 0x4004_5431, &unlocked) == 0)
        try #require(ioctl(near, 0x8004_5430, &number) == 0)
        let far = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(far >= 0)
        defer { close(far) }
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(far, UInt(TIOCSWINSZ), &size) == 0)
        return try body(far)
    }

    @Test func `a terminal says how large it is`() throws {
        let size = try withTerminal(columns: 132, rows: 43) { descriptor in
            let terminal = Terminal(descriptor: descriptor) { ["COLUMNS": "50"][$0] }
            #expect(terminal.isTerminal)
            return [terminal.width, terminal.height]
        }
        #expect(size == [132, 43])
    }

    @Test(arguments: [("50", 50), ("0", 80), ("wide", 80), ("-3", 80), ("99999999", 80), (nil, 80)])
    func `without a size the environment is asked, and then it is 80`(columns: String?, width: Int) throws {
        let found = try withTerminal(columns: 0, rows: 0) { descriptor in
            Terminal(descriptor: descriptor) { $0 == "COLUMNS" ? columns : nil }.width
        }
        #expect(found == width)
    }

    @Test(arguments: [
        (ColorChoice.auto, [:], true), (.auto, ["NO_COLOR": "1"], false), (.auto, ["NO_COLOR": ""], true),
        (.auto, ["TERM": "dumb"], false), (.always, ["NO_COLOR": "1", "TERM": "dumb"], true),
        (.never, [:], false),
    ])
    func `colour on a terminal`(choice: ColorChoice, environment: [String: String], expected: Bool) throws {
        let allowed = try withTerminal(columns: 80, rows: 24) { descriptor in
            Terminal(descriptor: descriptor) { environment[$0] }.allowsColor(choice)
        }
        #expect(allowed == expected)
    }

    @Test(arguments: [(ColorChoice.auto, false), (.always, true), (.never, false)])
    func `colour in a file`(choice: ColorChoice, expected: Bool) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = try folder.file("out", "")
        let handle = try FileHandle(forWritingTo: file)
        let terminal = Terminal(descriptor: handle.fileDescriptor) { _ in nil }
        #expect(terminal.allowsColor(choice) == expected)
        #expect(!terminal.allowsAnimation)
    }
}
