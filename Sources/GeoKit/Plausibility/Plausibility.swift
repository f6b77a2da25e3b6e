import TraceCore

/// Judges whether addresses can be where a source says that they are, by the speed of light in fibre.
///
/// Light in fibre covers about 200 km in a millisecond. So a round trip of 1 ms reaches at most 100 km, and a place
/// that is farther away is impossible. Radio is faster: for paths with long radio links (microwave, satellites with
/// laser links), raise ``kilometresPerMillisecond`` to 150, the speed of light in vacuum.
public struct Plausibility: Sendable, Hashable {
    /// How far a round trip of one millisecond reaches, in kilometres.
    public var kilometresPerMillisecond: Double

    /// A judge; the default is the speed of light in fibre.
    public init(kilometresPerMillisecond: Double = 100) { self.kilometresPerMillisecond = kilometresPerMillisecond }

    /// The tolerance before a place is called impossible. The fastest fibre in use (group index 1.467) gives 102.2 km
    /// per millisecond, and distances are measured on a sphere, which makes them up to 0.56 % too long.
    static let margin = 1.03

    /// Judges a place by the fastest answer from there.
    ///
    /// This is sound. No path is shorter than the great circle there and back, so the distance is at most half of what
    /// light covers in the round trip. Queues, detours and slow routers only make the round trip longer. The margin for
    /// the fastest fibre and for the accuracy of the places is in favour of the claim.
    ///
    /// - Parameters:
    ///   - place: The claimed place. Without a point, it is always plausible.
    ///   - rtt: The shortest round trip.
    ///   - source: Where the probes came from.
    public func verdict(on place: Place, answeringIn rtt: Duration, from source: Place) -> Verdict {
        guard let point = place.coordinate, let origin = source.coordinate, rtt >= .zero else { return .plausible }
        let distance = origin.distanceKm(to: point)
        let slack = place.reachKm + source.reachKm
        let reason = Verdict.Reason(.answer, kilometres: distance, time: rtt)
        if distance > range(of: rtt) * Self.margin + slack { return .impossible(reason) }
        return distance > range(of: rtt) + slack ? .doubtful(reason) : .plausible
    }

    /// Judges every claimed place of the hops of a path, in the order of the claims.
    ///
    /// If the source is known, each claim is judged by its distance from there. If not, the claims are compared with
    /// each other: a claim is impossible if two or more hops that agree with each other rule it out. If one hop stands
    /// against one, both are doubtful.
    ///
    /// - Parameters:
    ///   - sightings: The addresses of the path, with their claims.
    ///   - source: Where the probes came from, if that is known.
    public func judge(_ sightings: [Sighting], from source: Place?) -> [[Verdict]] {
        let source = source?.coordinate == nil ? nil : source
        let later = LaterAnswer.all(sightings)
        var verdicts = zip(sightings, later).map { sighting, later in
            sighting.places.map { place in
                source.map { verdict(on: place, at: sighting, later, from: $0) } ?? .plausible
            }
        }
        PathRelations(sightings, later, source, self).judge(&verdicts)
        return verdicts
    }

    /// Judges a place by the answers from the address and from behind it.
    private func verdict(
        on place: Place, at sighting: Sighting, _ later: LaterAnswer?, from source: Place
    ) -> Verdict {
        let own = sighting.rtt.map { verdict(on: place, answeringIn: $0, from: source) } ?? .plausible
        guard own == .plausible, let later else { return own }
        // A probe that passed here and was answered from behind travelled at least as far as to this place and straight
        // back. But load balancing and route changes send the probes of one trace along different paths, so this rules
        // nothing out.
        guard case .impossible(var reason) = verdict(on: place, answeringIn: later.rtt, from: source) else {
            return own
        }
        reason.rule = .laterAnswer
        reason.hop = later.ttl
        return .doubtful(reason)
    }

    /// How far a round trip reaches.
    func range(of rtt: Duration) -> Double {
        kilometresPerMillisecond * max(0, rtt.inMilliseconds)
    }
}

extension Place {
    /// How far from the point the address may be if the claim is true, in kilometres.
    ///
    /// Databases give the middle of a city or a country, and rarely say how large it is.
    var reachKm: Double {
        // A city is not a point, even if the source gives a smaller radius.
        let city = 50.0
        if let radiusKm, radiusKm >= 0 { return max(radiusKm, city) }
        if self.city != nil { return city }
        // Enough for the largest states (Yakutia, Alaska) and countries (Russia, the United States with Hawaii).
        if region != nil { return 1500 }
        return country == nil ? city : 5000
    }
}
