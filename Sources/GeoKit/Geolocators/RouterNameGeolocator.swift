import TraceCore

/// Reads places from the names of routers: airport codes (`lhr15s42`, `ae1.fra4`), abbreviations that carriers use
/// (`nyc2`, `londen12`) and names of cities (`dallas1`, `new-york`).
///
/// Names of interfaces and roles, addresses and the registered domain are not read as places. A code that is also a
/// word counts only with a number, or with its country or state beside it: `tor2` is Toronto, `tor` may be anything. A
/// name may be wrong or out of date; ``Plausibility`` says whether it is possible.
public struct RouterNameGeolocator: Geolocator {
    /// A geolocator that uses the built-in table of places.
    public init() {}

    /// The places in the name, the one nearest to the domain first. Without a name, there are none.
    ///
    /// The full name of a city is stronger than a code with a number, and that is stronger than a code alone. Only the
    /// strongest are kept. The name of a link may contain both of its ends.
    public func locate(_ subject: GeoSubject) -> GeoFindings {
        guard let name = subject.name, name.isPlainASCIIHostname, let words = RouterNameWords(name.raw) else {
            return GeoFindings()
        }
        let readings = RouterNameReading.all(in: words, RouterPlaces.builtIn)
        let best = readings.map(\.strength).max()
        var places: [Place] = []
        var seen: Set<Int> = []
        for reading in readings where reading.strength == best && seen.insert(reading.location).inserted {
            places.append(reading.place(in: RouterPlaces.builtIn))
        }
        // A link has two ends. A name with more places lists something else.
        return GeoFindings(places: places.count <= 2 ? places : [])
    }
}
