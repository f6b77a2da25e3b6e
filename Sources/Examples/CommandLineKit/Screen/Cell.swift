internal import TraceCore

/// One place of the screen: a visible character with the marks upon it, and how it looks.
///
/// This is the only door to the screen. A cell cannot be made of anything that does more than show a
/// character, so nothing that a stranger named can move the cursor, set a colour or write a title, whatever
/// became of it on its way here.
struct Cell: Sendable, Hashable {
    /// A tower of marks paints over the lines above; no script needs more of them on one letter.
    private static let mostMarks = 4

    /// The character, and the marks upon it.
    private(set) var text: String
    /// How many columns it takes: 1, or 2 for a wide one; 0 for the second half of a wide one.
    let columns: Int
    /// How it looks.
    var style: CellStyle
    /// The marks upon the character.
    private var marks = 0

    private init(text: String, columns: Int, style: CellStyle) {
        self.text = text
        self.columns = columns
        self.style = style
    }

    /// A space.
    static let blank = Cell(text: " ", columns: 1, style: .plain)

    /// What lies under the right half of a wide cell.
    static let rightHalf = Cell(text: "", columns: 0, style: .plain)

    /// Whether every terminal gives it as many columns: only then does the cursor's place behind it go without saying.
    var isCertain: Bool {
        let scalars = text.unicodeScalars
        guard let scalar = scalars.first else { return false }
        // Lines and blocks are of one column, except in terminals that are set to show ambiguous characters wide.
        return marks == 0
            && (scalar.isASCII || (0x2500...0x259F).contains(scalar.value) || (0x2800...0x28FF).contains(scalar.value))
    }

    /// The cells of an untrusted text: invisible characters are shown as escapes.
    ///
    /// - Parameter limit: The most columns that they take; what does not fit is cut off with an ellipsis.
    static func cells(of text: UntrustedText, _ style: CellStyle, upTo limit: Int = .max) -> [Cell] {
        cells(ofVisible: text.escaped(columns: limit), style)
    }

    /// The cells of a text of our own.
    static func cells(of text: String, _ style: CellStyle) -> [Cell] { cells(ofVisible: text, style) }

    private static func cells(ofVisible text: String, _ style: CellStyle) -> [Cell] {
        var cells: [Cell] = []
        cells.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if !scalar.isHarmless {
                // Nobody should have let it come so far.
                cells.append(Cell(text: "\u{FFFD}", columns: 1, style: style))
                continue
            }
            let columns = scalar.columns
            if columns > 0 {
                cells.append(Cell(text: String(scalar), columns: columns, style: style))
            } else if let last = cells.indices.last, cells[last].marks < mostMarks {
                cells[last].text.unicodeScalars.append(scalar)
                cells[last].marks += 1
            }
        }
        return cells
    }
}
