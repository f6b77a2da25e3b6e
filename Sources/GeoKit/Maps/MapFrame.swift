/// The part of the map that a picture shows, and the place of each point in the picture.
///
/// Pictures are 1,000 units wide, and y grows downwards.
struct MapFrame {
    static let width = 1000.0

    let projection: GeoMap.Projection
    /// The central meridian of the map.
    let center: Double
    /// Whether the whole world is shown, with its rim.
    let isWorld: Bool
    /// The height of the picture.
    let height: Double
    /// The place of the top left corner on the map, in units of the sphere's radius.
    private let corner: SIMD2<Double>
    private let scale: Double
    /// The vertical stretch. An equal-area projection distorts shapes away from its centre; stretching a part of the
    /// world gives it the shape that it has on the globe, and keeps the ratios of areas.
    private let stretch: Double

    /// The whole world around a central meridian.
    init(world projection: GeoMap.Projection, center: Double) {
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

    /// A part of the world, from the south-west to the north-east corner.
    private init(
        projection: GeoMap.Projection, center: Double, stretch: Double, low: SIMD2<Double>, high: SIMD2<Double>
    ) {
        self.projection = projection
        self.center = center
        self.stretch = stretch
        isWorld = false
        scale = Self.width / (high.x - low.x)
        height = (high.y - low.y) * scale
        corner = [low.x, high.y]
    }

    /// The part of the world that shows these routes best.
    init(fitting routes: [MapRoute], projection: GeoMap.Projection) {
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
        // Room for labels, and no closer than the detail of the outlines allows.
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
        // A little beyond the pole, so that routes across it are not on the edge of the picture.
        Self.shift(&low.y, &high.y, into: half.y + 0.05)
        self.init(projection: projection, center: center, stretch: stretch, low: low, high: high)
    }

    /// The place of a point in the picture.
    func place(_ point: MapPoint) -> SIMD2<Double> {
        let place = projection.project(point)
        return [(place.x - corner.x) * scale, (corner.y - place.y * stretch) * scale]
    }

    /// The place of a point on Earth in the picture.
    func place(_ coordinate: Coordinate) -> SIMD2<Double> {
        place(GreatCircle.point(GreatCircle.direction(coordinate), center: center))
    }

    /// Whether a place in the picture is a point on Earth.
    func isOnMap(_ place: SIMD2<Double>) -> Bool {
        projection.unproject([corner.x + place.x / scale, (corner.y - place.y / scale) / stretch]) != nil
    }

    /// The height of the picture in degrees of latitude, at its middle.
    var degreesHigh: Double { height / scale / stretch * 180 / .pi }
}

extension MapFrame {
    /// The meridian opposite the widest range of longitudes without a route; Greenwich if there is none.
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

    /// Greenwich, as on most maps, unless another meridian cuts fewer routes.
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
        // A part as large as the map stays in the middle.
        guard high - low < 2 * half else { return }
        low -= excess
        high -= excess
    }
}

extension GeoMap.Projection {
    /// The vertical stretch that gives a part of the map the shape that it has on the globe.
    ///
    /// The larger the part, the smaller the stretch: the whole world is not stretched.
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
    /// The great circles between the stops, in order, without those of no length.
    var circles: [GreatCircle] {
        zip(stops, stops.dropFirst()).filter { $0.coordinate != $1.coordinate }
            .map { GreatCircle(from: $0.coordinate, to: $1.coordinate) }
    }
}
