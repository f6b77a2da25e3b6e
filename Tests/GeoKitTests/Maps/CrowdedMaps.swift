import TraceCore
import TraceCoreFuzzChecks

@testable import GeoKit

/// Maps with many places, some of them very near to each other.
enum CrowdedMaps {
    static let demoHosts = [
        "tokyo", "sydney", "singapore", "saopaulo", "newyork", "nairobi", "mumbai", "losangeles", "london", "lisbon",
        "johannesburg", "frankfurt", "chicago",
    ].map { "\($0).example" }

    /// The paths of the demo's network to its first hosts, as `trace --network demo --geo demo --map` draws them.
    static func demo(_ hosts: ArraySlice<String> = demoHosts[...]) async throws -> GeoMap {
        let database = MMDBGeolocator(try MMDBDatabase(bytes: DemoPlaces.bytes()), name: "demo")
        var routes: [MapRoute] = []
        for host in hosts {
            let trace = try await PathTracer(SimulatedProber(.udp, .demo)).trace(host)
            routes.append(
                MapRoute(
                    LocatedTrace(
                        trace: trace, source: DemoPlaces.home,
                        geolocator: GeolocatorChain([database, RouterNameGeolocator()]))))
        }
        return GeoMap(routes: routes)
    }

    /// Routes between places that lie in a few swarms, with short and long names.
    static func random(seed: UInt64) -> GeoMap {
        var random = SeededGenerator(seed: seed)
        let swarms = (0...random.below(4)).map { _ in
            (
                latitude: Double(random.below(140)) - 70, longitude: Double(random.below(360)) - 180,
                spread: [0.5, 3, 12, 40][random.below(4)]
            )
        }
        let places = (0..<(2 + random.below(40))).map { _ in
            let swarm = swarms[random.below(swarms.count)]
            func near(_ middle: Double) -> Double { middle + (Double(random.below(2001)) / 1000 - 1) * swarm.spread }
            let name = String((0..<(2 + random.below(20))).map { _ in "WMaeiou rtfgm".randomElement(using: &random)! })
            return (
                latitude: min(89, max(-89, near(swarm.latitude))),
                longitude: min(180, max(-180, near(swarm.longitude))),
                name: name, rtt: Duration.microseconds(random.below(900_000))
            )
        }
        let routes = (0...random.below(13)).map { index in
            let stops = (0..<(1 + random.below(9))).compactMap { hop -> MapRoute.Stop? in
                let place = places[random.below(places.count)]
                return Coordinate(latitude: place.latitude, longitude: place.longitude).map {
                    MapRoute.Stop(coordinate: $0, label: UntrustedText(place.name), hops: "\(hop + 1)", rtt: place.rtt)
                }
            }
            let lost = (0..<random.below(4)).map { MapRoute.Hop(number: $0, coordinate: nil, detail: "no answer") }
            return MapRoute(name: UntrustedText("host-\(index).example"), stops: stops, unplaced: lost)
        }
        return GeoMap(routes: routes, extent: random.below(3) == 0 ? .world : .fitted)
    }
}
