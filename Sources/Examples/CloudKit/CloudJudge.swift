internal import GeoKit
internal import TraceCore

/// Says which hosts cannot be where their regions are, because they answer faster than light could come from there.
///
/// Where the asker is, is known, or it is somewhere that agrees with as many of the hosts as possible: an area, often a
/// wide one, so no place is claimed. Front ends that all answer in a moment agree with no one place; regions do. A host is elsewhere if that is so from each place
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

    private let spots: [Spot]

    init(_ sightings: [Sighting], here: Coordinate?) {
        if let here {
            spots = [Spot(place: here, reachKm: 0)]
            return
        }
        let spots = Self.best(of: Self.grid(within: (-60, 80), (-180, 180), step: 10), sightings)
        let fine = spots.flatMap { spot in
            Self.grid(
                within: (spot.place.latitude - 5, spot.place.latitude + 5),
                (spot.place.longitude - 5, spot.place.longitude + 5), step: 2)
        }
        self.spots = sightings.isEmpty ? [] : Self.best(of: fine, sightings)
    }

    /// Whether a host cannot be where its region is.
    func isElsewhere(_ sighting: Sighting) -> Bool {
        !spots.isEmpty && spots.allSatisfy { !Self.agrees(sighting, from: $0) }
    }

    /// Whether the asker is hardly where it is said to be: from another place, clearly more of the hosts can answer as they do.
    static func doubts(_ here: Coordinate, _ sightings: [Sighting]) -> Bool {
        let own = sightings.count { agrees($0, from: Spot(place: here, reachKm: 0)) }
        // None agrees with more than all.
        guard own * 10 < sightings.count * 9 else { return false }
        let most = Self.best(of: grid(within: (-60, 80), (-180, 180), step: 10), sightings).first.map { spot in
            sightings.count { agrees($0, from: spot) }
        }
        return own * 10 < (most ?? 0) * 9
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

    private static func grid(within latitudes: (Double, Double), _ longitudes: (Double, Double), step: Double) -> [Spot]
    {
        stride(from: latitudes.0, through: latitudes.1, by: step).flatMap { latitude in
            stride(from: longitudes.0, to: longitudes.1, by: step).compactMap { longitude in
                let turned = longitude < -180 ? longitude + 360 : longitude > 180 ? longitude - 360 : longitude
                // Half of the diagonal of a field.
                return Coordinate(latitude: latitude, longitude: turned).map { Spot(place: $0, reachKm: step * 79) }
            }
        }
    }
}
