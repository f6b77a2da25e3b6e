/// A drawing of dots: two by four of them in each place of the screen, as Braille characters.
struct BrailleCanvas {
    /// The places.
    let columns: Int
    let rows: Int

    private var dots: [UInt8]
    private var styles: [CellStyle]
    /// Texts lie over the dots.
    private var texts: [Character?]

    init(columns: Int, rows: Int) {
        (self.columns, self.rows) = (max(0, columns), max(0, rows))
        let count = self.columns * self.rows
        dots = Array(repeating: 0, count: count)
        styles = Array(repeating: .plain, count: count)
        texts = Array(repeating: nil, count: count)
    }

    /// How many dots there are from left to right.
    var width: Double { Double(columns * 2) }
    /// How many dots there are from top to bottom.
    var height: Double { Double(rows * 4) }

    /// Draws a line between two points, counted in dots from the upper left; what is outside is cut off.
    mutating func line(from first: SIMD2<Double>, to second: SIMD2<Double>, _ style: CellStyle) {
        guard let (start, end) = clipped(first, second) else { return }
        let steps = max(1, Int(max(abs(end.x - start.x), abs(end.y - start.y)).rounded(.up)))
        for step in 0...steps { dot(start + (end - start) * (Double(step) / Double(steps)), style) }
    }

    /// The part of a line that is inside (Liang and Barsky).
    private func clipped(
        _ first: SIMD2<Double>, _ second: SIMD2<Double>
    ) -> (SIMD2<Double>, SIMD2<Double>)? {
        let way = second - first
        var (enter, leave) = (0.0, 1.0)
        for (step, room) in [
            (-way.x, first.x), (way.x, width - 1 - first.x), (-way.y, first.y), (way.y, height - 1 - first.y),
        ] {
            if step == 0 {
                if room < 0 { return nil }
            } else if step < 0 {
                enter = max(enter, room / step)
            } else {
                leave = min(leave, room / step)
            }
        }
        return enter <= leave ? (first + way * enter, first + way * leave) : nil
    }

    private mutating func dot(_ point: SIMD2<Double>, _ style: CellStyle) {
        let (x, y) = (Int(point.x), Int(point.y))
        guard (0..<columns * 2).contains(x), (0..<rows * 4).contains(y) else { return }
        let place = y / 4 * columns + x / 2
        dots[place] |= Self.bits[y % 4][x % 2]
        styles[place] = style
    }

    /// The bits of the dots in the character, by row and column.
    private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    /// The place in which a point is, or nil where that is outside.
    func place(of point: SIMD2<Double>) -> (column: Int, row: Int)? {
        guard point.x >= 0, point.y >= 0, point.x < width, point.y < height else { return nil }
        return (Int(point.x) / 2, Int(point.y) / 4)
    }

    /// Whether no text lies in some places of a row.
    func isFree(_ columns: Range<Int>, row: Int) -> Bool {
        guard (0..<rows).contains(row), columns.lowerBound >= 0, columns.upperBound <= self.columns else {
            return false
        }
        return columns.allSatisfy { texts[row * self.columns + $0] == nil }
    }

    /// Writes a text of one column a character; what does not fit is cut off.
    mutating func write(_ text: String, column: Int, row: Int, _ style: CellStyle) {
        guard (0..<rows).contains(row) else { return }
        for (index, letter) in text.enumerated() where (0..<columns).contains(column + index) {
            let place = row * columns + column + index
            (texts[place], styles[place]) = (letter, style)
        }
    }

    /// The drawing.
    var lines: [ScreenLine] {
        (0..<rows).map { row in
            var line = ScreenLine()
            for place in row * columns..<(row + 1) * columns {
                if let letter = texts[place] {
                    line.append(String(letter), styles[place])
                } else if dots[place] == 0 {
                    line.append(" ")
                } else {
                    line.append(String(Unicode.Scalar(0x2800 + UInt32(dots[place])) ?? " "), styles[place])
                }
            }
            return line
        }
    }
}
