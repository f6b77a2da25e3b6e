extension Coordinate {
    /// The distance to another point along a great circle, in kilometres.
    ///
    /// It is measured on a sphere with the Earth's mean radius. The Earth is flattened, so the true distance is up to
    /// 0.56 % longer or shorter.
    public func distanceKm(to other: Coordinate) -> Double { direction.distanceKm(to: other.direction) }

    /// The direction from the centre of the Earth to the point.
    var direction: EarthDirection {
        let (north, east) = (latitude * .pi / 180, longitude * .pi / 180)
        let width = Trigonometry.cosine(north)
        return EarthDirection(
            x: width * Trigonometry.cosine(east), y: width * Trigonometry.sine(east), z: Trigonometry.sine(north))
    }
}

/// The unit vector from the centre of the Earth to a point. Distances are computed from these, so that the
/// trigonometry is done once for each point and not once for each pair.
struct EarthDirection {
    let x, y, z: Double

    /// The mean radius of the Earth (IUGG).
    static let earthRadiusKm = 6371.0088

    /// Uses the difference and the sum of the vectors, which is exact for neighbours and antipodes alike.
    func distanceKm(to other: EarthDirection) -> Double {
        let apart = Self.length(x - other.x, y - other.y, z - other.z)
        return 2 * Self.earthRadiusKm
            * Trigonometry.arctangent(apart, Self.length(x + other.x, y + other.y, z + other.z))
    }

    private static func length(_ x: Double, _ y: Double, _ z: Double) -> Double { (x * x + y * y + z * z).squareRoot() }
}
