import TraceCore

/// The background of the routes: sea, land, borders, and the grid of meridians and parallels.
struct MapBackground {
    let frame: MapFrame

    /// The elements of the picture.
    var svg: String {
        """
        <path class="sea" d="\(sea)"/>
        <path class="net" d="\(net)"/>
        <path class="land" d="\(land)"/>
        <path class="borders" d="\(borders)"/>
        \(frame.isWorld ? "<path class=\"rim\" d=\"\(sea)\"/>\n" : "")
        """
    }

    /// Shapes are cut a little outside of the picture, so that the cut edges are not visible.
    private var window: [MapClip.Edge] {
        MapClip.edges(low: [-20, -20], high: [MapFrame.width + 20, frame.height + 20])
    }

    private static let wholeMap = MapClip.edges(low: [-180, -90], high: [180, 90])

    /// The outline of the whole map.
    private var sea: String {
        let latitudes = stride(from: -90.0, through: 90, by: 2)
        let west = latitudes.map { MapPoint(longitude: -180, latitude: $0) }
        let east = latitudes.reversed().map { MapPoint(longitude: 180, latitude: $0) }
        var path = PathData()
        path.add(MapClip.ring((west + east).map(frame.place), within: window), closed: true)
        return path.text
    }

    private var land: String {
        var path = PathData()
        for ring in WorldOutline.shared.rings {
            for part in onMap(ring) {
                let cut = MapClip.ring(part, within: Self.wholeMap)
                let places = Self.dense(cut, closed: true).map { place($0) }
                path.add(MapClip.ring(places, within: window), closed: true, distance: 0.7)
            }
        }
        return path.text
    }

    private var borders: String {
        var path = PathData()
        for border in WorldOutline.shared.borders {
            for part in onMap(border).flatMap({ MapClip.line($0, within: Self.wholeMap) }) {
                let places = Self.dense(part, closed: false).map { place($0) }
                for line in MapClip.line(places, within: window) { path.add(line, distance: 0.7) }
            }
        }
        return path.text
    }

    private var net: String {
        let step: Double = frame.degreesHigh > 100 ? 30 : frame.degreesHigh > 50 ? 15 : 10
        var path = PathData()
        for meridian in stride(from: -180.0, to: 180, by: step) {
            let longitude = MapPoint.wrapped(meridian - frame.center)
            let line = stride(from: -90.0, through: 90, by: 3).map { MapPoint(longitude: longitude, latitude: $0) }
            for part in MapClip.line(line.map(frame.place), within: window) { path.add(part) }
        }
        for latitude in stride(from: step - 90, to: 90, by: step) {
            let line = stride(from: -180.0, through: 180, by: 10).map { MapPoint(longitude: $0, latitude: latitude) }
            for part in MapClip.line(line.map(frame.place), within: window) { path.add(part) }
        }
        return path.text
    }

    private func place(_ point: SIMD2<Double>) -> SIMD2<Double> {
        frame.place(MapPoint(longitude: point.x, latitude: point.y))
    }

    /// A line with longitudes from the central meridian, shifted by each full turn that brings it onto the map.
    private func onMap(_ line: [SIMD2<Double>]) -> [[SIMD2<Double>]] {
        [-360.0, 0, 360].compactMap { turn in
            let shifted = line.map { $0 + [turn - frame.center, 0] }
            return shifted.contains { abs($0.x) < 180 } ? shifted : nil
        }
    }

    /// A line with extra points where it is long in latitude, because the projection bends meridians.
    private static func dense(_ line: [SIMD2<Double>], closed: Bool) -> [SIMD2<Double>] {
        guard let first = line.first else { return [] }
        var dense: [SIMD2<Double>] = [first]
        for (before, point) in zip(line, line.dropFirst() + (closed ? [first] : [])) {
            let parts = max(1, Int((abs(point.y - before.y) / 4).rounded(.up)))
            for part in 1...parts { dense.append(before + (point - before) * (Double(part) / Double(parts))) }
        }
        return dense
    }
}
