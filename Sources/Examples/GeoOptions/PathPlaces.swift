public import GeoKit
public import TraceCore
public import TraceCoreCommandLine

/// Networks and places of a watched path, from databases and from the names of routers.
public final class PathPlaces: PathGeography {
    private let locator: GeolocatorChain
    private let databases: [MMDBGeolocator]
    private let source: Place?
    /// What was looked up, with the name that was known then.
    private let found = Lock<[GeoSubject: Findings]>([:])

    private struct Findings {
        var places: [Place]
        var facts: PathFacts
    }

    /// Places by the geolocators, and by the names of routers.
    ///
    /// - Parameter source: Where the probes come from, if that is known.
    public init(_ locators: [any Geolocator], from source: Place?) {
        locator = GeolocatorChain(locators + [RouterNameGeolocator()])
        databases = locators.compactMap { $0 as? MMDBGeolocator }
        self.source = source
    }

    /// Without a database, the names of routers say where some of them are.
    public var known: Set<PathFact> {
        databases.isEmpty ? [.country, .place] : Set(PathFact.allCases)
    }

    /// Where the probes come from.
    public var home: SIMD2<Double>? { source?.coordinate?.point }
    /// The outlines of the world.
    public var land: [[SIMD2<Double>]] { GeoMap.land }

    /// The great circle between two points.
    public func way(
        from first: SIMD2<Double>, to second: SIMD2<Double>, center: Double
    ) -> [[SIMD2<Double>]] {
        guard let first = Coordinate(latitude: first.y, longitude: first.x),
            let second = Coordinate(latitude: second.y, longitude: second.x)
        else { return [] }
        return GeoMap.way(from: first, to: second, center: center)
    }

    /// What is known of the addresses; a place that the round trips rule out is none.
    public func facts(of path: MonitorReport) -> [IPAddress: PathFacts] {
        var sightings: [IPAddress: Plausibility.Sighting] = [:]
        var facts: [IPAddress: PathFacts] = [:]
        for hop in path.hops {
            for answering in hop.addresses {
                let findings = findings(GeoSubject(address: answering.address, name: answering.name))
                facts[answering.address] = findings.facts
                let rtt = min(answering.rtt.min, sightings[answering.address]?.rtt ?? answering.rtt.min)
                let ttl = sightings[answering.address]?.ttl ?? hop.ttl
                sightings[answering.address] = Plausibility.Sighting(ttl: ttl, rtt: rtt, places: findings.places)
            }
        }
        let all = sightings.sorted { ($0.value.ttl, $0.key) < ($1.value.ttl, $1.key) }
        for (sighting, verdicts) in zip(all, Plausibility().judge(all.map(\.value), from: source)) {
            guard let place = zip(sighting.value.places, verdicts).first(where: { !$1.isImpossible })?.0 else {
                continue
            }
            facts[sighting.key]?.place = place.shortName
            facts[sighting.key]?.country = place.country
            facts[sighting.key]?.point = place.coordinate?.point
        }
        return facts
    }

    private func findings(_ subject: GeoSubject) -> Findings {
        found.withLock { known in
            if let findings = known[subject] { return findings }
            let findings = locator.locate(subject)
            let system = findings.systems.first { $0.name != nil } ?? findings.systems.first
            let kept = Findings(
                places: findings.places,
                facts: PathFacts(
                    number: system?.number, network: system?.name,
                    prefix: databases.lazy.compactMap { $0.network(of: subject.address) }.first))
            known[subject] = kept
            return kept
        }
    }
}

extension Coordinate {
    fileprivate var point: SIMD2<Double> { SIMD2(longitude, latitude) }
}
