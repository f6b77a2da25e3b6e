/// Counts the points in each cell of a picture. Counting those in a box takes equally long for few and for many.
struct MapGrid {
    private static let cell = 4.0

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
        counts[index(place.y, limit: rows) * columns + index(place.x, limit: columns)] += 1
    }

    /// Adds points along a line, a cell's width apart.
    mutating func add(line: [SIMD2<Double>]) {
        for (before, point) in zip(line, line.dropFirst()) {
            let parts = max(1, Int((MapPicture.distance(before, point) / Self.cell).rounded(.up)))
            for part in 1...parts { add(before + (point - before) * (Double(part) / Double(parts))) }
        }
    }

    /// The number of points in the cells that a box touches, without one of them if it is given.
    func count(in box: MapLabels.Box, except own: SIMD2<Double>? = nil) -> Int {
        // A label without width, made smaller, has a negative width.
        let xs = index(min(box.low.x, box.high.x), limit: columns)...index(box.high.x, limit: columns)
        let ys = index(min(box.low.y, box.high.y), limit: rows)...index(box.high.y, limit: rows)
        var count = 0
        if let own, xs.contains(index(own.x, limit: columns)), ys.contains(index(own.y, limit: rows)) { count -= 1 }
        for y in ys {
            for x in xs { count += counts[y * columns + x] }
        }
        return count
    }
}
