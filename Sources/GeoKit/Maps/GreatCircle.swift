/// The shortest way between two points of the sphere.
struct GreatCircle {
    private let start: SIMD3<Double>
    /// The point a quarter of the circle ahead of the start.
    private let ahead: SIMD3<Double>
    /// The length, as an angle.
    let angle: Double

    /// The way from one point to another. Between opposite points, it leads over the north pole.
    init(from first: Coordinate, to second: Coordinate) {
        start = Self.direction(first)
        let end = Self.direction(second)
        let along = (start * end).sum()
        var across = end - start * along
        angle = Trigonometry.arctangent((across * across).sum().squareRoot(), along)
        if (across * across).sum() < 1e-20 {
            let pole = SIMD3<Double>(0, 0, 1)
            across = pole - start * start.z
            if (across * across).sum() < 1e-20 { across = [1, 0, 0] }
        }
        ahead = across / (across * across).sum().squareRoot()
    }

    /// The point at a fraction of the way.
    func point(at fraction: Double) -> MapPoint {
        Self.point(direction(at: fraction), center: 0)
    }

    /// The unit vector at a fraction of the way.
    func direction(at fraction: Double) -> SIMD3<Double> {
        let turn = angle * fraction
        return start * Trigonometry.cosine(turn) + ahead * Trigonometry.sine(turn)
    }

    static func direction(_ point: Coordinate) -> SIMD3<Double> {
        let direction = point.direction
        return [direction.x, direction.y, direction.z]
    }

    /// The point in a direction, on a map with this central meridian.
    static func point(_ direction: SIMD3<Double>, center: Double) -> MapPoint {
        let width = (direction.x * direction.x + direction.y * direction.y).squareRoot()
        let latitude = Trigonometry.arctangent(direction.z, width) * 180 / .pi
        let longitude = Trigonometry.arctangent(direction.y, direction.x) * 180 / .pi
        return MapPoint(longitude: MapPoint.wrapped(longitude - center), latitude: latitude)
    }
}

extension MapPoint {
    /// A longitude brought into the range from -180 to 180.
    static func wrapped(_ longitude: Double) -> Double {
        if longitude > 180 { return longitude - 360 }
        return longitude < -180 ? longitude + 360 : longitude
    }
}
