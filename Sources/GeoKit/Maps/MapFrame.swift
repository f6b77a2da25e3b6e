/// The window onto the map: which part of it a picture shows, and where on the picture each point goes.
///
/// Pictures are 1,000 units wide, and y grows downwards.
struct MapFrame {
    static let width = 1000.0

    let projection: MapProjection
    /// The map's middle meridian.
    let center: Double
    /// Whether all of the world is shown, with its rim.
    let isWorld: Bool
    /// How high the picture is.
    let height: Double
    /// What is at the picture's top left corner, in units of the sphere's radius.
    private let corner: SIMD2<Double>
    private let scale: Double
    /// How much higher things are drawn than the projection has them, which keeps areas true to each other: a part
    /// of the world gets the shape that it has on the globe.
    private let stretch: Double

    /// All of the world around a middle meridian.
    init(world projection: MapProjection, center: Double) {
        let margin = 6.0
        let half = projection.halfSize
        self.projection = projection
        self.center = center
        isWorld = true
        stretch = 1
        scale = (Self.width - 2 * margin) / (2 * half.x)
        height = 2 * half.y * scale + 2 * margin
        corner = [-half.x - margin / scale, half.y + margin / scale]
    }

    /// A part of the world: what is from one corner to the other, west and south to east and north.
    private init(
        projection: MapProjection, center: Double, stretch: Double, low: SIMD2<Double>, high: SIMD2<Double>
    ) {
        self.projection = projection
        self.center = center
        self.stretch = stretch
        isWorld = false
        scale = Self.width / (high.x - low.x)
        height = (high.y - low.y) * scale
        corner = [low.x, high.y]
    }

    /// The window that shows these routes best.
    init(fitting routes: [MapRoute], projection: MapProjection) {
        let circles = routes.flatMap(\.circles)
        let stops = routes.flatMap(\.stops).map(\.coordinate)
        guard !stops.isEmpty else {
            self.init(world: projection, center: 0)
            return
        }
        let center = Self.center(of: circles, and: stops)
        let points =
            circles.flatMap { $0.lines(center: center).joined() }
            + stops.map { GreatCircle.point(GreatCircle.direction($0), center: center) }
        let places = points.map(projection.project)
        var low = places.reduce(places[0]) { pointwiseMin($0, $1) }
        var high = places.reduce(places[0]) { pointwiseMax($0, $1) }
        let stretch = projection.stretch(low: low, high: high)
        let half = projection.halfSize * [1, stretch]
        low.y *= stretch
        high.y *= stretch
        // Room for labels around, and never closer than the outlines are good for.
        let margin = 0.05 + 0.13 * max(high.x - low.x, high.y - low.y)
        Self.widen(&low.x, &high.x, to: max(high.x - low.x + 2 * margin, 0.6))
        Self.widen(&low.y, &high.y, to: max(high.y - low.y + 2 * margin, 0.3))
        Self.widen(&low.x, &high.x, to: (high.y - low.y) * 1.6)
        Self.widen(&low.y, &high.y, to: (high.x - low.x) / 2)
        guard high.x - low.x < 1.5 * half.x, high.y - low.y < 1.8 * half.y else {
            self.init(world: projection, center: Self.worldCenter(for: circles, wished: center))
            return
        }
        Self.shift(&low.x, &high.x, into: half.x)
        // A little beyond the pole, so that what passes it does not do so at the picture's very edge.
        Self.shift(&low.y, &high.y, into: half.y + 0.05)
        self.init(projection: projection, center: center, stretch: stretch, low: low, high: high)
    }

    /// Where on the picture a point goes.
    func place(_ point: MapPoint) -> SIMD2<Double> {
        let place = projection.project(point)
        return [(place.x - corner.x) * scale, (corner.y - place.y * stretch) * scale]
    }

    /// Where on the picture a point of the Earth goes.
    func place(_ coordinate: Coordinate) -> SIMD2<Double> {
        place(GreatCircle.point(GreatCircle.direction(coordinate), center: center))
    }

    /// Whether there is a point of the Earth at a place of the picture.
    func isOnMap(_ place: SIMD2<Double>) -> Bool {
        projection.unproject([corner.x + place.x / scale, (corner.y - place.y / scale) / stretch]) != nil
    }

    /// How many degrees of latitude the picture is high, at its middle.
    var degreesHigh: Double { height / scale / stretch * 180 / .pi }
}

extension MapFrame {
    /// The meridian opposite the widest stretch of longitudes that no route touches; Greenwich if there is none.
    private static func center(of circles: [GreatCircle], and stops: [Coordinate]) -> Double {
        let longitudes =
            (circles.flatMap { $0.lines().joined() }.filter { abs($0.latitude) < 89.9 }.map(\.longitude)
            + stops.map(\.longitude)).sorted()
        guard let first = longitudes.first, let last = longitudes.last else { return 0 }
        var widest = first + 360 - last
        var middle = last + widest / 2
        for (west, east) in zip(longitudes, longitudes.dropFirst()) where east - west > widest {
            widest = east - west
            middle = west + widest / 2
        }
        guard widest >= 30 else { return 0 }
        return MapPoint.wrapped((middle > 180 ? middle - 180 : middle + 180).rounded())
    }

    /// Greenwich, as on most maps, unless another meridian cuts fewer of the routes.
    private static func worldCenter(for circles: [GreatCircle], wished: Double) -> Double {
        func cuts(_ center: Double) -> Int { circles.reduce(0) { $0 + $1.lines(center: center).count } }
        let round = (wished / 10).rounded() * 10
        return cuts(round) < cuts(0) ? round : 0
    }

    private static func widen(_ low: inout Double, _ high: inout Double, to size: Double) {
        let missing = size - (high - low)
        guard missing > 0 else { return }
        low -= missing / 2
        high += missing / 2
    }

    private static func shift(_ low: inout Double, _ high: inout Double, into half: Double) {
        let excess = high > half ? high - half : low < -half ? low + half : 0
        // What is as large as the map stays in its middle.
        guard high - low < 2 * half else { return }
        low -= excess
        high -= excess
    }
}

extension MapProjection {
    /// How much higher a part of the map has to be drawn to have the shape that it has on the globe.
    ///
    /// The larger the part, the less: all of the world stays as the projection has it.
    fileprivate func stretch(low: SIMD2<Double>, high: SIMD2<Double>) -> Double {
        guard let middle = unproject((low + high) / 2) else { return 1 }
        let latitude = min(75, max(-75, middle.latitude))
        let here = project(MapPoint(longitude: 0, latitude: latitude))
        let east = project(MapPoint(longitude: 1, latitude: latitude)).x - here.x
        let north = project(MapPoint(longitude: 0, latitude: latitude + 1)).y - here.y
        let full = east / Trigonometry.cosine(latitude * .pi / 180) / north
        let size = max((high.x - low.x) / (2 * halfSize.x), (high.y - low.y) / (2 * halfSize.y))
        return 1 + (full - 1) * min(1, max(0, 1.25 - 2.5 * size))
    }
}

extension MapRoute {
    /// The great circles between stops that are not at one point, in order.
    var circles: [GreatCircle] {
        zip(stops, stops.dropFirst()).filter { $0.coordinate != $1.coordinate }
            .map { GreatCircle(from: $0.coordinate, to: $1.coordinate) }
    }
}
