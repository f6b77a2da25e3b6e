/// Cuts rings and lines at straight edges.
enum MapClip {
    /// An edge: points are kept if a coordinate is at least, or at most, the limit.
    struct Edge {
        let axis: Int
        let limit: Double
        let keepsAbove: Bool

        /// How far inside the edge a point is.
        func depth(_ point: SIMD2<Double>) -> Double { keepsAbove ? point[axis] - limit : limit - point[axis] }
    }

    /// The edges of a rectangle.
    static func edges(low: SIMD2<Double>, high: SIMD2<Double>) -> [Edge] {
        [0, 1].flatMap { axis in
            [
                Edge(axis: axis, limit: low[axis], keepsAbove: true),
                Edge(axis: axis, limit: high[axis], keepsAbove: false),
            ]
        }
    }

    /// The part of a ring inside the edges, as one ring that may run along them (Sutherland and Hodgman, 1974).
    static func ring(_ ring: [SIMD2<Double>], within edges: [Edge]) -> [SIMD2<Double>] {
        var ring = ring
        for edge in edges {
            guard let last = ring.last else { return [] }
            if ring.allSatisfy({ edge.depth($0) >= 0 }) { continue }
            var kept: [SIMD2<Double>] = []
            var before = last
            for point in ring {
                let (from, to) = (edge.depth(before), edge.depth(point))
                if (from < 0) != (to < 0) { kept.append(before + (point - before) * (from / (from - to))) }
                if to >= 0 { kept.append(point) }
                before = point
            }
            ring = kept
        }
        return ring
    }

    /// The parts of a line inside the edges.
    static func line(_ line: [SIMD2<Double>], within edges: [Edge]) -> [[SIMD2<Double>]] {
        var lines = [line]
        for edge in edges {
            lines = lines.flatMap { line in
                if line.allSatisfy({ edge.depth($0) >= 0 }) { return [line] }
                var parts: [[SIMD2<Double>]] = []
                var part: [SIMD2<Double>] = []
                for (index, point) in line.enumerated() {
                    let to = edge.depth(point)
                    if index > 0 {
                        let from = edge.depth(line[index - 1])
                        if (from < 0) != (to < 0) {
                            part.append(line[index - 1] + (point - line[index - 1]) * (from / (from - to)))
                        }
                    }
                    if to >= 0 {
                        part.append(point)
                    } else if !part.isEmpty {
                        parts.append(part)
                        part = []
                    }
                }
                return part.isEmpty ? parts : parts + [part]
            }
        }
        return lines.filter { $0.count > 1 }
    }
}
