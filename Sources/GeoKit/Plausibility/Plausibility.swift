import TraceCore

/// Judges whether addresses can be where somebody says that they are, by how fast light is in glass.
///
/// Light in fibre covers about 200 km in a millisecond, so a round trip of 1 ms leads at most 100 km away; what is
/// farther is impossible. Radio is faster: on a way with long links of it (microwave, satellites that pass on light)
/// raise ``kilometresPerMillisecond`` to 150, which is light in the vacuum.
public struct Plausibility: Sendable, Hashable {
    /// How far a millisecond of round trip leads, in kilometres.
    public var kilometresPerMillisecond: Double

    /// A judge.
    public init(kilometresPerMillisecond: Double = 100) { self.kilometresPerMillisecond = kilometresPerMillisecond }

    /// What is taken off before a place is called impossible: the fastest glass in use (group index 1.467) makes it
    /// 102.2 km, and the sphere that distances are measured on is up to 0.56 % larger than the Earth.
    static let margin = 1.03

    /// Judges a place by the fastest answer from there.
    ///
    /// This is sound: whatever way an answer took, it was not shorter than the great circle there and back, so the
    /// distance is at most half of what light covers in the round trip. Waiting, detours and slow routers only add to
    /// it. Between the usual speed and the highest there is, and within what the places themselves are exact to,
    /// nobody is ruled out.
    ///
    /// - Parameters:
    ///   - place: The place that is claimed; without a point, nothing speaks against it.
    ///   - rtt: The smallest round trip.
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
    /// The source decides where it is known. Where it is not, claims are held against each other: what two or more
    /// hops that agree with one another rule out is impossible, and where it is one against one, both are doubtful.
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

    /// By the answers from the address and from behind it.
    private func verdict(
        on place: Place, at sighting: Sighting, _ later: LaterAnswer?, from source: Place
    ) -> Verdict {
        let own = sighting.rtt.map { verdict(on: place, answeringIn: $0, from: source) } ?? .plausible
        guard own == .plausible, let later else { return own }
        // A probe that went through here and came back from behind was out no shorter than one that turns here has to
        // be: the way on and from there home is together no shorter than the way straight home. But balancing and new
        // routes send probes of one trace on different ways, so this rules nothing out.
        guard case .impossible(var reason) = verdict(on: place, answeringIn: later.rtt, from: source) else {
            return own
        }
        reason.rule = .laterAnswer
        reason.hop = later.ttl
        return .doubtful(reason)
    }

    /// How far a round trip leads.
    func range(of rtt: Duration) -> Double {
        kilometresPerMillisecond * max(0, rtt.inMilliseconds)
    }
}

extension Place {
    /// How far from its point an address may be that is there as claimed, in kilometres.
    ///
    /// Databases give the middle of what they mean, and rarely say how large that is.
    var reachKm: Double {
        // A city is no point, whatever a source says.
        let city = 50.0
        if let radiusKm, radiusKm >= 0 { return max(radiusKm, city) }
        if self.city != nil { return city }
        // The largest states (Yakutia, Alaska, Western Australia) and countries (Russia, the United States with Hawaii).
        if region != nil { return 1500 }
        return country == nil ? city : 5000
    }
}
