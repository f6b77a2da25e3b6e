extension Coordinate {
    /// The length of the shortest way to another point over a sphere of the Earth's mean radius, in kilometres.
    ///
    /// The Earth is flattened: the way over it is up to 0.56 % longer or shorter.
    public func distanceKm(to other: Coordinate) -> Double {
        let (here, there) = (direction, other.direction)
        // From the sum and the difference of the directions, which is as exact for neighbours as for antipodes.
        return 2 * Self.earthRadiusKm * Trigonometry.arctangent(Self.length(here - there), Self.length(here + there))
    }

    /// The mean radius of the Earth (IUGG).
    private static let earthRadiusKm = 6371.0088

    /// The unit vector from the middle of the Earth.
    private var direction: SIMD3<Double> {
        let (north, east) = (latitude * .pi / 180, longitude * .pi / 180)
        let width = Trigonometry.cosine(north)
        return [width * Trigonometry.cosine(east), width * Trigonometry.sine(east), Trigonometry.sine(north)]
    }

    private static func length(_ vector: SIMD3<Double>) -> Double { (vector * vector).sum().squareRoot() }
}
