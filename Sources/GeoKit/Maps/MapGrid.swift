/// How many points lie in each cell of a picture, so that counting those in a box takes no longer for many than for few.
struct MapGrid {
    private static let cell = 4.0

    private struct Cell: Hashable {
        let x: Int
        let y: Int

        init(_ place: SIMD2<Double>) {
            x = Int((place.x / MapGrid.cell).rounded(.down))
            y = Int((place.y / MapGrid.cell).rounded(.down))
        }

        init(x: Int, y: Int) {
            self.x = x
            self.y = y
        }
    }

    private var points: [Cell: Int] = [:]

    /// Adds a point.
    mutating func add(_ place: SIMD2<Double>) { points[Cell(place), default: 0] += 1 }

    /// Adds points along a line, a cell's width apart.
    mutating func add(line: [SIMD2<Double>]) {
        for (before, point) in zip(line, line.dropFirst()) {
            let parts = max(1, Int((MapPicture.distance(before, point) / Self.cell).rounded(.up)))
            for part in 1...parts { add(before + (point - before) * (Double(part) / Double(parts))) }
        }
    }

    /// How many points lie in the cells that a box touches; one of them may be left out.
    func count(in box: MapLabels.Box, except own: SIMD2<Double>? = nil) -> Int {
        let (low, high) = (Cell(box.low), Cell(box.high))
        var count = 0
        if let own = own.map(Cell.init), (low.x...high.x).contains(own.x), (low.y...high.y).contains(own.y) {
            count -= 1
        }
        for y in low.y...high.y {
            for x in low.x...high.x { count += points[Cell(x: x, y: y)] ?? 0 }
        }
        return count
    }
}
