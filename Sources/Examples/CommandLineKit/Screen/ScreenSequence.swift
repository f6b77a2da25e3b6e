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
