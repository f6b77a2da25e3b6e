extension GeoMap.Projection {
    // The polynomial of the Equal Earth projection.
    private static let a1 = 1.340264
    private static let a2 = -0.081106
    private static let a3 = 0.000893
    private static let a4 = 0.003796

    /// The place of a point, in units of the sphere's radius, east and north of the middle of the map.
    ///
    /// The longitude counts from the central meridian.
    func project(_ point: MapPoint) -> SIMD2<Double> {
        let longitude = point.longitude * .pi / 180
        let latitude = point.latitude * .pi / 180
        switch self {
        case .equirectangular: return [longitude, latitude]
        case .equalEarth:
            let sine = 3.0.squareRoot() / 2 * Trigonometry.sine(latitude)
            let theta = Trigonometry.arctangent(sine, (1 - sine * sine).squareRoot())
            let slope = Self.slope(theta)
            let x = 2 * 3.0.squareRoot() * longitude * Trigonometry.cosine(theta) / (3 * slope)
            return [x, Self.height(theta)]
        }
    }

    /// The point at a place of the map, or nil if there is none.
    func unproject(_ place: SIMD2<Double>) -> MapPoint? {
        switch self {
        case .equirectangular:
            return MapPoint(longitude: place.x * 180 / .pi, latitude: place.y * 180 / .pi).onMap
        case .equalEarth:
            var theta = place.y / Self.a1
            // Newton's method. Four steps are enough for a double; more cost nothing.
            for _ in 0..<8 { theta -= (Self.height(theta) - place.y) / Self.slope(theta) }
            let sine = Trigonometry.sine(theta) * 2 / 3.0.squareRoot()
            guard abs(sine) <= 1 + 1e-9 else { return nil }
            let bounded = min(1, max(-1, sine))
            let latitude = Trigonometry.arctangent(bounded, (1 - bounded * bounded).squareRoot())
            let longitude = place.x * 3 * Self.slope(theta) / (2 * 3.0.squareRoot() * Trigonometry.cosine(theta))
            return MapPoint(longitude: longitude * 180 / .pi, latitude: latitude * 180 / .pi).onMap
        }
    }

    private static func height(_ theta: Double) -> Double {
        let square = theta * theta
        let sixth = square * square * square
        return theta * (a1 + a2 * square + sixth * (a3 + a4 * square))
    }

    private static func slope(_ theta: Double) -> Double {
        let square = theta * theta
        let sixth = square * square * square
        return a1 + 3 * a2 * square + sixth * (7 * a3 + 9 * a4 * square)
    }

    /// Half of the map's width and height, in units of the sphere's radius.
    var halfSize: SIMD2<Double> {
        [project(MapPoint(longitude: 180, latitude: 0)).x, project(MapPoint(longitude: 0, latitude: 90)).y]
    }
}

/// A point on the sphere. The longitude counts from the central meridian of the map, from -180 to 180.
struct MapPoint: Hashable {
    var longitude: Double
    var latitude: Double

    /// The point if it is on the map.
    fileprivate var onMap: MapPoint? {
        abs(longitude) <= 180 + 1e-9 && abs(latitude) <= 90 + 1e-9 ? self : nil
    }
}
