/// How a cell of the screen looks.
struct CellStyle: Sendable, Hashable {
    /// A colour that every terminal with colours has, in the shade that its owner chose.
    enum Color: UInt8, Sendable {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case magenta = 35
        case cyan = 36
    }

    /// The colour, or nil for the terminal's own.
    var color: Color?
    /// Whether it is emphasised.
    var isBold = false
    /// Whether it is dimmed.
    var isDim = false
    /// Whether ink and paper change places.
    var isInverse = false

    /// The terminal's own look.
    static let plain = CellStyle()
    /// For headings and keys.
    static let bold = CellStyle(isBold: true)
    /// For what is less important than its neighbours.
    static let dim = CellStyle(isDim: true)
    /// For what is as usual.
    static let good = CellStyle(color: .green)
    /// For what deserves a look.
    static let warning = CellStyle(color: .yellow)
    /// For what is wrong.
    static let alarm = CellStyle(color: .red)
}
