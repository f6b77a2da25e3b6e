/// Counts the points in each cell of a picture. Counting those in a box takes equally long for few and for many.
struct MapGrid {
    /// The width of a cell. Points along a line are as far apart.
    static let cell = 4.0

    private let columns: Int
    private let rows: Int
    private var counts: [Int]

    /// An empty grid for a picture of this height.
    init(height: Double) {
        columns = Int(MapFrame.width / Self.cell) + 1
        rows = max(1, Int(height / Self.cell) + 1)
        counts = Array(repeating: 0, count: columns * rows)
    }

    private func index(_ value: Double, limit: Int) -> Int {
        // Points outside count for the cell at the edge. Labels do not reach beyond it.
        min(limit - 1, max(0, Int((value / Self.cell).rounded(.down))))
    }

    /// Adds a point.
    mutating func add(_ place: SIMD2<Double>) {
        counts[cell(place)] += 1
    }

    /// The number of points in the cells that a line meets.
    func count(along stroke: MapStroke) -> Int {
        let along = stroke.end - stroke.start
        let parts = max(1, Int((MapPicture.distance(stroke.start, stroke.end) / Self.cell).rounded(.up)))
        var cells: Set<Int> = []
        for part in 0...parts { cells.insert(cell(stroke.start + along * (Double(part) / Double(parts)))) }
        return cells.reduce(0) { $0 + counts[$1] }
    }

    private func cell(_ place: SIMD2<Double>) -> Int {
        index(place.y, limit: rows) * columns + index(place.x, limit: columns)
    }

    /// Adds points along a line, a cell's width apart.
    mutating func add(line: [SIMD2<Double>]) {
        for (before, point) in zip(line, line.dropFirst()) {
            let parts = max(1, Int((MapPicture.distance(before, point) / Self.cell).rounded(.up)))
            for part in 1...parts { add(before + (point - before) * (Double(part) / Double(parts))) }
        }
    }

    /// The number of points in the cells that a box touches.
    func count(in box: MapBox) -> Int {
        // A label without width, made smaller, has a negative width.
        let xs = index(min(box.low.x, box.high.x), limit: columns)...index(box.high.x, limit: columns)
        let ys = index(min(box.low.y, box.high.y), limit: rows)...index(box.high.y, limit: rows)
        var count = 0
        for y in ys {
            for x in xs { count += counts[y * columns + x] }
        }
        return count
    }
}
