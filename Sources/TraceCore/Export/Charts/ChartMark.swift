/// The marks of a chart. Each has a shape of its own, so that it can be told without its colour.
enum ChartMark {
    /// A round trip.
    case dot
    /// An answer after its probe had been given up.
    case ring
    /// A probe that nobody answered.
    case stroke
    /// A probe that a router refused.
    case cross
    /// A round trip that is too long for the scale.
    case arrow
    /// A change of the path.
    case diamond

    /// The class that gives the mark its look.
    var classes: String {
        switch self {
        case .dot: "dots"
        case .ring: "hollow"
        case .stroke, .cross: "lost"
        case .arrow: "beyond"
        case .diamond: "change"
        }
    }

    /// Adds the mark to the path of those of its kind.
    func add(to path: inout PathData, at place: SIMD2<Double>) {
        func line(_ points: [SIMD2<Double>], closed: Bool = false) {
            path.add(points.map { $0 + place }, closed: closed)
        }
        switch self {
        case .dot: path.add(dot: place)
        case .ring:
            line(
                [[0, -3.2], [2.3, -2.3], [3.2, 0], [2.3, 2.3], [0, 3.2], [-2.3, 2.3], [-3.2, 0], [-2.3, -2.3]],
                closed: true)
        case .stroke: line([[0, -5], [0, 5]])
        case .cross:
            line([[-3.5, -3.5], [3.5, 3.5]])
            line([[-3.5, 3.5], [3.5, -3.5]])
        case .arrow: line([[0, 0], [4, 7], [-4, 7]], closed: true)
        case .diamond: line([[0, -5], [4, 0], [0, 5], [-4, 0]], closed: true)
        }
    }
}

/// Marks of several kinds: one path for each kind, because a path for each mark would be ten times as long.
struct ChartMarks {
    private static let order: [ChartMark] = [.ring, .dot, .arrow, .stroke, .cross, .diamond]
    private var paths: [ChartMark: PathData] = [:]
    /// Places that have a mark already, in half pixels: a second one there would not be seen.
    private var taken: [ChartMark: Set<SIMD2<Int>>] = [:]

    /// Whether there is a mark of a kind.
    func has(_ mark: ChartMark) -> Bool { paths[mark] != nil }

    mutating func add(_ mark: ChartMark, at place: SIMD2<Double>) {
        let cell = SIMD2(Int(place.x * 2), Int(place.y * 2))
        guard taken[mark, default: []].insert(cell).inserted else { return }
        mark.add(to: &paths[mark, default: PathData()], at: place)
    }

    /// Draws all marks, in the same order each time.
    func draw(on canvas: inout ChartCanvas) {
        for mark in Self.order {
            if let path = paths[mark] { canvas.path(path, classes: mark.classes) }
        }
    }
}
