/// Says what a terminal has to be sent so that it shows a frame, given what it shows already.
///
/// Only cells that differ are sent. The cursor's place is said anew behind every character whose width terminals
/// do not agree on, so that a strange name cannot push the columns behind it out of their places.
struct FramePainter {
    /// Erasing takes fewer bytes than this many spaces.
    private static let spacesWorthErasing = 8

    /// Whether colours are used.
    let allowsColor: Bool
    /// Whether the terminal shows more than ASCII.
    let allowsUnicode: Bool
    /// What the terminal shows, or nil where that is not known.
    private var shown: ScreenFrame?

    init(allowsColor: Bool, allowsUnicode: Bool) {
        self.allowsColor = allowsColor
        self.allowsUnicode = allowsUnicode
    }

    /// Another program may have written to the terminal: the next frame is painted whole.
    mutating func forget() { shown = nil }

    /// What turns the terminal's screen into the frame; nothing where it shows it already.
    mutating func paint(_ frame: ScreenFrame) -> [UInt8] {
        var output = Painting(allowsColor: allowsColor, allowsUnicode: allowsUnicode)
        var before = shown
        if before?.size != frame.size {
            before = ScreenFrame([], size: frame.size)
            output.control(ScreenSequence.plain + ScreenSequence.clear)
        }
        shown = frame
        for row in frame.rows.indices {
            Self.paint(frame.rows[row], over: before?.rows[row] ?? [], row: row, &output)
        }
        return output.finished()
    }

    private static func paint(_ cells: [Cell], over old: [Cell], row: Int, _ output: inout Painting) {
        // From here on, there is nothing but spaces.
        let end = (cells.lastIndex { $0 != .blank } ?? -1) + 1
        let oldEnd = (old.lastIndex { $0 != .blank } ?? -1) + 1
        let erases = oldEnd - end >= spacesWorthErasing
        for column in 0..<(erases ? end : cells.count) where cells[column] != old[column] {
            output.put(cells[column], row: row, column: column)
        }
        if erases { output.erase(row: row, from: end) }
    }
}

/// The bytes for the terminal, with what is known of its cursor and its style.
private struct Painting {
    let allowsColor: Bool
    let allowsUnicode: Bool
    private var bytes: [UInt8] = []
    private var cursor: (row: Int, column: Int)?
    private var style: CellStyle?

    init(allowsColor: Bool, allowsUnicode: Bool) {
        self.allowsColor = allowsColor
        self.allowsUnicode = allowsUnicode
    }

    mutating func control(_ sequence: String) { bytes += sequence.utf8 }

    mutating func put(_ cell: Cell, row: Int, column: Int) {
        // The second half of a wide cell comes with the first.
        guard cell.columns > 0 else { return }
        place(row, column)
        restyle(cell.style)
        if allowsUnicode {
            bytes += cell.text.utf8
            cursor = cell.isCertain ? (row, column + cell.columns) : nil
        } else {
            bytes += Self.ascii(cell)
            cursor = (row, column + cell.columns)
        }
    }

    mutating func erase(row: Int, from column: Int) {
        place(row, column)
        // Some terminals erase in the colours that are set.
        restyle(.plain)
        control(ScreenSequence.eraseToEndOfLine)
    }

    /// All of it, to be shown at once.
    func finished() -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        return Array(ScreenSequence.beginUpdate.utf8) + bytes + Array(ScreenSequence.plain.utf8)
            + Array(ScreenSequence.endUpdate.utf8)
    }

    private mutating func place(_ row: Int, _ column: Int) {
        if let cursor, cursor == (row, column) { return }
        control(ScreenSequence.move(row: row, column: column))
    }

    private mutating func restyle(_ wanted: CellStyle) {
        if style == wanted { return }
        control(ScreenSequence.style(wanted, color: allowsColor))
        style = wanted
    }

    /// The replacement of our own signs where there is only ASCII.
    private static let substitutes: [String: UInt8] = [
        "→": UInt8(ascii: ">"), "…": UInt8(ascii: "~"), "·": UInt8(ascii: "-"), "▁": UInt8(ascii: "_"),
        "▂": UInt8(ascii: "."), "▃": UInt8(ascii: ":"), "▄": UInt8(ascii: "-"), "▅": UInt8(ascii: "="),
        "▆": UInt8(ascii: "+"), "▇": UInt8(ascii: "*"), "█": UInt8(ascii: "#"), "─": UInt8(ascii: "-"),
        "│": UInt8(ascii: "|"), "↑": UInt8(ascii: "^"), "↓": UInt8(ascii: "v"),
    ]

    private static func ascii(_ cell: Cell) -> [UInt8] {
        if let scalar = cell.text.unicodeScalars.first {
            if cell.text.utf8.count == 1 { return [UInt8(ascii: scalar)] }
            // Dots of a drawing.
            if (0x2800...0x28FF).contains(scalar.value) { return [UInt8(ascii: ".")] }
        }
        return Array(repeating: substitutes[cell.text] ?? UInt8(ascii: "?"), count: cell.columns)
    }
}

/// What is said to a terminal apart from characters (ECMA-48, and the private modes of xterm).
///
/// Nothing else controls the terminal; a text cannot, because a `Cell` cannot hold such a sequence.
enum ScreenSequence {
    /// To another page, without a cursor; lines that are too long are cut by the terminal instead of wrapped.
    static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
    /// Back to what was there before, whatever was on its way.
    static let leave = "\u{1B}[?2026l\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
    /// What follows is shown at once at its end, by terminals that can (synchronized output).
    static let beginUpdate = "\u{1B}[?2026h"
    static let endUpdate = "\u{1B}[?2026l"
    static let clear = "\u{1B}[2J"
    static let eraseToEndOfLine = "\u{1B}[K"
    static let plain = "\u{1B}[0m"

    /// The cursor to a place, counted from 0.
    static func move(row: Int, column: Int) -> String { "\u{1B}[\(row + 1);\(column + 1)H" }

    /// The look of what follows.
    static func style(_ style: CellStyle, color: Bool) -> String {
        var codes = "\u{1B}[0"
        if style.isBold { codes += ";1" }
        if style.isDim { codes += ";2" }
        if style.isInverse { codes += ";7" }
        if color, let code = style.color?.rawValue { codes += ";\(code)" }
        return codes + "m"
    }
}
