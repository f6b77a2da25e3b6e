import TraceCore

/// Compares the claims for the hops of a path with each other.
struct PathRelations {
    typealias Sighting = Plausibility.Sighting
    typealias Verdict = Plausibility.Verdict

    private let sightings: [Sighting]
    private let later: [LaterAnswer?]
    /// Where the claimed places are, and how large.
    private let areas: [[Area?]]
    private let source: Area?
    private let judge: Plausibility

    /// The work grows with the square of the sightings. No real path has more addresses, and an invented one must not
    /// take minutes.
    private static let most = 512

    init(_ sightings: [Sighting], _ later: [LaterAnswer?], _ source: Place?, _ judge: Plausibility) {
        self.sightings = sightings
        self.later = later
        areas = sightings.map { $0.places.map(Area.init) }
        self.source = source.flatMap(Area.init)
        self.judge = judge
    }

    /// Lowers the verdicts on claims that others contradict.
    ///
    /// Each hop's favourite is its first claim that is not impossible. The favourites that agree with each other are
    /// settled, and every other claim is judged by them.
    func judge(_ verdicts: inout [[Verdict]]) {
        guard sightings.count <= Self.most else { return }
        // A claim that is doubtful already is no evidence against others.
        let favourites = sightings.indices.compactMap { index in
            verdicts[index].indices.first {
                !verdicts[index][$0].isImpossible && areas[index][$0] != nil
            }.flatMap { verdicts[index][$0] == .plausible ? Claim(sighting: index, place: $0) : nil }
        }
        let settled = settled(favourites)
        for index in sightings.indices {
            for place in sightings[index].places.indices where verdicts[index][place] == .plausible {
                let claim = Claim(sighting: index, place: place)
                guard !settled.contains(claim) else { continue }
                let contradictions = settled.compactMap { contradiction(claim, $0) }
                let sound = contradictions.filter(\.isSound)
                if sound.count >= 2, let worst = Self.worst(sound) {
                    verdicts[index][place] = .impossible(worst)
                } else if let worst = Self.worst(contradictions) {
                    verdicts[index][place] = .doubtful(worst)
                } else if favourites.contains(claim),
                    // No settled claim contradicts it, so it was removed for contradicting another favourite.
                    let worst = Self.worst(favourites.compactMap { contradiction(claim, $0) })
                {
                    verdicts[index][place] = .doubtful(worst)
                }
            }
        }
    }

    private struct Area {
        let direction: EarthDirection
        let reachKm: Double

        /// Nil for a place without a point.
        init?(_ place: Place) {
            guard let coordinate = place.coordinate else { return nil }
            direction = coordinate.direction
            reachKm = place.reachKm
        }
    }

    private struct Claim: Hashable {
        let sighting: Int
        let place: Int
    }

    /// The claims that agree with each other.
    ///
    /// The claim with the most contradictions is removed first, until the rest agree. Claims with equally many
    /// contradictions are removed together, because nothing tells which of them is right.
    private func settled(_ claims: [Claim]) -> [Claim] {
        var opponents = [[Int]](repeating: [], count: claims.count)
        for (index, claim) in claims.enumerated() {
            for other in index + 1..<claims.count where contradiction(claim, claims[other]) != nil {
                opponents[index].append(other)
                opponents[other].append(index)
            }
        }
        var counts = opponents.map(\.count)
        var isIn = [Bool](repeating: true, count: claims.count)
        while let most = counts.max(), most > 0 {
            for index in counts.indices where counts[index] == most { isIn[index] = false }
            for index in counts.indices {
                counts[index] = isIn[index] ? opponents[index].count { isIn[$0] } : 0
            }
        }
        return claims.indices.filter { isIn[$0] }.map { claims[$0] }
    }

    private static func worst(_ contradictions: [Contradiction]) -> Verdict.Reason? {
        contradictions.max { $0.excess < $1.excess }?.reason
    }
}

// MARK: Two claims

extension PathRelations {
    private struct Contradiction {
        let reason: Verdict.Reason
        /// By how many kilometres the distance is too long.
        let excess: Double
        /// Whether the two claims exclude each other. If not, different paths of the probes may explain it.
        let isSound: Bool
    }

    /// Why two claims cannot both be true, seen from the first; nil if they can.
    private func contradiction(_ claim: Claim, _ other: Claim) -> Contradiction? {
        guard claim.sighting != other.sighting else { return nil }
        let (one, two) = (sightings[claim.sighting], sightings[other.sighting])
        guard let rtt = one.rtt, let otherRTT = two.rtt, let here = areas[claim.sighting][claim.place],
            let there = areas[other.sighting][other.place]
        else { return nil }
        let distance = here.direction.distanceKm(to: there.direction)
        let slack = here.reachKm + there.reachKm
        let isOneWay = one.ttl != two.ttl && !one.flows.isDisjoint(with: two.flows)
        guard let source else {
            // Wherever the source is, each place is within the reach of its own round trip. So the two places are
            // within the sum of both reaches. The difference of the round trips says nothing, because answers take
            // their own paths back.
            if let found = contradiction(distance, rtt + otherRTT, slack, two.ttl, isSound: true) { return found }
            // A faster answer from behind also limits the distance, if the probes took one path.
            let least = min(rtt, later[claim.sighting]?.rtt ?? rtt)
            let otherLeast = min(otherRTT, later[other.sighting]?.rtt ?? otherRTT)
            return contradiction(distance, least + otherLeast, slack, two.ttl, isSound: false)
        }
        // With a known source, both claims have already been judged by their distance from it. But if both hops are on
        // one path, the round trip to the later hop passes the earlier one.
        guard isOneWay else { return nil }
        let home = source.direction
        let way = home.distanceKm(to: here.direction) + distance + there.direction.distanceKm(to: home)
        let time = one.ttl < two.ttl ? otherRTT : rtt
        let excess = way - 2 * (judge.range(of: time) * Plausibility.margin + slack + source.reachKm)
        let reason = Verdict.Reason(.roundTrip, kilometres: way, time: time, hop: two.ttl)
        return excess > 0 ? Contradiction(reason: reason, excess: excess, isSound: false) : nil
    }

    private func contradiction(
        _ distance: Double, _ time: Duration, _ slack: Double, _ hop: Int, isSound: Bool
    ) -> Contradiction? {
        let excess = distance - judge.range(of: time) * Plausibility.margin - slack
        guard excess > 0 else { return nil }
        let reason = Verdict.Reason(.otherHop, kilometres: distance, time: time, hop: hop)
        return Contradiction(reason: reason, excess: excess, isSound: isSound)
    }
}
