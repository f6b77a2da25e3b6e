import TraceCore

/// A terminal that understands what a painter says and nothing else, to see what a person would see.
struct ScreenEmulator {
    /// What a place shows.
    struct Place: Equatable {
        var text = " "
        var look = "0"
        /// Whether it is the right half of the wide character before it.
        var isRightHalf = false
    }

    private(set) var rows: [[Place]]
    /// Whatever was said that no painter may say.
    private(set) var violations: [String] = []
    /// How many bytes have come.
    private(set) var bytes = 0

    private let width: (Unicode.Scalar) -> Int
    private var row = 0
    private var column = 0
    private var look = "0"
    private var isUpdating = false

    /// A blank screen.
    ///
    /// - Parameter width: How wide the terminal takes characters to be; terminals do not agree.
    init(columns: Int, rows: Int, width: @escaping (Unicode.Scalar) -> Int = { $0.columns }) {
        self.rows = Array(repeating: Array(repeating: Place(), count: columns), count: rows)
        self.width = width
    }

    /// What it shows, without how it looks and without the spaces at the ends.
    var text: [String] {
        rows.map { row in
            String(row.map(\.text).joined().reversed().drop { $0 == " " }.reversed())
        }
    }

    mutating func feed(_ bytes: [UInt8]) {
        self.bytes += bytes.count
        guard let text = String(validating: bytes, as: UTF8.self) else { return violations.append("not UTF-8") }
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            if scalars[index] == "\u{1B}" {
                guard scalars.dropFirst(index + 1).first == "[",
                    let end = scalars[(index + 2)...].firstIndex(where: { (0x40...0x7E).contains($0.value) })
                else { return violations.append("an escape that is no control sequence") }
                control(String(String.UnicodeScalarView(scalars[(index + 2)..<end])), String(scalars[end]))
                index = end + 1
            } else {
                write(scalars[index])
                index += 1
            }
        }
        if isUpdating { violations.append("an update without its end") }
    }

    private mutating func control(_ parameters: String, _ final: String) {
        switch (parameters, final) {
        case ("?2026", "h"): isUpdating = true
        case ("?2026", "l"): isUpdating = false
        case ("2", "J"):
            for row in rows.indices { erase(row, from: 0) }
        case ("", "K"): erase(row, from: column)
        case (_, "m"): look = parameters
        case (_, "H"):
            let place = parameters.split(separator: ";").compactMap { Int($0) }
            guard place.count == 2, rows.indices.contains(place[0] - 1), rows[0].indices.contains(place[1] - 1) else {
                return violations.append("a place off the screen: \(parameters)")
            }
            (row, column) = (place[0] - 1, place[1] - 1)
        default: violations.append("a sequence that is none of ours: \(parameters)\(final)")
        }
    }

    private mutating func erase(_ row: Int, from column: Int) {
        for column in column..<rows[row].count { put(Place(), row, column) }
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        guard scalar.isHarmless else { return violations.append("U+\(String(scalar.value, radix: 16))") }
        if !isUpdating { violations.append("text outside of an update") }
        let width = width(scalar)
        if width == 0 {
            var left = column - 1
            while left > 0, rows[row][left].isRightHalf { left -= 1 }
            if left >= 0 { rows[row][left].text.unicodeScalars.append(scalar) }
            return
        }
        // What is beyond the end is lost: lines do not wrap.
        guard column + width <= rows[row].count else { return column = min(column + width, rows[row].count) }
        put(Place(text: String(scalar), look: look), row, column)
        if width == 2 { put(Place(text: "", look: look, isRightHalf: true), row, column + 1) }
        column += width
    }

    /// Puts something into a place; of a wide character that loses a half, the other half goes too.
    private mutating func put(_ place: Place, _ row: Int, _ column: Int) {
        let old = rows[row][column]
        if old.isRightHalf, !place.isRightHalf, column > 0 { rows[row][column - 1] = Place() }
        if column + 1 < rows[row].count, rows[row][column + 1].isRightHalf { rows[row][column + 1] = Place() }
        rows[row][column] = place
    }
}
