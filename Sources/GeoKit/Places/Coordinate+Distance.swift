extension Coordinate {
    /// The length of the shortest way to another point over a sphere of the Earth's mean radius, in kilometres.
    ///
    /// The Earth is flattened: the way over it is up to 0.56 % longer or shorter.
    public func distanceKm(to other: Coordinate) -> Double { direction.distanceKm(to: other.direction) }

    /// Which way the point is from the middle of the Earth.
    var direction: EarthDirection {
        let (north, east) = (latitude * .pi / 180, longitude * .pi / 180)
        let width = Trigonometry.cosine(north)
        return EarthDirection(
            x: width * Trigonometry.cosine(east), y: width * Trigonometry.sine(east), z: Trigonometry.sine(north))
    }
}

/// The unit vector from the middle of the Earth to a point: what distances are made of, worked out once for each point.
struct EarthDirection {
    let x, y, z: Double

    /// The mean radius of the Earth (IUGG).
    static let earthRadiusKm = 6371.0088

    /// From the difference and the sum of the vectors, which is as exact for neighbours as for antipodes.
    func distanceKm(to other: EarthDirection) -> Double {
        let apart = Self.length(x - other.x, y - other.y, z - other.z)
        return 2 * Self.earthRadiusKm
            * Trigonometry.arctangent(apart, Self.length(x + other.x, y + other.y, z + other.z))
    }

    private static func length(_ x: Double, _ y: Double, _ z: Double) -> Double { (x * x + y * y + z * z).squareRoot() }
}
