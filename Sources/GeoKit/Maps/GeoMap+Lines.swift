extension GeoMap {
    /// The outlines of the land, as longitudes and latitudes in degrees.
    package static var land: [[SIMD2<Double>]] { WorldOutline.shared.rings }

    /// The shortest way between two points, as lines on a map with this central meridian: longitudes from that meridian,
    /// and latitudes. It is cut where it crosses the edge of the map.
    package static func way(from first: Coordinate, to second: Coordinate, center: Double) -> [[SIMD2<Double>]] {
        GreatCircle(from: first, to: second).lines(center: center).map { line in
            line.map { SIMD2($0.longitude, $0.latitude) }
        }
    }
}
