internal import GeoKit
internal import TraceCore

/// Says which hosts cannot be where their regions are, because they answer faster than light could come from there.
///
/// Where the asker is, is known, or follows from the answers: it is somewhere that agrees with as many of the hosts as possible.
/// Front ends that all answer in a moment agree with no one place; regions do. A host is elsewhere if that is so from each place
/// where the asker may be.
struct CloudJudge {
    /// A host that answered.
    struct Sighting {
        let id: String
        let place: Coordinate
        let least: Duration
    }

    /// A place where the asker may be, and how far from it.
    private struct Spot {
        let place: Coordinate
        let reachKm: Double
    }

    /// How far from the place of a region its machines may be.
    private static let regionKm = 150.0

    /// Where the asker is, known or found.
    let here: Coordinate?
    private let spots: [Spot]

    init(_ sightings: [Sighting], here: Coordinate?) {
        if let here {
            self.here = here
            spots = [Spot(place: here, reachKm: 0)]
            return
        }
        var spots = Self.best(of: Self.grid(within: (-60, 80), (-180, 180), step: 10), sightings)
        let fine = spots.flatMap { spot in
            Self.grid(
                within: (spot.place.latitude - 5, spot.place.latitude + 5),
                (spot.place.longitude - 5, spot.place.longitude + 5), step: 2)
        }
        spots = Self.best(of: fine, sightings)
        self.spots = sightings.isEmpty ? [] : spots
        // The place that the nearest of those which agree is next to.
        self.here = sightings.isEmpty ? nil : Self.middle(of: spots)
    }

    /// Whether a host cannot be where its region is.
    func isElsewhere(_ sighting: Sighting) -> Bool {
        !spots.isEmpty && spots.allSatisfy { !Self.agrees(sighting, from: $0) }
    }

    /// The time that light takes there and back, at least.
    static func light(km: Double) -> Duration {
        .nanoseconds(Int64(km / Plausibility().kilometresPerMillisecond * 1_000_000))
    }

    private static func agrees(_ sighting: Sighting, from spot: Spot) -> Bool {
        let km = sighting.place.distanceKm(to: spot.place) - spot.reachKm - regionKm
        return light(km: max(0, km)) <= sighting.least
    }

    private static func best(of spots: [Spot], _ sightings: [Sighting]) -> [Spot] {
        let counts = spots.map { spot in sightings.count { agrees($0, from: spot) } }
        let most = counts.max() ?? 0
        return zip(spots, counts).filter { $0.1 == most }.map(\.0)
    }

    private static func grid(within latitudes: (Double, Double), _ longitudes: (Double, Double), step: Double) -> [Spot] {
        stride(from: latitudes.0, through: latitudes.1, by: step).flatMap { latitude in
            stride(from: longitudes.0, to: longitudes.1, by: step).compactMap { longitude in
                let turned = longitude < -180 ? longitude + 360 : longitude > 180 ? longitude - 360 : longitude
                // Half of the diagonal of a field.
                return Coordinate(latitude: latitude, longitude: turned).map { Spot(place: $0, reachKm: step * 79) }
            }
        }
    }

    private static func middle(of spots: [Spot]) -> Coordinate? {
        guard let first = spots.first else { return nil }
        let count = Double(spots.count)
        let latitude = spots.reduce(0) { $0 + $1.place.latitude } / count
        // Across the date line, degrees are counted from the first place.
        let east = spots.reduce(0) { sum, spot in
            let step = spot.place.longitude - first.place.longitude
            return sum + (step > 180 ? step - 360 : step < -180 ? step + 360 : step)
        }
        let longitude = first.place.longitude + east / count
        return Coordinate(
            latitude: latitude, longitude: longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude)
    }
}
