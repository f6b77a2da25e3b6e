/// A rectangle of a picture.
struct MapBox {
    var low: SIMD2<Double>
    var high: SIMD2<Double>

    var middle: SIMD2<Double> { (low + high) / 2 }

    func grown(_ size: Double) -> MapBox {
        MapBox(low: low - SIMD2(repeating: size), high: high + SIMD2(repeating: size))
    }

    func contains(_ other: MapBox) -> Bool {
        low.x <= other.low.x && low.y <= other.low.y && other.high.x <= high.x && other.high.y <= high.y
    }

    func overlaps(_ other: MapBox) -> Bool {
        low.x < other.high.x && other.low.x < high.x && low.y < other.high.y && other.low.y < high.y
    }

    /// How far a point is from the nearest point of the box: 0 inside.
    func distance(to place: SIMD2<Double>) -> Double {
        MapPicture.distance(place, pointwiseMin(pointwiseMax(place, low), high))
    }

    func meets(_ stroke: MapStroke) -> Bool {
        let along = stroke.end - stroke.start
        var entering = 0.0
        var leaving = 1.0
        for axis in 0..<2 {
            if along[axis] == 0 {
                guard stroke.start[axis] >= low[axis], stroke.start[axis] <= high[axis] else { return false }
                continue
            }
            let (first, second) =
                ((low[axis] - stroke.start[axis]) / along[axis], (high[axis] - stroke.start[axis]) / along[axis])
            entering = max(entering, min(first, second))
            leaving = min(leaving, max(first, second))
        }
        return entering <= leaving
    }
}

/// A straight line in a picture.
struct MapStroke {
    let start: SIMD2<Double>
    let end: SIMD2<Double>

    /// How far a point is from the nearest point of the line.
    func distance(to place: SIMD2<Double>) -> Double {
        let along = end - start
        let square = (along * along).sum()
        guard square > 0 else { return MapPicture.distance(start, place) }
        let share = min(1, max(0, ((place - start) * along).sum() / square))
        return MapPicture.distance(start + along * share, place)
    }

    func crosses(_ other: MapStroke) -> Bool {
        isBetween(other) && other.isBetween(self)
    }

    /// Whether the ends of this line are on different sides of another one.
    private func isBetween(_ other: MapStroke) -> Bool { other.side(start) * other.side(end) <= 0 }

    private func side(_ place: SIMD2<Double>) -> Double {
        let (along, offset) = (end - start, place - start)
        return along.x * offset.y - along.y * offset.x
    }
}
